"""Races on the command line: the standing of a table of scores, without a database."""

import json as jsons
import re
import signal
import sys
import threading
from collections import defaultdict
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Literal

import typer
from django.utils.translation import gettext as _

from qunxing.challenges.rehearsal.playing import Report
from qunxing.cli import challenge
from qunxing.cli.output import say, say_json, say_table
from qunxing.cli.racetables import answers_by_item, scores_by_item
from qunxing.cli.system import need_ready
from qunxing.core.errors import Refused
from qunxing.races.flags import Flag, flags_of
from qunxing.races.gates import Gate, Passing, passing
from qunxing.races.rehearsal.coverage import RaceCoverage
from qunxing.races.rehearsal.playing import play_here
from qunxing.races.rehearsal.size import RaceSize
from qunxing.races.standing import Settings, Standing, standing

app = typer.Typer(no_args_is_help=True, help=_("Races (赛马)."))
GATE = re.compile(r"top:(?P<top>\d+)|threshold:(?P<threshold>-?\d+(?:\.\d+)?)")


@app.command("score", help=_("Score the entries that wait, one after the other; `qunxing serve` does so beside."))
def score_queue(
    keep_on: Annotated[bool, typer.Option("--follow", help=_("Go on waiting for entries until stopped."))] = False,
) -> None:
    from qunxing.races import working  # noqa: PLC0415 - `race standing` needs no database

    need_ready()
    if not keep_on:
        say(_("Scored: %(count)s entries.") % {"count": working.work_through()})
        return
    wish = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        wish.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    working.follow(wish.is_set)


class Method(StrEnum):
    ANALYTIC = "analytic"
    BOOTSTRAP = "bootstrap"


class Missing(StrEnum):
    ZERO = "zero"
    OWN = "own"
    DROP = "drop"


class Tied(StrEnum):
    GO_ON = "go-on"
    CUT = "cut"


@app.command(
    "standing", help=_("Rank contestants by their scores on the same items, and say who cannot be told apart.")
)
def standing_of_table(  # noqa: PLR0913, PLR0917 - an option each
    file: Annotated[
        Path, typer.Argument(help=_("A row for each contestant, a column for each item; or contestant, item, score."))
    ],
    gate: Annotated[str | None, typer.Option(help=_("top:K or threshold:X; without it everybody passes."))] = None,
    method: Annotated[Method, typer.Option(help=_("How intervals are computed."))] = Method.ANALYTIC,
    draws: Annotated[int, typer.Option(min=200, max=100_000, help=_("Draws of the bootstrap."))] = 2_000,
    seed: Annotated[int, typer.Option(min=0, help=_("Seed of the bootstrap."))] = 0,
    missing: Annotated[
        Missing,
        typer.Option(help=_("An item without a score: counts nothing, is left out for its contestant, for all.")),
    ] = Missing.ZERO,
    tied: Annotated[
        Tied, typer.Option(help=_("Whom the line does not part: all go on, or the score cuts."))
    ] = Tied.GO_ON,
    answers: Annotated[
        Path | None, typer.Option(help=_("Answers of the contestants, to look for signs of trouble."))
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=_("As JSON."))] = False,
) -> int:
    table = scores_by_item(file)
    settings = Settings(method=method.value, draws=draws, seed=seed, missing=missing.value)
    found = standing(table, settings)
    signs: dict[str, list[Flag]] = defaultdict(list)
    for flag in flags_of(
        table.contestants, table.scores, answers_by_item(answers, table.contestants) if answers else None
    ):
        signs[flag.contestant].append(flag)
    passed = passing(found, gate_of(gate, tied), settings.level)
    told = as_json(found, passed, signs, settings)
    if json:
        say_json(told)
    else:
        show(told, found)
    return 0


