"""Panels on the command line: scores calibrated, experts assigned, draws repeated; from files, without a database."""

import json as codec
from collections import defaultdict
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from django.utils.translation import gettext as _

from qunxing.cli import tables
from qunxing.cli.output import say, say_json, say_table
from qunxing.core.errors import Refused
from qunxing.matching.engine.assignment import Edges
from qunxing.panels.assignment import Plan, Request, assign_experts
from qunxing.panels.calibration import CalibratedEntry, Calibration, Interval, calibrate
from qunxing.panels.proof import check_draw
from qunxing.panels.wording import reasons_for

app = typer.Typer(no_args_is_help=True, help=_("Panels of experts."))
Json = Annotated[bool, typer.Option("--json", help=_("As JSON."))]


# --- calibrate ------------------------------------------------------------------------------------------------------


@app.command("calibrate", help=_("Take severity, leniency and home bias of reviewers off the scores of a table."))
def calibrate_table(
    file: Annotated[Path, typer.Argument(help=_("Table of scores: panel, entry, reviewer, score, affiliations."))],
    json: Json = False,
) -> int:
    scores, notes = tables.panel_scores(file)
    found = calibrate(scores)
    if json:
        say_json(calibration_as_json(found, notes))
        return 0
    show_entries(found)
    show_reviewers(found)
    for line in notes:
        say(line)
    return 0


def calibration_as_json(found: Calibration, notes: list[str]) -> dict[str, Any]:
    """The contract of `panels calibrate --json`, and more beside it."""
    home = found.home
    return {
        "entries": [entry_as_json(entry) for entry in found.entries],
        "reviewers": [
            {
                "reviewer_id": one.reviewer,
                **ends("effect", one.effect),
                "scores": one.scores,
                "panels": [{"panel": panel, **ends("effect", at)} for panel, at in one.panels],
            }
            for one in found.reviewers
        ],
        "home_bias": {
            **(ends("estimate", home.bias) if home else {"estimate": None, "low": None, "high": None}),
            "by_itself": home.by_itself if home else None,
            "pairs": home.pairs if home else 0,
        },
        "bands": bands(found),
        "spread": found.spread,
        "notes": notes,
    }


def entry_as_json(entry: CalibratedEntry) -> dict[str, Any]:
    return {
        "panel": entry.panel,
        "entry_id": entry.entry,
        "raw_mean": entry.raw_mean,
        **ends("calibrated", entry.calibrated),
        "scores": entry.scores,
        "raw_rank": entry.raw_rank,
        "calibrated_rank": entry.calibrated_rank,
        "band": entry.band,
    }


def ends(name: str, found: Interval) -> dict[str, float | None]:
    return {name: found.estimate, "low": found.low, "high": found.high}


def bands(found: Calibration) -> list[dict[str, Any]]:
    """Entries that are too close to call, best first."""
    groups: dict[tuple[str, int], list[str]] = defaultdict(list)
    order = {panel: number for number, panel in enumerate(dict.fromkeys(entry.panel for entry in found.entries))}
    for entry in sorted(found.entries, key=lambda one: (order[one.panel], one.band, one.calibrated_rank)):
        groups[entry.panel, entry.band].append(entry.entry)
    return [{"panel": panel, "band": band, "entries": names} for (panel, band), names in groups.items()]


def show_entries(found: Calibration) -> None:
    by_panel: dict[str, list[CalibratedEntry]] = defaultdict(list)
    for entry in found.entries:
        by_panel[entry.panel].append(entry)
    headings = [_("entry"), _("raw mean"), _("rank"), _("calibrated"), _("95% interval"), _("rank"), _("band")]
    for panel, entries in by_panel.items():
        if panel:
            say(panel)
        ordered = sorted(entries, key=lambda one: (one.calibrated_rank, one.entry))
        say_table(headings, [(one.entry, short(one.raw_mean), one.raw_rank, short(one.calibrated.estimate),
            between(one.calibrated), one.calibrated_rank, one.band) for one in ordered])  # fmt: skip
        say()


def show_reviewers(found: Calibration) -> None:
    headings = [_("reviewer"), _("scores"), _("severe (−) or lenient (+)"), _("95% interval")]
    ordered = sorted(found.reviewers, key=lambda one: -one.effect.estimate)
    say_table(headings, [(o.reviewer, o.scores, f"{o.effect.estimate:+.3f}", between(o.effect)) for o in ordered])
    say()
    if found.home is None:
        say(_("Home bias: these scores do not tell."))
        return
    words = {"bias": f"{found.home.bias.estimate:+.3f}", "between": between(found.home.bias), "pairs": found.home.pairs}
    say(_("Home bias: %(bias)s (95%% interval %(between)s), from %(pairs)s scores.") % words)


def short(value: float) -> str:
    return f"{value:.3f}"


def between(found: Interval) -> str:
    return "–" if found.low is None or found.high is None else f"{short(found.low)} … {short(found.high)}"


# --- assign ---------------------------------------------------------------------------------------------------------


