"""A panel: drawn by lot, answered to, filled anew where somebody leaves, given its items."""

from typing import Any

from qunxing.challenges.rehearsal.acts.ties import own
from qunxing.challenges.rehearsal.cast import writer_of
from qunxing.challenges.rehearsal.stage import Stage, Words, fresh
from qunxing.core.errors import Refused
from qunxing.panels import actions as panels
from qunxing.panels.models import Conflict, Expert, Item, Panel, Party, Seat, Stake
from qunxing.panels.states import ConflictState, ExpertState, SeatState

LEAVES = ("decline", "recuse", "replace")
WHY = "按规定办理"


class Hopeless(Exception):
    """No panel can be formed, or nobody is left to follow."""


# --- the draw -------------------------------------------------------------------------------------------------------


def draw(stage: Stage, panel: Panel) -> None:
    """Committed to, perhaps taken back and committed to again, then drawn."""
    stage.refused("panel.drawn_uncommitted", panels.draw, panel, actor=stage.staff)
    commit(stage, panel)
    if stage.dice.happens(0.1):
        stage.do("panel.uncommit", panels.uncommit, panel, actor=stage.staff, reason=WHY, once=True)
        commit(stage, panel)
    if stage.dice.happens(0.2):
        declare_tie(stage, panel, listed(stage))
    word = stage.dice.choice(["", "开盘指数3021.55"])
    hope(stage, "panel.draw", panels.draw, panel, actor=stage.staff, word=word, once=True)


def commit(stage: Stage, panel: Panel) -> None:
    hope(stage, "panel.commit", panels.commit_draw, panel, actor=stage.staff, seed=stage.dice.hexes(16), once=True)


def hope(stage: Stage, name: str, act: Any, /, *rows: Any, **words: Any) -> Any:
    """The step, which may be refused in words: Hopeless then."""
    try:
        return stage.do(name, act, *rows, **words)
    except Refused as error:
        raise Hopeless(str(error)) from error


def listed(stage: Stage) -> Expert:
    """Anybody of the register who may be drawn."""
    rows = Expert.objects.filter(state=ExpertState.QUALIFIED, pk__in=stage.cast.experts).order_by("pk")
    found: Expert = stage.dice.choice(list(rows))
    return found


def declare_tie(stage: Stage, panel: Panel, expert: Expert) -> None:
    """The expert turns out to hold shares of somebody behind an item."""
    rows = Party.objects.filter(panel=panel, item__isnull=False, organization__isnull=False)
    party = stage.dice.choice(list(rows.select_related("organization").order_by("pk")))
    tie: Words = {"expert_id": expert.pk, "organization_id": party.organization_id, "kind": "holding"}
    stage.do("tie.declared", lambda: panels.declare(Stake(**tie), actor=own(expert)))


# --- the seats ------------------------------------------------------------------------------------------------------


def seat(stage: Stage, panel: Panel) -> None:
    """Everybody answers; who does not sit is followed by the next in the order of the draw."""
    while waiting := list(holders(panel).filter(state=SeatState.DRAWN)):
        for row in waiting:
            if stage.dice.happens(0.12):
                leave(stage, row)
            else:
                accept(stage, row)
                if stage.dice.happens(0.04) and fresh(panel).state == "drawn":
                    leave(stage, row)
    if stage.dice.happens(0.15):
        leave(stage, stage.dice.choice(list(holders(panel))))
        seat(stage, panel)


def holders(panel: Panel) -> Any:
    rows = Seat.objects.filter(panel=panel, state__in=[SeatState.DRAWN, SeatState.ACCEPTED, SeatState.SERVING])
    return rows.select_related("expert").order_by("position", "pk")


def accept(stage: Stage, row: Seat) -> None:
    if stage.dice.happens(0.1):
        stage.refused("seat.accepted_by_another", panels.accept, row, actor=stage.visitor)
    stage.do("seat.accept", panels.accept, row, actor=own(row.expert), once=True)


def leave(stage: Stage, row: Seat) -> None:
    """Declined, recused, or replaced by staff; then the next reserve follows."""
    words: Words = {"actor": own(row.expert), "reason": WHY, "once": True}
    step = stage.dice.choice(LEAVES if fresh(row).state == SeatState.DRAWN else LEAVES[1:])
    if step == "decline":
        stage.do("seat.decline", panels.decline, row, **words)
    elif step == "recuse":
        item = stage.dice.choice([None, *Item.objects.filter(panel=row.panel).order_by("pk")])
        stage.do("seat.recuse", panels.recuse, row, item=item, **words)
    follow(stage, row, WHY)


def follow(stage: Stage, row: Seat, reason: str) -> None:
    """The next reserve; where none is left they are drawn anew from the rest of the register."""
    words: Words = {"actor": stage.staff, "reason": reason}
    try:
        stage.do("seat.follow", panels.replace, row, once=True, **words)
    except Refused:
        hope(stage, "panel.commit_more", panels.commit_more, row.panel, seed=stage.dice.hexes(16), once=True, **words)
        hope(stage, "panel.draw_more", panels.draw_more, row.panel, actor=stage.staff, once=True)
        hope(stage, "seat.follow", panels.replace, row, once=True, **words)


# --- conflicts ------------------------------------------------------------------------------------------------------


def judge(stage: Stage, panel: Panel) -> None:
    """Staff uphold or dismiss what was found, and now and then change their mind."""
    for row in Conflict.objects.filter(panel=panel, state=ConflictState.FOUND).order_by("pk")[:4]:
        for step in stage.dice.choice([(), ("uphold",), ("dismiss", "uphold"), ("uphold", "dismiss", "uphold")]):
            stage.do(f"conflict.{step}", panels.judge_conflict, row, step, actor=stage.staff, reason=WHY, once=True)


def request(stage: Stage, panel: Panel) -> None:
    """A bidder asks that somebody not judge its bid; others may not ask for it."""
    item = stage.dice.choice(list(Item.objects.filter(panel=panel, withdrawn=False).order_by("pk")))
    party = item.parties.filter(organization__isnull=False).order_by("pk").first()
    if party is None:
        return
    expert, firm = listed(stage), party.organization
    words: Words = {
        "person": expert.name,
        "grounds": "曾为同事",
        "employer": expert.employer_label,
        "organization": firm,
    }
    manager = stage.manager
    stage.refused("recusal.by_a_stranger", panels.request_recusal, item, actor=manager, **words)
    made = stage.do("recusal.request", panels.request_recusal, item, actor=writer_of(firm), **words)
    step = stage.dice.choice(["uphold", "dismiss"])
    stage.do(f"recusal.{step}", panels.decide_request, made, step, actor=stage.staff, reason=WHY, once=True)
