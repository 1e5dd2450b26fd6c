"""Addresses of plans and packages."""

from django.urls import path

from qunxing.matching.bundles import views

app_name = "bundles"
urlpatterns = [
    path("matching/plans/", views.plan_list, name="plan-list"),
    path("matching/plans/make/", views.plan_make, name="plan-make"),
    path("matching/plans/packages/", views.package_make, name="package-make"),
    path("matching/plans/<slug:ref>/", views.plan, name="plan"),
    path("matching/plans/<slug:ref>/remove/", views.plan_remove, name="plan-remove"),
    path("scenarios/<slug:ref>/package/", views.package, name="package"),
    path("scenarios/<slug:ref>/supply/", views.supply_edit, name="supply-edit"),
]
