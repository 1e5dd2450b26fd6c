"""A stored shortlist as one reader sees it: only candidates and rows that are open to them, places counted anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from qunxing.core.errors import Text
from qunxing.directory.models import Task, field_labels
from qunxing.ledger.kinds import record_kinds
from qunxing.matching.changes import Line, changes_of
from qunxing.matching.engine import Ranked, diversify
from qunxing.matching.engine.conditions import Outcome
from qunxing.matching.marking import marked
from qunxing.matching.models import Candidate, Invitation, Judgement, Shortlist, Standing
from qunxing.matching.reasons import ANSWER_KINDS, TARGETS
from qunxing.matching.shown import Share, Shown, ShownEvidence, ShownFinding, ShownHit
from qunxing.matching.wording import (
    ICONS,
    NEED_FIELDS,
    OUTCOMES,
    PARTS,
    TONES,
    closing_text,
    condition_label,
    evidence_text,
)

TERMS_SHOWN = 8
FIRST = 8
SISTERS = "group"
Seen = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class ShownPool:
    """The candidates of one pool in the order that is shown, the nearest misses apart."""

    pool: str
    proposed: list[Shown]
    misses: list[Shown]

    @property
    def first(self) -> list[Shown]:
        return self.proposed[:FIRST]

    @property
    def further(self) -> list[Shown]:
        return self.proposed[FIRST:]


@dataclass(frozen=True)
class ShownList:
    shortlist: Shortlist
    pools: list[ShownPool]
    order: str
    spread: str = ""
    cap: int = 0
    everyone: list[Shown] = field(default_factory=list)

    @property
    def terms(self) -> set[str]:
        """The words that matched with any candidate that is shown."""
        return {term for one in self.everyone for term in one.terms}

    @property
    def nobody(self) -> bool:
        return not any(pool.proposed for pool in self.pools)


def shown_list(shortlist: Shortlist, *, user: Any, order: str = "", spread: str = "", cap: int = 0) -> ShownList:
    """The list for this reader; a constant number of queries for each kind of row that it rests on."""
    everyone = shown_candidates(shortlist, user)
    wanted = order if order in Shortlist.Order else shortlist.order
    pools = [
        pool_of(name, [one for one in everyone if one.candidate.pool == name], wanted, spread, cap) for name in TARGETS
    ]
    found = [pool for pool in pools if pool.proposed or pool.misses]
    return ShownList(shortlist, found, wanted, spread, cap, everyone)


def shown_candidates(shortlist: Shortlist, user: Any) -> list[Shown]:
    """In the computed order of each pool, with places among what the reader sees."""
    rows = list(shortlist.candidates.all())
    targets = {
        name: visible(kind, [r.target_id for r in rows if r.pool == name], user) for name, kind in TARGETS.items()
    }
    rows = [row for row in rows if row.target_id in targets[row.pool]]
    seen, answers, names = seen_rows(rows, user), seen_answers(rows, user), code_names()
    stale = {row.pk for row in rows if is_stale(row, seen)}
    tops = {row.pool: row.score for row in sorted(rows, key=lambda row: row.score) if row.pk not in stale}
    counts: dict[str, int] = {}
    found = []
    for row in rows:
        counts[row.pool] = counts.get(row.pool, 0) + 1
        target = targets[row.pool][row.target_id]
        one = shown_candidate(row, target, counts[row.pool], answers)
        if row.pk not in stale:
            add_reasons(one, tops[row.pool], seen, names)
        found.append(one)
    add_changes(found)
    add_words(found, shortlist, user)
    return found


def code_names() -> dict[str, Text]:
    """{code of a technical field or a task: its name in the reader's language}."""
    return {**dict(Task.choices), **field_labels()}


def visible(kind: Any, keys: Sequence[int], user: Any) -> dict[int, Any]:
    return {row.pk: row for row in kind.objects.visible_to(user).filter(pk__in=keys)} if keys else {}


def seen_rows(rows: Iterable[Candidate], user: Any) -> Seen:
    """{kind of record: {reference: row}} of what the candidates rest on, as far as the reader may see it."""
    wanted: dict[str, set[str]] = {}
    for row in rows:
        for kind, refs in [*row.basis.items(), *closed_refs(row)]:
            wanted.setdefault(kind, set()).update(refs)
    kinds = record_kinds()
    return {
        kind: {row.ref: row for row in with_parent(kinds[kind].objects.visible_to(user).filter(ref__in=refs))}
        for kind, refs in wanted.items()
        if kind in kinds
    }


def closed_refs(row: Candidate) -> list[tuple[str, list[str]]]:
    """Rows that were closed to the community when they were counted."""
    said = [one for finding in row.findings for one in finding["evidence"]]
    return [(one["kind"], [one["ref"]]) for one in said if one.get("closed")]


def with_parent(rows: Any) -> Any:
    """The parents in the same query: a part has no page of its own."""
    return rows.select_related(rows.model.PARENT) if rows.model.PARENT else rows


def seen_answers(rows: Sequence[Candidate], user: Any) -> dict[str, dict[int, Any]]:
    keys = {name: [key for row in rows if (key := getattr(row, f"{name}_id"))] for name in ANSWER_KINDS}
    return {name: visible(kind, keys[name], user) for name, kind in ANSWER_KINDS.items()}


def is_stale(row: Candidate, seen: Seen) -> bool:
    """Whether a row that its reasons rest on is closed to the reader, or gone."""
    return any(ref not in seen.get(kind, {}) for kind, refs in row.basis.items() for ref in refs)


def shown_candidate(row: Candidate, target: Any, place: int, answers: Mapping[str, Mapping[int, Any]]) -> Shown:
    """The candidate without its reasons."""
    kind, answer = next(
        ((name, answers[name][key]) for name in answers if (key := getattr(row, f"{name}_id")) in answers[name]),
        ("", None),
    )
    return Shown(row, target, place, stale=True, answer=answer, answer_kind=kind)


def add_reasons(one: Shown, top: float, seen: Seen, names: Mapping[str, Text]) -> None:
    row = one.candidate
    every = {hit["term"] for hit in row.hits if is_word(hit)}
    one.stale = False
    one.shares = shares_of(row, top)
    one.findings = [shown_finding(finding, seen) for finding in row.findings]
    one.hits = [shown_hit(hit, names) for hit in row.hits]
    one.terms = told_terms(row.hits)
    one.passages = [(PARTS[passage["field"]], marked(passage["text"], every)) for passage in row.passages]


def shares_of(row: Candidate, top: float) -> list[Share]:
    """The parts laid end to end; the best candidate of the pool fills the bar."""
    found, start = [], 0.0
    for part in row.parts:
        width = part["value"] / top * 100 if top > 0 else 0.0
        found.append(Share(part["name"], PARTS.get(part["name"], part["name"]), part["value"], start, width))
        start += width
    return found


def shown_hit(hit: Mapping[str, Any], names: Mapping[str, Text]) -> ShownHit:
    need = NEED_FIELDS.get(hit["need_field"], hit["need_field"])
    term = str(names.get(hit["term"], hit["term"])) if hit["part"] == "codes" else hit["term"]
    return ShownHit(term, need, PARTS.get(hit["part"], hit["part"]), hit["value"])


def told_terms(hits: Sequence[Mapping[str, Any]]) -> list[str]:
    """The words that gave most, without those that are part of a longer one; pairs only where there are no words."""
    by_kind = [[hit["term"] for hit in hits if is_word(hit) and (hit["part"] == "pairs") == pairs] for pairs in (0, 1)]
    words = list(dict.fromkeys(by_kind[0] or by_kind[1]))
    whole = [word for word in words if not any(word != other and word in other for other in words)]
    return whole[:TERMS_SHOWN]


def is_word(hit: Mapping[str, Any]) -> bool:
    """Whether the hit is told as a word: no code, no single character."""
    return len(hit["term"]) > 1 and hit["part"] not in {"codes", "meaning", "characters"}


def shown_finding(finding: Mapping[str, Any], seen: Seen) -> ShownFinding:
    """What the condition says; of a row that is closed to the reader no more than that there is one."""
    outcome = Outcome(finding["outcome"])
    hidden = [one for one in finding["evidence"] if is_hidden(one, seen)]
    told = [one for one in finding["evidence"] if one not in hidden]
    evidence = [
        ShownEvidence(evidence_text(finding["code"], one), address(one, seen), one["day"], kind=one["kind"])
        for one in told
    ]
    if hidden:
        evidence.append(ShownEvidence(gettext("a closed record"), "", ""))
    closing = closing_text(finding)
    return ShownFinding(
        finding["code"],
        condition_label(finding["code"]),
        outcome,
        OUTCOMES[outcome],
        TONES[outcome],
        ICONS[outcome],
        evidence,
        gettext("It rests on a closed record: ask the staff.") if hidden and closing else closing,
    )


def is_hidden(evidence: Mapping[str, Any], seen: Seen) -> bool:
    return bool(evidence.get("closed")) and evidence["ref"] not in seen.get(evidence["kind"], {})


def address(evidence: Mapping[str, str], seen: Seen) -> str:
    row = seen.get(evidence["kind"], {}).get(evidence["ref"])
    return row.get_absolute_url() if row is not None else ""


# --- the order ------------------------------------------------------------------------------------------------------


def add_changes(found: Sequence[Shown]) -> None:
    for pool in {one.candidate.pool for one in found}:
        here = [one for one in found if one.candidate.pool == pool]
        changes = changes_of([line_of(one) for one in here])
        for one in here:
            one.changes = () if one.stale else changes[one.key]


def line_of(one: Shown) -> Line:
    outcomes = [finding["outcome"] for finding in one.candidate.findings]
    parts = {part["name"]: part["value"] for part in one.candidate.parts}
    failed, unknown = outcomes.count(Outcome.FAIL), outcomes.count(Outcome.UNKNOWN)
    return Line(one.key, one.candidate.standing, one.score, parts, failed, unknown, one.stale)


def add_words(found: Sequence[Shown], shortlist: Shortlist, user: Any) -> None:
    """What people said of the candidates: places by hand, verdicts, invitations."""
    if shortlist.scenario_id:
        pair = {"scenario": shortlist.scenario_id}
        judged = {row.organization_id: row for row in Judgement.objects.visible_to(user).filter(**pair)}
        invited = {row.organization_id: row for row in Invitation.objects.visible_to(user).filter(**pair)}
        for one in found:
            one.judgement = judged.get(one.candidate.target_id)
            one.invitation = invited.get(one.candidate.target_id)
    known = {one.key for one in found}
    by_hand = {ref: place for place, ref in enumerate([ref for ref in shortlist.manual_places if ref in known], 1)}
    for one in found:
        one.by_hand = by_hand.get(one.key, 0)


def pool_of(name: str, found: Sequence[Shown], order: str, spread: str, cap: int) -> ShownPool:
    """Proposed ones in the order wanted, the misses after them."""
    proposed = [one for one in found if one.standing != Standing.MISSED]
    if order == Shortlist.Order.MANUAL:
        proposed.sort(key=lambda one: (one.by_hand == 0, one.by_hand, one.place))
    elif spread and cap > 0:
        proposed = spread_out(proposed, spread, cap)
    misses = [one for one in found if one.standing == Standing.MISSED]
    for place, one in enumerate([*proposed, *misses], start=1):
        one.shown_place = place
    return ShownPool(name, proposed, misses)


def spread_out(proposed: Sequence[Shown], spread: str, cap: int) -> list[Shown]:
    """At most `cap` of one kind first, those that pass before those of which something is not known.

    Firms of one corporate group count as one: the best of them stands for all.
    """
    kinds, sisters = grouped(proposed, spread), grouped(proposed, SISTERS)
    by_key = {one.key: one for one in proposed}
    found: list[Shown] = []
    for standing in (Standing.FIT, Standing.OPEN):
        here = [ranked_of(one) for one in proposed if one.standing == standing]
        lead = [one for one, first in zip(here, firsts([sisters.get(one.key) for one in here]), strict=True) if first]
        rest = [one for one in here if one not in lead]
        order = lead if spread == SISTERS else diversify(lead, kinds, cap)
        found += [by_key[ranked.key] for ranked in (*order, *rest)]
    return found


def grouped(proposed: Sequence[Shown], spread: str) -> dict[str, str]:
    return {one.key: group for one in proposed if (group := one.candidate.groups.get(spread))}


def firsts(groups: Iterable[str | None]) -> list[bool]:
    """Of each whether its group was not met before; what has none is the first of its own."""
    met: set[str] = set()
    found = []
    for group in groups:
        found.append(group is None or group not in met)
        met |= {group} if group else set()
    return found


def ranked_of(one: Shown) -> Ranked:
    return Ranked.of(one.key, one.score, {part["name"]: part["value"] for part in one.candidate.parts})
