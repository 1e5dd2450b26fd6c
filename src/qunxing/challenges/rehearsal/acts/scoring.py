"""Scores: given, kept back, void and given anew; counted, closed, signed."""

from datetime import date

from qunxing.challenges.rehearsal.acts import sitting
from qunxing.challenges.rehearsal.acts.ties import own
from qunxing.challenges.rehearsal.stage import Stage
from qunxing.core.errors import Refused
from qunxing.ledger.actions import change
from qunxing.panels import actions as panels
from qunxing.panels.actions import Filled
from qunxing.panels.models import Conflict, Panel, Review, Seat, Stake
from qunxing.panels.states import ConflictState, ReviewState, SeatState
from qunxing.panels.terms import ScoringTerms

TRIES = 6
LONG_AGO = date(2001, 1, 1)
STANDS = (ConflictState.FOUND, ConflictState.UPHELD)


def review(stage: Stage, panel: Panel) -> None:
    """From the plan to the closed panel; Hopeless where nobody is left."""
    if stage.dice.happens(0.3):
        sitting.request(stage, panel)
    sitting.draw(stage, panel)
    sitting.judge(stage, panel)
    sitting.seat(stage, panel)
    stage.refused("panel.opened_unassigned", panels.open_scoring, panel, actor=stage.staff)
    assign(stage, panel)
    sitting.hope(stage, "panel.open", panels.open_scoring, panel, actor=stage.staff, once=True)
    score(stage, panel)


def assign(stage: Stage, panel: Panel) -> None:
    sitting.hope(stage, "panel.assign", panels.assign, panel, actor=stage.staff)


def score(stage: Stage, panel: Panel) -> None:
    """Everybody scores but who does not; the panel closes once every item has its quorum."""
    silent = {row.pk for row in seats(panel) if stage.dice.happens(0.1)}
    for row in seats(panel):
        if row.pk not in silent:
            hand_in(stage, row)
        elif reviews := waiting(row):
            stage.do("sheet.save", panels.save_sheet, reviews[0], marks(stage), actor=own(row.expert))
    disturb(stage, panel)
    close(stage, panel, silent)


def seats(panel: Panel) -> list[Seat]:
    return list(Seat.objects.filter(panel=panel, state=SeatState.SERVING).select_related("expert").order_by("position"))


def waiting(row: Seat) -> list[Review]:
    """What the seat has to score and may: a conflict that came up since keeps it off."""
    rows = Review.objects.filter(seat=row, state=ReviewState.ASSIGNED, item__withdrawn=False)
    pairs = Conflict.objects.filter(panel=row.panel_id, expert=row.expert_id, state__in=STANDS)
    barred = set(pairs.values_list("item_id", flat=True))
    found = rows.select_related("item", "seat__expert", "panel").order_by("item", "pk")
    return [] if None in barred else [one for one in found if one.item_id not in barred]


def hand_in(stage: Stage, row: Seat) -> None:
    """Drafts first for some, then everything at once, by the expert alone."""
    reviews, expert = waiting(row), own(row.expert)
    if not reviews:
        return
    if stage.dice.happens(0.3):
        stage.do("sheet.save", panels.save_sheet, reviews[0], marks(stage), actor=expert)
    if stage.dice.happens(0.1):
        stage.refused("sheet.by_staff", panels.submit_sheet, reviews[0], marks(stage), actor=stage.staff)
    filled = [(one, marks(stage)) for one in reviews]
    try:
        stage.do("sheet.submit", panels.submit_many, row.panel, filled, actor=expert, once=True)
    except Refused:
        # A tie that came up is seen when somebody hands in; staff give the item to another.
        stage.memory.refused["sheet.in_conflict"] += 1


def marks(stage: Stage) -> Filled:
    if stage.dice.happens(0.02):
        return Filled(abstain=True, abstain_reason="不熟悉该领域")
    share = stage.dice.uniform(0.5, 0.98)
    given = {one.code: round(one.top * min(share * stage.dice.uniform(0.9, 1.05), 1), 2) for one in USUAL}
    return Filled(marks=given, confidence=stage.dice.randint(1, 5), note_to_bidder="建议补充数据")


USUAL = ScoringTerms().criteria


def disturb(stage: Stage, panel: Panel) -> None:
    """While scores come in: a tie is declared, a seat changes hands."""
    if stage.dice.happens(0.3):
        row = stage.dice.choice(seats(panel))
        sitting.declare_tie(stage, panel, row.expert)
        recheck(stage, panel)
        if stage.dice.happens(0.4):
            lapse(stage, panel, row)
    if stage.dice.happens(0.25):
        sitting.leave(stage, stage.dice.choice(seats(panel)))


def recheck(stage: Stage, panel: Panel) -> None:
    stage.do("panel.recheck", panels.recheck, panel, actor=stage.staff)


def lapse(stage: Stage, panel: Panel, row: Seat) -> None:
    """The tie was declared by mistake and is taken off; told again, it is found again."""
    stake = Stake.objects.filter(expert=row.expert_id).order_by("-pk")[0]
    stage.do("tie.ended", change, stake, actor=stage.staff, values={"to_day": LONG_AGO})
    recheck(stage, panel)
    if stage.dice.happens(0.7):
        stage.do("tie.again", change, stake, actor=stage.staff, values={"to_day": None})
        recheck(stage, panel)


def close(stage: Stage, panel: Panel, silent: set[int]) -> None:
    """Counted and closed; who does not score is replaced until it can be."""
    for _each in range(TRIES):
        settle_vacant(stage, panel)
        assign(stage, panel)
        for row in seats(panel):
            if row.pk not in silent:
                hand_in(stage, row)
        stage.do("panel.tally", panels.tally, panel, actor=stage.staff)
        try:
            stage.do("panel.close", panels.close, panel, actor=stage.staff, once=True)
        except Refused:
            stage.memory.refused["panel.close_without_quorum"] += 1
            silence(stage, panel, silent)
            continue
        return
    raise sitting.Hopeless("the panel never came to its quorum")


def silence(stage: Stage, panel: Panel, silent: set[int]) -> None:
    """Replace one of those who do not score, or of those whose conflict left too few."""
    rows = seats(panel)
    row = next((one for one in rows if one.pk in silent), None) or stage.dice.choice(rows)
    silent.discard(row.pk)
    sitting.follow(stage, row, "逾期未评分")


def settle_vacant(stage: Stage, panel: Panel) -> None:
    for row in sitting.holders(panel).filter(state=SeatState.DRAWN):
        sitting.accept(stage, row)


def sign(stage: Stage, panel: Panel) -> None:
    """Every member signs, one with a dissent in writing; now and then somebody never does."""
    rows = seats(panel)
    if stage.dice.happens(0.3):
        rows = rows[:-1]
    for at, row in enumerate(rows):
        dissent = "对第一名有保留意见" if at == 0 and stage.dice.happens(0.3) else ""
        stage.do("seat.sign", panels.sign, row, actor=own(row.expert), dissent=dissent, once=True)


def dissolve(stage: Stage, panel: Panel) -> None:
    stage.do("panel.dissolve", panels.dissolve, panel, actor=stage.officer, reason="无法组成", once=True)
