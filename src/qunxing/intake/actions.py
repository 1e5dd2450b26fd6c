"""Taking an official list in: upload, preview, apply; and settling what it leaves to people."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.core.errors import IllegalTransition, Refused
from qunxing.directory.actions import add_part, rename
from qunxing.directory.models import Link, Organization, OrganizationName
from qunxing.intake.catalogue import KnownList, known_list
from qunxing.intake.models import Batch, Proposal, StaffRow
from qunxing.intake.official import OfficialList, read_list
from qunxing.intake.registering import Plan, apply_plan, make_plan
from qunxing.ledger.actions import create
from qunxing.ledger.models import Source
from qunxing.ledger.recording import recording
from qunxing.ledger.writing import locked_head

Tell = Callable[[int], None]


def silent(_done: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Preview:
    """What a list would change, with how its file was read."""

    found: OfficialList
    plan: Plan


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def preview_file(path: Path, name: str, wanted: KnownList) -> Preview:
    """Read a list and plan it, writing nothing; ReadingError when the file cannot be such a list."""
    found = read_list(path, name, family=wanted.family)
    source = Source.objects.filter(digest=digest_of(path), kind=Source.Kind.LIST).first()
    return Preview(found, make_plan(found, source=source))


def new_batch(
    *, actor: Any, wanted: KnownList, name: str, content: File[Any], title: str, publisher: str, day: date
) -> Batch:
    """Keep the uploaded file until somebody has looked at the preview."""
    batch = Batch(list_code=wanted.code, file_name=name[-200:], title=title, publisher=publisher, day=day, owner=actor)
    batch.file.save(f"{batch.ref}.list", content, save=False)
    batch.digest = digest_of(Path(batch.file.path))
    batch.save()
    return batch


def apply_file(
    path: Path, name: str, wanted: KnownList, *, actor: Any, title: str, publisher: str, day: date, tell: Tell = silent
) -> tuple[Batch, Plan]:
    """Take a list in from the command line: all of it or, on any error, nothing."""
    found = read_list(path, name, family=wanted.family)
    digest = digest_of(path)
    batch = Batch(list_code=wanted.code, file_name=name[-200:], title=title, publisher=publisher, day=day, owner=actor)
    batch.digest = digest
    return batch, write_list(batch, found, actor=actor, tell=tell)


def apply_batch(batch: Batch, *, actor: Any, tell: Tell = silent) -> Plan:
    """Apply a previewed batch; what the ledgers hold by then decides, so the plan is made anew."""
    found = read_list(Path(batch.file.path), batch.file_name, family=known_list(batch.list_code).family)
    return write_list(batch, found, actor=actor, tell=tell)


def write_list(batch: Batch, found: OfficialList, *, actor: Any, tell: Tell) -> Plan:
    """Plan and write in one transaction; of two people who apply the same batch one is told it is done."""
    with transaction.atomic():
        # One import at a time: the second waits here and then plans on what the first has written.
        locked_head()
        if batch.pk and not Batch.objects.filter(pk=batch.pk, state=Batch.State.PREVIEWED).update(
            state=Batch.State.APPLIED
        ):
            raise IllegalTransition
        source = source_of(batch, actor=actor)
        batch.source, batch.state = source, Batch.State.APPLIED
        plan = make_plan(found, source=source)
        batch.counts = plan.counts
        batch.save()
        with recording(actor=actor, reason=_("Import of “%(title)s”") % {"title": batch.title}, source=source):
            apply_plan(plan, batch, actor=actor, source=source, tell=tell)
    return plan


def source_of(batch: Batch, *, actor: Any) -> Source:
    """The list as a source; the same file taken in twice is one source."""
    known = Source.objects.filter(digest=batch.digest, kind=Source.Kind.LIST).first()
    if known is not None:
        return known
    source = Source(
        kind=Source.Kind.LIST,
        title=batch.title,
        publisher=batch.publisher,
        day=batch.day,
        digest=batch.digest,
        series=batch.list_code,
        note=batch.file_name,
    )
    return create(source, actor=actor, reason=_("Import"))


def drop_batch(batch: Batch, *, actor: Any) -> None:  # noqa: ARG001 - every action names its actor
    """Give up a batch that was not applied; its file goes, what happened to the ledgers was nothing."""
    if not Batch.objects.filter(pk=batch.pk).exclude(state=Batch.State.APPLIED).update(state=Batch.State.DROPPED):
        raise IllegalTransition
    batch.file.delete(save=False)


def settle_row(row: StaffRow, *, actor: Any, state: str, note: str) -> None:
    """Say what was done about a row for staff."""
    changed = StaffRow.objects.filter(pk=row.pk, state=StaffRow.State.OPEN).update(
        state=state, note=note[:500], settled_by=actor, settled_at=timezone.now()
    )
    if not changed:
        raise IllegalTransition


def dismiss_proposal(proposal: Proposal, *, actor: Any) -> None:
    close_proposal(proposal, actor=actor, state=Proposal.State.DISMISSED)


def close_proposal(proposal: Proposal, *, actor: Any, state: str) -> None:
    open_rows = Proposal.objects.filter(pk=proposal.pk, state=Proposal.State.OPEN)
    if not open_rows.update(state=state, settled_by=actor, settled_at=timezone.now()):
        raise IllegalTransition


def accept_proposal(proposal: Proposal, *, actor: Any) -> str:
    """Carry a proposal out and say what was done.

    Only the old name known: it is renamed from the day of the list on. Only the new one: it gets the old one as a
    former name. Both known: the one is linked as the former self of the other, and both stay.
    """
    with recording(actor=actor, reason=proposal.words or str(proposal), source=proposal.batch.source):
        close_proposal(proposal, actor=actor, state=Proposal.State.ACCEPTED)
        old = Organization.objects.filter(name_key=proposal.old_key).first()
        new = Organization.objects.filter(name_key=proposal.new_key).first()
        words = {"actor": actor, "source": proposal.batch.source, "reason": proposal.words or str(proposal)}
        if old is not None and new is not None:
            return link_former(old, new, words)
        if old is not None:
            rename(old, name=proposal.new_name, from_day=proposal.batch.day, **words)
            return _("Renamed to %(name)s.") % {"name": proposal.new_name}
        if new is not None:
            return keep_former_name(new, proposal, words)
    raise Refused(_("Neither of the two organisations is in the directory any more."))


def link_former(old: Organization, new: Organization, words: dict[str, Any]) -> str:
    known = Link.objects.filter(from_organization=old, to_organization=new, kind=Link.Kind.FORMER)
    if not known.exists():
        create(Link(from_organization=old, to_organization=new, kind=Link.Kind.FORMER), **words)
    return _("%(old)s is linked as the former self of %(new)s.") % {"old": old.name, "new": new.name}


def keep_former_name(organization: Organization, proposal: Proposal, words: dict[str, Any]) -> str:
    kind = OrganizationName.Kind.REGISTERED
    last_day = proposal.batch.day - timedelta(days=1)
    add_part(OrganizationName(kind=kind, text=proposal.old_name, to_day=last_day), organization, **words)
    return _("%(name)s is kept as a former name.") % {"name": proposal.old_name}
