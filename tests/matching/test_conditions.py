"""Each condition: passes, fails, is not known, and what would close it."""

from datetime import date
from typing import Any

import pytest

from qunxing.matching.engine.conditions import (
    Evidence,
    Facts,
    Filed,
    Finding,
    Held,
    Mandate,
    Outcome,
    Terms,
    Tie,
    Web,
    check,
    check_mandate,
    outcome_of,
)

DAY = date(2026, 3, 2)
OWN = Evidence("directory.organization", "firm", "某企业", "2026-01-01")
ROW = Evidence("directory.capability", "row", "3", "2026-01-02")
FILED = Evidence("registry.filing", "filing", "某模型 Shanghai-X-20250101", "2025-01-01")
PASS, FAIL, UNKNOWN = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN


def facts(**values: Any) -> Facts:
    return Facts("firm", OWN, **values)


def found(code: str, terms: Terms, known: Facts, web: Web | None = None) -> tuple[Outcome, str]:
    """The outcome of one condition and how to close it."""
    findings = {finding.code: finding for finding in check(terms, known, DAY, web)}
    return findings[code].outcome, findings[code].closing


def held(kind: str, **values: Any) -> Held:
    return Held(kind, ROW, **values)


def filed(*, by_name: str = "", **values: Any) -> Filed:
    return Filed(Evidence("registry.filing", by_name or "filing", "备案", "2025-01-01"), **values)


GENERATED = Terms("owner", generated_to_public=True)
ENDED = filed(in_force=False)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (facts(filings=(filed(),)), (PASS, "")),
        (facts(filings=(filed(registered=True, relies_on=filed()),)), (PASS, "")),
        (facts(filings=(filed(registered=True, relies_on=ENDED),)), (FAIL, "filing_reliance_ended")),
        (facts(filings=(filed(registered=True),)), (UNKNOWN, "filing_name_the_model")),
        (facts(called=(filed(),)), (FAIL, "filing_register")),
        (facts(called=(ENDED,)), (FAIL, "filing_file")),
        (facts(filings=(ENDED,)), (FAIL, "filing_ended")),
        (facts(filings=(ENDED,), called=(filed(),)), (FAIL, "filing_register")),
        (facts(), (FAIL, "filing_file")),
    ],
)
def test_filing_is_own_or_relies_on_a_filed_model(known: Facts, expected: tuple[Outcome, str]) -> None:
    assert found("filing", GENERATED, known) == expected


SAFE = Terms("owner", security_level=3)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((held("security", amount=3),), (PASS, "")),
        ((held("security", amount=2),), (FAIL, "security_raise")),
        ((held("security", amount=3, last=date(2026, 3, 1)),), (FAIL, "security_assess")),
        ((held("security", amount=2), held("security", amount=3)), (PASS, "")),
        ((held("security", held=False),), (FAIL, "security_assess")),
        ((held("chips"),), (UNKNOWN, "security_ask")),
        ((), (UNKNOWN, "security_ask")),
    ],
)
def test_security_level_must_stand_on_the_day(rows: tuple[Held, ...], expected: tuple[Outcome, str]) -> None:
    assert found("security", SAFE, facts(held=rows)) == expected


@pytest.mark.parametrize("kind", ["chips", "on_site"])
@pytest.mark.parametrize(
    ("rows", "outcome"), [([{}], PASS), ([{"held": False}], FAIL), ([{"first": date(2027, 1, 1)}], FAIL), ([], UNKNOWN)]
)
def test_chips_and_site_are_declared(kind: str, rows: list[dict[str, Any]], outcome: Outcome) -> None:
    terms = Terms("owner", domestic_chips=kind == "chips", on_site=kind == "on_site")
    assert found(kind, terms, facts(held=tuple(held(kind, **row) for row in rows)))[0] == outcome


@pytest.mark.parametrize(
    ("division", "places", "outcome"),
    [
        ("310104", ("310000",), PASS),
        ("310104", ("310104",), PASS),
        ("310115", ("310104",), FAIL),
        ("110000", ("310000", "330000"), FAIL),
        ("310110", ("310110",), PASS),
        ("310115", ("310110",), FAIL),
        ("", ("310000",), UNKNOWN),
    ],
)
def test_place_is_a_division_within(division: str, places: tuple[str, ...], outcome: Outcome) -> None:
    assert found("place", Terms("owner", places=places), facts(division=division))[0] == outcome


