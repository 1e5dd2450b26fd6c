"""Writes of the registry that are more than a change of fields."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.core.states import Transition, advance
from qunxing.directory.models import Organization
from qunxing.ledger.actions import change, cite, create, remove
from qunxing.ledger.models import Record
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording
from qunxing.registry.models import AIModel, Filing, FilingKind, FilingStep, Ownership
from qunxing.registry.states import MACHINE, State


@contextmanager
def one_writer() -> Iterator[None]:
    """Refuses in words what two people write at once and what the forms could not see yet."""
    try:
        yield
    except IntegrityError as error:
        message = _("Somebody else has just written the same.")
        raise Refused(message, _("Go back, reload the page, and look at what is there."), 409) from error


def create_model(model: AIModel, *, actor: Any, owner: Organization, **words: Any) -> AIModel:
    """Save a new model with its first owner."""
    with recording(actor=actor, reason=words.get("reason", ""), source=words.get("source")):
        saved = create(model, actor=actor, **words)
        create(Ownership(model=saved, organization=owner), actor=actor, **words)
    return saved


def create_filing(filing: Filing, *, actor: Any, day: date, **words: Any) -> Filing:
    """Save a new filing, which begins by being prepared."""
    with recording(actor=actor, reason=words.get("reason", ""), source=words.get("source")), one_writer():
        saved = create(filing, actor=actor, **words)
        create(FilingStep(filing=saved, state=saved.state, day=day), actor=actor)
    return saved


def change_filing(filing: Filing, **words: Any) -> Filing:
    with one_writer():
        return change(filing, **words)


def add_part(part: Any, parent: Record, *, actor: Any, **words: Any) -> Any:
    """Save a new part of a model or of a filing."""
    setattr(part, part.PARENT, parent)
    with one_writer():
        return create(part, actor=actor, **words)


def change_part(part: Any, **words: Any) -> Any:
    with one_writer():
        return change(part, **words)


def move(
    filing: Filing, name: str, *, actor: Any, day: date, note: str = "", values: Mapping[str, Any] | None = None,
    **words: Any,
) -> Filing:  # fmt: skip
    """Take the step of that name, which happened on that day; `values` are set along with it (number, authority).

    PermissionDenied, IllegalTransition as `advance`; Refused where the step lacks what it needs.
    """
    step = MACHINE.named(name)
    reason = words.get("reason", "")
    changes = dict(values or {}) | effects(step, day)
    check_step(filing, step, reason=reason, values=changes)
    with recording(actor=actor, reason=reason, source=words.get("source")), one_writer():
        advance(filing, name, actor=actor, machine=MACHINE, **changes)
        create(FilingStep(filing=filing, state=step.target, day=day, note=note), actor=actor, **words)
        if words.get("source") is not None:
            told = {"state": step.target, **{field: value for field, value in changes.items() if value is not None}}
            cite(filing, actor=actor, source=words["source"], values=told, place=words.get("place", ""))
    return filing


def effects(step: Transition, day: date) -> dict[str, Any]:
    """What a step sets on the filing besides its state."""
    if step.name == "grant":
        return {"granted_on": day}
    return {"altered_on": None} if step.name == "change" else {}


def check_step(filing: Filing, step: Transition, *, reason: str, values: Mapping[str, Any]) -> None:
    """Refused where a step that needs them lacks a reason, a number, or the model it relies on."""
    if step.needs_reason:
        needed_reason(reason)
    if step.name == "grant" and not (values.get("number") or filing.number):
        raise Refused(_("A granted filing has a number."), _("Enter the number as published."), 422)
    if step.target == State.SUBMITTED and filing.kind == FilingKind.REGISTERED and filing.relies_on_id is None:
        advice = _("Enter what it relies on, then submit it.")
        raise Refused(_("A registration (登记) names the filed model it calls."), advice, 422)


def remove_record(record: Record, *, actor: Any, reason: str) -> None:
    """Take a record off the ledger; refused while other records speak of it."""
    try:
        remove(record, actor=actor, reason=reason)
    except ProtectedError as protected:
        raise Refused(
            _("%(count)s other records speak of “%(record)s”.")
            % {"count": len(protected.protected_objects), "record": record},
            _("Take those off the ledger first, or let them speak of another."),
            409,
        ) from protected
