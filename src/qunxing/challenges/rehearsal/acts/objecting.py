"""Objections: anonymous, late, dismissed, taken back, upheld."""

from datetime import timedelta
from typing import Any

from qunxing.challenges.actions import awarding, noticing, objecting
from qunxing.challenges.actions.objecting import Voice
from qunxing.challenges.models import Notice, Objection
from qunxing.challenges.rehearsal.cast import person, writer_of
from qunxing.challenges.rehearsal.stage import Stage, Words, fresh

NAMELESS = ("匿名", "王某", "x", "", "某先生", "Anonymous")
GROUNDS = "第一名的案例与公开资料不符"
REPLY = "经查，异议材料与事实不符。"


def voice(stage: Stage) -> Voice:
    """Somebody with a real name and a phone number that no other row has."""
    phone = f"139{stage.dice.randrange(10**8):08d}"
    stage.memory.objectors.add(phone)
    user = writer_of(stage.dice.choice(stage.cast.firms)) if stage.dice.happens(0.7) else None
    return Voice(name=person(stage.dice), employer="示例单位", phone=phone, user=user)


def said(stage: Stage, who: Voice) -> dict[str, Any]:
    return {"at": stage.clock.at, "voice": who, "grounds": GROUNDS, "proof": "截图"}


def received(stage: Stage, shown: Notice) -> Objection:
    """One that is taken, after one that is anonymous."""
    nameless = Voice(name=stage.dice.choice(NAMELESS), employer="示例单位", phone="13900000000")
    stage.refused("objection.anonymous", objecting.object_to, shown, **said(stage, nameless))
    made: Objection = stage.do("objection.put", objecting.object_to, shown, **said(stage, voice(stage)))
    if stage.dice.happens(0.5):
        stage.do("objection.examine", objecting.examine, made, actor=stage.staff, once=True)
    return made


def answer(stage: Stage, made: Objection, *, upheld: bool) -> None:
    stage.clock.wait(days=stage.dice.choice([0, 1, 12]))
    words: Words = {"actor": stage.staff, "day": stage.clock.day, "upheld": upheld, "reply": REPLY}
    stage.do("objection.uphold" if upheld else "objection.dismiss", objecting.answer, made, once=True, **words)


def answered(stage: Stage, shown: Notice, how: str) -> None:
    """Dismissed with the notice suspended meanwhile, taken back, or open until the very end."""
    made = received(stage, shown)
    if how == "open":
        still_open(stage, shown, made)
    elif how == "withdrawn":
        take_back(stage, made)
    else:
        suspend(stage, shown)
        stage.refused("notice.resumed_unanswered", noticing.resume_notice, shown, **by_officer(stage, "继续公示"))
        answer(stage, made, upheld=False)
        stage.do("notice.resume", noticing.resume_notice, shown, once=True, **by_officer(stage, "异议已答复"))


def by_officer(stage: Stage, reason: str) -> dict[str, Any]:
    return {"actor": stage.officer, "day": stage.clock.day, "reason": reason}


def suspend(stage: Stage, shown: Notice) -> None:
    stage.do("notice.suspend", noticing.suspend_notice, shown, once=True, **by_officer(stage, "核查异议"))


def take_back(stage: Stage, made: Objection) -> None:
    """By whoever wrote it, if they were signed in; by the program on their letter otherwise."""
    visitor = stage.visitor
    stage.refused("objection.withdrawn_by_another", objecting.withdraw, made, actor=visitor)
    stage.do("objection.withdraw", objecting.withdraw, made, actor=made.objector.user, once=True)


def still_open(stage: Stage, shown: Notice, made: Objection) -> None:
    """While one is open nobody is awarded, however long the notice has run."""
    stage.clock.to_day(fresh(shown).last_day + timedelta(days=1))
    words: Words = {"actor": stage.officer, "day": stage.clock.day}
    stage.refused("award.with_an_open_objection", awarding.confirm_award, shown.challenge, **words)
    answer(stage, made, upheld=False)


def upheld(stage: Stage, shown: Notice) -> None:
    """Upheld, at once or while the notice is suspended; others may still be open and are answered too."""
    made = received(stage, shown)
    second = received(stage, shown) if stage.dice.happens(0.3) else None
    if stage.dice.happens(0.3):
        suspend(stage, shown)
    answer(stage, made, upheld=True)
    if second is not None:
        answer(stage, second, upheld=False)


def too_late(stage: Stage, shown: Notice) -> None:
    stage.refused("objection.late", objecting.object_to, shown, **said(stage, voice(stage)))
