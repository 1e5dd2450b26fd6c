"""Who sees what: the scores that decide are nobody's to read before notice of the gate was given."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from qunxing.accounts.models import Kind, User
from qunxing.challenges.rehearsal.invariants.found import Found
from qunxing.challenges.rehearsal.invariants.sight import NONE, organizations_of, too_much
from qunxing.races.models import (
    Baseline,
    Entry,
    Flag,
    GateReport,
    Lane,
    LaneDecision,
    LaneParty,
    Race,
    Route,
    RouteCheck,
    Scorer,
    ScoreRun,
    Stage,
    StagePanel,
    TestSet,
)
from qunxing.races.queries.boards import Part, View, board_of, freeze_of, told_report
from qunxing.races.rehearsal.memory import RaceMemory

OVERSEERS = frozenset({Kind.STAFF, Kind.OFFICER})
CLOSED = (ScoreRun, TestSet, Scorer, Baseline, Flag, RouteCheck, StagePanel)


def samples() -> list[Any]:
    """Nobody in particular, a visitor, a manager, and members of an asker and of two teams."""
    found: list[Any] = [AnonymousUser()]
    for kind in (Kind.VISITOR, Kind.MANAGER):
        found += User.objects.filter(kind=kind).order_by("pk")[:1]
    firms: Any
    for firms in (Race.objects.values("organization"), Lane.objects.values("organization")):
        found += User.objects.filter(memberships__organization__in=firms, kind=Kind.MEMBER).order_by("-pk")[:1]
    return found


def records(_memory: RaceMemory) -> Iterator[Found]:
    """Rows beyond what is theirs or was told, for everybody."""
    return records_of(samples())


def some_records(_memory: RaceMemory) -> Iterator[Found]:
    """The same for nobody in particular and for a team; it is asked often."""
    return records_of(samples()[::4])


def records_of(users: list[Any]) -> Iterator[Found]:
    for user in users:
        mine = organizations_of(user)
        lanes = lanes_of(mine)
        told = Q(told=True)
        for kind in CLOSED:
            yield too_much(user, kind, NONE)
        yield too_much(user, GateReport, told)
        yield too_much(user, LaneDecision, Q(report__told=True))
        yield too_much(user, Entry, Q(lane__in=lanes))
        asked = Q(lane__race__organization__in=mine)
        yield too_much(user, Route, Q(lane__in=lanes) | asked)
        drafts = Q(race__published_on__isnull=False) | Q(race__organization__in=mine) | Q(race__lanes__in=lanes)
        yield too_much(user, Stage, drafts)


def lanes_of(mine: list[int]) -> list[int]:
    parts = LaneParty.objects.filter(organization__in=mine).values("lane")
    return list(Lane.objects.filter(Q(organization__in=mine) | Q(pk__in=parts)).values_list("pk", flat=True))


def boards(_memory: RaceMemory) -> Iterator[Found]:
    """The board gives neither the sealed part nor the result before notice; nothing when blind, nothing newer when
    frozen.
    """
    now = timezone.now()
    for stage in Stage.objects.exclude(state__in=["planned", "replaced"]).select_related("race"):
        if told_report(stage) is not None:
            continue
        for user in samples()[:1] + samples()[-1:]:
            for part in Part:
                board = board_of(stage, user, part=part, now=now)
                told = f"{stage.ref} {part}"
                yield Found.of(told, board.part is Part.PUBLIC, f"{user} reads the {board.part} part")
                blind = stage.gate.board.mode == "blind"
                yield Found.of(told, not (blind and board.rows), "a blind board has rows")
                newest = max((row.at for row in board.rows if row.at is not None), default=None)
                ice = freeze_of(stage) if board.view is View.FROZEN else None
                yield Found.of(told, not (newest and ice) or newest <= ice, f"a frozen board shows {newest}")
