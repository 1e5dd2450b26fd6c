"""The search index on the command line: how it stands, made anew, kept up."""

import signal
import threading
import time
from types import FrameType
from typing import Annotated

import typer
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.cli.output import say, say_json
from qunxing.cli.system import need_ready
from qunxing.core.errors import Refused
from qunxing.intake.joining import following as duplicates
from qunxing.search import following
from qunxing.search.folders import BrokenIndex, Busy, State, alone, root
from qunxing.search.status import Status, status
from qunxing.search.writing import rebuild

app = typer.Typer(no_args_is_help=True, help=_("The search index."))
STEP = 0.2  # seconds between two looks whether the work should end
ENDING = 5.0  # seconds that what keeps up the duplicates has to end
Json = Annotated[bool, typer.Option("--json", help=_("As JSON."))]


@app.command("status", help=_("Show whether the search index is there, whole and up with the ledgers."))
def show_status(json: Json = False) -> int:
    need_ready()
    found = status()
    if json:
        say_json(as_json(found))
    else:
        tell(found)
    return 0 if found.state == State.READY and not found.foreign and not found.behind else 1


def as_json(found: Status) -> dict[str, object]:
    return {
        "state": found.state,
        "folder": found.folder,
        "version": found.version,
        "documents": found.documents,
        "total": found.total,
        "position": found.position,
        "log": found.log,
        "behind": found.behind,
        "foreign": found.foreign,
        "followed": found.followed,
        "bytes": found.bytes,
    }


def tell(found: Status) -> None:
    words = {
        State.READY: _("in use"),
        State.MISSING: _("missing"),
        State.OUTDATED: _("of an older version of the program"),
        State.BROKEN: _("broken"),
    }
    say(_("Index: %(state)s  %(folder)s") % {"state": words[found.state], "folder": found.folder})
    if found.state == State.READY:
        say(_("Documents: %(total)s, %(size)s MB") % {"total": f"{found.total:,}", "size": found.bytes // 1_000_000})
        for code, count in found.documents.items():
            say(f"  {code}: {count:,}")
        say(_("Entries of the log not read yet: %(behind)s") % {"behind": found.behind})
    if found.foreign:
        say(_("It was made of another state of the database."))
    if not found.followed:
        say(_("Nobody keeps it up now; `qunxing serve` does."))


@app.command("rebuild", help=_("Make the search index anew from the ledgers; the old one serves until then."))
def rebuild_index(json: Json = False) -> None:
    need_ready()
    began = time.monotonic()
    try:
        with alone(following.REBUILDING):
            rebuild(timezone.localdate())
    except Busy as busy:
        raise Refused(_("The index is being rebuilt already."), _("Wait until that is done.")) from busy
    except BrokenIndex as error:
        raise Refused(
            _("The index cannot be written in %(folder)s: %(error)s") % {"folder": root(), "error": error},
            _("See that the folder exists, can be written and has room."),
        ) from error
    seconds = round(time.monotonic() - began, 1)
    found = status()
    if json:
        say_json({**as_json(found), "seconds": seconds})
    else:
        say(_("Rebuilt: %(total)s documents in %(seconds)s s") % {"total": f"{found.total:,}", "seconds": seconds})


@app.command(
    "follow",
    help=_("Keep the search index and the duplicates up with the ledgers until stopped; `qunxing serve` starts it."),
)
def follow_log() -> None:
    need_ready()
    wish = Wish()
    signal.signal(signal.SIGTERM, wish.stop)
    signal.signal(signal.SIGINT, wish.stop)
    beside = threading.Thread(target=duplicates.run, args=(wish.asked, wish.pause), daemon=True)
    beside.start()
    following.run(wish.asked, wish.pause)
    beside.join(ENDING)


class Wish:
    """That the work should end. A signal takes no lock: it may come while the lock of an event is held, and wait on."""

    def __init__(self) -> None:
        self.stopping = False

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def asked(self) -> bool:
        return self.stopping

    def pause(self, seconds: float) -> None:
        """Sleep so long, or until the work should end."""
        until = time.monotonic() + seconds
        while not self.stopping and (left := until - time.monotonic()) > 0:
            time.sleep(min(STEP, left))
