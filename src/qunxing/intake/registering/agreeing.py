"""A known filing against what a list says of it: what is taken over, what stays as somebody wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from functools import cache
from typing import Any

from django.utils.translation import gettext_noop as _

from qunxing.core.reasons import Reason, because, english
from qunxing.core.text import shorten
from qunxing.intake.registering.known import Said
from qunxing.ledger.actions.evidence import plain
from qunxing.registry.models import Filing
from qunxing.registry.states import ENDED, IN_FORCE, PENDING, State

KEPT = _("Kept as it was typed: %(field)s; the list says “%(value)s”.")
OLDER = _("Kept from a newer list: %(field)s; this one says “%(value)s”.")
# What tells more of another field goes with it or not at all.
LED = {"granted_on": ("granted_precision", "granted_note")}
LEADERS = {name: leader for leader, names in LED.items() for name in names}
SHOWN = 80


class Verdict(Enum):
    SAME = auto()
    TAKE = auto()
    TYPED = auto()
    NEWER = auto()


@dataclass
class Agreement:
    """The changes to make and, for a person, what was not taken over and why."""

    changes: dict[str, Any] = field(default_factory=dict)
    notes: list[Reason] = field(default_factory=list)


def agree(filing: Filing, values: Mapping[str, Any], said: Mapping[str, Said], day: date) -> Agreement:
    """Hold a list of that day against the filing; `said` is what the newest list before it said, field by field.

    A list changes what is empty and what follows the lists so far. What a person wrote, chose or emptied stays.
    """
    found = Agreement()
    for name, value in values.items():
        if name in LEADERS:
            continue
        verdict = judge(filing, name, value, said.get(name), day)
        if verdict is Verdict.TAKE:
            found.changes[name] = value
        elif verdict is not Verdict.SAME:
            found.notes.append(note(name, value, KEPT if verdict is Verdict.TYPED else OLDER))
        found.changes |= led_changes(filing, name, verdict, values, said, day)
    return found


def led_changes(
    filing: Filing, leader: str, verdict: Verdict, values: Mapping[str, Any], said: Mapping[str, Said], day: date
) -> dict[str, Any]:
    """What goes with a field that is taken over; where it is the same already, what is to be added to it."""
    changes = {}
    for name in LED.get(leader, ()):
        value = values.get(name, "")
        goes_along = verdict is Verdict.TAKE and plain(getattr(filing, name)) != plain(value)
        adds = verdict is Verdict.SAME and judge(filing, name, value, said.get(name), day) is Verdict.TAKE
        if goes_along or adds:
            changes[name] = value
    return changes


def judge(filing: Filing, name: str, value: Any, said: Said | None, day: date) -> Verdict:
    current = getattr(filing, name)
    if plain(current) == plain(value) or (name == "state" and is_same_state(current, value)):
        return Verdict.SAME
    if said is None:
        return Verdict.TAKE if current in ("", None) or (name == "state" and current in PENDING) else Verdict.TYPED
    said_on, said_value = said
    if plain(current) != said_value:
        return Verdict.TYPED
    return Verdict.TAKE if said_on <= day else Verdict.NEWER


def is_same_state(current: str, value: str) -> bool:
    """A list knows two states: in force, and at an end; the ledger tells more."""
    return current in (IN_FORCE if value == State.GRANTED else ENDED)


def note(name: str, value: Any, words: str) -> Reason:
    return because(words, field=label_of(name), value=shown(name, value))


@cache
def label_of(name: str) -> Reason:
    return english(Filing._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def shown(name: str, value: Any) -> str | Reason:
    label = dict(Filing._meta.get_field(name).flatchoices).get(value)  # type: ignore[union-attr]
    return shorten(str(value), SHOWN) if label is None else english(label)
