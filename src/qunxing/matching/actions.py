"""Writes of matching: shortlists and what people decide on them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.ledger.actions import change, create
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording
from qunxing.matching.computing import Computed, Found, kind_of
from qunxing.matching.models import Candidate, Judgement, Label, Requirement, Shortlist, Standing
from qunxing.matching.reasons import ANSWER_KINDS, TARGETS
from qunxing.matching.rules import Permission
from qunxing.matching.wording import finding_words
from qunxing.scenarios.models import Scenario

GRADES = {Judgement.Verdict.ACCEPTED: 3, Judgement.Verdict.REJECTED: 1}
UP, DOWN = 3, 2


# --- keeping a computation ------------------------------------------------------------------------------------------


def keep_shortlist(subject: Any, computed: Computed, *, actor: Any, day: date, ref: str = "") -> Shortlist:
    """Store the computation as the subject's newest shortlist; an order by hand is carried over from the one before."""
    named = {kind_of(subject): subject}
    made = Shortlist(
        **named,
        day=day,
        engine=computed.engine,
        weights=computed.weights,
        compared=computed.compared,
        remarks=" ".join(computed.remarks),
        demo=subject.demo,
    )
    made.ref = ref or made.ref
    with recording(actor=actor):
        before = Shortlist.objects.filter(**named).order_by("-pk").first()
        carry_over(before, made, {one.ranked.key for one in computed.found})
        create(made, actor=actor)
        Candidate.objects.bulk_create(candidates_of(made, computed.found))
    return made


def carry_over(before: Shortlist | None, made: Shortlist, keys: set[str]) -> None:
    """What was ordered by hand stays as far as its candidates are still there."""
    if before is None or before.order != Shortlist.Order.MANUAL:
        return
    kept = [ref for ref in before.manual.split() if ref in keys]
    if kept:
        made.order, made.manual, made.manual_reason = before.order, " ".join(kept), before.manual_reason


def candidates_of(shortlist: Shortlist, found: Sequence[Found]) -> list[Candidate]:
    keys = primary_keys(found)
    return [candidate_of(shortlist, one, keys) for one in found if (one.pool, one.ranked.key) in keys]


def primary_keys(found: Sequence[Found]) -> Mapping[tuple[str, str], int]:
    """{(pool or kind of answer, reference): key}; one query for each."""
    wanted: dict[str, set[str]] = {}
    for one in found:
        wanted.setdefault(one.pool, set()).add(one.ranked.key)
        if one.reason.answer is not None:
            wanted.setdefault(one.reason.answer[0], set()).add(one.reason.answer[1])
    kinds = {**TARGETS, **ANSWER_KINDS}
    return {
        (name, ref): pk
        for name, refs in wanted.items()
        for ref, pk in kinds[name].objects.filter(ref__in=refs).values_list("ref", "pk")
    }


def candidate_of(shortlist: Shortlist, found: Found, keys: Mapping[tuple[str, str], int]) -> Candidate:
    reason = found.reason
    answered = {f"{reason.answer[0]}_id": keys.get(reason.answer)} if reason.answer is not None else {}
    return Candidate(
        shortlist=shortlist,
        pool=found.pool,
        standing=found.standing,
        place=found.place,
        score=found.ranked.score,
        parts=[part._asdict() for part in found.ranked.parts],
        hits=[asdict(hit) for hit in reason.hits],
        passages=[asdict(passage) for passage in reason.passages],
        findings=[finding_words(finding, found.closed) for finding in found.findings],
        basis={kind: list(refs) for kind, refs in found.basis.items()},
        groups={**(reason.groups or {}), **({"group": found.group} if found.group else {})},
        **{f"{found.pool}_id": keys[found.pool, found.ranked.key]},
        **answered,
    )


# --- what people decide ---------------------------------------------------------------------------------------------


def share(shortlist: Shortlist, *, actor: Any, day: date) -> Shortlist:
    """Let the owner of the scenario see it."""
    require(actor, Permission.SHARE, shortlist)
    if shortlist.scenario is None:
        raise Refused(_("Only the shortlist of a scenario is shared."))
    return change(shortlist, actor=actor, values={"shared_on": day}, reason=str(_("Shared with the owner")))


def unshare(shortlist: Shortlist, *, actor: Any, reason: str) -> Shortlist:
    require(actor, Permission.SHARE, shortlist)
    return change(shortlist, actor=actor, values={"shared_on": None}, reason=needed_reason(reason))


