"""Filings follow the visibility of their organisation, so that no list needs to ask for it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.translation import gettext as _

from qunxing.directory.models import Organization
from qunxing.ledger.actions import change_many
from qunxing.ledger.actions.bulk import BATCH
from qunxing.ledger.recording import current, recording
from qunxing.ledger.signals import changed_in_bulk
from qunxing.registry.models import Filing
from qunxing.registry.states import PUBLISHED


@receiver(post_save, sender=Organization)
def follow_one(instance: Organization, created: bool, **_more: Any) -> None:
    if not created:
        follow_visibility([instance])


@receiver(changed_in_bulk, sender=Organization)
def follow_many(records: Sequence[Organization], fields: Sequence[str], **_more: Any) -> None:
    if "visibility" not in fields:
        return
    for start in range(0, len(records), BATCH):
        follow_visibility(records[start : start + BATCH])


def follow_visibility(organizations: Iterable[Organization]) -> None:
    """Show the organisations' filings to whom they may now be shown; each changed one gets a version."""
    published = Filing.objects.filter(organization__in=organizations, state__in=PUBLISHED)
    moved = [filing for filing in published.select_related("organization") if filing.shown_to != filing.level()]
    if not moved:
        return
    for filing in moved:
        filing.shown_to = filing.level()
    frame = current()
    reason = _("Follows the visibility of its organisation.")
    with recording(actor=frame.actor if frame else None, reason=reason, source=frame.source if frame else None):
        change_many(moved, ["shown_to"])
