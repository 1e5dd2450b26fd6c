"""Addresses of races; each part of the work has a module."""

from django.urls import URLPattern

from qunxing.races.urls import entering, running

app_name = "races"
urlpatterns: list[URLPattern] = [*entering.urlpatterns, *running.urlpatterns]
