"""Addresses of scenarios."""

from django.urls import path

from qunxing.scenarios import views

app_name = "scenarios"
urlpatterns = [
    path("scenarios/", views.scenario_list, name="scenario-list"),
    path("scenarios/new/", views.scenario_create, name="scenario-create"),
    path("scenarios/<slug:ref>/", views.scenario_detail, name="scenario-detail"),
    path("scenarios/<slug:ref>/edit/", views.scenario_edit, name="scenario-edit"),
    path("scenarios/<slug:ref>/steps/<slug:step>/", views.scenario_move, name="scenario-move"),
    path("scenarios/<slug:ref>/appraisals/new/", views.appraisal_create, name="appraisal-create"),
]
