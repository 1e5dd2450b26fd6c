"""Addresses of the directory."""

from django.urls import path

from qunxing.directory.views import communities, organizations, parts

app_name = "directory"
urlpatterns = [
    path("organizations/", organizations.organization_list, name="organization-list"),
    path("organizations/new/", organizations.organization_create, name="organization-create"),
    path("organizations/<slug:ref>/", organizations.organization_detail, name="organization-detail"),
    path("organizations/<slug:ref>/edit/", organizations.organization_edit, name="organization-edit"),
    path("organizations/<slug:ref>/contacts/", organizations.contacts_show, name="contacts-show"),
    path("organizations/<slug:ref>/remove/", organizations.organization_remove, name="organization-remove"),
    path("organizations/<slug:ref>/rename/", organizations.organization_rename, name="organization-rename"),
    path("organizations/<slug:ref>/<slug:part>/new/", parts.part_create, name="part-create"),
    path("organizations/<slug:ref>/<slug:part>/<slug:part_ref>/edit/", parts.part_edit, name="part-edit"),
    path("organizations/<slug:ref>/<slug:part>/<slug:part_ref>/remove/", parts.part_remove, name="part-remove"),
    path("products/", organizations.product_list, name="product-list"),
    path("communities/<slug:ref>/", communities.community_detail, name="community-detail"),
    path("communities/<slug:ref>/edit/", communities.community_edit, name="community-edit"),
    path("fields/", communities.field_list, name="field-list"),
    path("fields/new/", communities.field_create, name="field-create"),
    path("fields/<slug:ref>/", communities.field_detail, name="field-detail"),
    path("fields/<slug:ref>/edit/", communities.field_edit, name="field-edit"),
]
