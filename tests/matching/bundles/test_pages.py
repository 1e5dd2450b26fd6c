"""The pages of plans and packages."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qunxing.matching.bundles.actions import keep_assignment, keep_bundles
from qunxing.matching.bundles.assigning import assign_all
from qunxing.matching.bundles.bundling import bundle_all
from qunxing.matching.bundles.settings import Settings
from qunxing.matching.models import Plan, Supply
from qunxing.matching.pools import Silent
from tests import factories as people
from tests.matching.bundles.factories import DAY, compute, filed_firm, need, supply, voucher

pytestmark = pytest.mark.django_db


def url(name: str, *args: Any) -> str:
    return reverse(f"matching:bundles:{name}", args=args)


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(people.user("staff"))
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def kept(kind: str = "bundles", **wishes: Any) -> Plan:
    settings = Settings(**wishes)
    if kind == "bundles":
        return keep_bundles(bundle_all(DAY, settings, Silent()), settings=settings, actor=None)
    return keep_assignment(assign_all(DAY, settings, Silent()), settings=settings, actor=None)


def test_plan_is_made_as_a_job(staff: Client, django_capture_on_commit_callbacks: Any) -> None:
    asked = need(apply_by=None)
    made = filed_firm()
    asked_for = {"kind": "assignment", "wanted": 1, "cap": 1, "capacity": 1, "tickets": 1, "users": 1}
    with django_capture_on_commit_callbacks(execute=True):
        answer = staff.post(url("plan-make"), asked_for)
    assert answer.headers["Location"].startswith("/jobs/")
    plan = Plan.objects.get()
    page = text(staff.get(plan.get_absolute_url()))
    assert (asked.title in page, made.name in page) == (True, True)
    assert plan.wishes["cap"] == 1


@pytest.mark.parametrize("wrong", [{"wanted": 0}, {"cap": "x"}, {"kind": "nothing"}, {"users": ""}])
def test_wrong_wishes_are_refused(staff: Client, wrong: dict[str, Any]) -> None:
    right = {"kind": "bundles", "wanted": 1, "cap": 1, "capacity": 1, "tickets": 1, "users": 1}
    assert staff.post(url("plan-make"), right | wrong).status_code == 422


def test_plan_shows_load_and_who_stays_short(staff: Client) -> None:
    need()
    need(title="住院病历语音录入")
    filed_firm()
    told = ("推荐不足的场景", "其余企业已达推荐次数上限", "各企业被推荐次数")
    found = [text(staff.get(kept("assignment", wanted=1, cap=cap).get_absolute_url())) for cap in (1, 2)]
    # A chart that says once of everybody says nothing.
    assert [[words in page for words in told] for page in found] == [[True, True, False], [False, False, True]]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_plan_is_exported(staff: Client, form: str) -> None:
    asked = need()
    filed_firm()
    answer = staff.get(kept().get_absolute_url(), {"format": form})
    content = b"".join(answer.streaming_content)
    answer.close()
    assert answer.status_code == 200
    assert asked.title.encode() in content or content.startswith(b"PK")


def test_plan_is_filtered_by_what_is_missing(staff: Client) -> None:
    need()
    filed_firm()
    address = kept().get_absolute_url()
    totals = [staff.get(address, {"lacks": piece}).context["page"].total for piece in ("fund", "firm")]
    assert totals == [1, 0]


def test_plan_asks_the_same_for_one_row_and_for_three(staff: Client) -> None:
    counts = []
    for number in (1, 3):
        for place in range(number):
            need(title=f"病历语音录入{number}{place}")
        filed_firm(f"听写{number}科技有限公司")
        address = kept().get_absolute_url()
        staff.get(address)
        with CaptureQueriesContext(connection) as found:
            staff.get(address)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_package_shows_pieces_formula_and_what_is_missing(staff: Client) -> None:
    asked = need()
    made, cards = filed_firm(), compute()
    voucher()
    supply(asked, compute_cost=1_000_000)
    kept()
    page = text(staff.get(url("package", asked.ref)))
    assert (made.name in page, cards.title in page, "30% × 1,000,000 元" in page) == (True, True, True)
    assert "没有投向涵盖该企业的基金" in page


def test_package_of_a_scenario_that_has_none(staff: Client) -> None:
    asked = need(apply_by=DAY.replace(year=2020))
    assert "尚未为该场景计算组合方案" in text(staff.get(url("package", asked.ref)))


def test_supply_is_kept_and_changed(staff: Client) -> None:
    asked = need()
    answer = staff.post(url("supply-edit", asked.ref), {"compute_amount": "60", "compute_unit": "cards"})
    assert answer.status_code == 302
    stored = Supply.objects.get(scenario=asked)
    assert (stored.compute_amount, stored.visibility) == (60, "internal")
    again = {"compute_amount": "80", "compute_unit": "cards", "revision": stored.revision}
    assert staff.post(url("supply-edit", asked.ref), again).status_code == 302
    assert staff.post(url("supply-edit", asked.ref), again).status_code == 409
    stored.refresh_from_db()
    assert stored.compute_amount == 80


@pytest.mark.parametrize("wrong", [{"compute_amount": "60"}, {"compute_cost": "-1"}, {"financing": "x"}])
def test_wrong_supply_is_refused(staff: Client, wrong: dict[str, str]) -> None:
    assert staff.post(url("supply-edit", need().ref), wrong).status_code == 422


def test_supply_of_a_scenario_is_not_shown_to_others() -> None:
    asked = need()
    supply(asked, financing=5_000_000)
    for kind, seen in (("visitor", 0), ("officer", 1)):
        assert Supply.objects.visible_to(people.user(kind)).count() == seen


def test_plan_is_removed(staff: Client) -> None:
    need()
    plan = kept()
    assert staff.post(url("plan-remove", plan.ref)).status_code == 302
    assert not Plan.objects.exists()
