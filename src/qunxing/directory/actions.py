"""Writes of the directory that are more than a change of fields."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.directory.models import Membership, Organization, OrganizationName
from qunxing.directory.naming import Renaming, behind_names, names_after
from qunxing.ledger.actions import change, change_many, create, remove
from qunxing.ledger.models import Record, Source
from qunxing.ledger.recording import current, recording


def add_part(part: Record, parent: Organization, *, actor: Any, **words: Any) -> Record:
    """Save a new part of an organisation; its search key takes in a new name."""
    setattr(part, part.PARENT, parent)
    with recording(actor=actor, reason=words.get("reason", ""), source=words.get("source")):
        saved = create(part, actor=actor, **words)
        if isinstance(saved, OrganizationName):
            refresh_search_key(parent)
    return saved


def change_part(part: Record, *, actor: Any, **words: Any) -> Record:
    """Change a part of an organisation; its search key follows a name."""
    with recording(actor=actor, reason=words.get("reason", ""), source=words.get("source")):
        saved = change(part, actor=actor, **words)
        if isinstance(saved, OrganizationName):
            refresh_search_key(saved.organization)
    return saved


def remove_part(part: Record, *, actor: Any, reason: str) -> None:
    """Remove a part of an organisation, and a name from its search key."""
    with recording(actor=actor, reason=reason):
        remove(part, actor=actor, reason=reason)
        if isinstance(part, OrganizationName):
            refresh_search_key(part.organization)


def refresh_search_key(organization: Organization) -> None:
    """Make the stored key follow the names, with a version, for the log attests the key, too."""
    behind = behind_names(list(Organization.objects.select_for_update().filter(pk=organization.pk)))
    if not behind:
        return
    frame = current()
    reason = _("Found under its new names.")
    with recording(actor=frame.actor if frame else None, reason=str(reason), source=frame.source if frame else None):
        change_many(behind, ["search_key"])


def rename(
    organization: Organization, *, actor: Any, name: str, from_day: date, expected: int | None = None, **words: Any
) -> Organization:
    """Give the organisation a new registered name from a day on; the old one is kept with its days."""
    if name == organization.name:
        raise Refused(_("This is its name already."))
    renaming = Renaming(organization, organization.name, name, from_day)
    with recording(actor=actor, reason=words.get("reason", ""), source=words.get("source")):
        write_names(renaming, actor=actor)
        return change(organization, actor=actor, values={"name": name}, expected=expected, **words)


def write_names(renaming: Renaming, *, actor: Any) -> None:
    """End the name borne until now and begin the new one; Refused for a day on which the present one had not begun."""
    added, ended = names_after([renaming])
    for name in ended:
        if name.to_day is not None and name.to_day > renaming.last_day:
            raise Refused(_("The present name began on %(day)s; choose a later day.") % {"day": name.from_day})
        change(name, actor=actor, values={"to_day": name.to_day})
    for name in added:
        create(name, actor=actor)


def admit_member(
    organization: Organization, *, actor: Any, user: Any, role: str, source: Source | None = None, **words: Any
) -> Membership:
    """Make the user a member with that role, or change the role of a member."""
    stored = Membership.objects.filter(organization=organization, user=user).first()
    if stored is not None:
        changed: Membership = change(stored, actor=actor, values={"role": role}, reason=words.get("reason", ""))
        return changed
    membership = Membership(organization=organization, user=user, role=role)
    return create(membership, actor=actor, reason=words.get("reason", ""), source=source)
