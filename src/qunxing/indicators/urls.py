"""Addresses of published figures."""

from django.urls import path

from qunxing.indicators import views

app_name = "indicators"
urlpatterns = [
    path("claims/", views.claim_list, name="claim-list"),
    path("claims/new/", views.claim_create, name="claim-create"),
    path("claims/<slug:ref>/", views.claim_detail, name="claim-detail"),
    path("claims/<slug:ref>/edit/", views.claim_edit, name="claim-edit"),
]
