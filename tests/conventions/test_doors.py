"""Every address of the program, knocked at by everybody: nobody comes in who may not, and nothing breaks.

A new address is declared in `DOORS` with who may pass; without that a test fails.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from qunxing.matching.alerts.actions import unsubscribe_token
from tests import grounds

ALL = frozenset(grounds.ROLES)
SIGNED_IN = ALL - {"public"}
STAFF = frozenset({"staff"})
OVERSIGHT = STAFF | {"officer"}
OWNERS = STAFF | {"owner"}
EDITORS = OWNERS | {"editor"}
INSIDE = EDITORS | {"viewer", "officer"}
EDIT_SOME = EDITORS | {"elsewhere", "manager"}
MANAGERS = STAFF | {"manager"}
RATERS = STAFF | {"expert"}
MEMBERS = EDIT_SOME | {"viewer", "officer"}
SIGN_IN = "/accounts/login/"
REFUSED = (403, 404)
NOT_THAT_WAY = 405


@dataclass(frozen=True)
class Door:
    """Who may pass, how it is knocked at (`refs` name rows of the ground), and what is said when posting."""

    who: frozenset[str]
    refs: tuple[str, ...] = ()
    ways: str = "get"
    data: Mapping[str, Any] = field(default_factory=dict)
    args: Callable[[SimpleNamespace], list[Any]] | None = None
    asked: Callable[[SimpleNamespace], str] | None = None  # what stands behind the address

    def arguments(self, place: SimpleNamespace) -> list[Any]:
        """What stands in the address; a word that names no row of the ground stands for itself."""
        return self.args(place) if self.args else [getattr(getattr(place, ref, None), "ref", ref) for ref in self.refs]

    def address(self, name: str, place: SimpleNamespace) -> str:
        return reverse(name, args=self.arguments(place)) + (f"?{self.asked(place)}" if self.asked else "")


def page(who: frozenset[str], *refs: str, **more: Any) -> Door:
    return Door(who, refs, "get", **more)


def form(who: frozenset[str], *refs: str, **more: Any) -> Door:
    return Door(who, refs, "get post", **more)


def act(who: frozenset[str], *refs: str, **more: Any) -> Door:
    return Door(who, refs, "post", **more)


def parts(who: frozenset[str], owner: str, part: str, noun: str) -> dict[str, Door]:
    """Adding, changing and removing one kind of part."""
    return {
        f"{noun}-create": form(who, owner),
        f"{noun}-edit": form(who, owner, part),
        f"{noun}-remove": act(who, owner, part),
    }


def under(app: str, doors: Mapping[str, Door]) -> dict[str, Door]:
    return {f"{app}:{name}": door for name, door in doors.items()}


WRITERS = frozenset({"owner", "editor"})
DECIDING: dict[str, Door] = {
    "check-list": page(OVERSIGHT, "checked"),
    "check-run": act(STAFF, "checked"),
    "check-admit": act(STAFF, "checked"),
    "check-detail": page(INSIDE, args=lambda place: [place.closed_check.bid.ref]),
    "check-judge": act(STAFF, "opened_bid", data={"code": "whole", "state": "pass", "detail": "已核实"}),
    "check-decide": act(STAFF, "opened_bid", "refuse", data={"reason": "缺页"}),
    "bid-disqualify": act(STAFF, "opened_bid", data={"reason": "弄虚作假"}),
    "reading-list": page(INSIDE, args=lambda place: [place.closed_check.bid.ref]),
    "reading-file": page(frozenset(), "opened_bid", "unknown"),
    "review": page(OVERSIGHT, "checked"),
    "review-begin": act(STAFF, "checked"),
    "review-again": form(STAFF, "checked"),
    "award": page(OVERSIGHT, "checked"),
    "award-word": page(OVERSIGHT, args=lambda place: [place.award.challenge.ref]),
    "propose": form(STAFF, "checked"),
    "notice-give": form(STAFF, "checked"),
    "award-confirm": act(OVERSIGHT, "checked"),
    "review-panel": act(STAFF, "checked", data={"reason": "凑不齐人"}),
    "award-next": act(STAFF, "checked", data={"reason": "拒签"}),
    "award-none": act(STAFF, "checked", data={"reason": "均不合格"}),
    "notice-list": page(ALL),
    "notice-detail": page(ALL, "notice"),
    "notice-word": page(ALL, "notice"),
    "notice-object": form(ALL, "notice"),
    "notice-move": act(OVERSIGHT, "notice", "suspend", data={"reason": "核查"}),
    "objection-detail": page(OVERSIGHT, "objection"),
    "objection-examine": act(STAFF, "objection"),
    "objection-answer": form(STAFF, "objection"),
    "objection-withdraw": act(frozenset(), "objection"),
}
DELIVERING: dict[str, Door] = {
    "contracts": page(OVERSIGHT, "checked"),
    "archive-make": act(STAFF, "over"),
    "archive-file": page(OVERSIGHT, "archived"),
    "list-conclude": act(STAFF, "board"),
    "contract-list": page(MEMBERS),
    "contract-detail": page(INSIDE, "contract"),
    "contract-edit": form(STAFF, "unsigned"),
    "contract-plan": form(STAFF, "unsigned"),
    "contract-sign": form(WRITERS, "unsigned"),
    "contract-void": form(STAFF, "unsigned"),
    "contract-word": page(INSIDE, args=lambda place: [place.contract.ref, "commitment"]),
    "proof-create": form(WRITERS, "contract"),
    "proof-file": page(INSIDE, "proof"),
    "difficulty-create": form(WRITERS, "contract"),
    "change-create": form(WRITERS, "contract"),
    "change-agree": act(WRITERS, "change"),
    "change-withdraw": act(WRITERS, "own_change"),
    "change-decide": form(STAFF, "change"),
    "acceptance-ask": form(WRITERS, "contract"),
    "acceptance-measure": form(STAFF, "acceptance"),
    "acceptance-say": form(WRITERS, "word"),
    "acceptance-decide": form(STAFF, "acceptance"),
    "acceptance-fail": form(STAFF, "rectified"),
    "acceptance-word": page(INSIDE, "acceptance"),
    "milestone-report": form(WRITERS, "milestone"),
    "milestone-check": form(EDITORS, "reported"),
    "payment-list": page(MEMBERS),
    "payment-pay": form(STAFF, "payment"),
    "payment-cancel": act(STAFF, "payment", data={"reason": "重复"}),
    "termination-ask": form(EDITORS, "contract"),
    "termination-decide": form(OVERSIGHT, "termination"),
    "badrecord-list": page(OVERSIGHT),
    "badrecord-create": form(STAFF),
    "badrecord-detail": page(INSIDE, "bad_record"),
    "badrecord-lift": act(STAFF, "bad_record", data={"reason": "已整改"}),
}
BIDS: dict[str, Door] = {
    "bid-list": page(MEMBERS),
    "receipt-check": form(ALL),
    "bid-create": form(EDIT_SOME - STAFF, "bid_entry"),
    "bid-detail": page(INSIDE, "bid"),
    "bid-edit": form(WRITERS, "bid"),
    "bid-autosave": act(WRITERS, "bid"),
    "bid-submit": act(WRITERS, "bid"),
    "bid-withdraw": act(WRITERS, "bid"),
    "bid-take-back": act(WRITERS, "bid"),
    "part-answer": act(WRITERS, "joint_bid", "firm", "decline"),
    "bid-receipt": page(INSIDE, args=lambda place: [place.bid.ref, 1]),
    "bid-receipt-file": page(INSIDE, args=lambda place: [place.bid.ref, 1]),
    "bid-file-add": act(WRITERS, "bid"),
    "bid-file": page(WRITERS | {"viewer"}, args=lambda place: [place.bid.ref, place.bid_file]),
    "bid-file-remove": act(WRITERS, args=lambda place: [place.bid.ref, place.bid_file]),
    "opening": page(OVERSIGHT, "bid_board"),
    "opening-begin": act(OVERSIGHT, "bid_board"),
    "opening-confirm": act(OVERSIGHT, "bid_board"),
    "key-restore": act(OVERSIGHT, "bid_board"),
}
RACES: dict[str, Door] = {
    "race-list": page(ALL),
    "race-create": form(STAFF),
    "from-challenge": form(STAFF, "raced"),
    "race-detail": page(ALL, "race"),
    "race-edit": form(STAFF, "draft_race"),
    "race-publish": act(STAFF, "draft_race"),
    "race-start": act(STAFF, "published_race"),
    "race-stop": act(STAFF, "race", data={"reason": "经费调整"}),
    "race-close": act(STAFF, "awarded_race"),
    "archive-make": act(STAFF, "closed_race"),
    "archive-file": page(OVERSIGHT, "closed_race"),
    "stage-create": form(STAFF, "draft_race"),
    "stage-edit": form(STAFF, "draft_stage"),
    "stage-remove": act(STAFF, "draft_stage"),
    "stage-replace": form(STAFF, "race_stage"),
    "panel-plan": act(STAFF, "race_stage"),
    "report-make": act(STAFF, "over_stage"),
    "lane-invite": form(STAFF, "published_race"),
    "lane-enter": form(EDIT_SOME - STAFF, "open_race"),
    "lane-detail": page(ALL, "lane"),
    "lane-edit": form(EDITORS, "published_lane"),
    "lane-answer": act(EDITORS, "invited_lane", "no", data={"reason": "人手不足"}),
    "lane-move": act(EDITORS, "lane", "withdraw", data={"reason": "人手不足"}),
    "route-list": page(STAFF, "race"),
    "route-judge": form(STAFF, "route_check"),
    "report-detail": page(ALL, "report"),
    "report-word": page(ALL, "report"),
    "report-words": form(STAFF, "draft_report"),
    "report-notice": form(STAFF, "draft_report"),
    "report-confirm": act(OVERSIGHT, "report"),
    "report-again": form(STAFF, "draft_report"),
    "decision-edit": form(STAFF, "merge"),
    "decision-agree": act(EDITORS, "merge", data={"reason": "双方已书面同意"}),
}
ENTRIES: dict[str, Door] = {
    "entry-list": page(SIGNED_IN),
    "receipt-check": form(ALL),
    "entry-detail": page(INSIDE, "race_entry"),
    "entry-file": page(INSIDE, "race_entry"),
    "entry-receipt": page(INSIDE, "race_entry"),
    "entry-step": act(STAFF, "race_entry", "disqualify", data={"reason": "泄题"}),
    "entry-create": form(WRITERS, "lane", "entry_stage"),
    "questions": page(INSIDE, "lane", "entry_stage"),
    "bench": page(OVERSIGHT, "entry_stage"),
    "testset-create": form(STAFF, "entry_stage"),
    "body-create": form(STAFF, "entry_stage"),
    "baseline-create": form(STAFF, "entry_stage"),
    "body-revoke": act(STAFF, "testing_body", data={"reason": "密钥泄露"}),
    "flag-look": act(OVERSIGHT, "race_flag", data={"found": "no", "looked": "逐条核对"}),
    "scorer-list": page(OVERSIGHT),
    "scorer-create": form(STAFF),
    "scorer-detail": page(OVERSIGHT, "race_scorer"),
    "board": page(ALL, "race"),
    "board-wall": page(ALL, "race"),
    "board-embed": page(ALL, "race"),
    "board-feed": page(ALL, "race"),
    "board-csv": page(ALL, "race"),
}
DOORS: dict[str, Door] = {
    **under("races", RACES),
    **under("races", ENTRIES),
    **under("challenges", BIDS),
    **under("challenges", DECIDING),
    **under("challenges", DELIVERING),
    **under(
        "accounts",
        {
            "user-list": page(STAFF),
            "user-create": form(STAFF),
            "user-edit": form(STAFF, args=lambda place: [place.account.username]),
            "token-list": form(SIGNED_IN),
            "token-revoke": act(frozenset(), args=lambda place: [place.token.pk]),
            "view-save": act(SIGNED_IN),
            "view-delete": act(frozenset(), args=lambda place: [place.view.pk]),
        },
    ),
    **under(
        "ledger",
        {
            "source-list": page(ALL),
            "source-create": form(STAFF),
            "source-detail": page(ALL, "source"),
            "source-edit": form(STAFF, "source"),
            "source-file": page(ALL, "source"),
            "evidence-create": form(STAFF, args=lambda place: ["directory.organization", place.firm.ref]),
            "evidence-confirm": act(STAFF, args=lambda place: [place.evidence.pk]),
            "evidence-follow": act(
                STAFF,
                args=lambda place: [place.evidence.pk],
                data={"field": "short_name", "reason": "以名单为准"},
            ),
            "job-detail": page(OVERSIGHT, "job"),
            "job-cancel": act(STAFF, "job"),
            "log": page(OVERSIGHT),
            "log-export": page(OVERSIGHT),
            "log-proof": page(OVERSIGHT, args=lambda _place: [0]),
            "calendar": form(STAFF),
            "calendar-remove": act(STAFF, args=lambda place: [place.day.day]),
        },
    ),
    **under(
        "directory",
        {
            "organization-list": page(ALL),
            "organization-create": form(STAFF),
            "organization-detail": page(ALL, "firm"),
            "organization-edit": form(EDITORS, "firm"),
            "contacts-show": act(INSIDE, "firm"),
            "organization-remove": act(STAFF, "other"),
            "organization-rename": form(STAFF, "firm"),
            "part-create": form(EDITORS, "firm", "products"),
            "part-edit": form(EDITORS, "firm", "products", "product"),
            "part-remove": act(EDITORS, "firm", "products", "product"),
            "product-list": page(ALL),
            "community-detail": page(ALL, "community"),
            "community-edit": form(STAFF, "community"),
            "field-list": page(ALL),
            "field-create": form(STAFF),
            "field-detail": page(ALL, "field"),
            "field-edit": form(STAFF, "field"),
        },
    ),
    **under(
        "registry",
        {
            "model-list": page(ALL),
            "model-create": form(EDIT_SOME),
            "model-detail": page(ALL, "model"),
            "model-edit": form(EDITORS, "model"),
            "model-remove": act(STAFF, "model"),
            **parts(STAFF, "model", "ownership", "ownership"),
            **parts(EDITORS, "model", "version", "version"),
            "filing-list": page(ALL),
            "filing-create": form(EDIT_SOME),
            "due-soon": page(MEMBERS),
            "filing-detail": page(ALL, "filing"),
            "filing-edit": form(STAFF, "filing"),
            "filing-service": form(EDITORS, "filing"),
            "filing-remove": act(STAFF, "filing"),
            **parts(STAFF, "filing", "step", "step"),
            "filing-step": form(EDITORS, "draft", "submit"),
            **parts(STAFF, "filing", "coverage", "coverage"),
        },
    ),
    **under(
        "funds",
        {
            "fund-list": page(ALL),
            "fund-create": form(STAFF),
            "fund-detail": page(ALL, "fund"),
            "fund-edit": form(MANAGERS, "fund"),
            "fund-remove": act(STAFF, "fund"),
            **parts(MANAGERS, "fund", "commitment", "commitment"),
            "round-list": page(ALL),
            "round-create": form(EDIT_SOME),
            "round-detail": page(ALL, "round"),
            "round-edit": form(EDITORS, "round"),
            "round-remove": act(STAFF, "round"),
            **parts(EDITORS, "round", "investment", "investment"),
            "stage-list": page(ALL),
            "stage-create": form(STAFF),
            "stage-detail": page(ALL, "stage"),
            "stage-edit": form(STAFF, "stage"),
        },
    ),
    **under(
        "resources",
        {
            "offer-list": page(ALL),
            "offer-create": form(EDIT_SOME),
            "offer-detail": page(ALL, "offer"),
            "offer-edit": form(EDITORS, "offer"),
            "offer-move": act(EDITORS, "offer", data={"step": "pause"}),
            "offer-remove": act(STAFF, "offer"),
            **parts(EDITORS, "offer", "voucher", "voucher"),
        },
    ),
    **under(
        "scenarios",
        {
            "scenario-list": page(ALL),
            "scenario-create": form(EDIT_SOME),
            "scenario-detail": page(ALL, "scenario"),
            "scenario-edit": form(EDITORS, "scenario"),
            "scenario-move": act(EDITORS, "scenario", "withdraw", data={"reason": "不再需要"}),
            "appraisal-create": form(STAFF, "scenario"),
        },
    ),
    **under(
        "matching",
        {
            "overview": page(OVERSIGHT),
            "scenario": page(INSIDE, "scenario"),
            "organization": page(INSIDE, "firm"),
            "fund": page(MANAGERS, "fund"),
            "scenario-compute": act(STAFF, "scenario"),
            "organization-compute": act(EDITORS, "firm"),
            "fund-compute": act(MANAGERS, "fund"),
            "requirement-edit": form(EDITORS, "scenario"),
            "shortlist-detail": page(INSIDE, "shortlist"),
            "shortlist-annex": page(INSIDE, "shortlist"),
            "shortlist-share": act(STAFF, "shortlist"),
            "shortlist-unshare": act(STAFF, "shortlist", data={"reason": "再核"}),
            "shortlist-order": act(EDITORS, "shortlist", data={"reason": "另有考虑"}),
            "shortlist-computed": act(EDITORS, "shortlist", data={"reason": "照计算"}),
            "candidate-judge": act(STAFF, "shortlist", "other", "accepted", data={"reason": "有案例"}),
            "invitation-create": form(EDITORS, "shortlist", "other"),
            "invitation-list": page(MEMBERS),
            "invitation-detail": page(INSIDE, "invitation"),
            "invitation-move": act(EDITORS, "asked", "accept"),
        },
    ),
    **under(
        "matching:alerts",
        {
            "inbox": page(SIGNED_IN),
            "read-all": act(SIGNED_IN),
            "wishes": form(SIGNED_IN),
            "unsubscribe": form(ALL, args=lambda place: [unsubscribe_token(place.account)]),
            "watch-list": page(SIGNED_IN),
            "watch-create": form(SIGNED_IN),
            "watch-edit": form(frozenset(), "watch"),
            "watch-rest": act(frozenset(), "watch"),
            "watch-remove": act(frozenset(), "watch"),
            "feed-list": form(SIGNED_IN),
            "feed-revoke": act(frozenset(), "feed"),
            "feed": page(ALL, args=lambda place: [place.secret, "atom"]),
            "list-feed": page(ALL, args=lambda _place: ["offers", "rss"]),
            "digest": page(frozenset(), "digest"),
        },
    ),
    **under(
        "matching:labels",
        {
            "overview": page(RATERS | OVERSIGHT),
            "draw": act(STAFF),
            "take": act(STAFF),
            "export": page(OVERSIGHT),
            "rate-next": page(RATERS),
            "rate": page(RATERS, "pair"),
            "grade": act(RATERS, "pair", data={"grade": "3"}),
            "skip": act(RATERS, "pair"),
            "settle": act(STAFF, "pair", data={"grade": "3", "reason": "核对后定"}),
        },
    ),
    **under(
        "matching:bundles",
        {
            "plan-list": page(OVERSIGHT),
            "plan-make": act(STAFF),
            "package-make": act(STAFF),
            "plan": page(OVERSIGHT, "plan"),
            "plan-remove": act(STAFF, "plan"),
            "package": page(OVERSIGHT, "scenario"),
            "supply-edit": form(EDITORS, "scenario"),
        },
    ),
    **under(
        "panels",
        {
            "expert-list": page(OVERSIGHT),
            "expert-create": form(STAFF),
            "expert-detail": page(OVERSIGHT, "expert"),
            "expert-edit": form(STAFF, "expert"),
            "expert-move": act(STAFF, "expert", data={"step": "suspend", "reason": "出国"}),
            "tie-create": form(STAFF, "expert", "stakes"),
            "tie-edit": form(STAFF, "expert", "stakes", "tie"),
            "tie-remove": act(STAFF, "expert", "stakes", "tie"),
            "panel-list": page(OVERSIGHT),
            "panel-create": form(STAFF),
            "item-create": form(STAFF, "panel"),
            "panel-detail": page(OVERSIGHT, "panel"),
            "panel-conflicts": page(OVERSIGHT, "panel"),
            "panel-assignment": page(OVERSIGHT, "panel"),
            "panel-progress": page(OVERSIGHT, "panel"),
            "panel-standings": page(OVERSIGHT, "panel"),
            "panel-item": page(OVERSIGHT, "panel", "item"),
            "panel-report": page(OVERSIGHT, "panel"),
            "panel-proof": page(ALL, "panel"),
            "panel-proof-file": page(ALL, "panel"),
            "panel-move": act(OVERSIGHT, "planned", data={"step": "dissolve", "reason": "榜单撤回"}),
            "panel-check": act(STAFF, "panel"),
            "panel-assign": act(STAFF, "panel"),
            "seat-move": act(STAFF, "seat", data={"step": "recuse", "reason": "有合作"}),
            "seat-sign": act(frozenset(), "seat"),
            "seat-report": page(frozenset(), "seat"),
            "conflict-judge": act(STAFF, "conflict", data={"step": "dismiss", "reason": "同名"}),
            "request-create": form(EDITORS, "item"),
            "request-decide": act(STAFF, "recusal", data={"step": "dismiss", "reason": "不成立"}),
            "review-list": page(frozenset({"expert"})),
            "review-detail": page(frozenset(), "review"),
            "review-save": act(frozenset(), "review"),
            "review-submit": act(frozenset(), "review"),
        },
    ),
    **under(
        "challenges",
        {
            "overview": page(ALL),
            "list-list": page(ALL),
            "list-create": form(STAFF),
            "list-detail": page(ALL, "board"),
            "list-edit": form(STAFF, "draft_board"),
            "list-remove": act(STAFF, "draft_board"),
            "list-publish": act(STAFF, "draft_board"),
            "list-close": act(STAFF, "over_board"),
            "list-reopen": form(STAFF, "closed_board"),
            "list-withdraw": act(STAFF, "board", data={"reason": "需求已解决"}),
            "list-follow": act(SIGNED_IN, "board"),
            "list-amend": form(STAFF, "board"),
            "question-create": form(SIGNED_IN, "board"),
            "question-answer": form(EDITORS, "board", "question"),
            "list-rules": page(ALL, "board"),
            "list-page": page(ALL, "board"),
            "list-word": page(ALL, "board"),
            "list-json": page(ALL, "board"),
            "list-csv": page(ALL, "board"),
            "challenge-create": form(STAFF, "draft_board"),
            "challenge-list": page(ALL),
            "challenge-detail": page(ALL, "entry"),
            "challenge-edit": form(EDITORS, "draft_entry"),
            "challenge-amend": form(STAFF, "entry"),
            "challenge-place": act(STAFF, "draft_entry"),
            "challenge-remove": act(STAFF, "draft_entry"),
            "challenge-withdraw": act(STAFF, "entry", data={"reason": "需求已解决"}),
            "from-scenario": act(STAFF, "scenario"),
            "from-need": act(STAFF, "recommended"),
            "need-list": page(ALL),
            "need-create": form(EDIT_SOME),
            "need-from-scenario": act(EDITORS, "scenario"),
            "need-detail": page(INSIDE, "need"),
            "need-edit": form(EDITORS, "need"),
            "need-move": act(EDITORS, "need", "submit"),
            "need-experts": form(STAFF, "appraised"),
            "appraisal": form(frozenset(), "asked_expert"),
            "appraisal-release": act(STAFF, "asked_expert"),
            "call-list": page(ALL),
            "call-create": form(STAFF),
            "call-detail": page(ALL, "call"),
            "call-edit": form(STAFF, "call"),
            "call-move": act(STAFF, "call", "close"),
            "ruleset-list": page(ALL),
            "ruleset-create": form(STAFF),
            "ruleset-install": act(STAFF, "default"),
            "ruleset-detail": page(ALL, "rules"),
            "ruleset-edit": form(STAFF, "rules"),
            "ruleset-compare": page(ALL, "rules"),
        },
    ),
    **under(
        "indicators",
        {
            "dashboard": page(ALL),
            "dashboard-wall": page(ALL),
            "dashboard-panel": page(ALL, "growth"),
            "indicator-list": page(ALL),
            "indicator-create": form(STAFF),
            "indicator-detail": page(ALL, "resident_firms"),
            "indicator-rows": page(ALL, "resident_firms"),
            "indicator-compare": page(ALL, "resident_firms"),
            "indicator-history": page(ALL, "resident_firms"),
            "indicator-edit": form(STAFF, "resident_firms"),
            "claim-list": page(ALL),
            "claim-create": form(STAFF),
            "claim-detail": page(ALL, "claim"),
            "claim-edit": form(STAFF, "claim"),
            "claim-checks": page(OVERSIGHT),
            "reading-list": page(OVERSIGHT),
            "reading-create": form(STAFF),
            "reading-detail": page(OVERSIGHT, "reading"),
            "proposal-accept": act(STAFF, "proposed"),
            "proposal-correct": form(STAFF, "proposed"),
            "proposal-reject": act(STAFF, "proposed", data={"reason": "不是本社区的"}),
            "report-list": page(ALL),
            "report-create": form(STAFF),
            "report-detail": page(ALL, "brief"),
            "report-edit": form(STAFF, "brief_draft"),
            "report-issue": act(STAFF, "brief_draft", data={"reason": "核对无误"}),
            "report-drop": act(STAFF, "brief_draft", data={"reason": "重复"}),
            "report-reissue": act(STAFF, "brief"),
            "report-differences": page(OVERSIGHT, "brief"),
            "report-figure": page(ALL, args=lambda place: [place.brief.ref, 1]),
            "report-file": page(ALL, args=lambda place: [place.brief.ref, "json"]),
            "report-kept": page(OVERSIGHT, "brief"),
            "template-list": page(OVERSIGHT),
            "template-create": form(STAFF),
            "template-preview": act(STAFF, data={"body": "# 入驻"}),
            "template-detail": page(OVERSIGHT, "brief_template"),
            "template-edit": form(STAFF, "brief_template"),
            "return-list": page(EDIT_SOME | {"officer"}),
            "return-create": form(EDIT_SOME),
            "return-missing": page(OVERSIGHT),
            "return-remind": act(STAFF, data={"quarter": "2025Q1"}),
            "return-graduation": page(OVERSIGHT),
            "return-terms": form(STAFF),
            "return-quarter": page(SIGNED_IN, "2025Q1"),
            "return-publish": act(STAFF, "2025Q1"),
            "return-detail": page(EDITORS | {"officer"}, "filed_return"),
            "return-edit": form(EDITORS, "begun_return"),
            "return-move": act(EDITORS, "begun_return", data={"step": "submit"}),
            "return-remove": act(STAFF, "filed_return"),
            "return-paper": page(EDITORS | {"officer"}, "filed_return", "docx"),
        },
    ),
    **under(
        "intake",
        {
            "import-list": page(OVERSIGHT),
            "import-create": form(STAFF),
            "import-detail": page(OVERSIGHT, "batch"),
            "import-file": page(OVERSIGHT, "batch"),
            "import-read": act(STAFF, "batch"),
            "import-apply": act(STAFF, "batch"),
            "import-drop": act(STAFF, "batch"),
            "import-accept": act(STAFF, "batch"),
            "import-undo": form(STAFF, "applied"),
            "sheet-hub": page(OVERSIGHT),
            "sheet-template": page(OVERSIGHT, "organizations"),
            "sheet-export": page(OVERSIGHT, "organizations"),
            "sheet-file": page(frozenset(), "job"),
            "sheet-import": form(STAFF, "organizations"),
            "sheet-read": act(STAFF, "sheet_batch"),
            "sheet-columns": form(STAFF, "sheet_batch"),
            "sheet-row": form(STAFF, args=lambda place: [place.sheet_batch.ref, 1]),
            "sheet-leave": act(STAFF, "sheet_batch", data={"rows": "new", "out": "yes"}),
            "sheet-apply": act(STAFF, "sheet_batch"),
            "duplicates": page(OVERSIGHT),
            "duplicate-search": act(STAFF),
            "short-names": page(OVERSIGHT),
            "short-names-settle": act(STAFF, data={"what": "dismiss"}),
            "short-names-propose": act(STAFF, data={"names": "星澜智能"}),
            "duplicate": form(STAFF, "firm", "other"),
            "staff-rows": page(OVERSIGHT),
            "staff-row": page(OVERSIGHT, "left"),
            "staff-row-settle": act(STAFF, "left", data={"state": "settled", "reason": "已补录"}),
            "proposals": page(OVERSIGHT),
            "proposal": page(OVERSIGHT, "proposal"),
            "proposal-accept": act(STAFF, "proposal"),
            "proposal-dismiss": act(STAFF, "proposal"),
            "paper-list": page(ALL),
            "paper-create": form(STAFF),
            "paper-names": page(STAFF, "organizations"),
            "paper-detail": page(OVERSIGHT, "paper"),
            "paper-edit": form(STAFF, "paper"),
            "paper-file": page(OVERSIGHT, "paper"),
            "paper-fill": page(OVERSIGHT, "paper", asked=lambda place: f"record={place.firm.ref}"),
        },
    ),
    **under(
        "portal",
        {
            "home": page(ALL),
            "search": page(ALL),
            "styleguide": page(ALL),
            "desk": page(SIGNED_IN),
            "desk-calendar-open": act(SIGNED_IN),
            "desk-calendar-close": act(SIGNED_IN),
            "desk-calendar": page(ALL, args=lambda place: [place.desk_secret]),
        },
    ),
    **under("search", {"suggestions": page(ALL)}),
    **under(
        "api-1",
        {
            "api-root": page(frozenset()),
            "openapi-json": form(ALL),
            "search": page(ALL),
            "shortlists": page(ALL),
            "shortlist": page(INSIDE, "shortlist"),
            "organizations": page(ALL),
            "organization": page(ALL, "firm"),
            "products": page(ALL),
            "models": page(ALL),
            "model": page(ALL, "model"),
            "filings": page(ALL),
            "filing": page(ALL, "filing"),
            "due": page(MEMBERS),
            "funds": page(ALL),
            "totals": page(ALL),
            "fund": page(ALL, "fund"),
            "rounds": page(ALL),
            "round_totals": page(ALL),
            "round_": page(ALL, "round"),
            "offers": page(ALL),
            "offer": page(ALL, "offer"),
            "scenarios": page(ALL),
            "scenario": page(ALL, "scenario"),
            "indicators": page(ALL),
            "indicator": page(ALL, "resident_firms"),
            "indicator_rows": page(ALL, "resident_firms"),
            "claims": page(ALL),
            "claim": page(ALL, "claim"),
            "reports": page(ALL),
            "report": page(ALL, "brief"),
            "challenge_lists": page(ALL),
            "challenge_list": page(ALL, "board"),
            "challenges": page(ALL),
            "challenge": page(ALL, "entry"),
            "races": page(ALL),
            "entries": page(ALL),
            "entry": page(INSIDE, "race_entry"),
            "race_boards": page(ALL, "race"),
            "race_board": page(ALL, args=lambda place: [place.race.ref, 1]),
        },
    ),
}
# Addresses of sign-in that libraries keep: who may pass; what they answer to those is their own.
BORROWED: dict[str, tuple[frozenset[str], tuple[Any, ...]]] = {
    **dict.fromkeys(
        [
            "account_login", "account_logout", "account_inactive", "account_signup", "account_confirm_login_code",
            "account_email_verification_sent", "account_reset_password", "account_reset_password_done",
            "account_reset_password_from_key_done", "mfa_authenticate", "set_language", "socialaccount_login_cancelled",
            "socialaccount_login_error", "socialaccount_signup",
        ],
        (ALL, ()),
    ),
    "account_confirm_email": (ALL, ("a:b:c",)),
    "account_reset_password_from_key": (ALL, ("1", "abc-def")),
    **dict.fromkeys(
        [
            "account_reauthenticate", "account_email", "account_change_password", "account_set_password", "mfa_index",
            "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "socialaccount_connections",
        ],
        (SIGNED_IN, ()),
    ),
}  # fmt: skip
UNNAMED = {f"accounts/social/{name}/" for name in ("login/cancelled", "login/error", "signup", "connections")}


def patterns(resolver: Any, spaces: tuple[str, ...] = (), path: str = "") -> Iterator[str]:
    """The names of all addresses; the path of one without a name."""
    for pattern in resolver.url_patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield ":".join([*spaces, pattern.name]) if pattern.name else here
        else:
            yield from patterns(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces, here)


def test_every_address_is_declared() -> None:
    assert set(patterns(get_resolver())) == {*DOORS, *BORROWED, *UNNAMED}


@pytest.fixture
def place(db: None) -> SimpleNamespace:
    return grounds.ground()


@pytest.fixture(autouse=True)
def brief_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of a refusal is drawn for the first of its kind; after that its number will do."""
    whole, drawn = URLResolver.resolve_error_handler, set()

    def resolve(resolver: URLResolver, status: int) -> Callable[..., HttpResponse]:
        if status in REFUSED and status in drawn:
            return lambda _request, **_more: HttpResponse(status=status)
        drawn.add(status)
        return whole(resolver, status)

    monkeypatch.setattr(URLResolver, "resolve_error_handler", resolve)