@pytest.mark.parametrize(("size", "outcome"), [("small", PASS), ("large", FAIL), ("", UNKNOWN)])
def test_size_is_one_of_those_asked_for(size: str, outcome: Outcome) -> None:
    assert found("size", Terms("owner", sizes=("small", "micro")), facts(size=size))[0] == outcome


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((held("certificate", name="ISO27001（演示）"),), (PASS, "")),
        ((held("certificate", name="iso 27001", last=date(2025, 1, 1)),), (FAIL, "certificate_renew")),
        ((held("certificate", name="高新技术企业"),), (UNKNOWN, "certificate_ask")),
        ((), (UNKNOWN, "certificate_ask")),
    ],
)
def test_certificate_is_found_by_its_folded_name(rows: tuple[Held, ...], expected: tuple[Outcome, str]) -> None:
    assert found("certificate", Terms("owner", certificates=("ISO 27001",)), facts(held=rows)) == expected


@pytest.mark.parametrize(
    ("capacity", "running", "expected"),
    [
        (2, 1, (PASS, "")),
        (2, 2, (FAIL, "capacity_full")),
        (None, 0, (PASS, "")),
        (None, 1, (UNKNOWN, "capacity_ask")),
    ],
)
def test_capacity_is_what_is_not_under_contract(
    capacity: int | None, running: int, expected: tuple[Outcome, str]
) -> None:
    rows = (held("capacity", amount=capacity),) if capacity else ()
    known = facts(held=rows, running=tuple([OWN] * running))
    assert found("capacity", Terms("owner"), known) == expected


def tie(kind: str, upper: str, lower: str, **values: Any) -> Tie:
    return Tie(kind, upper, lower, Evidence("directory.link", f"{upper}-{lower}", ""), **values)


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        ([], (PASS, "")),
        ([tie("holds", "owner", "firm")], (FAIL, "relation_control")),
        ([tie("holds", "firm", "owner")], (FAIL, "relation_control")),
        ([tie("holds", "group", "owner"), tie("holds", "group", "firm")], (FAIL, "relation_control")),
        ([tie("holds", "a", "owner"), tie("holds", "b", "a"), tie("holds", "b", "firm")], (FAIL, "relation_control")),
        ([tie("holds", "owner", "firm", last=date(2026, 3, 1))], (PASS, "")),
        ([tie("holds", "group", "owner"), tie("holds", "other", "firm")], (PASS, "")),
        ([tie("invests", "owner", "firm", share=20.0)], (FAIL, "relation_influence")),
        ([tie("invests", "owner", "firm", share=5.0)], (PASS, "")),
        ([tie("invests", "firm", "owner")], (UNKNOWN, "relation_share")),
        ([tie("holds", "a", "b"), tie("holds", "b", "a"), tie("holds", "a", "firm")], (PASS, "")),
    ],
)
def test_related_party_is_found_through_holdings(ties: list[Tie], expected: tuple[Outcome, str]) -> None:
    assert found("relation", Terms("owner"), facts(), Web.of(ties, DAY)) == expected


def test_owner_is_related_to_itself() -> None:
    assert found("relation", Terms("firm"), facts()) == (FAIL, "relation_same")


def test_only_what_is_asked_for_is_checked() -> None:
    assert [finding.code for finding in check(Terms("owner"), facts(), DAY)] == ["capacity", "relation"]


def test_failing_outweighs_not_knowing() -> None:
    assert outcome_of([Finding("a", UNKNOWN), Finding("b", FAIL), Finding("c", PASS)]) == FAIL
    assert (outcome_of([Finding("a", UNKNOWN), Finding("c", PASS)]), outcome_of([])) == (UNKNOWN, PASS)


MANDATE = Mandate(stages=("a",), fields=("health",), regions=("310000",))


@pytest.mark.parametrize(
    ("mandate", "known", "expected"),
    [
        (MANDATE, facts(stage="a", financed=OWN, fields=("health",), division="310104"), PASS),
        (MANDATE, facts(stage="a", financed=OWN, fields=("health-image",), division="310104"), PASS),
        (MANDATE, facts(stage="b", financed=OWN, fields=("health",), division="310104"), FAIL),
        (MANDATE, facts(fields=("health",), division="310104"), UNKNOWN),
        (MANDATE, facts(stage="a", financed=OWN, fields=("law",), division="310104"), FAIL),
        (MANDATE, facts(stage="a", financed=OWN, fields=("health",), division="110000"), FAIL),
        (Mandate(held=frozenset({"firm"})), facts(), FAIL),
        (Mandate(manager="firm"), facts(), FAIL),
        (Mandate(investing=False), facts(), FAIL),
        (Mandate(), facts(), PASS),
    ],
)
def test_mandate_is_held_against_the_firm(mandate: Mandate, known: Facts, expected: Outcome) -> None:
    assert outcome_of(check_mandate(mandate, known)) == expected
