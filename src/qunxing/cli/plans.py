"""Packages and assignments on the command line."""

from typing import Annotated, Any

import typer
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.cli.output import say, say_json, say_table
from qunxing.cli.system import need_ready
from qunxing.core.errors import Refused
from qunxing.directory.models import Organization
from qunxing.matching.bundles.actions import keep_bundles
from qunxing.matching.bundles.assigning import Assigned, assign_all, shortfalls
from qunxing.matching.bundles.bundling import bundle_all
from qunxing.matching.bundles.models import Proposal
from qunxing.matching.bundles.queries import package_json
from qunxing.matching.bundles.settings import Settings
from qunxing.matching.bundles.words import REASONS
from qunxing.matching.pools import Silent
from qunxing.scenarios.models import Scenario

DEFAULTS = Settings()
Json = Annotated[bool, typer.Option("--json", help=_("As JSON."))]


def bundle(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help=_("Its number, or its reference."))],
    json: Json = False,
) -> int:
    """Print the package of one scenario, packed with all others; 1 when a piece is missing. Nothing is kept."""
    need_ready()
    found = Scenario.objects.filter(Q(ref=scenario) | Q(number=scenario)).select_related("supply").first()
    if found is None:
        raise Refused(_("There is no scenario %(scenario)s.") % {"scenario": scenario})
    package = packed(found)
    if json:
        say_json(package)
    else:
        show_package(package)
    return 1 if package["missing"] else 0


def packed(scenario: Scenario) -> dict[str, Any]:
    """The package as plain data; what is written for it is taken back."""
    bundled = bundle_all(timezone.localdate(), DEFAULTS, Silent())
    with transaction.atomic():
        plan = keep_bundles(bundled, settings=DEFAULTS, actor=None)
        proposal = Proposal.objects.filter(plan=plan, scenario=scenario).first()
        told = package_json(proposal, scenario) if proposal else None
        transaction.set_rollback(True)
    if told is None:
        raise Refused(
            _("The scenario takes no applicants: packages are made for published scenarios before their last day.")
        )
    return told


def show_package(package: dict[str, Any]) -> None:
    say(package["title"])
    pieces = {"firm": _("firm"), "model": _("filed model"), "fund": _("fund"), "compute": _("compute")}
    rows = [(label, (package[code] or {}).get("name", "—")) for code, label in pieces.items()]
    rows += [(_("voucher"), f"{row['name']}  {row['formula']}") for row in package["vouchers"]]
    say_table([_("piece"), _("what")], rows)
    for one in package["missing"]:
        say(f"  {one['reason']} → {one['closing']}")


def assign(
    wanted: Annotated[int, typer.Option(min=1, max=20, help=_("Firms for a scenario."))] = DEFAULTS.wanted,
    cap: Annotated[int, typer.Option(min=1, help=_("How often one name is proposed at most."))] = DEFAULTS.cap,
    capacity: Annotated[
        int, typer.Option(min=1, help=_("Projects at once of a firm that has not said how many it carries."))
    ] = DEFAULTS.capacity,
    json: Json = False,
) -> int:
    """Print who is proposed to whom over all open scenarios; 1 when a scenario stays short. Nothing is kept."""
    need_ready()
    assigned = assign_all(timezone.localdate(), Settings(wanted=wanted, cap=cap, capacity=capacity), Silent())
    report = assignment_json(assigned)
    if json:
        say_json(report)
    else:
        show_assignment(report)
    return 1 if report["short"] else 0


def assignment_json(assigned: Assigned) -> dict[str, Any]:
    """The contract of `matching assign --json`."""
    market = assigned.market
    names = dict(Organization.objects.filter(ref__in=assigned.firms).values_list("ref", "name"))
    titles = {asked.scenario.ref: asked.scenario.title for asked in market.asked}
    proposals = [
        {
            "scenario": asked.scenario.ref,
            "title": asked.scenario.title,
            "firm": option.firm,
            "name": names[option.firm],
            "score": option.score,
            "standing": str(option.standing),
        }
        for asked, option in assigned.pairs
    ]
    load = [
        {"firm": firm, "name": names[firm], "times": int(times)}
        for firm, times in zip(assigned.firms, assigned.result.load, strict=True)
        if times
    ]
    load.sort(key=lambda row: (-row["times"], row["firm"]))
    short = [{**one, "title": titles[one["scenario"]]} for one in shortfalls(assigned)]
    return {
        "scenarios": len(market.asked),
        "compared": market.compared,
        "proposals": proposals,
        "load": load,
        "short": short,
    }


def show_assignment(report: dict[str, Any]) -> None:
    rows = [(row["title"], row["name"], f"{row['score']:.3f}") for row in report["proposals"]]
    say_table([_("scenario"), _("firm"), _("score")], rows)
    for one in report["short"]:
        why = "; ".join(str(REASONS[reason]) for reason in one["reasons"])
        say(f"  {one['title']}: {one['got']} / {one['wanted']} ({why})")