class Visitor:
    """Somebody who knocks; whatever came of it is taken back at once."""

    def __init__(self, user: Any) -> None:
        self.client = Client(raise_request_exception=False)
        if user.is_authenticated:
            self.client.force_login(user)
        self.cookies = self.client.cookies.copy()

    def knock(self, way: str, address: str, data: Mapping[str, Any]) -> Any:
        self.client.cookies = self.cookies.copy()
        with transaction.atomic():
            answer = getattr(self.client, way)(address, data)
            if answer.streaming:
                b"".join(answer.streaming_content)
            transaction.set_rollback(True)
        return answer


def is_refused(answer: Any) -> bool:
    return answer.status_code in REFUSED or answer.headers.get("Location", "").startswith(SIGN_IN)


def surprises(name: str, door: Door, role: str, visitor: Visitor, address: str) -> Iterator[str]:
    """What is not as declared, in words."""
    for way in ("get", "post"):
        answer = visitor.knock(way, address, door.data if way == "post" else {})
        status = answer.status_code
        passes = role in door.who and way in door.ways.split()
        expected = status < 400 or status in {400, 409, 422} if passes else status == NOT_THAT_WAY or is_refused(answer)
        if not expected or (passes and is_refused(answer)) or (passes and way == "get" and status != 200):
            yield f"{role} {way} {name}: {status} {answer.headers.get('Location', '')}"


