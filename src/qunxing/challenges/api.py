"""Lists and challenges over the API; contacts, bids and whatever else is not public stay out of it."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from qunxing.challenges.lists.boards import BOARDS, ENTRIES
from qunxing.challenges.models import Challenge, ChallengeList
from qunxing.challenges.publishing.document import shown_content
from qunxing.challenges.publishing.opendata import data_of
from qunxing.ledger.lists.views import json_page
from qunxing.ledger.queries import visible_or_404
from qunxing.scenarios.api import CoreIndicatorOut, OwnerOut

router = Router(tags=["challenges"])


class ChallengeOut(Schema):
    """A challenge; `board` is the list it stands on, and the deadline is that list's. Money is in whole yuan."""

    ref: str
    revision: int
    demo: bool
    number: str | None
    board: str
    state: str
    outcome: str
    kind: str
    purpose: str
    mechanism: str
    title: str
    issuer: OwnerOut
    fields: list[str]
    problem: str
    conditions: str
    ownership: str
    money: int | None
    starts_on: date | None
    ends_on: date | None
    deadline: datetime
    targets: list[CoreIndicatorOut]


@router.get("/challenge-lists")
def challenge_lists(request: HttpRequest) -> dict[str, Any]:
    """A page of lists; takes the list's own parameters (q, state, published, deadline, sort, page, col)."""
    return json_page(request, BOARDS)


@router.get("/challenge-lists/{ref}")
def challenge_list(request: HttpRequest, ref: str) -> dict[str, Any]:
    """A list as it is published, with its rules, amendments and answered questions."""
    rows = ChallengeList.objects.select_related("rule_set", "publisher")
    found: ChallengeList = visible_or_404(rows, request.user, ref)
    return data_of(found, shown_content(found, user=request.user), user=request.user)


@router.get("/challenges")
def challenges(request: HttpRequest) -> dict[str, Any]:
    """A page of challenges; takes the list's own parameters (q, state, kind, field, mechanism, sort, page)."""
    return json_page(request, ENTRIES)


@router.get("/challenges/{ref}", response=ChallengeOut)
def challenge(request: HttpRequest, ref: str) -> dict[str, Any]:
    found: Challenge = visible_or_404(Challenge.objects.select_related("issuer", "board"), request.user, ref)
    special = {"board", "targets", "deadline"}
    plain = {name: getattr(found, name) for name in ChallengeOut.model_fields if name not in special}
    return plain | {
        "board": found.board.ref,
        "deadline": found.board.deadline,
        "targets": list(found.targets.all()),
    }
