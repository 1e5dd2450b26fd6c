"""From the opened bids to the award, or to an end without one."""

from typing import Any

from qunxing.challenges.actions import awarding, checking, contracting, noticing, reviewing
from qunxing.challenges.fitness import unfit
from qunxing.challenges.models import Challenge, Contract, Notice
from qunxing.challenges.models.boards import Mechanism
from qunxing.challenges.rehearsal.acts import boards, checks, objecting, scoring, sitting
from qunxing.challenges.rehearsal.stage import Stage, Words, fresh

WHY = "按规定办理"
PLAIN = "plain"
# How it goes on, by where it leaves the plain way.
FATES = (
    PLAIN, PLAIN, PLAIN, PLAIN,
    "none_checking", "withdraw_checking", "none_review", "withdraw_review", "none_proposed", "withdraw_proposed",
    "again_proposed", "objection_dismissed", "objection_withdrawn", "objection_open", "upheld_new", "upheld_same",
    "upheld_next", "upheld_none", "upheld_withdraw", "unsigned_next", "unsigned_none", "disqualified",
)  # fmt: skip


class Over(Exception):
    """The challenge has ended; nothing more is decided."""


def decide(stage: Stage, entry: Challenge, fate: str) -> bool:
    """Whether it came to contracts."""
    try:
        check(stage, entry, fate)
        review(stage, entry, fate)
        propose(stage, entry, fate)
        notice(stage, entry, fate)
        award(stage, entry, fate)
    except Over:
        return False
    return True


def end(stage: Stage, entry: Challenge, how: str) -> None:
    """End it without an award, or take it back; it is over then."""
    if how == "withdraw":
        boards.withdraw_challenge(stage, entry)
    else:
        stage.do("challenge.no_award", awarding.end_without_award, entry, once=True, **by_staff(stage, WHY))
    raise Over


def by_staff(stage: Stage, reason: str = "") -> dict[str, Any]:
    words: Words = {"actor": stage.staff, "day": stage.clock.day}
    return {**words, "reason": reason} if reason else words


def ends_here(stage: Stage, entry: Challenge, fate: str, where: str) -> None:
    how, _space, place = fate.partition("_")
    if place == where and how in ("none", "withdraw"):
        end(stage, entry, how)


# --- check and review -----------------------------------------------------------------------------------------------


def check(stage: Stage, entry: Challenge, fate: str) -> None:
    if stage.dice.happens(0.5):
        ends_here(stage, entry, fate, "checking")
    checks.check_all(stage, entry, refuse_all=fate == "none_checking")
    ends_here(stage, entry, fate, "checking")
    if entry.bids.filter(state="admitted").count() < entry.board.rules.bidding.minimum:
        stage.refused("review.too_few_bids", reviewing.begin_review, entry, **by_staff(stage))
        end(stage, entry, "none")
    stage.do("review.begin", reviewing.begin_review, entry, once=True, **by_staff(stage))


def review(stage: Stage, entry: Challenge, fate: str) -> None:
    """A panel; where none can be formed, or it falls apart, another one or the end."""
    if stage.dice.happens(0.1):
        stage.refused("award.proposed_unreviewed", awarding.propose, entry, **by_staff(stage))
    ends_here(stage, entry, fate, "review")
    try:
        scoring.review(stage, reviewing.panel_of(fresh(entry)))
    except sitting.Hopeless:
        another(stage, entry)
    sign(stage, entry)


def another(stage: Stage, entry: Challenge) -> None:
    """The panel is dissolved and a new one is planned; the end where that is hopeless too."""
    stage.memory.refused["panel.hopeless"] += 1
    scoring.dissolve(stage, reviewing.panel_of(fresh(entry)))
    stage.do("review.new_panel", reviewing.new_panel, entry, **by_staff(stage, WHY))
    try:
        scoring.review(stage, reviewing.panel_of(fresh(entry)))
    except sitting.Hopeless:
        end(stage, entry, "none")


def sign(stage: Stage, entry: Challenge) -> None:
    """Most panels sign; now and then a bid turns out false before the award is proposed."""
    if stage.dice.happens(0.6):
        scoring.sign(stage, reviewing.panel_of(fresh(entry)))
    admitted = checking.admitted(fresh(entry))
    if len(admitted) > 2 and stage.dice.happens(0.1):
        checks.disqualify(stage, stage.dice.choice(admitted))


# --- proposal, notice, award ----------------------------------------------------------------------------------------


def propose(stage: Stage, entry: Challenge, fate: str) -> None:
    proposed(stage, entry)
    ends_here(stage, entry, fate, "proposed")
    if fate == "again_proposed":
        again(stage, entry, new_panel=stage.dice.happens(0.5))