@pytest.mark.parametrize("role", grounds.ROLES)
def test_only_who_may_passes(place: SimpleNamespace, role: str) -> None:
    visitor = Visitor(grounds.ROLES[role](place.firm, place.house))
    found = [
        line for name, door in DOORS.items() for line in surprises(name, door, role, visitor, door.address(name, place))
    ]
    assert found == []


@pytest.mark.parametrize("role", ["public", "visitor", "staff"])
def test_borrowed_doors_do_not_break(place: SimpleNamespace, role: str) -> None:
    visitor = Visitor(grounds.ROLES[role](place.firm, place.house))
    found = []
    addresses = {name: (who, reverse(name, args=args)) for name, (who, args) in BORROWED.items()}
    for name, (who, address) in (addresses | {path: (SIGNED_IN, f"/{path}") for path in UNNAMED}).items():
        for way in ("get", "post"):
            answer = visitor.knock(way, address, {})
            if answer.status_code >= 500 or (role not in who and answer.status_code == 200):
                found.append(f"{role} {way} {name}: {answer.status_code}")
    assert found == []


# In the place of a reference, and of a number.
ODD: dict[str, tuple[str, int]] = {
    "unknown": ("0" * 12, 10**9),
    "beyond what a database holds": ("9" * 40, 10**40),
}


