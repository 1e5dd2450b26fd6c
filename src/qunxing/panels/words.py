"""What stored codes of panels are called, for pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunxing.core.errors import Text
from qunxing.core.formats import show_isoday

SOURCES: Mapping[str, Text] = {
    "panels.expert": pgettext_lazy("evidence", "the expert"),
    "panels.job": pgettext_lazy("evidence", "job declared"),
    "panels.stake": pgettext_lazy("evidence", "stake declared"),
    "panels.kin": pgettext_lazy("evidence", "relative declared"),
    "panels.party": pgettext_lazy("evidence", "behind the item"),
    "panels.item": pgettext_lazy("evidence", "bid together"),
    "directory.contact": pgettext_lazy("evidence", "contact"),
    "directory.membership": pgettext_lazy("evidence", "account"),
    "directory.link": pgettext_lazy("evidence", "link"),
    "directory.organization": pgettext_lazy("evidence", "one entity code"),
    "funds.investment": pgettext_lazy("evidence", "investment"),
}
WORD = gettext_lazy("word given")


@dataclass(frozen=True)
class Ground:
    """A piece of evidence in words."""

    label: Text
    value: str
    days: str


def ground_of(one: Mapping[str, Any]) -> Ground:
    since, until = str(one.get("since") or ""), str(one.get("until") or "")
    days = ""
    if since or until:
        days = f"{show_isoday(since) if since else '…'} – {show_isoday(until) if until else _('today')}"
    return Ground(SOURCES.get(str(one.get("kind")), WORD), str(one.get("value", "")), days)
