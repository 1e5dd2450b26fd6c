"""Addresses of the search; the page itself keeps the address that the portal gives it."""

from django.urls import path

from qunxing.search import views

app_name = "search"
urlpatterns = [
    path("search/suggestions/", views.suggestions, name="suggestions"),
]
