"""What staff's computation counts of closed rows, and that nobody learns from it what they may not see."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils.translation import override

from qunxing.directory.models import Link
from qunxing.ledger.actions import change, create
from qunxing.matching.bundles.assigning import assign_all
from qunxing.matching.bundles.settings import Settings
from qunxing.matching.engine.conditions import Tie, Web
from qunxing.matching.gathering.groups import groups_of
from qunxing.matching.jobs import compute_shortlist
from qunxing.matching.models import Shortlist
from qunxing.matching.pools import Silent
from qunxing.matching.reading import shown_list
from tests import factories
from tests.matching.factories import DAY, able_firm, capability, invitation, need, shortlist
from tests.matching.test_access import SECRET, client_of

pytestmark = pytest.mark.django_db
CLOSED = {"visibility": "internal"}
SHARE = "61.25"


def link(upper: Any, lower: Any, **values: Any) -> Link:
    return create(Link(from_organization=upper, to_organization=lower, **{"kind": "holds"} | values), actor=None)


def outcomes(kept: Shortlist, code: str) -> list[str]:
    """What the condition says of each candidate."""
    return [one["outcome"] for row in kept.candidates.all() for one in row.findings if one["code"] == code]


def told(kept: Shortlist, user: Any) -> str:
    """All that the reader is told of the list: page, Word, API."""
    client = client_of(user)
    page = client.get(kept.get_absolute_url()).content.decode()
    annex = client.get(reverse("matching:shortlist-annex", args=[kept.ref])).content
    printed = ZipFile(BytesIO(annex)).read("word/document.xml").decode()
    return page + printed + client.get(f"/api/v1/shortlists/{kept.ref}").content.decode()


@pytest.fixture
def pair() -> tuple[Any, Any]:
    """A scenario, and a firm that its owner holds through a firm that nobody knows of."""
    scenario, firm, open_one = need(), able_firm("同系智能有限公司"), factories.organization(roles=("authority",))
    secret = factories.organization(name=f"{SECRET}控股", **CLOSED)
    link(open_one, scenario.organization)
    link(secret, open_one)
    link(secret, firm, share=SHARE, note=SECRET)
    return scenario, firm


def test_closed_link_counts_when_staff_compute(pair: tuple[Any, Any]) -> None:
    scenario, _firm = pair
    found = [outcomes(shortlist(scenario, closed=closed), "relation") for closed in (False, True)]
    assert found == [["pass"], ["fail"]]


@pytest.mark.parametrize(("kind", "found"), [("staff", "fail"), ("member", "pass")])
def test_job_counts_closed_links_for_staff_alone(pair: tuple[Any, Any], kind: str, found: str) -> None:
    scenario, _firm = pair
    actor = factories.user(kind)

    class Progress(Silent):
        def check(self) -> None: ...

    compute_shortlist(Progress(), {"subject_kind": "scenario", "subject": scenario.ref, "actor_pk": actor.pk})
    assert outcomes(Shortlist.objects.get(scenario=scenario), "relation") == [found]


def test_closed_link_is_told_as_a_closed_record(pair: tuple[Any, Any]) -> None:
    scenario, _firm = pair
    kept = shortlist(scenario, shared=True, closed=True)
    owner, staff = factories.member_of(scenario.organization, "owner"), factories.user("staff")
    with override("zh-hans"):
        for_owner, for_staff = told(kept, owner), told(kept, staff)
    for secret in (SECRET, SHARE, "relation_control"):
        assert secret not in for_owner
    assert ("未公开的记录" in for_owner, "请咨询运营" in for_owner, SECRET in for_staff) == (True, True, True)


def test_reasons_stay_beside_a_closed_record(pair: tuple[Any, Any]) -> None:
    scenario, firm = pair
    kept = shortlist(scenario, shared=True, closed=True)
    owner = factories.member_of(scenario.organization, "owner")
    one = shown_list(kept, user=owner).everyone[0]
    assert (one.key, one.stale, one.terms != []) == (firm.ref, False, True)
    assert [row.kind for finding in one.findings if finding.code == "relation" for row in finding.evidence] == [
        "directory.link",
        "",
    ]


def test_closed_contracts_and_capacity_count_for_staff_and_are_not_told() -> None:
    scenario, firm = need(), able_firm()
    capability(firm, "capacity", amount=1, number=SECRET, **CLOSED)
    invitation(need(title=f"{SECRET}项目", **CLOSED), firm, "contract")
    found = [outcomes(shortlist(scenario, closed=closed), "capacity") for closed in (False, True)]
    kept = shortlist(scenario, shared=True, closed=True)
    text = told(kept, factories.member_of(scenario.organization, "owner"))
    assert (found, SECRET in text) == ([["pass"], ["fail"]], False)
    assert SECRET in told(kept, factories.user("officer"))


def test_row_that_is_closed_after_the_computation_takes_reasons_and_score_along() -> None:
    scenario, first, second = need(), able_firm(), able_firm()
    product = first.products.get()
    kept = shortlist(scenario, shared=True)
    change(product, actor=None, values=CLOSED)
    owner = factories.member_of(scenario.organization, "owner")
    shown = {one.key: one for one in shown_list(kept, user=owner).everyone}
    stale, seen = shown[first.ref], shown[second.ref]
    assert (stale.stale, stale.shares, stale.terms) == (True, [], [])
    assert [change.code for change in seen.changes] == []
    answer = client_of(owner).get(f"/api/v1/shortlists/{kept.ref}").json()
    scores = {row["ref"]: row["score"] for pool in answer["pools"] for row in pool["proposed"]}
    assert (scores[first.ref], scores[second.ref]) == (None, pytest.approx(seen.score, abs=1e-6))
    with override("zh-hans"):
        page = client_of(owner).get(kept.get_absolute_url()).content.decode()
    assert (page.count('<svg class="score-bar"'), page.count("待重新计算")) == (1, 1)


# --- corporate groups -----------------------------------------------------------------------------------------------


def tie(upper: str, lower: str, kind: str = "holds") -> Tie:
    return Tie(kind, upper, lower, evidence=None)  # type: ignore[arg-type]


def test_groups_are_what_hangs_together() -> None:
    web = Web.of([tie("c", "b"), tie("a", "b"), tie("y", "x", "former"), tie("b", "z", "invests")], DAY)
    assert groups_of(web) == {"a": "a", "b": "a", "c": "a", "x": "x", "y": "x"}


def test_rings_of_holdings_are_one_group() -> None:
    assert groups_of(Web.of([tie("b", "a"), tie("c", "b"), tie("a", "c")], DAY)) == {"a": "a", "b": "a", "c": "a"}


@pytest.mark.parametrize("spread", ["group", "place", "field"])
def test_firms_of_one_group_count_as_one_where_diversity_is_asked(spread: str) -> None:
    mother, alone = factories.organization(), able_firm(division="310104")
    sisters = [able_firm(division=division) for division in ("310104", "310115", "110108")]
    for sister in sisters:
        link(mother, sister, share=80)
    kept, staff = shortlist(need()), factories.user("staff")
    order = [one.key for one in shown_list(kept, user=staff, spread=spread, cap=3).pools[0].proposed]
    refs = {sister.ref for sister in sisters}
    assert (len([key for key in order[:2] if key in refs]), alone.ref in order[:2], len(order)) == (1, True, 4)


def test_group_that_hangs_together_by_closed_links_is_not_told() -> None:
    mother = factories.organization()
    for _number in range(2):
        link(mother, able_firm(), share=80, **CLOSED)
    kept = shortlist(need(), closed=True)
    assert [row.groups.get("group") for row in kept.candidates.all()] == [None, None]


def test_plan_gives_one_name_to_a_group() -> None:
    mother = factories.organization(roles=("fund_manager",))
    for _number in range(3):
        link(mother, able_firm(), share=80, **CLOSED)
    need()
    found = assign_all(DAY, Settings(wanted=3, cap=1), Silent())
    assert (len(found.pairs), [str(reason) for reason in found.result.short[0].reasons]) == (1, ["capped"])


def test_stored_findings_mark_what_is_closed(pair: tuple[Any, Any]) -> None:
    scenario, _firm = pair
    row = shortlist(scenario, closed=True).candidates.get()
    said = [one for finding in row.findings if finding["code"] == "relation" for one in finding["evidence"]]
    assert [one.get("closed") for one in said] == [True, None, True]
    assert len(row.basis["directory.link"]) == 1
