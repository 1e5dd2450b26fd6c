"""Addresses of open challenges; each part of the work has a module."""

from qunxing.challenges.urls import bids, boards, deciding, delivering

app_name = "challenges"
urlpatterns = [
    *boards.urlpatterns,
    *bids.urlpatterns,
    *deciding.urlpatterns,
    *delivering.urlpatterns,
]
