"""Open challenges on the command line: a made-up season is played and checked."""

import json as jsons
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from qunxing.challenges.rehearsal.playing import Played, Report, play_here
from qunxing.challenges.rehearsal.size import Size
from qunxing.cli.output import say, say_json, say_table, warn
from qunxing.core.errors import Refused

app = typer.Typer(no_args_is_help=True, help=_("Open challenges (揭榜挂帅)."))
Json = Annotated[bool, typer.Option("--json", help=_("As JSON."))]
MOST_SHOWN = 20


@app.callback()
def challenges() -> None:
    """A group of commands, though it has one."""


@app.command("rehearse", help=_("Play a made-up list with faults on a database of its own, and check what must hold."))
def rehearse(
    seed: Annotated[int, typer.Option("--seed", min=0, help=_("What happens follows from it."))] = 1,
    seeds: Annotated[str, typer.Option("--seeds", help=_("Several: FROM..TO, both included."))] = "",
    bids: Annotated[int, typer.Option("--bids", min=4, max=1_000, help=_("Bids in all."))] = 200,
    experts: Annotated[int, typer.Option("--experts", min=20, max=1_000, help=_("Experts in the register."))] = 60,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=64, help=_("Processes at once."))] = 1,
    json: Json = False,
    here: Annotated[bool, typer.Option("--here", hidden=True)] = False,
) -> int:
    """0 when every rule held, 1 when one was broken or not every seed was played; the ledger at hand is left alone."""
    wanted, size = span(seeds) if seeds else [seed], Size(bids, experts)
    if here:
        for played in play_here(wanted, size):
            say(jsons.dumps(played.as_json(), ensure_ascii=False, default=str))
            sys.stdout.flush()
        return 0
    report = played_by(elsewhere(wanted, size, jobs), Report(size))
    say_json(report.as_json()) if json else show(report)
    return 0 if not report.broken and len(report.seeds) == len(wanted) else 1


def played_by(playing: Iterator[Played], report: Report) -> Report:
    """Everything that is told; stopped by Ctrl-C or SIGTERM, what was told until then."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for played in playing:
            report.add(played)
            tell(played)
    except (KeyboardInterrupt, Refused) as error:
        warn(str(error) or _("Stopped; this is what was played until then."))
    finally:
        signal.signal(signal.SIGTERM, before)
    return report


def span(text: str) -> list[int]:
    """The seeds of FROM..TO."""
    first, dots, last = text.partition("..")
    if not (first.isdigit() and (last.isdigit() or not dots)) or int(last or first) < int(first):
        raise Refused(_("%(text)s is no span of seeds.") % {"text": text}, _("Write it as 1..50."))
    return list(range(int(first), int(last or first) + 1))


# --- processes of their own -----------------------------------------------------------------------------------------


def elsewhere(seeds: Sequence[int], size: Size, jobs: int) -> Iterator[Played]:
    """Each share of the seeds in a process with a data folder of its own, which goes when it ends."""
    many = min(jobs, len(seeds))
    shares = [seeds[place * len(seeds) // many : (place + 1) * len(seeds) // many] for place in range(many)]
    told: Queue[str | None] = Queue()
    with TemporaryDirectory(prefix="qunxing-rehearsal-") as folder:
        running = [start(Path(folder) / str(place), share, size) for place, share in enumerate(shares)]
        listening = [Thread(target=listen, args=(process, told)) for process in running]
        try:
            for thread in listening:
                thread.start()
            yield from lines(told, many)
        finally:
            for process, thread in zip(running, listening, strict=True):
                process.kill()
                thread.join()
        if any(process.wait() for process in running):
            raise Refused(_("A rehearsal ended before its time."), _("What it said stands above."))


def start(folder: Path, seeds: Sequence[int], size: Size) -> subprocess.Popen[str]:
    """Plays the seeds one after another; nothing of the settings of this process reaches it."""
    folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QUNXING_")}
    kept.pop("DATABASE_URL", None)
    own = {"QUNXING_DATA": str(folder), "QUNXING_HTTPS": "false", "QUNXING_LANG": os.environ["QUNXING_LANG"]}
    words = [*size.words(), "--seeds", f"{seeds[0]}..{seeds[-1]}", "--here"]
    command = [sys.executable, "-m", "qunxing.cli", *words]
    settings = {**kept, **own, "DJANGO_SETTINGS_MODULE": "qunxing.config.settings", "PYTHONHASHSEED": "0"}
    return subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command


def listen(process: subprocess.Popen[str], told: "Queue[str | None]") -> None:
    with process:
        for line in process.stdout or ():
            told.put(line)
    told.put(None)


def lines(told: "Queue[str | None]", many: int) -> Iterator[Played]:
    """What is told, until so many have nothing more to tell."""
    while many:
        line = told.get()
        if line is None:
            many -= 1
        else:
            yield Played.from_json(jsons.loads(line))


# --- what is said ---------------------------------------------------------------------------------------------------


def tell(played: Played) -> None:
    words = {"seed": played.seed, "seconds": played.seconds, "broken": len(played.broken)}
    warn(_("seed %(seed)s: %(seconds)s s, %(broken)s rules broken") % words)


def show(report: Report) -> None:
    told = report.as_json()
    rows = [(name, one["checked"], one["broken"]) for name, one in told["invariants"].items()]
    say_table([_("what must hold"), _("checked"), _("violated")], rows)
    say()
    for name, heading in (("refused", _("refused, as it must be")), ("crashes", _("struck down and gone on with"))):
        say_table([heading, _("times")], list(told[name].items()))
        say()
    show_coverage(told["coverage"])
    for one in told["broken"][:MOST_SHOWN]:
        say(f"  {one['seed']}: {one['rule']} · {one['subject']} · {one['detail']}")
    words = {"seeds": len(told["seeds"]), "seconds": told["seconds_a_seed"], "broken": len(told["broken"])}
    say(_("%(seeds)s seeds, %(seconds)s s each: %(broken)s rules broken.") % words)


def show_coverage(covered: dict[str, Any]) -> None:
    """States and steps of all lives, and those that nobody came to."""
    states, steps = covered["states"], covered["steps"]
    words = {"seen": states["seen"], "states": states["all"], "taken": steps["taken"], "steps": steps["all"]}
    say(_("%(seen)s of %(states)s states seen, %(taken)s of %(steps)s steps taken.") % words)
    for line in [*states["missing"], *steps["missing"]][:MOST_SHOWN]:
        say(f"  {line}")
