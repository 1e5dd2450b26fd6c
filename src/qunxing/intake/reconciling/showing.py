"""The groups of a batch on its page, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from qunxing.core.errors import Text
from qunxing.core.reasons import Reason
from qunxing.intake.actions.undoing import undone_by
from qunxing.intake.models import Batch
from qunxing.intake.reconciling.grouping import Group
from qunxing.intake.registering import Outcome
from qunxing.registry.models import Filing

TITLES: dict[Group, Text] = {
    Group.OUR_FIRMS: gettext_lazy("Our firms on it"),
    Group.OUR_NEW: gettext_lazy("New of our firms"),
    Group.OTHER_NEW: gettext_lazy("New of others"),
    Group.CHANGED: gettext_lazy("Changed since the last list"),
    Group.VANISHED: gettext_lazy("Vanished since the last list"),
    Group.CANDIDATES: gettext_lazy("Perhaps ours"),
}
HINTS: dict[Group, Text] = {
    Group.OUR_FIRMS: gettext_lazy(
        "Organisations with a residency, first those in a space on the day of the list. Accepting takes over all their "
        "rows."
    ),
    Group.OUR_NEW: gettext_lazy("Filings that the ledger does not have. Accepting adds them with their models."),
    Group.OTHER_NEW: gettext_lazy(
        "Filings of firms without a residency that the ledger does not have. Accepting adds them and their firms."
    ),
    Group.CHANGED: gettext_lazy(
        "Field by field what the last list, else the ledger, said and what this list says. Accepting takes over what "
        "nobody typed by hand."
    ),
    Group.VANISHED: gettext_lazy(
        "Filings in force that the last list named and this one does not. Nothing happens to them before somebody has "
        "said why."
    ),
    Group.CANDIDATES: gettext_lazy(
        "Firms without a residency that carry an entity key, an address, a name or the district of ours. Accepting "
        "adds those that the directory lacks and asks staff about the residency of each; none is set by itself."
    ),
}
NOTHING: dict[Group, Text] = {
    Group.OUR_FIRMS: gettext_lazy("None of our firms is on this list."),
    Group.OUR_NEW: gettext_lazy("Nothing on the list is new of our firms."),
    Group.OTHER_NEW: gettext_lazy("Nothing on the list is new of others."),
    Group.CHANGED: gettext_lazy("No filing is told otherwise than before."),
    Group.VANISHED: gettext_lazy("No filing of the last list is missing."),
    Group.CANDIDATES: gettext_lazy("No firm on the list carries anything of ours."),
}
OUTCOMES: dict[str, Text] = {
    Outcome.ADDED: pgettext_lazy("rows of a list", "Added"),
    Outcome.UPDATED: pgettext_lazy("rows of a list", "Changed"),
    Outcome.UNCHANGED: pgettext_lazy("rows of a list", "Unchanged"),
    Outcome.FOR_STAFF: pgettext_lazy("rows of a list", "For staff"),
}
TONES = {Outcome.ADDED: "info", Outcome.UPDATED: "warn", Outcome.UNCHANGED: "muted", Outcome.FOR_STAFF: "bad"}


@dataclass(frozen=True)
class ShownGroup:
    """One group with its sentences, its first items and the batches by which it was accepted."""

    code: Group
    count: int
    told: list[str]
    items: list[Any]
    accepted: Sequence[Batch]
    undone: Sequence[Batch]

    @property
    def title(self) -> Text:
        return TITLES[self.code]

    @property
    def hint(self) -> Text:
        return HINTS[self.code]

    @property
    def nothing(self) -> Text:
        return NOTHING[self.code]


def group_tabs(batch: Batch, asked: str) -> tuple[list[tuple[Any, ...]], Group | None]:
    """(tabs of the groups with their counts, the group shown): the one asked for, else the first that has something."""
    groups = batch.summary.get("groups") or {}
    codes = [code for code in Group if code in groups]
    filled = [code for code in codes if groups[code]["count"]] or codes
    shown = next((code for code in codes if code == asked), filled[0] if filled else None)
    return [(TITLES[code], f"?group={code}#groups", code is shown, groups[code]["count"]) for code in codes], shown


def shown_group(batch: Batch, code: Group) -> ShownGroup:
    data = batch.summary["groups"][code]
    items = [READERS[code](one) for one in data["items"]]
    made = Batch.objects.filter(ref__in=batch.summary.get("accepted", {}).get(code, ())).order_by("pk")
    standing: list[Batch] = []
    undone: list[Batch] = []
    for one in made:
        (standing if undone_by(one) is None else undone).append(one)
    return ShownGroup(code, data["count"], SAYINGS[code](data), items, standing, undone)


# --- sentences -------------------------------------------------------------------------------------------------------


def say_firms(data: Mapping[str, Any]) -> list[str]:
    words = {"here": f"{data['here']:,}", "rows": f"{data['rows']:,}"}
    return [_("%(here)s of them were in a space on the day of the list. They stand in %(rows)s rows.") % words]


def say_new(data: Mapping[str, Any]) -> list[str]:
    models = data["models"]
    told = ngettext("%(count)s new model comes with them.", "%(count)s new models come with them.", models)
    return [told % {"count": f"{models:,}"}] if models else []


def say_last(data: Mapping[str, Any]) -> list[str]:
    """What the list was compared with; why nothing counts as vanished where it does not replace the last one."""
    last = data["last"]
    if last is None:
        return [_("No earlier list of this series is kept; there is nothing to compare with.")]
    counts = {name: f"{last[name]:,}" for name in ("shared", "stood")}
    words = {"title": last["title"], "day": last["day"], **counts}
    told = _("Compared with “%(title)s” of %(day)s: %(shared)s of its %(stood)s filings in force are on this list.")
    if last["followed"] or not last["stood"]:
        return [told % words]
    return [told % words, _("This list adds to the last one and does not replace it; nothing counts as vanished.")]


def say_nothing(_data: Mapping[str, Any]) -> list[str]:
    return []


SAYINGS = {
    Group.OUR_FIRMS: say_firms,
    Group.OUR_NEW: say_new,
    Group.OTHER_NEW: say_new,
    Group.CHANGED: say_nothing,
    Group.VANISHED: say_last,
    Group.CANDIDATES: say_nothing,
}


# --- items -----------------------------------------------------------------------------------------------------------


def row_item(row: Mapping[str, Any]) -> dict[str, Any]:
    outcome = row["outcome"]
    return {**row, "label": OUTCOMES[outcome], "tone": TONES[outcome]}


def firm_item(firm: Mapping[str, Any]) -> dict[str, Any]:
    return {**firm, "rows": [row_item(row) for row in firm["rows"]], "more": firm["count"] - len(firm["rows"])}


def changed_item(row: Mapping[str, Any]) -> dict[str, Any]:
    fields = [
        {
            "label": Filing._meta.get_field(one["field"]).verbose_name,  # type: ignore[union-attr]
            "old": value_text(one["field"], one["old"]),
            "new": value_text(one["field"], one["new"]),
            "taken": one["taken"],
        }
        for one in row["fields"]
    ]
    return {**row, "fields": fields}


def gone_item(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "state": value_text("state", row["state"])}


def candidate_item(firm: Mapping[str, Any]) -> dict[str, Any]:
    return {**firm, "signs": [str(Reason.from_json(sign["reason"])) for sign in firm["signs"]]}


def value_text(name: str, value: Any) -> Text:
    """A stored value as the reader knows it."""
    labels = dict(Filing._meta.get_field(name).flatchoices or ())  # type: ignore[union-attr]
    text: Text = labels.get(value, "" if value is None else str(value))
    return text


READERS = {
    Group.OUR_FIRMS: firm_item,
    Group.OUR_NEW: row_item,
    Group.OTHER_NEW: row_item,
    Group.CHANGED: changed_item,
    Group.VANISHED: gone_item,
    Group.CANDIDATES: candidate_item,
}
