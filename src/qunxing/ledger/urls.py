"""Addresses of the base of the ledgers."""

from django.urls import URLPattern

app_name = "ledger"
urlpatterns: list[URLPattern] = []
