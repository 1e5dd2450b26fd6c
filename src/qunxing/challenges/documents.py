"""Lists and challenges as documents of the search; contacts stay out of it, and so does everything of bids."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.models import Call, Challenge, ChallengeList, RuleSet
from qunxing.challenges.models.boards import Kind
from qunxing.challenges.states.board import ListState
from qunxing.challenges.states.call import CallState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.core.specs import Document, DocumentSpec, by, pieces, year_of
from qunxing.directory.documents import names_of, names_within


def challenge_rows(rows: QuerySet[Any], level: str) -> QuerySet[Any]:
    found = rows.select_related("issuer", "board")
    return found.prefetch_related("targets", names_within(level, "issuer__names"))


def challenge_document(entry: Challenge) -> Document:
    return Document(
        title=entry.title,
        url=entry.get_absolute_url(),
        names=(entry.title,),
        codes=pieces(entry.number),
        about=pieces(entry.issuer.name, entry.number),
        text=" ".join(pieces(entry.problem, *(str(row) for row in entry.targets.all()), entry.conditions)),
        also=names_of(entry.issuer),
        owners=(entry.issuer_id,),
        facets={
            "type": (entry.kind,),
            "state": (entry.state,),
            "field": entry.fields,
            "year": year_of(entry.board.published_on),
        },
    )


def board_document(board: ChallengeList) -> Document:
    return Document(
        title=board.title,
        url=board.get_absolute_url(),
        names=(board.title,),
        codes=pieces(board.number),
        about=pieces(board.number),
        text=board.preface,
        facets={"state": (board.state,), "year": year_of(board.published_on)},
    )


def call_document(call: Call) -> Document:
    return Document(
        title=call.title,
        url=call.get_absolute_url(),
        names=(call.title,),
        text=call.text,
        facets={"state": (call.state,), "field": call.fields, "year": year_of(call.opens_on)},
    )


def rules_document(rules: RuleSet) -> Document:
    return Document(
        title=str(rules), url=rules.get_absolute_url(), names=(rules.name,), about=pieces(rules.basis), text=rules.basis
    )


CHALLENGES = DocumentSpec(
    code="challenges",
    label=_("Challenges"),
    icon="flag",
    model=Challenge,
    document=challenge_document,
    fetch=challenge_rows,
    hangs_on={"directory.organization": by("issuer"), "challenges.challengelist": by("board")},
    types=lambda: dict(Kind.choices),
    states=lambda: dict(ChallengeState.choices),
)
BOARDS = DocumentSpec(
    code="challenge-lists",
    label=_("Lists of challenges"),
    icon="list-check",
    model=ChallengeList,
    document=board_document,
    states=lambda: dict(ListState.choices),
)
CALLS = DocumentSpec(
    code="calls",
    label=_("Calls for needs"),
    icon="send",
    model=Call,
    document=call_document,
    states=lambda: dict(CallState.choices),
)
RULES = DocumentSpec(code="rule-sets", label=_("Rule sets"), icon="scale", model=RuleSet, document=rules_document)
DOCUMENTS = (CHALLENGES, BOARDS, CALLS, RULES)
