"""Organisations and filings in Django's admin, read only, with the columns, filters and search of our lists."""

from typing import Any

from django.contrib import admin
from django.urls import path
from simple_history.admin import SimpleHistoryAdmin

from qunxing.config.urls import urlpatterns as house
from qunxing.directory.models import Organization
from qunxing.registry.models import Filing


class PlainSite(admin.AdminSite):
    def has_permission(self, request: Any) -> bool:
        return bool(request.user.is_authenticated)


class PlainAdmin(SimpleHistoryAdmin):
    list_per_page = 50

    def has_module_permission(self, request: Any) -> bool:
        return True

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return True

    def has_view_history_permission(self, request: Any, obj: Any = None) -> bool:
        return True

    def lookup_allowed(self, *_arguments: Any) -> bool:
        return True


class OrganizationAdmin(PlainAdmin):
    list_display = ("name", "uscc", "roles", "tier", "size_class", "founded_on")
    list_filter = ("size_class", "industry", "residencies__tier", "residencies__stage", "founded_on")
    search_fields = ("name", "short_name", "english_name", "uscc")
    ordering = ("name_key",)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).prefetch_related("residencies")

    @admin.display(description="tier")
    def tier(self, organization: Organization) -> str:
        return ", ".join(stay.get_tier_display() for stay in organization.residencies.all())


class FilingAdmin(PlainAdmin):
    list_display = ("name", "kind", "number", "organization", "state", "region", "granted_on")
    list_filter = ("kind", "state", "region", "granted_on", "algorithm_class")
    list_select_related = ("organization",)
    search_fields = ("name", "number", "organization__name")
    raw_id_fields = ("organization", "relies_on")


site = PlainSite()
site.register(Organization, OrganizationAdmin)
site.register(Filing, FilingAdmin)
urlpatterns = [path("plain/", site.urls), *house]
