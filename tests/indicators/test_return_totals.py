"""Totals of a quarter: to the yuan for staff and officers; for others what was published, which tells of no firm."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from django.urls import reverse

from qunxing.core.errors import Problem
from qunxing.directory.models import Link
from qunxing.indicators.actions import returns as actions
from qunxing.indicators.engine.graduation import Outcome, Terms
from qunxing.indicators.engine.quarters import Quarter
from qunxing.indicators.models import QuarterTotals, Return
from qunxing.indicators.queries.returns.graduating import groups, tenants
from qunxing.indicators.queries.returns.totals import filed, growth, lines, sums
from qunxing.ledger.actions import change, create
from tests import factories as people
from tests.funds import factories as funds
from tests.indicators.returning import return_of, tenant

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 5, 7, 9, tzinfo=UTC)
FIRST = Quarter(2025, 1)
PAGE = reverse("indicators:return-quarter", args=["2025Q1"])


def accepted(count: int, **values: Any) -> list[Return]:
    scope = people.scope()
    return [return_of(tenant(scope), "accepted", **values) for _number in range(count)]


def test_totals_are_those_of_submitted_returns() -> None:
    scope, staff = people.scope(), people.user("staff")
    return_of(tenant(scope), "accepted", revenue=1_000_000, profit=-5_000)
    return_of(tenant(scope), "submitted", revenue=2_500_000, profit=None)
    return_of(tenant(scope), "draft", revenue=9_000_000)
    found = sums(filed(staff, FIRST))
    assert (found.firms, found.accepted) == (2, 1)
    assert (found.totals["revenue"], found.totals["profit"]) == (3_500_000, -5_000)


def test_quarter_is_held_against_the_last_and_the_year_before() -> None:
    line = lines({"revenue": 3_300_000}, {"revenue": 3_000_000}, {"revenue": 1_100_000})[0]
    assert (str(line.on_last), str(line.on_year)) == ("0.1", "2")
    assert line.shown == "3,300"


@pytest.mark.parametrize(("now", "then"), [(None, 5), (5, None), (5, 0), (5, -5), (-5, 5)])
def test_growth_is_not_told_where_it_says_nothing(now: int | None, then: int | None) -> None:
    assert growth(now, then) is None


def test_slip_of_the_unit_is_pointed_at(client: Any) -> None:
    firm = tenant()
    return_of(firm, "accepted", year=2024, quarter=4)
    row = return_of(firm, revenue=3_200_000_000)
    client.force_login(people.user("officer"))
    assert client.get(PAGE).context["doubtful"] == [row]
    assert client.get(row.get_absolute_url()).context["slips"] == [Return._meta.get_field("revenue").verbose_name]


# --- what others see ------------------------------------------------------------------------------------------------


def test_fewer_than_three_firms_are_not_published() -> None:
    accepted(2)
    with pytest.raises(Problem):
        actions.publish(FIRST, actor=people.user("staff"), now=NOW)


def test_sum_that_one_firm_makes_is_hidden() -> None:
    rows = accepted(4, revenue=100_000, tax=1_000)
    change(rows[0], actor=None, values={"revenue": 900_000_000})
    made = actions.publish(FIRST, actor=people.user("staff"), now=NOW)
    assert (made.totals["revenue"], made.totals["tax"], made.firms) == (None, 4_000, 4)


def test_hidden_degree_is_not_what_is_left_of_the_others() -> None:
    rows = accepted(4, staff_doctor=0, staff_below=5)
    change(rows[0], actor=None, values={"staff_doctor": 1, "staff_below": 4})
    made = actions.publish(FIRST, actor=people.user("staff"), now=NOW)
    degrees = [made.totals[name] for name in ("staff_doctor", "staff_master", "staff_bachelor", "staff_below")]
    assert made.totals["staff_doctor"] is None
    assert made.totals["staff"] is None or degrees.count(None) > 1


def test_others_see_nothing_newer_than_what_was_published(client: Any) -> None:
    accepted(3, revenue=1_000_000)
    client.force_login(people.user("visitor"))
    assert "3,000" not in client.get(PAGE).content.decode()
    actions.publish(FIRST, actor=people.user("staff"), now=NOW)
    return_of(tenant(people.scope(code="surroundings")), "accepted", revenue=7_000_000)
    assert "3,000" in client.get(PAGE).content.decode()
    assert "10,000" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("more", [1, 2])
def test_difference_of_two_publications_tells_of_no_firm(more: int) -> None:
    staff = people.user("staff")
    accepted(3)
    actions.publish(FIRST, actor=staff, now=NOW)
    accepted(more)
    with pytest.raises(Problem):
        actions.publish(FIRST, actor=staff, now=NOW)
    accepted(3 - more)
    assert actions.publish(FIRST, actor=staff, now=NOW).firms == 6


def test_correction_of_one_firm_is_not_published_alone() -> None:
    staff, rows = people.user("staff"), accepted(4)
    actions.publish(FIRST, actor=staff, now=NOW)
    change(rows[0], actor=None, values={"revenue": 5_000_000})
    with pytest.raises(Problem):
        actions.publish(FIRST, actor=staff, now=NOW)
    assert QuarterTotals.objects.get().revision == 1


def test_unchanged_totals_may_be_published_again() -> None:
    staff = people.user("staff")
    accepted(3)
    first = actions.publish(FIRST, actor=staff, now=NOW)
    assert actions.publish(FIRST, actor=staff, now=NOW).totals == first.totals


# --- the statistics form --------------------------------------------------------------------------------------------


def fetched(client: Any, url: str) -> bytes:
    answer = client.get(url)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_quarter_is_exported_in_thousands(client: Any) -> None:
    accepted(2, revenue=1_500_500)
    client.force_login(people.user("officer"))
    sheet = openpyxl.load_workbook(BytesIO(fetched(client, f"{PAGE}?format=xlsx"))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[2] for row in rows[1:]] == [1500.5, 1500.5, 3001]
    with ZipFile(BytesIO(fetched(client, f"{PAGE}?format=docx"))) as word:
        assert "3,001" in word.read("word/document.xml").decode()
    assert client.get(f"{PAGE}?format=pdf").status_code == 404


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_firm_takes_its_own_form(client: Any, kind: str) -> None:
    row = return_of()
    client.force_login(people.member_of(row.organization, "editor"))
    assert fetched(client, reverse("indicators:return-paper", args=[row.ref, kind]))[:2] == b"PK"
    assert client.get(reverse("indicators:return-paper", args=[row.ref, "pdf"])).status_code == 404


@pytest.mark.parametrize("text", ["2025Q5", "later", "1999Q1"])
def test_address_that_is_no_quarter_is_not_found(client: Any, text: str) -> None:
    client.force_login(people.user("staff"))
    assert client.get(reverse("indicators:return-quarter", args=[text])).status_code == 404
    assert client.get(reverse("indicators:return-missing"), {"quarter": text}).status_code == 404


# --- graduation -----------------------------------------------------------------------------------------------------


def judged(firm: Any, day: date = date(2025, 5, 7)) -> dict[str, str]:
    found = {row.organization: row for row in tenants(people.user("staff"), Terms(), day)}
    return {str(row.rule): str(row.outcome) for row in found[firm].judgement.conditions}


def test_ledger_says_who_may_graduate() -> None:
    firm = tenant()
    funds.round_of(firm, closed_on=date(2025, 2, 1), amount_low=6_000_000, amount_high=6_000_000)
    return_of(firm, certificate_number="GR1", certificate_until=date(2026, 1, 1), two_year_revenue=9_000_000)
    assert judged(firm) == {"certificate": "met", "investment": "met", "revenue": "not", "exit": "not"}


def test_what_came_later_is_not_known_on_the_day() -> None:
    firm = tenant()
    funds.round_of(firm, closed_on=date(2025, 6, 1), amount_low=6_000_000, amount_high=6_000_000)
    assert judged(firm) == {"certificate": "unknown", "investment": "not", "revenue": "unknown", "exit": "not"}


def test_undisclosed_round_leaves_the_investment_open() -> None:
    firm = tenant()
    funds.round_of(firm, closed_on=date(2025, 2, 1), amount_low=None, amount_high=None)
    assert judged(firm)["investment"] == "unknown"


def test_revenue_of_eight_quarters_is_that_of_two_years() -> None:
    firm = tenant()
    for back in range(8):
        quarter = FIRST.before(back)
        return_of(firm, year=quarter.year, quarter=quarter.number, revenue=1_300_000)
    assert judged(firm)["revenue"] == "met"
    Return.objects.filter(year=2024, quarter=2).delete()
    assert judged(firm)["revenue"] == "unknown"


def test_firm_that_another_holds_has_been_acquired() -> None:
    firm, buyer = tenant(), people.organization()
    day = date(2025, 3, 1)
    link = Link(from_organization=buyer, to_organization=firm, kind="holds", share=60, from_day=day)
    create(link, actor=None)
    assert judged(firm)["exit"] == "met"
    assert judged(firm, date(2025, 2, 1))["exit"] == "not"


def test_firms_are_told_apart_by_what_follows() -> None:
    scope = people.scope()
    old, new = tenant(scope, date(2020, 1, 1)), tenant(scope, date(2025, 1, 1))
    found = groups(tenants(people.user("staff"), Terms(), date(2025, 5, 7)))
    assert [row.organization for row in found["over"]] == [old]
    assert [row.organization for row in found["all"]] == [old, new]
    assert {row.judgement.may_graduate for row in found["unknown"]} == {Outcome.UNKNOWN}


def test_graduation_asks_as_much_of_one_firm_as_of_three(client: Any, django_assert_num_queries: Any) -> None:
    scope, staff = people.scope(), people.user("staff")
    tenant(scope)
    with django_assert_num_queries(4):
        tenants(staff, Terms(), date(2025, 5, 7))
    tenant(scope)
    tenant(scope)
    with django_assert_num_queries(4):
        tenants(staff, Terms(), date(2025, 5, 7))
