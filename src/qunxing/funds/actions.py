"""Writes of the funds that are more than a change of fields."""

from typing import Any

from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.funds.models import Stage
from qunxing.funds.vocabulary import STAGES
from qunxing.ledger.actions import add_many, create, remove
from qunxing.ledger.models import Record
from qunxing.ledger.recording import recording


def plant_stages(*, actor: Any) -> list[Stage]:
    """Add the stages that were never there; one that staff changed, retired or removed stays as they left it."""
    ever = set(Stage.history.values_list("code", flat=True))
    missing = [
        Stage(code=code, name_zh=name_zh, name_en=name_en, position=position)
        for code, name_zh, name_en, position in STAGES
        if code not in ever
    ]
    with recording(actor=actor):
        return add_many(missing)


def add_part(part: Any, parent: Record, *, actor: Any, **words: Any) -> Any:
    """Save a new commitment or investment of its parent."""
    setattr(part, part.PARENT, parent)
    return create(part, actor=actor, **words)


def remove_record(record: Record, *, actor: Any, reason: str) -> None:
    """Take a fund or round off the ledger; refused while other records speak of it."""
    try:
        remove(record, actor=actor, reason=reason)
    except ProtectedError as protected:
        raise Refused(
            _("%(count)s other records speak of “%(record)s”.")
            % {"count": len(protected.protected_objects), "record": record},
            _("Take those off the ledger first, or let them speak of another."),
            409,
        ) from protected
