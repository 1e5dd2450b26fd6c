"""Reads of plans: the load of firms, who stays short, and a package as a reader sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Text
from qunxing.directory.models import Organization
from qunxing.matching.bundles.models import Plan, PlanKind, Proposal
from qunxing.matching.bundles.pieces import cost_of, support_of, wants_compute
from qunxing.matching.bundles.words import HOW, ICONS, PIECES, REASONS, closing_text, formula, missing_text
from qunxing.scenarios.models import Scenario

TOP = 15
SHOWN = 50
NOTED = {"model": "filing", "compute": "compute"}
ON_SITE = _("Not asked for: the scenario runs on its owner's site.")


def firm_load(plan: Plan, user: Any, limit: int = TOP) -> list[tuple[str, int]]:
    """(firm, how often it is proposed), the most frequent first."""
    firms = Organization.objects.visible_to(user)
    rows = plan.proposals.filter(organization__in=firms).values_list("organization__name")
    return list(rows.annotate(times=Count("pk")).order_by("-times", "organization__name")[:limit])


@dataclass(frozen=True)
class Short:
    """A scenario that got less than it wanted."""

    scenario: Scenario
    wanted: int
    got: int
    candidates: int
    missed: int
    reasons: list[Text]
    firms: list[Organization]


def short_of(plan: Plan, user: Any) -> list[Short]:
    """The scenarios that stay short, as far as they may be seen."""
    told: list[Mapping[str, Any]] = plan.summary.get("short", [])[:SHOWN]
    scenarios = by_ref(Scenario, [one["scenario"] for one in told], user)
    firms = by_ref(Organization, [ref for one in told for ref in (*one["busy"], *one["capped"])], user)
    return [
        Short(
            scenario=scenarios[one["scenario"]],
            wanted=one["wanted"],
            got=one["got"],
            candidates=one["candidates"],
            missed=one["missed"],
            reasons=[REASONS[reason] for reason in one["reasons"]],
            firms=[firms[ref] for ref in (*one["busy"], *one["capped"]) if ref in firms],
        )
        for one in told
        if one["scenario"] in scenarios
    ]


def by_ref(kind: Any, refs: list[str], user: Any) -> dict[str, Any]:
    return {row.ref: row for row in kind.objects.visible_to(user).filter(ref__in=set(refs))}


# --- packages -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A piece of a package: what it is, or what is missing and how to close it; `state` is found, missing or none."""

    code: str
    label: Text
    icon: str
    state: str
    record: Any = None
    note: Text = ""
    problem: Text = ""
    closing: Text = ""


def newest_package(scenario: Scenario) -> Proposal | None:
    """What the newest plan of packages proposes to the scenario."""
    rows = Proposal.objects.filter(scenario=scenario, plan__kind=PlanKind.BUNDLES).select_related(
        "plan", "organization", "filing", "fund", "offer__provider"
    )
    return rows.order_by("-plan", "-pk").first()


def pieces_of(proposal: Proposal, scenario: Scenario) -> list[Piece]:
    """The five pieces, in their order; a package of several vouchers has a line for each."""
    missing = {one["piece"]: one for one in proposal.missing}
    vouchers = list(proposal.vouchers.select_related("offer"))
    found = {"firm": proposal.organization, "model": proposal.filing, "fund": proposal.fund, "compute": proposal.offer}
    notes = {code: HOW.get(proposal.basis.get(name, ""), "") for code, name in NOTED.items()}
    pieces = [piece(code, row, missing.get(code), scenario, notes.get(code, "")) for code, row in found.items()]
    if not vouchers:
        return [*pieces, piece("voucher", None, missing.get("voucher"), scenario)]
    lines = [
        piece("voucher", voucher.offer, None, scenario, formula(voucher, cost_of(scenario, voucher.kind)))
        for voucher in vouchers
    ]
    return [*pieces, *lines]


def piece(code: str, record: Any, missing: Mapping[str, Any] | None, scenario: Scenario, note: Text = "") -> Piece:
    label, icon = PIECES[code], ICONS[code]
    if record is not None:
        return Piece(code, label, icon, "found", record, note)
    if missing is None:
        return Piece(code, label, icon, "none", problem=unasked(code, scenario))
    return Piece(code, label, icon, "missing", problem=missing_text(missing, scenario), closing=closing_text(missing))


def unasked(code: str, scenario: Scenario) -> Text:
    """Why nothing is proposed and nothing is missing either."""
    from_site = code == "compute" and not wants_compute(scenario)
    return ON_SITE if from_site else ""


def package_json(proposal: Proposal, scenario: Scenario) -> dict[str, Any]:
    """A package as plain data: the contract of `matching bundle --json`."""
    vouchers = list(proposal.vouchers.select_related("offer"))
    return {
        "scenario": scenario.ref,
        "title": scenario.title,
        "firm": named(proposal.organization),
        "model": {**(named(proposal.filing) or {}), "how": proposal.basis.get("filing", "")}
        if proposal.filing
        else None,
        "fund": named(proposal.fund),
        "compute": {**(named(proposal.offer) or {}), "how": proposal.basis.get("compute", "")}
        if proposal.offer
        else None,
        "vouchers": [
            {
                **(named(voucher.offer) or {}),
                "kind": voucher.kind,
                "percent": voucher.percent,
                "cap": voucher.cap,
                "cost": cost_of(scenario, voucher.kind),
                "support": support_of(voucher, scenario),
                "formula": formula(voucher, cost_of(scenario, voucher.kind)),
            }
            for voucher in vouchers
        ],
        "support": proposal.support,
        "missing": [
            {
                "piece": one["piece"],
                "code": one["code"],
                "reason": missing_text(one, scenario),
                "closing": str(closing_text(one)),
            }
            for one in proposal.missing
        ],
    }


def named(record: Any) -> dict[str, Any] | None:
    return {"ref": record.ref, "name": str(record)} if record is not None else None
