"""Addresses of the portal."""

from django.urls import path

from qunxing.core.views import styleguide
from qunxing.portal.views import home
from qunxing.search.views import search

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search, name="search"),
    path("styleguide/", styleguide, name="styleguide"),
]
