"""The formal check: what the program found, what staff settle by hand, who is admitted."""

from qunxing.challenges.actions import checking, reviewing
from qunxing.challenges.checkpoints import FAIL, UNKNOWN
from qunxing.challenges.models import Bid, Challenge, FormalCheck
from qunxing.challenges.rehearsal.stage import Stage, Words, fresh

STRICT = frozenset({"relation", "bad_record"})
OPEN = frozenset({FAIL, UNKNOWN})
REASON = "不符合形式要求"


def check_all(stage: Stage, entry: Challenge, *, refuse_all: bool = False) -> None:
    """Each opened bid is admitted, refused, or now and then disqualified."""
    made = stage.do("check.all", checking.check_all, entry, **on_the_day(stage))
    found: dict[int, FormalCheck] = {row.bid_id: row for row in made}
    for bid in Bid.objects.filter(challenge=entry, state="damaged").order_by("pk"):
        damaged(stage, bid, found[bid.pk])
    for bid in Bid.objects.filter(challenge=entry, state="opened").order_by("number"):
        if stage.dice.happens(0.02):
            disqualify(stage, bid)
            continue
        if stage.dice.happens(0.1):
            found[bid.pk] = stage.do("check.look", checking.check, bid, **on_the_day(stage))
        check_one(stage, found[bid.pk], refuse=refuse_all or stage.dice.happens(0.03))


def damaged(stage: Stage, bid: Bid, made: FormalCheck) -> None:
    """Nobody's word makes it what was received: the review begins once it is refused, or brought back."""
    words: Words = {"actor": stage.staff, "day": stage.clock.day, "reason": "封存件无法恢复"}
    stage.refused("review.with_a_damaged_bid", reviewing.begin_review, bid.challenge, **on_the_day(stage))
    spoken: Words = {"code": "seal", "state": "pass", "detail": "口头保证"}
    stage.refused("check.judge_damaged", checking.judge, made, actor=stage.staff, **spoken)
    stage.refused("check.admit_damaged", checking.decide_check, made, verdict="admit", **words)
    stage.do("check.decide", checking.decide_check, made, verdict="refuse", once=True, **words)


def on_the_day(stage: Stage) -> Words:
    return {"actor": stage.staff, "day": stage.clock.day}


def disqualify(stage: Stage, bid: Bid) -> None:
    stage.do("bid.disqualify", checking.disqualify, bid, actor=stage.staff, reason="提供虚假材料", once=True)


def check_one(stage: Stage, made: FormalCheck, *, refuse: bool) -> None:
    """Points that failed or are not known are settled by hand; only who passes them all is admitted."""
    words = on_the_day(stage)
    failed = [one["code"] for one in made.points if one["state"] in OPEN]
    if failed:
        stage.refused("check.admitted_with_a_failed_point", checking.decide_check, made, verdict="admit", **words)
    for code in failed:
        state = "fail" if code in STRICT else stage.dice.choice(["pass", "pass", "pass", "fail"])
        stage.do("check.judge", checking.judge, made, actor=stage.staff, code=code, state=state, detail="核对原件")
    passed = all(one["state"] not in OPEN for one in fresh(made).points) and not refuse
    verdict: Words = {"verdict": "admit"} if passed else {"verdict": "refuse", "reason": REASON}
    stage.do("check.decide", checking.decide_check, made, once=True, **words, **verdict)
