"""Addresses of contracts, milestones, payments and archives."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
