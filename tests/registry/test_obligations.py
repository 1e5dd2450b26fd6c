"""Obligations: the pure function, and the query over the ledger."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from qunxing.core.models import CalendarDay
from qunxing.core.workdays import WorkCalendar
from qunxing.registry.models import Filing
from qunxing.registry.obligations import Duty, Service, Terms, obligations
from qunxing.registry.queries import due_by_time, due_items
from qunxing.registry.states import State
from tests import factories as people
from tests.registry import factories

CALENDAR = WorkCalendar()
LIVE = date(2025, 9, 26)  # Friday; October 1 to 8 is off, the 28th (Sunday) and October 11 (Saturday) are worked


def owed(**facts: Any) -> list[tuple[str, date]]:
    found = obligations(Service(**facts), calendar=CALENDAR)
    return [(due.duty.value, due.deadline.day) for due in found]


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"state": "preparing"}, []),
        ({"state": "preparing", "went_live_on": LIVE}, [("file", date(2025, 10, 16))]),
        ({"state": "rejected", "went_live_on": LIVE}, [("file", date(2025, 10, 16))]),
        ({"state": "submitted", "went_live_on": LIVE}, []),
        ({"state": "preparing", "went_live_on": LIVE, "ended_on": LIVE}, []),
        ({"state": "granted", "altered_on": LIVE}, [("change", date(2025, 10, 16))]),
        ({"state": "withdrawn", "altered_on": LIVE}, []),
        ({"state": "changed", "ended_on": LIVE}, [("cancel", date(2025, 10, 30))]),
        ({"state": "revoked", "ended_on": LIVE}, []),
        ({"state": "granted", "went_live_on": LIVE, "granted_on": date(2025, 12, 1)}, [("show", date(2025, 12, 1))]),
        ({"state": "granted", "went_live_on": LIVE, "granted_on": date(2025, 1, 1)}, [("show", LIVE)]),
        ({"state": "granted", "went_live_on": LIVE, "shown_since": LIVE}, []),
        ({"state": "granted", "reliance_ended_on": LIVE}, [("rely", LIVE)]),
        ({"state": "withdrawn", "reliance_ended_on": LIVE}, []),
        (
            {"state": "granted", "went_live_on": LIVE, "altered_on": LIVE, "ended_on": LIVE},
            [("change", date(2025, 10, 16)), ("cancel", date(2025, 10, 30))],
        ),
    ],
)
def test_obligation_follows_from_the_days_of_the_service(facts: dict[str, Any], found: list[Any]) -> None:
    assert owed(**facts) == found


def test_period_is_a_parameter_and_is_named() -> None:
    service = Service(state=State.PREPARING, went_live_on=date(2025, 6, 2))
    [due] = obligations(service, calendar=CALENDAR, terms=Terms(file_within=3))
    assert (due.duty, due.deadline.day, due.days) == (Duty.FILE, date(2025, 6, 5), 3)
    assert "3" in due.basis


def test_deadline_beyond_the_known_calendar_is_uncertain() -> None:
    [due] = obligations(Service(state=State.GRANTED, altered_on=date(2031, 1, 6)), calendar=CALENDAR)
    assert due.deadline.certain is False


# --- over the ledger ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_day_set_by_hand_moves_the_deadline() -> None:
    factories.filing("preparing", went_live_on=date(2025, 6, 3))
    today, staff = date(2025, 6, 4), people.user("staff")
    assert [item.day for item in due_items(staff, today)] == [date(2025, 6, 17)]
    CalendarDay.objects.create(day=date(2025, 6, 5), working=False)
    assert [item.day for item in due_items(staff, today)] == [date(2025, 6, 18)]


@pytest.mark.django_db
def test_service_whose_relied_on_filing_ended_is_due_since_that_day() -> None:
    relied_on = factories.filing("revoked")
    factories.step(relied_on, "revoked", date(2025, 3, 1))
    service = factories.filing(kind="registered", relies_on=relied_on)
    factories.filing(kind="registered", relies_on=factories.filing())
    [item] = due_items(people.user("officer"), date(2025, 3, 11))
    assert (item.filing, item.due.duty, item.day, item.days_late) == (service, Duty.RELY, date(2025, 3, 1), 10)


@pytest.mark.django_db
def test_relied_on_filing_that_ended_without_a_step_counts_from_when_it_was_written_down() -> None:
    relied_on = factories.filing("withdrawn")
    factories.filing(kind="registered", relies_on=relied_on)
    [item] = due_items(people.user("staff"), timezone.localdate())
    assert item.day == timezone.localdate(relied_on.updated_at)


@pytest.mark.django_db
def test_members_see_what_their_own_organisations_owe() -> None:
    mine, other = people.organization(), factories.filing(altered_on=LIVE)
    own = factories.filing("preparing", organization=mine, went_live_on=LIVE)
    today = date(2025, 10, 1)
    assert {item.filing for item in due_items(people.user("staff"), today)} == {own, other}
    assert [item.filing for item in due_items(people.member_of(mine, "viewer"), today)] == [own]
    assert due_items(people.member_of(people.organization()), today) == []
    assert due_items(people.user("visitor"), today) == []


@pytest.mark.django_db
def test_items_stand_apart_by_how_soon_they_fall_due() -> None:
    for live in (date(2025, 5, 12), date(2025, 6, 5), date(2025, 6, 16)):
        factories.filing("preparing", went_live_on=live)
    today = date(2025, 6, 18)  # Wednesday
    due = due_by_time(due_items(people.user("staff"), today), today)
    days = [[item.day for item in group] for group in (due.overdue, due.this_week, due.later)]
    assert days == [[date(2025, 5, 26)], [date(2025, 6, 19)], [date(2025, 6, 30)]]
    assert [item.days_left for item in due.this_week] == [1]


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_due_page_asks_a_constant_number_of_queries(client: Any, rows: int, django_assert_max_num_queries: Any) -> None:
    for _row in range(rows):
        relied_on = factories.filing("revoked")
        factories.filing(kind="registered", relies_on=relied_on)
        factories.filing(altered_on=LIVE, went_live_on=LIVE)
    client.force_login(people.user("staff"))
    with django_assert_max_num_queries(10):
        answer = client.get(reverse("registry:due-soon"))
    assert answer.context["due"].total == 3 * rows


@pytest.mark.django_db
def test_due_page_warns_of_unknown_holidays_and_says_when_nothing_is_due(client: Any) -> None:
    client.force_login(people.user("staff"))
    url = reverse("registry:due-soon")
    assert 'class="empty"' in client.get(url).content.decode()
    factories.filing(altered_on=date(2031, 1, 6))
    assert "note-warn" in client.get(url).content.decode()


@pytest.mark.django_db
def test_page_of_a_filing_shows_its_obligations_to_whom_they_concern(client: Any) -> None:
    filing = factories.filing(altered_on=LIVE)
    for user, seen in (
        (people.user("staff"), True),
        (people.member_of(filing.organization, "viewer"), True),
        (people.member_of(people.organization()), False),
        (people.user("visitor"), False),
    ):
        client.force_login(user)
        assert bool(client.get(filing.get_absolute_url()).context["due"]) is seen


@pytest.mark.django_db
def test_service_days_are_reported_by_the_firm_of_a_granted_filing(client: Any) -> None:
    filing = factories.filing(went_live_on=LIVE)
    client.force_login(people.member_of(filing.organization, "editor"))
    url = reverse("registry:filing-service", args=[filing.ref])
    typed = {"revision": 1, "went_live_on": "2025-09-26", "shown_since": "2025-10-01"}
    assert client.post(url, typed).status_code == 302
    assert Filing.objects.get().shown_since == date(2025, 10, 1)
    answer = client.post(url, typed | {"revision": 2, "ended_on": "2024-01-01"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["ended_on"])
