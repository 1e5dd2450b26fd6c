"""The end of a challenge and of a list: archived, concluded."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from qunxing.challenges.actions.common import locked, require, take, tell
from qunxing.challenges.archive.packing import files_of, manifest_for, pack_path, write
from qunxing.challenges.models import Archive, Challenge, ChallengeList
from qunxing.challenges.rules.delivering import Permission
from qunxing.challenges.states import board as boards
from qunxing.challenges.states import challenge as challenges
from qunxing.challenges.states.challenge import OVER, ChallengeState
from qunxing.challenges.states.payment import PaymentState
from qunxing.core.errors import Refused
from qunxing.ledger.actions import change, create
from qunxing.ledger.models import Record
from qunxing.ledger.packs import PACK_ENTRY, Data
from qunxing.ledger.recording import recording

A = TypeVar("A", bound=Record)


def archive(challenge: Challenge, *, actor: Any, day: date) -> Archive:
    """Make the archive of a challenge that is over, sealed by a log entry; Refused while money is owed."""
    require(actor, Permission.ARCHIVE_CHALLENGE, challenge)
    with recording(actor=actor):
        stored = locked(challenge)
        if stored.contracts.filter(payments__state=PaymentState.DUE).exists():
            raise Refused(_("A payment is due and not made."), _("Keep it, or cancel it with the reason."), 409)
        take(stored, "archive", challenges.LIFE, actor=actor)
    challenge.refresh_from_db()
    return seal_archive(challenge, actor=actor, day=day)


def seal_archive(challenge: Challenge, *, actor: Any, day: date) -> Archive:
    """Gather, seal and write; may be done again, when the file was lost or the work was cut short."""
    if challenge.state != ChallengeState.ARCHIVED:
        raise Refused(_("Only what is over is archived."), "", 409)
    return seal_pack(Archive, challenge, files_of(challenge, day=day), actor=actor, day=day)


def seal_pack(kept: type[A], row: Any, files: Mapping[str, Data], *, actor: Any, day: date) -> A:
    """Keep the digest of the files' manifest, in the log too, and write the zip; a pack made before gives way."""
    manifest = manifest_for(row, files)
    digest = sha256(manifest).hexdigest()
    values = {"made_on": day, "digest": digest, "files": len(files)}
    with recording(actor=actor):
        locked(row)
        found = kept._default_manager.filter(**{kept.PARENT: row}).first()
        if found is None:
            found = create(kept(**{kept.PARENT: row}, demo=row.demo, **values), actor=actor)
        else:
            found = change(found, actor=actor, values=values)
        tell(PACK_ENTRY, row, {"manifest": digest, "files": len(files)})
    write(row, files, manifest)
    return found


def archived_file(challenge: Challenge, *, actor: Any, day: date) -> Path:
    """The zip; made again if it is not there."""
    require(actor, Permission.READ_ARCHIVE, challenge)
    path = pack_path(challenge)
    if not path.exists():
        seal_archive(challenge, actor=None, day=day)
    return path


def conclude(board: ChallengeList, *, actor: Any) -> ChallengeList:
    """The list is over when each of its challenges is."""
    require(actor, boards.CONCLUDE, board)
    with recording(actor=actor):
        stored = locked(board)
        if stored.challenges.exclude(state__in=OVER).exists():
            raise Refused(_("Some challenges of the list are not over."), "", 409)
        take(stored, "conclude", boards.LIFE, actor=actor)
        tell("list.concluded", stored, {"challenges": stored.challenges.count()})
    board.refresh_from_db()
    return board
