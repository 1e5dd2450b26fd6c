"""Figures as of a day, as known at a moment, over the real ledgers."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from qunxing.directory.models import Organization, Residency, Scope
from qunxing.indicators.figures.asking import CircularIndicator, Ledgers, UnknownIndicator, circle_of
from qunxing.indicators.figures.catalogue import ALIASES, fact_tables, resolved, specs
from qunxing.indicators.figures.periods import Span
from qunxing.indicators.figures.reading import LedgerRead
from qunxing.indicators.models import Definition
from qunxing.ledger.actions import change, create, remove
from qunxing.ledger.versions import history_of
from qunxing.scenarios.models import Scenario
from tests import factories as people
from tests.funds import factories as funds
from tests.indicators.asking import DAY
from tests.registry import factories as registry
from tests.scenarios import factories as scenarios

pytestmark = pytest.mark.django_db
START = datetime(2024, 1, 1, 4, tzinfo=UTC)
STEPS = st.lists(
    st.tuples(st.sampled_from(["enter", "leave", "return", "remove"]), st.integers(0, 2), st.integers(0, 99)),
    min_size=1, max_size=7,
)  # fmt: skip


def moment(day: int) -> datetime:
    return START + timedelta(days=day)


def act(step: str, row: Residency | None, firm: Organization, scope: Scope) -> Residency | None:
    """What a clerk does to the stay of a firm; nothing where it makes no sense."""
    if row is None:
        stay = Residency(organization=firm, scope=scope, entered_on=date(2023, 1, 1))
        return create(stay, actor=None) if step == "enter" else None
    if step == "remove":
        remove(row, actor=None, reason="误录")
        return None
    values: dict[str, Any] = {"stage": "left", "left_on": date(2023, 6, 1)}
    if step == "return":
        values = {"stage": "resident", "left_on": None}
    return change(row, actor=None, values=values) if step in {"leave", "return"} else row


def dated(day: int, known: set[int]) -> set[int]:
    """Sets the versions written since to that day; the keys of all."""
    fresh = history_of(Residency).objects.exclude(pk__in=known)
    fresh.update(history_date=moment(day))
    return set(history_of(Residency).objects.values_list("pk", flat=True))


@settings(max_examples=8)
@given(STEPS)
def test_known_at_never_shows_later_knowledge(steps: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        scope = people.scope()
        history_of(Scope).objects.update(history_date=START)
        firms = [people.organization() for _firm in range(3)]
        history_of(Organization).objects.update(history_date=START)
        present: dict[int, Residency | None] = {}
        said: list[tuple[int, int]] = []
        known: set[int] = set()
        for step, firm, day in sorted(steps, key=lambda one: one[2]):
            present[firm] = act(step, present.get(firm), firms[firm], scope)
            known = dated(day, known)
            said.append((day, sum(row is not None and row.stage == "resident" for row in present.values())))
        for day in {day for day, _number in said}:
            learned = Ledgers(known_at=moment(day))
            number = [number for then, number in said if then <= day][-1]
            assert learned.ask("resident_firms", date(2023, 12, 1)).figure.low == number
        assert Ledgers().ask("resident_firms", date(2023, 12, 1)).figure.low == said[-1][1]
        transaction.set_rollback(True)


@settings(max_examples=8)
@given(st.lists(st.tuples(st.sampled_from(["matched", "published", "in_delivery"]), st.integers(0, 60)), max_size=6))
def test_versions_read_for_a_moment_hold_none_that_came_later(steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        row = scenarios.scenario("published")
        history_of(Scenario).objects.update(history_date=START)
        days = [0]
        for state, day in sorted(steps, key=lambda one: one[1]):
            newest = history_of(Scenario).objects.order_by("-pk").first().pk
            row = change(row, actor=None, values={"state": state})
            if history_of(Scenario).objects.filter(pk__gt=newest).update(history_date=moment(day)):
                days.append(day)
        for day in (0, 20, 40, 60):
            found = LedgerRead(known_at=moment(day)).versions(Scenario, "state")
            assert len(found) == sum(one <= day for one in days)
            assert found["place"].tolist() == sorted(found["place"].tolist())
        transaction.set_rollback(True)


def test_version_of_before_publication_is_not_read_for_the_public() -> None:
    row = scenarios.scenario("in_appraisal")
    change(row, actor=None, values={"state": "published", "published_on": DAY})
    readers = (AnonymousUser(), people.member_of(row.organization), None)
    assert [len(LedgerRead(reader).versions(Scenario, "state")) for reader in readers] == [1, 2, 2]


def test_days_are_those_of_the_program_not_of_greenwich() -> None:
    people.organization()
    Organization.objects.update(created_at=datetime(2024, 5, 6, 17, 30, tzinfo=UTC))
    days = LedgerRead()(Organization, "division")["recorded"].astype("datetime64[D]").astype(str).tolist()
    assert days == ["2024-05-07"]


def test_words_and_numbers_that_are_missing_come_as_blanks() -> None:
    funds.fund()
    funds.round_of(closed_on=None)
    rows = LedgerRead()(type(funds.fund()), "manager_id", "level", "vintage", "size_low", "regions")
    assert (rows["manager_id"][0], rows["vintage"][0], rows["regions"].words) == (-1, -1, ("",))
    assert str(rows["size_low"][0]) == "nan"


def busy() -> list[Scope]:
    community = people.community()
    found = [people.scope(community, code) for code in Scope.Code.values]
    grow(found[0])
    return found


def grow(scope: Scope) -> None:
    firm = people.organization(division="310104")
    create(Residency(organization=firm, scope=scope, entered_on=date(2024, 1, 1)), actor=None)
    registry.coverage(registry.filing(organization=firm, went_live_on=DAY), registry.model(firm))
    funds.round_of(firm, funds.yuan(1), closed_on=DAY)
    scenarios.scenario("published", organization=firm)


def queries_of_a_report(scopes: list[Scope], known_at: datetime | None = None) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        ledgers = Ledgers(known_at=known_at)
        for code, indicator in ledgers.indicators.items():
            for scope in scopes:
                ledgers.ask(code, DAY, circle_of(scope))
                for dimension in ledgers.dimensions(indicator):
                    ledgers.breakdown(code, dimension.code, DAY, circle_of(scope))
    return len(queries)


@pytest.mark.parametrize("known_at", [None, datetime(2099, 1, 1, tzinfo=UTC)])
def test_report_of_every_indicator_takes_as_many_queries_however_much_there_is(known_at: datetime | None) -> None:
    scopes = list(Scope.objects.select_related("community").filter(pk__in=[scope.pk for scope in busy()]))
    first = queries_of_a_report(scopes[:1], known_at)
    grow(scopes[0])
    assert queries_of_a_report(scopes, known_at) == first


def test_every_declared_indicator_counts_over_a_table_and_dimensions_that_there_are() -> None:
    ledgers = Ledgers()
    for spec in specs().values():
        if spec.operation:
            assert spec.base in specs()
            assert spec.operand in {"", *specs()}
            continue
        known = {dimension.code for dimension in fact_tables()[spec.facts].dimensions}
        table = ledgers.table(spec.facts)
        assert {*spec.by, *spec.where, *([spec.split] if spec.split else [])} - set(table.births) <= set(
            table.dimensions
        )
        assert set(spec.by) <= known
        assert not spec.amount or spec.amount in table.amounts
    assert {resolved(code) for code in ALIASES} <= set(specs())


def test_scopes_nested_in_each_other_have_nested_figures() -> None:
    scopes, ledgers = busy(), Ledgers()
    for code, spec in specs().items():
        if not spec.operation and not spec.amount:
            figures = [sum(part.figure.low for part in ledgers.ask(code, DAY, circle_of(scope), Span.YEAR).parts)
                       for scope in scopes]  # fmt: skip
            assert figures == sorted(figures), code


@pytest.mark.parametrize("code", ["nothing", "loops"])
def test_indicator_that_is_not_there_or_made_of_itself_is_refused(code: str) -> None:
    for one, other in (("loops", "back"), ("back", "loops")):
        words = {"name_zh": one, "name_en": one, "operation": "growth_year", "base": other}
        create(Definition(code=one, **words), actor=None)
    with pytest.raises((UnknownIndicator, CircularIndicator)):
        Ledgers().ask(code, DAY)


def test_every_declared_indicator_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "indicators.md").read_text(encoding="utf-8")
    assert [code for code in specs() if f"`{code}`" not in page] == []
