"""Addresses of the offers."""

from django.urls import path

from qunxing.resources import views, vouchers

app_name = "resources"
urlpatterns = [
    path("offers/", views.offer_list, name="offer-list"),
    path("offers/new/", views.offer_create, name="offer-create"),
    path("offers/<slug:ref>/", views.offer_detail, name="offer-detail"),
    path("offers/<slug:ref>/edit/", views.offer_edit, name="offer-edit"),
    path("offers/<slug:ref>/move/", views.offer_move, name="offer-move"),
    path("offers/<slug:ref>/remove/", views.offer_remove, name="offer-remove"),
    path("offers/<slug:ref>/vouchers/new/", vouchers.voucher_create, name="voucher-create"),
    path("offers/<slug:ref>/vouchers/<slug:part_ref>/edit/", vouchers.voucher_edit, name="voucher-edit"),
    path("offers/<slug:ref>/vouchers/<slug:part_ref>/remove/", vouchers.voucher_remove, name="voucher-remove"),
]