def gate_of(text: str | None, tied: Tied) -> Gate:
    """The rule that the option names; Refused when it names none."""
    if text is None:
        return Gate(tied="cut")
    match = GATE.fullmatch(text.strip().lower())
    if match is None or match["top"] == "0":
        raise Refused(_("“%(gate)s” is no gate: write top:10 or threshold:0.6.") % {"gate": text})
    rule: Literal["go_on", "cut"] = "go_on" if tied is Tied.GO_ON else "cut"
    if match["top"]:
        return Gate(top=int(match["top"]), tied=rule)
    return Gate(threshold=float(match["threshold"]), tied="cut")


def as_json(
    found: Standing, passed: tuple[Passing, ...], signs: dict[str, list[Flag]], settings: Settings
) -> dict[str, Any]:
    """The contract of `race standing --json`."""
    rows = [
        {
            "contestant": place.contestant,
            "rank": place.rank,
            "score": place.score,
            "low": place.low,
            "high": place.high,
            "rank_low": place.rank_low,
            "rank_high": place.rank_high,
            "group": place.group,
            "passes": went.passes,
            "tied_at_line": went.tied_at_line,
            "flags": [flag_as_json(flag) for flag in signs.get(place.contestant, [])],
        }
        for place, went in zip(found.places, passed, strict=True)
    ]
    draws = settings.draws if settings.method == "bootstrap" else 0
    return {
        "method": settings.method,
        "draws": draws,
        "items": found.items,
        "missing": settings.missing,
        "standing": rows,
    }


def flag_as_json(flag: Flag) -> dict[str, Any]:
    told = {"sign": flag.sign, "figure": flag.figure, "bar": flag.bar}
    return told | ({"other": flag.other} if flag.other else {})


def show(told: dict[str, Any], found: Standing) -> None:
    words = {"constant": _("constant"), "twin": _("twin"), "gap": _("gap"), "jump": _("jump")}
    say_table(
        [_("Rank"), _("Contestant"), _("Score"), "95%", _("Ranks"), _("Group"), _("Goes on"), _("Signs")],
        [
            [
                row["rank"],
                row["contestant"],
                f"{row['score']:.4f}",
                f"{row['low']:.4f}–{row['high']:.4f}",
                f"{row['rank_low']}–{row['rank_high']}",
                row["group"],
                (_("yes") if row["passes"] else _("no"))
                + (f" ({_('tied at the line')})" if row["tied_at_line"] else ""),
                " ".join(sorted({words[flag["sign"]] for flag in row["flags"]})),
            ]
            for row in told["standing"]
        ],
    )
    say(_("%(items)s items. Who is in one group cannot be told apart from its first.") % {"items": found.items})


# --- the rehearsal --------------------------------------------------------------------------------------------------


@app.command("rehearse", help=_("Play a made-up race with faults on a database of its own, and check what must hold."))
def rehearse(
    seed: Annotated[int, typer.Option("--seed", min=0, help=_("What happens follows from it."))] = 1,
    seeds: Annotated[str, typer.Option("--seeds", help=_("Several: FROM..TO, both included."))] = "",
    lanes: Annotated[int, typer.Option("--lanes", min=2, max=12, help=_("Lanes at most."))] = 3,
    entries: Annotated[int, typer.Option("--entries", min=1, max=20, help=_("Entries of a lane at each gate."))] = 2,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=64, help=_("Processes at once."))] = 1,
    json: Annotated[bool, typer.Option("--json", help=_("As JSON."))] = False,
    here: Annotated[bool, typer.Option("--here", hidden=True)] = False,
) -> int:
    """0 when every rule held, 1 when one was broken or not every seed was played; the ledger at hand is left alone."""
    wanted, size = challenge.span(seeds) if seeds else [seed], RaceSize(lanes=lanes, entries=entries)
    if here:
        for played in play_here(wanted, size):
            say(jsons.dumps(played.as_json(), ensure_ascii=False, default=str))
            sys.stdout.flush()
        return 0
    report = challenge.played_by(challenge.elsewhere(wanted, size, jobs), Report(size, coverage=RaceCoverage()))
    say_json(report.as_json()) if json else challenge.show(report)
    return 0 if not report.broken and len(report.seeds) == len(wanted) else 1
