"""Addresses of the alerts."""

from django.urls import path

from qunxing.matching.alerts.views import feeds, inbox, watches

app_name = "alerts"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("read/", inbox.read_all, name="read-all"),
    path("mail/", inbox.wishes, name="wishes"),
    path("mail/stop/<str:token>/", inbox.unsubscribe, name="unsubscribe"),
    path("searches/", watches.watch_list, name="watch-list"),
    path("searches/new/", watches.watch_create, name="watch-create"),
    path("searches/<slug:ref>/edit/", watches.watch_edit, name="watch-edit"),
    path("searches/<slug:ref>/rest/", watches.watch_rest, name="watch-rest"),
    path("searches/<slug:ref>/remove/", watches.watch_remove, name="watch-remove"),
    path("feeds/", feeds.feed_list, name="feed-list"),
    path("feeds/<slug:ref>/revoke/", feeds.feed_revoke, name="feed-revoke"),
    path("feeds/of/<str:secret>/<slug:form>/", feeds.feed, name="feed"),
    path("lists/<slug:code>/<slug:form>/", feeds.list_feed, name="list-feed"),
    path("digests/<slug:ref>/", inbox.digest, name="digest"),
]