def order_by_hand(
    shortlist: Shortlist, refs: Sequence[str], *, actor: Any, day: date, reason: str, expected: int | None = None
) -> Shortlist:
    """Keep an order by hand beside the computed one, and let it count; what moved becomes labels.

    StaleRecord when somebody ordered it since; Refused without a reason or with a name that is not on the list.
    """
    require(actor, Permission.ORDER, shortlist)
    reason, known = needed_reason(reason), proposed_refs(shortlist)
    wanted = list(dict.fromkeys(refs))
    if not wanted or not set(wanted) <= set(known):
        raise Refused(_("Only candidates of this shortlist can be put in order."), _("Reload the page."), 422)
    values = {"order": Shortlist.Order.MANUAL, "manual": " ".join(wanted), "manual_reason": reason}
    with recording(actor=actor, reason=reason):
        saved = change(shortlist, actor=actor, values=values, expected=expected, reason=reason)
        if saved.scenario is not None and actor is not None and actor.has_perm(Permission.JUDGE, saved):
            label_moves(saved, known, wanted, actor=actor, day=day, note=reason)
    return saved


def proposed_refs(shortlist: Shortlist) -> list[str]:
    """The candidates in the computed order, pool after pool, without the misses."""
    rows = shortlist.candidates.exclude(standing=Standing.MISSED)
    return [row.target.ref for row in rows.select_related("organization", "scenario", "fund", "offer")]


def back_to_computed(shortlist: Shortlist, *, actor: Any, reason: str, expected: int | None = None) -> Shortlist:
    """Let the computed order count again; the order by hand is kept and can be looked at."""
    require(actor, Permission.ORDER, shortlist)
    values = {"order": Shortlist.Order.COMPUTED}
    return change(shortlist, actor=actor, values=values, expected=expected, reason=needed_reason(reason))


def label_moves(
    shortlist: Shortlist, computed: Sequence[str], wanted: Sequence[str], *, actor: Any, day: date, note: str
) -> None:
    """Who was put above others by hand answers better than the engine thought, who was put below, worse."""
    before = {ref: place for place, ref in enumerate([ref for ref in computed if ref in set(wanted)])}
    moved = {ref: UP if place < before[ref] else DOWN for place, ref in enumerate(wanted) if before[ref] != place}
    for firm in TARGETS["organization"].objects.filter(ref__in=moved).order_by("pk"):
        set_label(shortlist.scenario, firm, moved[firm.ref], Label.Origin.ORDERED, actor=actor, day=day, note=note)


def judge(shortlist: Shortlist, candidate: Candidate, verdict: str, *, actor: Any, day: date, reason: str) -> Judgement:
    """Accept or reject a candidate, with a reason; both sides see it, and the engine learns from it."""
    require(actor, Permission.JUDGE, shortlist)
    if shortlist.scenario is None or candidate.organization is None or verdict not in Judgement.Verdict:
        raise Refused(_("Only firms on the shortlist of a scenario are judged."))
    pair = {"scenario": shortlist.scenario, "organization": candidate.organization}
    values = {"verdict": verdict, "reason": needed_reason(reason), "day": day}
    with recording(actor=actor, reason=reason):
        take_turns(shortlist.scenario)
        stored = Judgement.objects.filter(**pair).first()
        if stored is None:
            kept: Judgement = create(Judgement(**pair, **values, demo=shortlist.demo), actor=actor, reason=reason)
        else:
            kept = change(stored, actor=actor, values=values, reason=reason)
        grade, origin = GRADES[Judgement.Verdict(verdict)], Label.Origin(verdict)
        set_label(**pair, grade=grade, origin=origin, actor=actor, day=day, note=reason)
    return kept


def set_label(
    scenario: Any, organization: Any, grade: int, origin: str, *, actor: Any, day: date, note: str = ""
) -> Label:
    """The rater's label of this origin for the pair; the former one becomes a version of it."""
    pair = {"scenario": scenario, "organization": organization, "rater": actor, "origin": origin}
    with recording(actor=actor):
        take_turns(scenario)
        stored = Label.objects.filter(**pair).first()
        if stored is None:
            return create(Label(**pair, grade=grade, day=day, note=note, demo=scenario.demo), actor=actor)
        saved: Label = change(stored, actor=actor, values={"grade": grade, "day": day, "note": note})
    return saved


def take_turns(scenario: Any) -> None:
    """Wait for whoever writes for this scenario now: what is looked up after this is still so when it is written."""
    Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)


def set_requirement(scenario: Scenario, *, actor: Any, values: Mapping[str, Any], **words: Any) -> Requirement:
    """What the scenario asks of firms; made at its first setting."""
    require(actor, Permission.REQUIRE, scenario)
    with recording(actor=actor, reason=words.get("reason", ""), source=words.get("source")):
        take_turns(scenario)
        stored = Requirement.objects.filter(scenario=scenario).first()
        if stored is None:
            words.pop("expected", None)
            return create(Requirement(scenario=scenario, **values), actor=actor, **words)
        saved: Requirement = change(stored, actor=actor, values=values, **words)
    return saved


def require(actor: Any, permission: str, row: Any) -> None:
    if actor is not None and not actor.has_perm(permission, row):
        raise PermissionDenied
