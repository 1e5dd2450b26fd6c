"""Writes of conflicts: found by the program, judged by people, asked for by bidders."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.core.states import advance
from qunxing.core.text import fold_name
from qunxing.directory.models import Organization
from qunxing.ledger.actions import add_many, change_many, create
from qunxing.ledger.models import LogEntry, LogHead
from qunxing.ledger.reasons import needed_reason, needed_text
from qunxing.ledger.recording import recording
from qunxing.panels.actions.common import require, tell
from qunxing.panels.conflicts import WATCHED, Found, find
from qunxing.panels.models import Check, Conflict, Expert, Item, Panel, RecusalRequest
from qunxing.panels.models.conflicts import Kind, Origin
from qunxing.panels.rules import Permission
from qunxing.panels.states import CONFLICT, OVER, REQUEST, ConflictState, RequestState


def check_conflicts(panel: Panel, *, day: date | None = None, actor: Any = None) -> tuple[Conflict, ...]:
    """Look for ties between experts and the panel's items and issuers on the day, and keep what is found.

    Gives all conflicts that stand. What people decided stays decided; what is no longer there lapses.
    """
    require(actor, Permission.RUN, panel)
    with recording(actor=actor):
        size = log_size()
        keep_found(panel, find(panel, day or panel.day))
        Check.objects.update_or_create(panel=panel, defaults={"index": size})
    return tuple(Conflict.objects.filter(panel=panel).standing().select_related("expert", "item"))


def recheck(panel: Panel, *, actor: Any = None) -> bool:
    """Look again where something was written since that conflicts hang on; whether it was."""
    if not is_stale(panel):
        return False
    check_conflicts(panel, actor=actor)
    return True


def is_stale(panel: Panel) -> bool:
    """Whether an expert, a tie, an item or the directory has changed since conflicts were looked for."""
    seen = Check.objects.filter(panel=panel).values_list("index", flat=True).first()
    return seen is None or LogEntry.objects.filter(index__gte=seen, subject_kind__in=WATCHED).exists()


def recheck_all(*, actor: Any = None) -> int:
    """Look again for every panel that is not over and may have new conflicts; how many were looked at."""
    return sum(recheck(panel, actor=actor) for panel in Panel.objects.exclude(state__in=OVER).order_by("pk"))


def log_size() -> int:
    return LogHead.objects.values_list("size", flat=True).filter(pk=1).first() or 0


def keep_found(panel: Panel, found: Iterable[Found]) -> None:
    """Add what is new, take up again what is there again, let lapse what is gone; call it inside `recording`."""
    stored = {row.key: row for row in Conflict.objects.filter(panel=panel).exclude(origin=Origin.PERSON)}
    new = {one.key: one for one in found}
    add_many([conflict_of(panel, one) for key, one in new.items() if key not in stored])
    again = [row for key, row in stored.items() if key in new and row.state == ConflictState.LAPSED]
    gone = [row for key, row in stored.items() if key not in new and row.state == ConflictState.FOUND]
    for row in [*again, *gone]:
        row.state = ConflictState.FOUND if row.state == ConflictState.LAPSED else ConflictState.LAPSED
    change_many([*again, *gone], ["state"])


def conflict_of(panel: Panel, found: Found) -> Conflict:
    made = Conflict(
        panel=panel,
        expert_id=found.expert,
        item_id=found.item,
        kind=found.kind,
        origin=found.origin,
        key=found.key,
        evidence=[dict(one) for one in found.evidence],
        demo=panel.demo,
    )
    made.derive()
    return made


def spoken(panel: Panel, expert: Expert, item: Item | None, kind: str, words: str) -> Conflict:
    """A conflict on somebody's word, upheld as it stands; call it inside `recording`."""
    key = f"{kind}:{expert.pk}:{item.pk if item else ''}"
    evidence: list[Mapping[str, Any]] = [{"label": str(Kind(kind).label), "value": words}]
    stored: Conflict | None = Conflict.objects.filter(panel=panel, key=key).first()
    if stored is not None:
        stored.state, stored.reason = ConflictState.UPHELD, words[:500]
        stored.save()
        return stored
    made = Conflict(panel=panel, expert=expert, item=item, kind=kind, origin=Origin.PERSON, key=key, evidence=evidence)
    made.state, made.reason, made.demo = ConflictState.UPHELD, words[:500], panel.demo
    made.save(force_insert=True)
    return made


def judge_conflict(conflict: Conflict, step: str, *, actor: Any, reason: str) -> Conflict:
    """Uphold or dismiss it, with the reason."""
    reason = needed_reason(reason)
    require(actor, Permission.JUDGE, conflict)
    with recording(actor=actor, reason=reason):
        advance(conflict, step, actor=None, machine=CONFLICT, reason=reason)
    return conflict


def request_recusal(
    item: Item, *, actor: Any, organization: Organization, person: str, grounds: str, employer: str = ""
) -> RecusalRequest:
    """A bidder names somebody who should not judge its item, and why; nobody tells it whether they sit."""
    require(actor, Permission.REQUEST, item)
    if not item.parties.filter(organization=organization).exists():
        raise Refused(_("Only who stands behind the item may ask for a recusal."), "", 422)
    if not person.strip():
        raise Refused(_("Name the person."), "", 422)
    made = RecusalRequest(panel=item.panel, item=item, organization=organization, person=person.strip()[:60])
    made.employer_name, made.grounds, made.demo = employer.strip()[:200], needed_text(grounds), item.demo
    return create(made, actor=actor)


def decide_request(
    request: RecusalRequest, step: str, *, actor: Any, reason: str, experts: Iterable[Expert] | None = None
) -> RecusalRequest:
    """Uphold or dismiss it; upheld, everybody in the register who is meant does not read the item.

    Meant is who bears the name, at that employer where one was given; `experts` says otherwise.
    """
    reason = needed_reason(reason)
    require(actor, Permission.DECIDE, request)
    with recording(actor=actor, reason=reason):
        advance(request, step, actor=None, machine=REQUEST, decision=reason)
        if request.state == RequestState.UPHELD:
            for expert in meant_by(request) if experts is None else experts:
                spoken(request.panel, expert, request.item, Kind.REQUEST, request.grounds)
        tell(request.panel, "request_decided", request=request.ref, decision=request.state)
    return request


def meant_by(request: RecusalRequest) -> list[Expert]:
    """The experts of that name; of several, those of the employer that was given, if any is."""
    named = list(Expert.objects.filter(name_key=request.person_key).select_related("employer"))
    key = fold_name(request.employer_name)
    there = [one for one in named if key and fold_name(one.employer_label) == key]
    return there or named