def proposed(stage: Stage, entry: Challenge) -> None:
    most = min(2, len(checking.admitted(fresh(entry)))) if entry.mechanism == Mechanism.RACE else 1
    many = stage.dice.randint(1, max(1, most))
    stage.do("award.propose", awarding.propose, entry, once=True, winners=many, **by_staff(stage))


def again(stage: Stage, entry: Challenge, *, new_panel: bool) -> None:
    """Another review, by another panel or the same one, and another proposal."""
    words: Words = {"new_panel": new_panel, **by_staff(stage, WHY)}
    stage.do("review.again", reviewing.review_again, entry, once=True, **words)
    panel = reviewing.panel_of(fresh(entry))
    try:
        if new_panel:
            scoring.review(stage, panel)
        else:
            scoring.score(stage, panel)
    except sitting.Hopeless:
        another(stage, entry)
    proposed(stage, entry)


def give(stage: Stage, entry: Challenge) -> Notice:
    made: Notice = stage.do("notice.give", noticing.give_notice, entry, once=True, **by_staff(stage))
    stage.refused("award.during_the_notice", awarding.confirm_award, entry, **by_officer(stage))
    return made


def by_officer(stage: Stage) -> dict[str, Any]:
    return {"actor": stage.officer, "day": stage.clock.day}


def notice(stage: Stage, entry: Challenge, fate: str) -> None:
    shown = give(stage, entry)
    if fate.startswith("objection_"):
        objecting.answered(stage, shown, fate.removeprefix("objection_"))
    elif fate.startswith("upheld_") or fate == "disqualified":
        objecting.upheld(stage, shown)
        after_objection(stage, entry, fate)
    pass_notice(stage, entry)


def after_objection(stage: Stage, entry: Challenge, fate: str) -> None:
    """What an upheld objection leads to."""
    how = fate.removeprefix("upheld_")
    if how in ("none", "withdraw"):
        end(stage, entry, how)
    if how in ("new", "same"):
        again(stage, entry, new_panel=how == "new")
    else:
        next_one(stage, entry, disqualify=how == "disqualified")
    give(stage, entry)


def next_one(stage: Stage, entry: Challenge, *, disqualify: bool) -> None:
    """Whoever stands by is proposed; the end where nobody does."""
    if disqualify:
        checks.disqualify(stage, entry.bids.filter(state="proposed").order_by("pk")[0])
    if not entry.bids.filter(state="admitted").exists():
        end(stage, entry, "none")
    stage.do("award.propose_next", awarding.propose_next, entry, once=True, **by_staff(stage, WHY))


def pass_notice(stage: Stage, entry: Challenge) -> None:
    """Until the last day is over; whoever objects then is late."""
    shown = noticing.running_notice(fresh(entry))
    stage.clock.to_day(shown.last_day)
    if stage.clock.day == shown.last_day:
        stage.refused("award.on_the_last_day", awarding.confirm_award, entry, **by_officer(stage))
        stage.clock.wait(days=1)
    objecting.too_late(stage, shown)


def award(stage: Stage, entry: Challenge, fate: str) -> None:
    confirm(stage, entry)
    if not fate.startswith("unsigned"):
        return
    void(stage, list(entry.contracts.filter(state="draft").order_by("pk")))
    if fate == "unsigned_none":
        end(stage, entry, "none")
    next_one(stage, entry, disqualify=False)
    give(stage, entry)
    pass_notice(stage, entry)
    confirm(stage, entry)


def confirm(stage: Stage, entry: Challenge) -> None:
    """Where a rule of eligibility fails by now nobody confirms, unless staff say why."""
    winners = [row.bid for row in awarding.winners_of(awarding.current_proposal(entry))]
    if not unfit(winners, day=stage.clock.day):
        stage.do("award.confirm", awarding.confirm_award, entry, once=True, **by_officer(stage))
        return
    stage.refused("award.confirmed_unfit", awarding.confirm_award, entry, **by_officer(stage))
    stage.refused("award.overruled_by_an_officer", awarding.confirm_award, entry, overrule=WHY, **by_officer(stage))
    stage.do("award.overrule", awarding.confirm_award, entry, once=True, overrule=WHY, **by_staff(stage))


def void(stage: Stage, contracts: list[Contract]) -> None:
    """Contracts that somebody would not sign, remembered or not."""
    for contract in contracts:
        bad = stage.dice.happens(0.5)
        words: Words = {"bad_record": bad, **by_staff(stage, "逾期未签约")}
        stage.do("contract.void", contracting.void, contract, once=True, **words)
