"""Taking an entry out of what counts, and back in: for a reason, and with nothing of it lost."""

from typing import Any

from django.core.exceptions import PermissionDenied

from qunxing.challenges.actions.common import locked
from qunxing.core.errors import IllegalTransition
from qunxing.ledger.actions import change
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import Entry as LogEntry
from qunxing.ledger.recording import note, recording
from qunxing.races.ladders import climb_again
from qunxing.races.models import Entry
from qunxing.races.rules.entering import Permission


def disqualify(entry: Entry, *, actor: Any, reason: str) -> Entry:
    """Let the entry count no more; it stays, with the reason."""
    return set_disqualified(entry, actor=actor, reason=reason, out=True)


def reinstate(entry: Entry, *, actor: Any, reason: str) -> Entry:
    """Let a disqualified entry count again."""
    return set_disqualified(entry, actor=actor, reason=reason, out=False)


def set_disqualified(entry: Entry, *, actor: Any, reason: str, out: bool) -> Entry:
    if actor is not None and not actor.has_perm(Permission.DISQUALIFY_ENTRY, entry):
        raise PermissionDenied
    why = needed_reason(reason)
    with recording(actor=actor, reason=why):
        stored = locked(entry)
        if stored.disqualified == out:
            raise IllegalTransition
        changed = change(stored, actor=actor, values={"disqualified": out, "why": why}, reason=why)
        kind = "entry.disqualified" if out else "entry.reinstated"
        note(LogEntry(kind, Entry.kind_code(), entry.ref, {"number": entry.number}))
        climb_again(entry.lane, entry.stage)
    entry.refresh_from_db()
    return changed
