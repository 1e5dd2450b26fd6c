"""Protected figures over the real ledgers: an attacker who asks everything and subtracts finds no few."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from qunxing.directory.models import Organization, Residency, Scope
from qunxing.indicators.figures.asking import Ledgers
from qunxing.indicators.figures.catalogue import declare
from qunxing.indicators.figures.periods import Span
from qunxing.indicators.figures.telling import Teller, Told
from qunxing.indicators.forms.asking import end_of
from qunxing.indicators.models import Definition
from qunxing.ledger.actions import change, create
from qunxing.ledger.versions import history_of
from tests import factories
from tests.indicators.towns import stay
from tests.resources.factories import offer

pytestmark = pytest.mark.django_db
QUARTER = date(2025, 3, 31)
DAYS = (date(2025, 3, 31), date(2025, 4, 15), date(2025, 5, 31), date(2025, 6, 29))
KNOWN = (None, date(2025, 4, 10), date(2025, 4, 20), date(2025, 9, 1))
CODES = ("resident_firms", "core_firms", "firms_moved_in")
STAYS = st.lists(
    st.tuples(
        st.sampled_from(["space", "surroundings"]), st.sampled_from(["core", "star"]), st.integers(1, 3),
        st.sampled_from([2024, 2025]), st.sampled_from(["micro", "small"]), st.integers(1, 6),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


def protect(*codes: str, access: str = "protected") -> None:
    declare(actor=None)
    for code in codes:
        change(Definition.objects.get(code=code), actor=None, values={"access": access})


def community() -> dict[str, Scope]:
    place = factories.community()
    return {code: factories.scope(place, code) for code in ("space", "surroundings")}


def firms(number: int, scope: Scope, size: str = "small", **values: Any) -> None:
    """Firms that the public may not see."""
    for _number in range(number):
        stay(factories.organization(visibility="internal", size_class=size), scope, **values)


def public(known_at: date | None = None) -> Teller:
    return Teller(AnonymousUser(), end_of(known_at))


def told(code: str, scope: str = "space", day: date = QUARTER, span: Span = Span.MONTH, **known: Any) -> str | float:
    (one,) = public(**known).ask(code, day, scope, span)
    return one.hidden or one.figure.low


def parts(code: str, scope: str = "space") -> dict[str, list[Told]]:
    return {way.code: found for way, found in public().breakdowns(code, QUARTER, scope)}


def test_a_figure_is_broken_down_in_its_own_scope_alone() -> None:
    scopes = community()
    firms(5, scopes["space"]), firms(4, scopes["surroundings"])
    protect("resident_firms")
    assert (told("resident_firms"), told("resident_firms", "surroundings")) == (5, 9)
    assert set(parts("resident_firms")) == {"tier", "size", "age"}
    assert parts("resident_firms", "surroundings") == parts("resident_firms", "") == {}


def test_what_hides_its_total_tells_no_parts() -> None:
    scopes = community()
    firms(5, scopes["space"]), firms(1, scopes["surroundings"])
    protect("resident_firms")
    assert (told("resident_firms"), parts("resident_firms")) == ("·", {})


def test_parts_whose_total_would_give_them_back_are_not_told() -> None:
    """Three sizes of three firms: each has one."""
    scopes = community()
    for size in ("micro", "small", "medium"):
        firms(1, scopes["space"], size)
    protect("resident_firms")
    assert (told("resident_firms"), parts("resident_firms")) == (3, {})


def test_what_moved_is_told_of_whole_quarters_whatever_the_period() -> None:
    scopes = community()
    firms(4, scopes["space"], entered_on=date(2025, 1, 9)), firms(1, scopes["space"], entered_on=date(2025, 3, 9))
    firms(3, scopes["space"], entered_on=date(2024, 8, 9))
    protect("firms_moved_in")
    assert [told("firms_moved_in", span=span) for span in Span] == [5, 5, 5]


def test_no_two_days_of_knowledge_can_be_subtracted() -> None:
    scopes = community()
    firms(4, scopes["space"])
    history_of(Residency).objects.update(history_date=datetime(2025, 4, 1, tzinfo=UTC))
    firms(1, scopes["space"])
    protect("resident_firms")
    for kind in (Organization, Scope, Definition):
        history_of(kind).objects.update(history_date=datetime(2025, 1, 1, tzinfo=UTC))
    assert Ledgers(known_at=end_of(KNOWN[1])).ask("resident_firms", QUARTER).figure.low == 4
    assert {told("resident_firms", known_at=day) for day in KNOWN} == {5}


def test_a_row_that_counts_perhaps_is_not_told_apart() -> None:
    scopes = community()
    firms(5, scopes["space"]), firms(1, scopes["space"], entered_on=None)
    protect("resident_firms")
    assert Ledgers().ask("resident_firms", QUARTER).figure.exact is False
    assert (told("resident_firms"), parts("resident_firms")) == ("·", {})


def filtered(access: str, code: str = "few", base: str = "resident_firms") -> None:
    words = {"name_zh": "微型", "name_en": "Micro", "operation": "filter", "where": {"size": ["micro"]}}
    create(Definition(code=code, base=base, access=access, **words), actor=None)


@pytest.mark.parametrize("access", ["own", "protected", "banded"])
def test_a_filter_of_a_protected_figure_is_closed_to_who_does_not_see_all(access: str) -> None:
    scopes = community()
    firms(4, scopes["space"], "micro"), firms(1, scopes["space"])
    protect("resident_firms")
    filtered(access)
    filtered(access, "fewer", "few")
    assert {"few", "fewer"} & set(public().indicators) == set()
    assert {"few", "fewer"} <= set(Teller(factories.user("officer")).indicators)


def test_a_figure_and_one_of_fewer_of_its_rows_are_not_both_told() -> None:
    scopes = community()
    firms(5, scopes["space"], tier="core"), firms(1, scopes["space"], tier="star")
    protect("resident_firms", "core_firms")
    assert sorted(map(str, (told("resident_firms"), told("core_firms")))) == ["6", "·"]
    assert parts("resident_firms") == {}


def test_sums_are_told_in_their_own_scope_and_not_beside_sums_of_some_of_their_rows() -> None:
    scopes = community()
    for scope, number in (("space", 4), ("surroundings", 1)):
        for _number in range(number):
            firm = factories.organization(visibility="internal")
            stay(firm, scopes[scope])
            offer(provider=firm, unit="cards", quantity=100, valid_from=date(2025, 1, 1), visibility="internal")
    protect("compute_cards")
    assert (told("compute_cards"), told("compute_cards", "surroundings")) == (400, "·")
    protect("planned_cards")
    assert told("compute_cards") == "·"


# --- the attacker -----------------------------------------------------------------------------------------------------


def everything_told() -> Iterator[tuple[frozenset[int], str]]:
    """(the rows that it truly counts, how it was asked) of each number that the public is told."""
    ledgers, readers = Ledgers(), [public(known) for known in KNOWN]
    for code in CODES:
        for scope, circle in readers[0].circles.items():
            things = ledgers.ask(code, QUARTER, circle, Span.QUARTER).figure
            table = ledgers.rows_of(ledgers.indicators[code].spec)  # type: ignore[arg-type]
            rows = frozenset(table.things[[key in set(things.rows.tolist()) for key in table.rows.tolist()]].tolist())
            for reader, day, span in ((reader, day, span) for reader in readers for day in DAYS for span in Span):
                (one,) = reader.ask(code, day, scope, span)
                if not one.hidden:
                    assert one.figure.low == len(rows)
                    yield rows, f"{code} {scope} {day} {span}"


def few(count: int) -> bool:
    return 0 < count < 3


@settings(max_examples=8)
@given(STAYS, st.sampled_from([CODES, CODES[:1]]))
def test_an_attacker_who_asks_everything_and_subtracts_finds_no_few(groups: list[Any], codes: tuple[str, ...]) -> None:
    with transaction.atomic():
        scopes = community()
        for scope, tier, month, year, size, number in groups:
            firms(number, scopes[scope], size, tier=tier, entered_on=date(year, month, 10))
        protect(*codes)
        numbers = dict(everything_told()) if codes == CODES else {}
        for one in numbers:
            assert not few(len(one)), numbers[one]
            assert not any(few(len(one - other)) for other in numbers if other < one), numbers[one]
        for found in parts("resident_firms").values():
            attacked(found, told("resident_firms"))
        transaction.set_rollback(True)


def attacked(found: list[Told], total: Any) -> None:
    """What is hidden of a list can be more than one thing, given the total and what is shown."""
    hidden = [one for one in found if one.hidden]
    left = total - sum(one.figure.low for one in found if not one.hidden)
    most = 2 * len(hidden) if all(one.hidden == "<3" for one in hidden) else left
    assert not hidden or len(hidden) < left < most + (most == left)
    assert all(not few(one.figure.low) for one in found if not one.hidden)
