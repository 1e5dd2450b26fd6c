"""The ways between the pages of open challenges."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunxing.core.errors import Text


def tabs(request: HttpRequest, here: str) -> list[tuple[Text, str, bool]]:
    """(label, address, whether it is this one)."""
    user: Any = request.user
    found: list[tuple[str, Text, str]] = [
        ("overview", _("Overview"), "overview"),
        ("lists", _("Lists"), "list-list"),
        ("challenges", _("Challenges"), "challenge-list"),
        ("calls", _("Calls for needs"), "call-list"),
        ("rules", _("Rule sets"), "ruleset-list"),
    ]
    if user.is_authenticated:
        found.insert(3, ("needs", pgettext("challenges", "Needs"), "need-list"))
    return [(label, reverse(f"challenges:{name}"), code == here) for code, label, name in found]
