"""Short names that wait for a person: kept once, accepted as a batch, or dismissed and never proposed again."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.core.chunks import chunks
from qunxing.core.errors import IllegalTransition, Refused
from qunxing.core.text import fold_name, tidy
from qunxing.intake.actions.lists import take_turn
from qunxing.intake.joining.aliases import Short
from qunxing.intake.joining.naming import NAME_LENGTH, Proposed, accept_aliases, propose_aliases
from qunxing.intake.models import AliasProposal, Batch
from qunxing.ledger.reasons import needed_reason, told_reason

PLACE_LENGTH = AliasProposal._meta.get_field("place").max_length or 0
State = AliasProposal.State


def keep_proposals(shorts: Iterable[Short], *, actor: Any) -> dict[str, int]:
    """Keep whom the short names may mean; the counts of names by what came of them, and `kept`, the new proposals."""
    found = propose_aliases([one for one in shorts if len(tidy(one.text)) <= NAME_LENGTH], actor=actor)
    kept = keep_found(found, actor=actor)
    return {
        "names": len(found),
        "borne": sum(bool(one.bearer) for one in found),
        "nobody": sum(not one.bearer and not one.matches for one in found),
        "kept": kept,
    }


def keep_found(found: Iterable[Proposed], *, actor: Any) -> int:
    """The same for what was found a moment ago; one that was settled before stays settled. How many are new."""
    rows = [
        AliasProposal(
            organization_id=match.entity.key,
            short=tidy(one.short.text),
            short_key=fold_name(one.short.text),
            place=one.short.place[:PLACE_LENGTH],
            score=round(match.score * 1000),
            signs=[sign.value for sign in match.signs],
            proposed_by=actor,
        )
        for one in found
        for match in one.matches
    ]
    with transaction.atomic():
        new = [row for chunk in chunks(rows) for row in unknown(chunk)]
        AliasProposal.objects.bulk_create(new, ignore_conflicts=True)  # somebody may propose the same just now
    return len(new)


def unknown(rows: Collection[AliasProposal]) -> list[AliasProposal]:
    stored = AliasProposal.objects.filter(short_key__in={row.short_key for row in rows})
    known = set(stored.values_list("short_key", "organization_id"))
    return [row for row in rows if (row.short_key, row.organization_id) not in known]


def accept_proposals(refs: Collection[str], *, actor: Any, reason: str) -> Batch:
    """Make the short names of these open proposals names of their firms: one batch, undone like any other."""
    reason = needed_reason(reason)
    with transaction.atomic():
        take_turn()  # before the proposals, as a merge does, so that neither waits for the other for ever
        rows = open_ones(refs)
        made = accept_aliases([(row.short, row.organization_id) for row in rows], actor=actor, reason=reason)
        close(rows, State.ACCEPTED, actor=actor, note=reason, batch=made)
    return made


def dismiss_proposals(refs: Collection[str], *, actor: Any, note: str) -> int:
    """Remember that these names do not mean these firms; how many."""
    with transaction.atomic():
        rows = open_ones(refs)
        close(rows, State.DISMISSED, actor=actor, note=told_reason(note))
    return len(rows)


def open_ones(refs: Collection[str]) -> list[AliasProposal]:
    """The proposals, locked; Refused for none, IllegalTransition where somebody has settled one of them."""
    if not refs:
        raise Refused(_("Choose the short names first."), status=422)
    known = [ref for ref in refs if ref.isalnum()]
    rows = list(AliasProposal.objects.select_for_update().filter(ref__in=known).order_by("pk"))
    if len(rows) < len(set(refs)) or any(row.state != State.OPEN for row in rows):
        raise IllegalTransition
    return rows


def close(rows: Iterable[AliasProposal], state: str, *, actor: Any, note: str, batch: Batch | None = None) -> None:
    now = timezone.now()
    keys = [row.pk for row in rows]
    AliasProposal.objects.filter(pk__in=keys).update(
        state=state, settled_by=actor, settled_at=now, note=note, batch=batch
    )