def odd_arguments(door: Door, place: SimpleNamespace, odd: str) -> list[Any]:
    """The address's arguments with something odd in the first place; a day stays a day."""
    first, *rest = door.arguments(place)
    text, number = ODD[odd]
    if isinstance(first, date):
        return [date(1999, 1, 1)]
    return [number if isinstance(first, int) else text, *rest]


@pytest.mark.parametrize("odd", ODD)
def test_unknown_rows_are_not_found(place: SimpleNamespace, odd: str) -> None:
    visitor = Visitor(grounds.ROLES["staff"](place.firm, place.house))
    found = []
    for name, door in DOORS.items():
        if door.refs or door.args:
            way = door.ways.split()[0]
            answer = visitor.knock(way, reverse(name, args=odd_arguments(door, place, odd)), door.data)
            if answer.status_code not in {400, 404}:
                found.append(f"{way} {name}: {answer.status_code}")
    assert found == []


ODD_QUERIES = [
    "q=%00&page=-1&sort=nothing&col=nothing&kind=nothing&view=x&timeline=x&known_at=x",
    "q=%25_%5C&page=99999999999999999999&sort=-name&known_at=2023-02-30&timeline=99999999999",
    "q=" + "长" * 500 + "&page=0&sort=--name&format=pdf&known_at=0001-01-01",
    "known_at=9999-12-31&day_from=x&founded=x&founded=y&q=%F0%9F%98%80",
    "known_at=2025-05-07T25:00&known_at=2025-05-07T10:00%2B99:00",
]


@pytest.mark.parametrize("query", ODD_QUERIES)
def test_odd_queries_break_nothing(place: SimpleNamespace, query: str) -> None:
    visitor = Visitor(grounds.ROLES["staff"](place.firm, place.house))
    found = []
    for name, door in DOORS.items():
        if "get" in door.ways.split():
            answer = visitor.knock("get", f"{reverse(name, args=door.arguments(place))}?{query}", {})
            if answer.status_code >= 500:
                found.append(f"{name}: {answer.status_code}")
    assert found == []
