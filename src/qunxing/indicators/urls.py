"""Addresses of published figures."""

from django.urls import path

from qunxing.indicators.views import claims

app_name = "indicators"
urlpatterns = [
    path("claims/", claims.claim_list, name="claim-list"),
    path("claims/new/", claims.claim_create, name="claim-create"),
    path("claims/<slug:ref>/", claims.claim_detail, name="claim-detail"),
    path("claims/<slug:ref>/edit/", claims.claim_edit, name="claim-edit"),
]
