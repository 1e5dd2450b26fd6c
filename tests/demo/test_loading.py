"""Loading the demonstration: everything at once, and never twice."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.test import Client
from django.urls import reverse

from qunxing.accounts.models import Kind, SavedView, User
from qunxing.core.models import CalendarDay
from qunxing.demo.accounts import ACCOUNTS, Account
from qunxing.demo.loading import load, standing
from qunxing.directory.models import Organization, Residency
from qunxing.directory.rules import roles_of
from qunxing.funds.models import AmountKind, Fund, Round
from qunxing.ledger.actions import remove
from qunxing.ledger.audit import audit_database
from qunxing.ledger.kinds import record_kinds
from qunxing.ledger.models import Evidence, LogEntry
from qunxing.ledger.queries import evidence_by_field
from qunxing.matching.bundles.models import PlanKind, Proposal
from qunxing.registry.models import Filing, FilingKind
from qunxing.registry.obligations import Duty
from qunxing.registry.queries.due import due_items
from qunxing.registry.states import State as FilingState
from qunxing.resources.models import Kind as OfferKind
from qunxing.resources.models import Offer
from qunxing.resources.states import State as OfferState
from qunxing.scenarios.models import Scenario
from qunxing.scenarios.states import State as ScenarioState

MARK = "演示"
# The columns by which a reader knows a row of these kinds.
TITLES = {
    "ledger.source": "title",
    "directory.organization": "name",
    "directory.product": "name",
    "registry.aimodel": "name",
    "registry.filing": "name",
    "funds.fund": "name",
    "resources.offer": "title",
    "scenarios.scenario": "title",
    "challenges.challengelist": "title",
    "challenges.challenge": "title",
    "challenges.need": "title",
    "races.race": "title",
}


def everything() -> tuple[dict[str, int], int, int, int]:
    return standing(), Evidence.objects.count(), LogEntry.objects.count(), User.objects.count()


def test_second_load_changes_nothing(demonstration: date) -> None:
    before = everything()
    load(day=demonstration)
    assert everything() == before


def test_second_load_leaves_what_people_did(demonstration: date) -> None:
    remove(Offer.objects.get(title="演示·备案登记奖励"), actor=None, reason="名额已满")
    load(day=demonstration)
    assert not Offer.objects.filter(title="演示·备案登记奖励").exists()


def test_log_attests_the_demonstration(demonstration: date) -> None:
    assert audit_database().findings == ()


def test_references_are_the_same_everywhere(demonstration: date) -> None:
    assert Organization.objects.get(short_name="星河智联").ref == "td8ecmrx2t8s"


# --- marks ------------------------------------------------------------------------------------------------------------


def test_made_up_rows_are_marked(demonstration: date) -> None:
    unmarked = [
        str(version.history_object)
        for kind in record_kinds().values()
        for version in kind.history.filter(source__demo=True, demo=False)
    ]
    assert unmarked == []


@pytest.mark.parametrize("code", TITLES)
def test_name_tells_what_is_made_up(demonstration: date, code: str) -> None:
    rows = record_kinds()[code]._default_manager.values_list(TITLES[code], "demo")
    assert [title for title, demo in rows if title.startswith(MARK) != demo] == []


def test_rows_of_made_up_rows_are_made_up(demonstration: date) -> None:
    """What hangs on a marked row is marked, whichever action added it."""
    unmarked = []
    for kind in record_kinds().values():
        if kind.PARENT:
            unmarked += list(kind._default_manager.filter(demo=False, **{f"{kind.PARENT}__demo": True}))
    assert unmarked == []


def test_accounts_are_marked(demonstration: date) -> None:
    assert list(User.objects.filter(demo=False)) == []


# --- accounts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.username)
def test_account_signs_in(demonstration: date, client: Client, account: Account) -> None:
    answer = client.post(reverse("account_login"), {"login": account.username, "password": account.password})
    assert (answer.status_code, client.session.get("_auth_user_id") is not None) == (302, True)


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.username)
def test_password_passes_the_validators(demonstration: date, account: Account) -> None:
    validate_password(account.password, User.objects.get(username=account.username))


def test_every_kind_of_user_has_an_account() -> None:
    assert {account.kind for account in ACCOUNTS} == set(Kind)


def test_every_role_of_a_member_has_an_account(demonstration: date) -> None:
    roles = {role for account in ACCOUNTS for role in roles_of(User.objects.get(username=account.username)).values()}
    assert roles == {"owner", "editor", "viewer"}


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.username)
def test_account_sees_something_of_every_ledger(demonstration: date, account: Account) -> None:
    user = User.objects.get(username=account.username)
    empty = [kind.__name__ for kind in (Organization, Filing, Fund, Round, Offer, Scenario)
             if not kind.objects.visible_to(user).exists()]  # fmt: skip
    assert empty == []


# --- something of everything ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "field", "choices"),
    [
        (Filing, "state", FilingState),
        (Filing, "kind", FilingKind),
        (Scenario, "state", ScenarioState),
        (Offer, "kind", OfferKind),
        (Offer, "state", OfferState),
        (Residency, "stage", Residency.Stage),
        (Fund, "currency", ("CNY", "USD")),
    ],
)
def test_every_choice_is_shown(demonstration: date, kind: Any, field: str, choices: Any) -> None:
    assert set(kind.objects.filter(demo=True).values_list(field, flat=True)) == set(choices)


def test_rounds_are_told_in_every_way(demonstration: date) -> None:
    assert {found.amount_kind for found in Round.objects.all()} == set(AmountKind)


def test_every_duty_is_due_somewhere(demonstration: date) -> None:
    items = due_items(User.objects.get(username="staff"), demonstration)
    assert {item.due.duty for item in items} == set(Duty)
    assert {item.days_left < 0 for item in items} == {True, False}


def test_member_has_duties_of_its_own(demonstration: date) -> None:
    owner = User.objects.get(username="owner")
    assert {item.filing.organization.short_name for item in due_items(owner, demonstration)} == {"星河智联"}


def test_a_dispute_waits_for_staff(demonstration: date) -> None:
    firm = Organization.objects.get(short_name="多模时空")
    fields = evidence_by_field(firm, user=User.objects.get(username="staff"))
    assert [found.name for found in fields if found.disputed] == ["registered_capital"]


def test_timeline_has_several_hands(demonstration: date) -> None:
    firm = Organization.objects.get(short_name="星河智联")
    assert set(firm.history.values_list("history_user__username", flat=True)) == {"staff", "editor", "owner"}


def test_views_and_days_are_kept(demonstration: date) -> None:
    assert (SavedView.objects.filter(shared=True).count(), CalendarDay.objects.filter(working=False).count()) == (1, 2)


def test_one_package_is_whole_and_all_are_made_up(demonstration: date) -> None:
    proposals = list(Proposal.objects.filter(plan__kind=PlanKind.BUNDLES))
    whole = [one for one in proposals if not one.missing]
    pieces = [piece for one in proposals for piece in (one.organization, one.filing, one.fund, one.offer) if piece]
    assert [str(one.scenario) for one in whole] == ["演示·热线工单智能分拨"]
    assert (whole[0].filing is not None, whole[0].vouchers.count() > 0) == (True, True)
    assert {piece.demo for piece in pieces} == {True}
