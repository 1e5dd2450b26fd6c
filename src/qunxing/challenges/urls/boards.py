"""Addresses of lists and challenges."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
