"""Addresses of test sets, entries, scores and boards."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
