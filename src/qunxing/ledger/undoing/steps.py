"""One record of the plan of an undo: what becomes of it, and why it stays where it does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from qunxing.ledger.models import Record


class Fate(StrEnum):
    """What becomes of a record when a batch is undone."""

    REMOVED = "removed"
    RESTORED = "restored"
    BACK = "back"
    KEPT = "kept"


class Why(models.TextChoices):
    """Why a record, or a field of it, stays as it is."""

    CHANGED = "changed", _("changed since")
    NEEDED = "needed", _("later records rest on it")
    GONE = "gone", _("removed since")
    THERE = "there", _("is there again")
    TARGET = "target", _("what it pointed at is gone")
    TAKEN = "taken", _("its number or code is another record's now")
    INVALID = "invalid", _("what was edited since does not go with the old values")


@dataclass(slots=True)
class Step:
    """One record of the plan.

    `values` are {attribute: value} to set back, all of them for a record that comes back; `later` the attributes that
    somebody else has set since, which stay. `revision` is the one that the plan was made on.
    """

    kind: type[Record]
    key: int
    fate: Fate
    stored: Mapping[str, Any]  # as it stands, or stood at last: all of it, or what a plan needs to know
    values: Mapping[str, Any] = field(default_factory=dict)
    later: tuple[str, ...] = ()
    why: str = ""
    added: bool = False
    holders: list["Mark"] = field(default_factory=list)  # the first of those for which it stays

    @property
    def revision(self) -> int:
        number: int = self.stored["revision"]
        return number

    @property
    def mark(self) -> tuple[str, int]:
        return self.kind.kind_code(), self.key

    @property
    def would_be(self) -> dict[str, Any]:
        """All its values once it is undone."""
        return {**self.stored, **self.values}

    def keep(self, why: Why) -> None:
        self.fate, self.why, self.values = Fate.KEPT, why, {}


Mark = tuple[type[models.Model], int]  # of any row: not all that rests on a record is one
Steps = Mapping[Mark, Step]
OPENED = (Fate.RESTORED, Fate.BACK)
