"""Addresses of checks, awards, notices and objections."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
