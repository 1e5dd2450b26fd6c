"""What a scenario must say before it is submitted, and what it lacks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Problem, Text
from qunxing.scenarios.models import Scenario


@dataclass(frozen=True)
class Gap:
    """Something that is missing: the field of the form where it is filled in, and what is wanted."""

    field: str
    label: Text
    wanted: Text


class Incomplete(Problem):
    """The scenario is not ready for the step; `gaps` names everything that is missing."""

    def __init__(self, gaps: list[Gap]) -> None:
        named = "; ".join(str(gap.wanted) for gap in gaps)
        super().__init__(_("The scenario is not complete yet."), named, 422)
        self.gaps = gaps


def has_contact(scenario: Scenario) -> bool:
    """Somebody who can be reached."""
    if scenario.contact_id is not None:
        return True
    return bool(scenario.contact_name and (scenario.contact_phone or scenario.contact_email))


# What is needed, whether it is there, and the words for when it is not.
NEEDS: tuple[tuple[str, Callable[[Scenario], bool], Text], ...] = (
    ("title", lambda row: bool(row.title.strip()), _("Give it a title.")),
    ("problem", lambda row: bool(row.problem.strip()), _("Describe the problem.")),
    ("fields", lambda row: bool(row.fields), _("Choose at least one technical field.")),
    ("budget", lambda row: row.has_budget, _("Give the budget, or say that it is not disclosed.")),
    ("apply_by", lambda row: row.apply_by is not None, _("Say until when one can apply.")),
    ("starts_on", lambda row: row.starts_on is not None, _("Say when the work is to start.")),
    ("ends_on", lambda row: row.ends_on is not None, _("Say when the work is to end.")),
    ("contact_name", has_contact, _("Name a contact with a phone number or an e-mail address.")),
)
LABELS: dict[str, Text] = {"budget": _("Budget"), "contact_name": _("Contact"), "core": _("Core indicators")}


def gaps_of(scenario: Scenario, *, indicators: int, day: date) -> list[Gap]:
    """All that is missing on that day, in the order of the form; `indicators` is how many core indicators it has."""
    found = [gap(field, wanted) for field, present, wanted in NEEDS if not present(scenario)]
    if not indicators:
        found.append(gap("core", _("Add at least one core indicator: what must be reached, and how it is tested.")))
    if scenario.apply_by is not None:
        if scenario.apply_by < day:
            found.append(gap("apply_by", _("The last day to apply lies in the past; choose a later one.")))
        if scenario.ends_on is not None and scenario.ends_on < scenario.apply_by:
            found.append(gap("ends_on", _("The work ends before the last day to apply; correct one of the two.")))
    return found


def gap(field: str, wanted: Text) -> Gap:
    model_field: Any = None if field in LABELS else Scenario._meta.get_field(field)
    return Gap(field, LABELS[field] if model_field is None else model_field.verbose_name, wanted)
