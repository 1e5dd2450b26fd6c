"""Addresses of the labels."""

from django.urls import path

from qunxing.matching.labelling import views

app_name = "labels"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("draw/", views.draw, name="draw"),
    path("take/", views.take, name="take"),
    path("export/", views.export, name="export"),
    path("rate/", views.rate_next, name="rate-next"),
    path("rate/<slug:ref>/", views.rate, name="rate"),
    path("rate/<slug:ref>/grade/", views.grade, name="grade"),
    path("rate/<slug:ref>/skip/", views.skip, name="skip"),
    path("settle/<slug:ref>/", views.settle, name="settle"),
]
