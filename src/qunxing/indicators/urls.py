"""Addresses of published figures."""

from django.urls import path

from qunxing.indicators.views import claims, derived, figures

app_name = "indicators"
urlpatterns = [
    path("indicators/", figures.indicator_list, name="indicator-list"),
    path("indicators/new/", derived.indicator_create, name="indicator-create"),
    path("indicators/<slug:code>/", figures.indicator_detail, name="indicator-detail"),
    path("indicators/<slug:code>/rows/", figures.indicator_rows, name="indicator-rows"),
    path("indicators/<slug:code>/compare/", figures.indicator_compare, name="indicator-compare"),
    path("indicators/<slug:code>/definition/", figures.indicator_history, name="indicator-history"),
    path("indicators/<slug:code>/edit/", derived.indicator_edit, name="indicator-edit"),
    path("claims/", claims.claim_list, name="claim-list"),
    path("claims/new/", claims.claim_create, name="claim-create"),
    path("claims/<slug:ref>/", claims.claim_detail, name="claim-detail"),
    path("claims/<slug:ref>/edit/", claims.claim_edit, name="claim-edit"),
]
