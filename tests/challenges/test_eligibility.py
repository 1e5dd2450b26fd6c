"""Rules of eligibility: pass, fail or unknown, each with what it rests on."""

from datetime import date
from typing import Any

import pytest

from qunxing.challenges import eligibility
from qunxing.challenges.content import BidContent, Party
from qunxing.challenges.models import BadRecord, Bid
from qunxing.directory.models import Capability, Link, Organization, Residency
from qunxing.ledger.actions import create
from tests import factories as people
from tests.challenges import bidders
from tests.registry import factories as registry

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 10)


def answers(firm: Organization, *partners: Organization, bid: Bid | None = None, **rules: Any) -> dict[str, str]:
    """{rule: answer} over a bid of the firm; the worst where several parties are asked."""
    bid = bid or shell(**rules)
    content = BidContent(lead=Party(firm.ref, firm.name), partners=tuple(Party(one.ref, one.name) for one in partners))
    found: dict[str, str] = {}
    for one in eligibility.check(bid, day=DAY, content=content):
        if one.code not in found or one.outcome != "pass":
            found[one.code] = str(one.outcome)
    return found


def shell(**rules: Any) -> Bid:
    board = bidders.open_board(terms={"eligibility": rules})
    return Bid(challenge=bidders.open_challenge(board))


def holds(upper: Organization, lower: Organization, **values: Any) -> Link:
    return create(Link(from_organization=upper, to_organization=lower, kind="holds", **values), actor=None)


def test_a_firm_without_ties_passes() -> None:
    assert answers(people.organization()) == {"relation": "pass", "bad_record": "pass", "running": "pass"}


def test_the_issuer_is_related_to_itself() -> None:
    bid = shell()
    assert answers(bid.challenge.issuer, bid=bid)["relation"] == "fail"


@pytest.mark.parametrize("chain", [1, 2, 3])
def test_control_is_followed_over_others(chain: int) -> None:
    bid = shell()
    upper = bid.challenge.issuer
    for _step in range(chain):
        lower = people.organization()
        holds(upper, lower)
        upper = lower
    assert answers(upper, bid=bid)["relation"] == "fail"


def test_two_under_one_are_related() -> None:
    bid, parent, firm = shell(), people.organization(), people.organization()
    holds(parent, bid.challenge.issuer)
    holds(parent, firm)
    assert answers(firm, bid=bid)["relation"] == "fail"


def test_what_ended_relates_no_more() -> None:
    bid, firm = shell(), people.organization()
    holds(bid.challenge.issuer, firm, to_day=date(2025, 1, 1))
    assert answers(firm, bid=bid)["relation"] == "pass"


@pytest.mark.parametrize(("share", "answer"), [("25", "fail"), ("5", "pass"), (None, "unknown")])
def test_weight_in_another_counts_from_a_fifth(share: Any, answer: str) -> None:
    bid, firm = shell(), people.organization()
    create(Link(from_organization=bid.challenge.issuer, to_organization=firm, kind="invests", share=share), actor=None)
    assert answers(firm, bid=bid)["relation"] == answer


def test_a_related_partner_fails_the_bid_and_is_named() -> None:
    bid, firm, partner = shell(), people.organization(), people.organization()
    holds(bid.challenge.issuer, partner)
    content = BidContent(lead=Party(firm.ref), partners=(Party(partner.ref),))
    found = eligibility.check(bid, day=DAY, content=content)
    assert [(one.name, one.code) for one in found if one.outcome == "fail"] == [(partner.name, "relation")]
    assert [one.finding.evidence[0].kind for one in found if one.outcome == "fail"] == ["directory.link"]


def test_a_closed_tie_is_not_told_to_writers_and_counts_at_the_opening() -> None:
    bid = bidders.submitted(None, firm := people.organization())
    holds(bid.challenge.issuer, firm, visibility="internal")
    assert answers(firm, bid=bid)["relation"] == "pass"
    bidders.open_all(bid.board)
    kept = {row.code: row.outcome for row in bid.findings.all()}
    assert kept["relation"] == "fail"


@pytest.mark.parametrize(("since", "answer"), [(date(2023, 4, 10), "fail"), (date(2023, 4, 9), "pass")])
def test_a_bad_record_counts_for_three_years(since: date, answer: str) -> None:
    firm = people.organization()
    create(BadRecord(organization=firm, kind="false", since=since, reason="虚报数据"), actor=None)
    assert answers(firm)["bad_record"] == answer


def test_a_lifted_record_counts_no_more() -> None:
    firm = people.organization()
    words = {"kind": "false", "since": date(2026, 1, 1), "reason": "虚报数据", "lifted_on": date(2026, 2, 1)}
    create(BadRecord(organization=firm, **words), actor=None)
    assert answers(firm)["bad_record"] == "pass"


def test_residency_is_asked_of_the_lead() -> None:
    scope, firm, partner = people.scope(), people.organization(), people.organization()
    create(Residency(organization=firm, scope=scope), actor=None)
    assert answers(firm, partner, residency=("space",))["residency"] == "pass"
    assert answers(partner, firm, residency=("space",))["residency"] == "unknown"
    assert answers(firm, residency=("city",))["residency"] == "fail"


def test_a_filing_in_force_is_asked_for() -> None:
    firm = people.organization()
    assert answers(firm, filings=("filed",))["filings"] == "fail"
    registry.filing("granted", organization=firm, kind="filed")
    assert answers(firm, filings=("filed",))["filings"] == "pass"


def test_certificates_are_held_lacking_or_not_known() -> None:
    firm = people.organization()
    assert answers(firm, certificates=("高新技术企业",))["certificates"] == "unknown"
    words = {"kind": "certificate", "name": "高新技术企业证书", "valid_until": date(2026, 4, 9)}
    held = create(Capability(organization=firm, **words), actor=None)
    assert answers(firm, certificates=("高新技术企业",))["certificates"] == "fail"
    Capability.objects.filter(pk=held.pk).update(valid_until=date(2026, 4, 10))
    assert answers(firm, certificates=("高新技术企业",))["certificates"] == "pass"


def test_rules_that_ask_nothing_answer_nothing() -> None:
    rules = {"related_parties": False, "bad_record_years": 0, "running_projects": 0}
    assert answers(people.organization(), **rules) == {}


@pytest.mark.parametrize(("rule", "answer"), [("flag", "unknown"), ("allow", None)])
def test_an_organization_in_two_bids_is_told_once_they_are_open(rule: str, answer: str | None) -> None:
    board = bidders.open_board(terms={"bidding": {"rival_partners": rule}})
    challenge, partner = bidders.open_challenge(board), people.organization()
    bids = [bidders.submitted(challenge, people.organization(), partner) for _each in range(2)]
    bidders.open_all(board)
    kept = {row.outcome for row in bids[0].findings.filter(code="rival")}
    assert kept == ({answer} if answer else set())


def test_findings_of_a_stage_are_kept_and_told_to_the_log() -> None:
    bid = bidders.submitted()
    bidders.open_all(bid.board)
    bid.refresh_from_db()
    eligibility.record([bid], "check", day=DAY, actor=None)
    eligibility.record([bid], "check", day=DAY, actor=None)
    assert bid.findings.filter(stage="check").count() == 3
    assert bid.findings.filter(stage="opening").count() == 3
