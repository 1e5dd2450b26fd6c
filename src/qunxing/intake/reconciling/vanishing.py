"""What a person decides about filings that a list leaves out."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunxing.core.errors import Refused
from qunxing.intake.reconciling.previous import Gone
from qunxing.ledger.actions import add_many, change_many, cite_many
from qunxing.ledger.models import Source
from qunxing.registry.models import Filing, FilingStep
from qunxing.registry.states import IN_FORCE, State


class Way(models.TextChoices):
    NOTE = "note", gettext_lazy("Note it with the filing")
    WITHDRAWN = "withdrawn", gettext_lazy("Set it to withdrawn")


def mark_gone(gone: Sequence[Gone], *, actor: Any, source: Source, reason: str, way: Way) -> None:
    """Inside `recording`; Refused when one of them is no longer in force."""
    stored = Filing.objects.filter(pk__in=[one.pk for one in gone], state__in=IN_FORCE).select_related("organization")
    filings = list(stored.order_by("pk"))
    if len(filings) != len(gone):
        raise Refused(_("One of these filings has just been changed by somebody else."), status=409)
    if way is Way.NOTE:
        note_down(filings, source, reason)
    else:
        withdraw(filings, actor=actor, source=source, reason=reason)


def note_down(filings: Sequence[Filing], source: Source, reason: str) -> None:
    words = {"day": source.day, "title": source.title, "reason": reason}
    text = _("Not on the list of %(day)s (%(title)s): %(reason)s") % words
    for filing in filings:
        filing.notes = f"{filing.notes}\n{text}".strip()
    change_many(filings, ["notes"])


def withdraw(filings: Sequence[Filing], *, actor: Any, source: Source, reason: str) -> None:
    """The list is cited for it, so that a later list which names the filing again brings it back."""
    for filing in filings:
        filing.state = State.WITHDRAWN
        filing.derive()
    change_many(filings, ["state", "shown_to", "search_key", "name_key", "number_key"])
    add_many([FilingStep(filing=one, state=State.WITHDRAWN, day=source.day, note=reason) for one in filings])
    cite_many([(one, {"state": State.WITHDRAWN}, "") for one in filings], actor=actor, source=source)


def rows_json(gone: Sequence[Gone]) -> list[dict[str, Any]]:
    """As a batch keeps its first rows."""
    return [
        {
            "place": one.place, "name": one.name, "organization": one.organization, "number": one.number,
            "fields": ["state"], "notes": [],
        }
        for one in gone[:100]
    ]  # fmt: skip