@app.command("assign", help=_("Choose experts for every bid: no conflict, no overload, the best scores in all."))
def assign_table(
    scores: Annotated[
        Path, typer.Option("--scores", help=_("Table of bid, expert, score; other pairs are not chosen."))
    ],
    per_bid: Annotated[int, typer.Option("--per-bid", min=1, help=_("Experts for each bid."))],
    conflicts: Annotated[Path | None, typer.Option("--conflicts", help=_("Table of bid, expert."))] = None,
    loads: Annotated[Path | None, typer.Option("--loads", help=_("Table of expert, load: bids at most."))] = None,
    load: Annotated[
        int | None, typer.Option("--load", min=0, help=_("The load of experts of whom no table says it."))
    ] = None,
    specialists: Annotated[Path | None, typer.Option("--specialists", help=_("Table of the experts who are."))] = None,
    at_least: Annotated[int, typer.Option("--at-least", min=0, help=_("Specialists for each bid."))] = 0,
    json: Json = False,
) -> int:
    """0 when every place is filled, 1 when that cannot be done."""
    if at_least > per_bid or (at_least and specialists is None):
        raise Refused(_("--at-least asks for a table of --specialists and for no more than --per-bid."))
    named = Named(tables.fits(scores), tables.conflicts(conflicts) if conflicts else set())
    known = tables.loads(loads) if loads else {}
    default = len(named.bids) if load is None and loads is None else load
    special = tables.people(specialists) if specialists else set()
    plan = assign_experts(named.request(per_bid, loads_of(named.experts, known, default), special, at_least))
    reason = " ".join(map(str, reasons_for(plan.bottlenecks, named.bids, named.experts)))
    if json:
        say_json(plan_as_json(plan, named, reason))
    else:
        show_plan(plan, named, reason)
    return 0 if plan.complete else 1


class Named:
    """Bids and experts by name, sorted, so that the order of the table's rows changes nothing."""

    def __init__(self, fits: dict[tuple[str, str], float], conflicts: set[tuple[str, str]]) -> None:
        self.bids, self.experts = sorted({bid for bid, _expert in fits}), sorted({expert for _bid, expert in fits})
        bids, experts = ({name: n for n, name in enumerate(names)} for names in (self.bids, self.experts))
        free = [(bids[pair[0]], experts[pair[1]], value) for pair, value in fits.items() if pair not in conflicts]
        self.edges = Edges.of(*zip(*free, strict=True)) if free else Edges.of([], [], [])

    def request(self, per_bid: int, loads: list[int], specialists: set[str], at_least: int) -> Request:
        special = np.array([expert in specialists for expert in self.experts])[self.edges.supply]
        wanted = np.full(len(self.bids), per_bid)
        return Request.of(self.edges, wanted=wanted, loads=loads, specialist=special, at_least=at_least)

    def pairs(self, plan: Plan) -> list[tuple[str, str]]:
        chosen = zip(plan.chosen.need, plan.chosen.supply, strict=True)
        return [(self.bids[bid], self.experts[expert]) for bid, expert in chosen]


def loads_of(experts: list[str], known: dict[str, int], default: int | None) -> list[int]:
    missing = [expert for expert in experts if expert not in known]
    if not missing:
        return [known[expert] for expert in experts]
    if default is None:
        words = {"experts": tables.listed(missing)}
        raise Refused(_("The table of loads lacks %(experts)s. Add them, or say --load for all others.") % words)
    return [known.get(expert, default) for expert in experts]


def plan_as_json(plan: Plan, named: Named, reason: str) -> dict[str, Any]:
    """The contract of `panels assign --json`; where not every place can be filled, what could be stands apart."""
    if plan.complete:
        return {"status": "optimal", "objective": plan.total, "pairs": named.pairs(plan), "reason": ""}
    return {
        "status": "infeasible",
        "objective": None,
        "pairs": [],
        "reason": reason,
        "bottlenecks": [
            {
                "bids": [named.bids[place] for place in one.bids],
                "experts": [named.experts[place] for place in one.experts],
                "wanted": one.wanted,
                "got": one.got,
                "specialists": one.specialists,
            }
            for one in plan.bottlenecks
        ],
        "partial": {"objective": plan.total, "pairs": named.pairs(plan)},
    }


def show_plan(plan: Plan, named: Named, reason: str) -> None:
    chosen: dict[str, list[str]] = {bid: [] for bid in named.bids}
    for bid, expert in named.pairs(plan):
        chosen[bid].append(expert)
    say_table([_("bid"), _("experts")], [(bid, "、".join(experts)) for bid, experts in chosen.items()])
    say(_("Scores in all: %(total)s") % {"total": f"{plan.total:,.3f}"})
    if not plan.complete:
        say(_("Not every place can be filled. %(reason)s") % {"reason": reason})


# --- redraw ---------------------------------------------------------------------------------------------------------


@app.command("redraw", help=_("Repeat a published draw: the same pool and seed must bring the same panel."))
def redraw(
    file: Annotated[Path, typer.Argument(help=_("The file of the draw, from its public page."))], json: Json = False
) -> int:
    """0 when it repeats, 1 when it does not."""
    told = draw_in(file)
    faults = [str(fault) for fault in check_draw(told)]
    if json:
        say_json({"repeats": not faults, "seats": told["seats"], "faults": faults})
        return 1 if faults else 0
    for fault in faults:
        say(fault)
    if not faults:
        say(
            _("The draw repeats: the same pool and seed bring the same %(seats)s seats.")
            % {"seats": len(told["seats"])}
        )
    return 1 if faults else 0


def draw_in(file: Path) -> dict[str, Any]:
    """The draw of a JSON file; what is wrong with it as a draw is for `check_draw` to say."""
    try:
        found: dict[str, Any] = codec.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise Refused(_("%(file)s cannot be read as JSON.") % {"file": file.name}) from error
    return found
