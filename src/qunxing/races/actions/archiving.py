"""The archive of a race that is over."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from qunxing.challenges.actions.archiving import seal_pack
from qunxing.challenges.actions.common import locked, require
from qunxing.challenges.archive.packing import by_folder, gathered, pack_path
from qunxing.core.errors import Refused
from qunxing.ledger.recording import recording
from qunxing.races.archive.gathering import papers_of, records_of
from qunxing.races.models import Race, RaceArchive
from qunxing.races.rules.running import Permission
from qunxing.races.states.race import OVER


def archive(race: Race, *, actor: Any, day: date) -> RaceArchive:
    """Gather, seal by a log entry and write; may be done again. Refused before the race is over."""
    require(actor, Permission.ARCHIVE_RACE, race)
    with recording(actor=actor):
        stored = locked(race)
        if stored.state not in OVER:
            raise Refused(_("Only what is over is archived."), "", 409)
    return seal_archive(stored, actor=actor, day=day)


def seal_archive(race: Race, *, actor: Any, day: date) -> RaceArchive:
    files = gathered(records_of(race), papers_of(race))
    words = {"row": race, "groups": by_folder(files), "day": day, "key": settings.LOG_ORIGIN}
    files["index.html"] = render_to_string("races/archive/index.html", words).encode()
    return seal_pack(RaceArchive, race, files, actor=actor, day=day)


def archived_file(race: Race, *, actor: Any, day: date) -> Path:
    """The zip; made again if it is not there."""
    require(actor, Permission.READ_ARCHIVE, race)
    if not RaceArchive.objects.filter(race=race).exists():
        raise Refused(_("This race is not archived."), _("Archive it once it is over."), 404)
    path = pack_path(race)
    if not path.exists():
        seal_archive(race, actor=None, day=day)
    return path
