"""Addresses of the portal."""

from django.urls import path
from django.views.generic import RedirectView

from qunxing.core.views import styleguide
from qunxing.portal.views import search

app_name = "portal"
urlpatterns = [
    path("", RedirectView.as_view(url="/organizations/"), name="home"),
    path("search/", search.search, name="search"),
    path("styleguide/", styleguide, name="styleguide"),
]
