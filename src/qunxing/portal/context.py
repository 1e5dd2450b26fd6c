"""What every page needs: the rail and the reader's language."""

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Text
from qunxing.matching.alerts.queries import unread_count


@dataclass(frozen=True)
class NavItem:
    label: Text
    url: str
    icon: str
    group: Text
    active: bool


# (label, address name, icon, group, permission or "")
NAV: tuple[tuple[Text, str, str, Text, str], ...] = (
    (_("Home"), "portal:home", "home", "", ""),
    (_("My desk"), "portal:desk", "checklist", "", "portal.see_desk"),
    (_("Organisations"), "directory:organization-list", "building", _("Ledgers"), ""),
    (_("Products on show"), "directory:product-list", "building-store", _("Ledgers"), ""),
    (_("Models"), "registry:model-list", "cpu", _("Ledgers"), ""),
    (_("Filings"), "registry:filing-list", "file-certificate", _("Ledgers"), ""),
    (_("Funds"), "funds:fund-list", "coins", _("Ledgers"), ""),
    (_("Rounds of financing"), "funds:round-list", "chart-bar", _("Ledgers"), ""),
    (_("Resources"), "resources:offer-list", "server", _("Ledgers"), ""),
    (_("Scenarios"), "scenarios:scenario-list", "bulb", _("Ledgers"), ""),
    (_("Open challenges"), "challenges:overview", "flag", _("Contests"), ""),
    (_("Races"), "races:race-list", "trophy", _("Contests"), ""),
    (_("Bids"), "challenges:bid-list", "send", _("Contests"), "challenges.see_bids"),
    (_("My reviews"), "panels:review-list", "checklist", _("Contests"), "panels.use_desk"),
    (_("Panels"), "panels:panel-list", "scale", _("Contests"), "panels.see_panels"),
    (_("Experts"), "panels:expert-list", "users", _("Contests"), "panels.see_register"),
    (_("Public notices"), "challenges:notice-list", "news", _("Contests"), ""),
    (_("Contracts"), "challenges:contract-list", "contract", _("Contests"), "challenges.see_contracts"),
    (_("Payments"), "challenges:payment-list", "coin-yuan", _("Contests"), "challenges.see_contracts"),
    (_("Dashboard"), "indicators:dashboard", "gauge", _("Figures"), ""),
    (_("Indicators"), "indicators:indicator-list", "chart-bar", _("Figures"), ""),
    (_("Reports"), "indicators:report-list", "report", _("Figures"), ""),
    (_("Claims"), "indicators:claim-list", "quote", _("Figures"), ""),
    (_("Quarterly returns"), "indicators:return-list", "table", _("Figures"), "indicators.see_return_list"),
    (_("Sources"), "ledger:source-list", "book", _("Figures"), ""),
    (_("Matching"), "matching:overview", "affiliate", _("Work"), "matching.see_funnel"),
    (_("Plans"), "matching:bundles:plan-list", "package", _("Work"), "matching.see_plans"),
    (_("Labels"), "matching:labels:overview", "star", _("Work"), "matching.rate_pair"),
    (_("Invitations"), "matching:invitation-list", "send", _("Work"), "matching.see_invitations"),
    (_("Due soon"), "registry:due-soon", "clock", _("Work"), "registry.see_due"),
    (_("Sheets in and out"), "intake:sheet-hub", "table", _("Work"), "intake.see_imports"),
    (_("Imports"), "intake:import-list", "upload", _("Work"), "intake.see_imports"),
    (_("Word templates"), "intake:paper-list", "file-text", _("Work"), "intake.see_imports"),
    (_("Duplicates"), "intake:duplicates", "git-compare", _("Work"), "intake.see_imports"),
    (_("Technical fields"), "directory:field-list", "tag", _("Work"), "directory.change_vocabulary"),
    (_("Working days"), "ledger:calendar", "calendar", _("Work"), "accounts.change_calendar"),
    (_("Users"), "accounts:user-list", "users", _("Work"), "accounts.manage_users"),
    (_("Log"), "ledger:log", "shield", _("Work"), "ledger.see_log"),
)


def house(request: HttpRequest) -> dict[str, Any]:
    """Context for every template."""
    return {
        "nav": nav_items(request),
        "ui_language": get_language() or "zh-hans",
        "demo_community": settings.DEMONSTRATION.exists(),
        "unread_alerts": partial(unread_count, getattr(request, "user", None)),
    }


def nav_items(request: HttpRequest) -> list[NavItem]:
    """The rail for the reader; of addresses that begin alike the longest is where one is."""
    found = reachable(request)
    here = max((url for *_rest, url in found if stands_at(request.path, url)), key=len, default="")
    return [NavItem(label, url, icon, group, url == here) for label, icon, group, url in found]


def stands_at(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def reachable(request: HttpRequest) -> list[tuple[Text, str, Text, str]]:
    """(label, icon, group, address) of what the reader may open."""
    user = getattr(request, "user", None)
    items = []
    for label, name, icon, group, permission in NAV:
        if permission and (user is None or not user.has_perm(permission)):
            continue
        if url := address_of(name, get_urlconf(), get_script_prefix()):
            items.append((label, icon, group, url))
    return items


@cache
def address_of(name: str, urlconf: str | None, _prefix: str) -> str:
    """Where it is under these addresses and this prefix; empty where it is not."""
    try:
        return reverse(name, urlconf)
    except NoReverseMatch:
        return ""
