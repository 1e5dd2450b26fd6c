"""Reads of scenarios: what their page shows beside the facts."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qunxing.core.errors import Text
from qunxing.core.masking import mask_email, mask_name, mask_phone
from qunxing.core.money import MoneyRange, show_range
from qunxing.scenarios.models import Scenario, SecurityLevel
from qunxing.scenarios.rules import Permission
from qunxing.scenarios.states import PATH, State


@dataclass(frozen=True)
class Step:
    """A stop on the way of a scenario; `status` is done, here or ahead."""

    label: Text
    status: str
    tone: str = ""


def steps_of(scenario: Scenario) -> list[Step]:
    """The way of the scenario as far as it is known, with the stop where it stands."""
    state = State(scenario.state)
    if state == State.WITHDRAWN:
        gone = PATH[: PATH.index(last_reached(scenario)) + 1]
        return [*(Step(stop.label, "done") for stop in gone), Step(state.label, "here", "bad")]
    if state == State.RETURNED:
        return [Step(state.label, "here", "warn"), *(Step(stop.label, "ahead") for stop in PATH[1:])]
    here = PATH.index(state)
    statuses = ["done" if index < here else "here" if index == here else "ahead" for index in range(len(PATH))]
    return [Step(stop.label, status) for stop, status in zip(PATH, statuses, strict=True)]


def last_reached(scenario: Scenario) -> State:
    """How far a withdrawn scenario had come, as its row tells."""
    if scenario.published_on is not None:
        return State.PUBLISHED
    return State.SUBMITTED if scenario.number else State.DRAFT


@dataclass(frozen=True)
class Condition:
    """Something that whoever solves the scenario must be able to keep."""

    code: str
    icon: str
    label: Text
    note: Text = ""


def conditions_of(scenario: Scenario) -> list[Condition]:
    """Where it must run, how safe, and the filing that it needs."""
    found = []
    if scenario.on_site:
        note = _("Data and computing stay with the owner.")
        found.append(Condition("on_site", "building", _("Must run on site"), note))
    if scenario.domestic_chips:
        found.append(Condition("domestic_chips", "cpu", _("Must run on domestic chips")))
    if scenario.security_level != SecurityLevel.NONE:
        found.append(Condition("security_level", "shield-lock", scenario.get_security_level_display()))
    if scenario.serves_public_generated:
        note = _("The solution serves the public with generated content: it names its own filing (备案 or 登记), "
                 "or the filed model that it calls.")  # fmt: skip
        found.append(Condition("filing", "file-certificate", _("A filing is needed"), note))
    return found


def budget_text(scenario: Scenario) -> str:
    """The budget in words; empty where nothing is said of it."""
    if not scenario.has_budget:
        return ""
    return show_range(MoneyRange(scenario.budget_low, scenario.budget_high))


@dataclass(frozen=True)
class ContactCard:
    """The person to ask; `masked` says that the reader sees only a part."""

    name: str
    title: str
    phone: str
    email: str
    masked: bool


def contact_of(scenario: Scenario, *, user: Any) -> ContactCard | None:
    """The contact as far as the user may see: in full with the permission, or when the person agreed to be shown."""
    stored = scenario.contact
    parts = (stored.name, stored.title, stored.phone, stored.email) if stored else typed_contact(scenario)
    if not any(parts):
        return None
    name, title, phone, email = parts
    agreed = stored is not None and stored.consent_on is not None
    if agreed or user.has_perm(Permission.SEE_CONTACT, scenario):
        return ContactCard(name, title, phone, email, masked=False)
    return ContactCard(mask_name(name), title, mask_phone(phone), mask_email(email), masked=True)


def typed_contact(scenario: Scenario) -> tuple[str, str, str, str]:
    return scenario.contact_name, "", scenario.contact_phone, scenario.contact_email
