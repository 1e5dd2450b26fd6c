"""Addresses of the portal."""

from django.urls import path

from qunxing.core.views import styleguide
from qunxing.portal.views import desk, home
from qunxing.search.views import search

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("desk/", desk.desk, name="desk"),
    path("desk/calendar/", desk.calendar_open, name="desk-calendar-open"),
    path("desk/calendar/close/", desk.calendar_close, name="desk-calendar-close"),
    path("desk/calendar/<str:secret>.ics", desk.calendar_feed, name="desk-calendar"),
    path("search/", search, name="search"),
    path("styleguide/", styleguide, name="styleguide"),
]
