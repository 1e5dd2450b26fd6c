"""Bids: written by several, with partners who confirm, handed in, replaced, taken back, withdrawn, late."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from time import monotonic
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import PermissionDenied

from qunxing.challenges import clock
from qunxing.challenges.actions import attaching, bidding, submitting
from qunxing.challenges.content import BidContent
from qunxing.challenges.models import Bid, Challenge, ChallengeList
from qunxing.challenges.queries.bids import read_draft
from qunxing.challenges.rehearsal.acts import papers
from qunxing.challenges.rehearsal.cast import writer_of
from qunxing.challenges.rehearsal.memory import Handed
from qunxing.challenges.rehearsal.stage import Stage, Words, fresh
from qunxing.directory.models import Membership, Organization
from qunxing.ledger.actions import create, remove
from qunxing.ledger.canonical import digest

# What becomes of a draft once it is whole, the usual most often.
FATES: tuple[tuple[str, ...], ...] = (
    *[("submit",)] * 12,
    ("submit", "replace"),
    ("submit", "replace"),
    ("submit", "take_back", "submit"),
    ("submit", "take_back"),
    ("submit", "withdraw"),
    ("withdraw",),
    (),
    ("late",),
    ("submit", "late"),
    ("submit", "long_upload"),
    ("set_back",),
    ("rival",),
)
AFTER_THE_DEADLINE = frozenset({"late", "long_upload", "set_back"})
CONSORTIUM = 0.35


@dataclass
class Bidding:
    """What happens on one list: who leads or helps where, and what is tried once the deadline is over."""

    board: ChallengeList
    used: dict[int, set[int]] = field(default_factory=dict)
    leads: set[int] = field(default_factory=set)
    late: list[Callable[[], None]] = field(default_factory=list)


@dataclass
class Written:
    """A bid in the making."""

    bid: Bid
    lead: Organization
    partners: list[Organization]
    secret: str


def many(stage: Stage, bidding_: Bidding, count: int) -> None:
    """So many bids for the open challenges of the list."""
    fates = stage.dice.deal(FATES, count)
    for fate in fates:
        entries = list(bidding_.board.challenges.filter(state="open").order_by("pk"))
        entry = stage.dice.choice(entries) if entries else None
        team = choose(stage, bidding_, entry) if entry is not None else []
        if entry is not None and team:
            one(stage, bidding_, entry, team, fate)


def choose(stage: Stage, bidding_: Bidding, entry: Challenge) -> list[Organization]:
    """A lead and its partners who are in no other bid for the challenge; nobody where none is left."""
    used = bidding_.used.setdefault(entry.pk, set())
    free = [key for key in stage.cast.firms if key not in used]
    one_lead = fresh(bidding_.board).rules.bidding.one_lead_per_list
    leads = [key for key in free if not (one_lead and key in bidding_.leads)]
    if not leads:
        return []
    lead = stage.dice.choice(leads)
    rest = [key for key in free if key != lead]
    partners = stage.dice.choice([1, 2, 3]) if stage.dice.happens(CONSORTIUM) else 0
    team = [lead, *stage.dice.sample(rest, min(partners, len(rest)))]
    used.update(team)
    bidding_.leads.add(lead)
    return [stage.firm(key) for key in team]


def one(stage: Stage, bidding_: Bidding, entry: Challenge, team: list[Organization], fate: tuple[str, ...]) -> None:
    written = write(stage, entry, team[0], team[1:])
    for step in fate:
        if step in AFTER_THE_DEADLINE:
            bidding_.late.append(partial(after_the_deadline, stage, written, step))
        elif step == "rival":
            rival(stage, bidding_, entry, written)
        else:
            STEPS[step](stage, written)


# --- writing --------------------------------------------------------------------------------------------------------


def write(stage: Stage, entry: Challenge, lead: Organization, partners: list[Organization]) -> Written:
    """A draft that lacks nothing; who does not write for the lead is kept out."""
    words: Words = {"organization": lead, "at": stage.clock.at}
    if stage.dice.happens(0.1):
        viewer = writer_of(lead, role="viewer")
        stage.refused("bid.by_a_viewer", bidding.create_bid, entry, actor=viewer, **words)
    bid = stage.do("bid.create", bidding.create_bid, entry, actor=writer_of(lead), once=True, **words)
    written = Written(bid, lead, partners, papers.phrase(stage.dice))
    stage.memory.sealed.add(written.secret)
    said = papers.content(fresh(entry), lead, partners, stage.dice, written.secret)
    stage.memory.leaders.add(said.leader.name)
    stage.do("bid.save", save, stage, written, said)
    if stage.dice.happens(0.1):
        other = replace(said, basis="另一人所写")
        stage.refused("bid.two_at_once", save, stage, written, other, expected=1, by=bidding.StaleDraft)
    if partners and stage.dice.happens(0.15):
        stage.refused("bid.incomplete", submit_as, stage, written, by=submitting.Incomplete)
    files(stage, written)
    for partner in partners:
        answer(stage, written, partner)
    if stage.dice.happens(0.1):
        faulty(stage, written)
    return written


def faulty(stage: Stage, written: Written) -> None:
    """Saved with a fault, it cannot be handed in; put right, it can."""
    right = read_draft(fresh(written.bid)).content
    stage.do("bid.save", save, stage, written, papers.faulty(right, stage.dice))
    stage.refused("bid.with_a_fault", submit_as, stage, written, by=submitting.Incomplete)
    stage.do("bid.save", save, stage, written, right)


def save(stage: Stage, written: Written, said: BidContent, expected: int | None = None) -> int:
    bid = fresh(written.bid)
    draft = read_draft(bid).content
    kept = replace(said, facts=draft.facts, attachments=draft.attachments)
    actor = writer_of(written.lead, role=stage.dice.choice(["owner", "editor"]))
    return bidding.save_draft(bid, actor=actor, content=kept, at=stage.clock.at, expected=expected)


def files(stage: Stage, written: Written) -> None:
    """The files that the rules ask for; one that is a script is not taken."""
    rules = fresh(written.bid).board.rules.bidding
    words: Words = {"actor": writer_of(written.lead), "at": stage.clock.at, "name": f"{written.secret}.pdf"}
    if stage.dice.happens(0.05):
        script = b"#!/bin/sh\necho"
        stage.refused("bid.script_attached", attaching.attach, written.bid, data=script, kind="other", **words)
    for kind in ["stamped"] * rules.stamped_pdf + ["agreement"] * bool(written.partners):
        data = papers.pdf(written.secret)
        stage.do("bid.attach", attaching.attach, written.bid, data=data, kind=kind, **words)


def answer(stage: Stage, written: Written, partner: Organization) -> None:
    """Confirmed in the end; before that perhaps declined, taken back, or asked again because its part changed."""
    for step in stage.dice.choice([("confirm",)] * 4 + [("decline", "confirm"), ("confirm", "decline", "confirm")]):
        speak(stage, written, partner, step)
    if stage.dice.happens(0.15):
        if stage.dice.happens(0.5):
            speak(stage, written, partner, "decline")
        stage.do("bid.change_part", change_part, stage, written, partner)
        speak(stage, written, partner, "confirm")


def speak(stage: Stage, written: Written, partner: Organization, step: str) -> None:
    words: Words = {"actor": writer_of(partner), "organization": partner, "at": stage.clock.at}
    stage.do(f"part.{step}", bidding.answer_part, written.bid, step, **words)


def change_part(stage: Stage, written: Written, partner: Organization) -> int:
    """Give the partner something else to do."""
    said = read_draft(fresh(written.bid)).content
    tasks = f"另一项任务 {stage.dice.hexes(2)}"
    parts = tuple(replace(p, tasks=tasks) if p.organization == partner.ref else p for p in said.partners)
    return save(stage, written, replace(said, partners=parts))


# --- handing in -----------------------------------------------------------------------------------------------------


def submit(stage: Stage, written: Written) -> None:
    """By an owner or editor; not by somebody who has left the firm."""
    if stage.dice.happens(0.06):
        leaver(stage, written)
    stage.do("bid.submit", submit_as, stage, written)
    keep(stage, written)


def submit_as(stage: Stage, written: Written, *, at: datetime | None = None, actor: Any = None) -> Any:
    actor = actor or writer_of(written.lead)
    return submitting.submit(fresh(written.bid), actor=actor, at=at or stage.clock.at)


def keep(stage: Stage, written: Written) -> None:
    """Remember what was handed in, to hold the opened bid against it."""
    bid = fresh(written.bid)
    said = digest(read_draft(bid).content.as_json())
    at = bid.submitted_at or stage.clock.at
    stage.memory.handed[bid.ref, bid.version] = Handed(said, at, written.secret)


def leaver(stage: Stage, written: Written) -> None:
    """An editor who left may not hand in; later they join again."""
    row = Membership.objects.get(organization=written.lead, role="editor")
    facts: Words = {"organization_id": row.organization_id, "user_id": row.user_id, "role": row.role}
    stage.do("member.leave", remove, row, actor=stage.staff, reason="离职")
    gone = stage.user(facts["user_id"])
    stage.refused("bid.by_who_left", submit_as, stage, written, actor=gone, by=PermissionDenied)
    stage.do("member.join", lambda: create(Membership(**facts), actor=stage.staff))


def replace_bid(stage: Stage, written: Written) -> None:
    """Another version; what the one before said is read by nobody."""
    secret = papers.phrase(stage.dice)
    stage.memory.sealed.add(secret)
    said = read_draft(fresh(written.bid)).content
    stage.do("bid.save", save, stage, written, replace(said, route=f"另一条路线 {secret}"))
    written.secret = secret
    stage.do("bid.replace", submit_as, stage, written)
    keep(stage, written)


def take_back(stage: Stage, written: Written) -> None:
    words: Words = {"actor": writer_of(written.lead), "at": stage.clock.at}
    stage.do("bid.take_back", submitting.take_back, written.bid, once=True, **words)


def withdraw(stage: Stage, written: Written) -> None:
    words: Words = {"actor": writer_of(written.lead), "at": stage.clock.at}
    stage.do("bid.withdraw", submitting.withdraw, written.bid, once=True, **words)


STEPS: dict[str, Callable[[Stage, Written], None]] = {
    "submit": submit,
    "replace": replace_bid,
    "take_back": take_back,
    "withdraw": withdraw,
}


def rival(stage: Stage, bidding_: Bidding, entry: Challenge, written: Written) -> None:
    """A partner of this bid is in another one for the same challenge."""
    submit(stage, written)
    shared = [*written.partners, written.lead][0]
    others = [key for key in stage.cast.firms if key not in bidding_.used[entry.pk]]
    if not others:
        return
    lead = stage.firm(stage.dice.choice(others))
    bidding_.used[entry.pk].add(lead.pk)
    second = write(stage, entry, lead, [shared])
    if fresh(bidding_.board).rules.bidding.rival_partners == "refuse":
        stage.refused("bid.rival", submit_as, stage, second, by=submitting.Rival)
        withdraw(stage, second)
    elif lead.pk not in bidding_.leads:
        submit(stage, second)
    bidding_.leads.add(lead.pk)


# --- after the deadline ---------------------------------------------------------------------------------------------


def after_the_deadline(stage: Stage, written: Written, step: str) -> None:
    """Refused however it is tried; an upload that began in time only as the rules say."""
    bid = fresh(written.bid)
    if stage.clock.at <= bid.board.deadline:
        return
    if step == "late":
        stage.refused("bid.late", submit_as, stage, written, by=bidding.Late)
        words: Words = {"actor": writer_of(written.lead), "at": stage.clock.at}
        stage.refused("bid.late_withdrawal", submitting.withdraw, written.bid, by=bidding.Late, **words)
    elif step == "set_back":
        with stage.clock.set_back(hours=stage.dice.choice([2, 30, 400])):
            stage.refused("bid.clock_set_back", submit_as, stage, written, at=clock.now(), by=bidding.Late)
    elif bid.board.rules.bidding.late_upload == "began":
        long_upload(stage, written, bid)


def long_upload(stage: Stage, written: Written, bid: Bid) -> None:
    """It began in time and ended after: taken, unless it took longer than the rules have it."""
    lasted = (stage.clock.at - bid.board.deadline).total_seconds() + 20
    at = clock.arrival(SimpleNamespace(META={}, began=monotonic() - lasted), bid.board.rules)
    if at <= bid.board.deadline:
        stage.do("bid.long_upload", submit_as, stage, written, at=at)
        keep(stage, written)
    else:
        stage.refused("bid.too_long_upload", submit_as, stage, written, at=at, by=bidding.Late)
