"""Keeping what a plan came to."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from qunxing.directory.models import Organization
from qunxing.funds.models import Fund
from qunxing.ledger.recording import Entry, note, recording
from qunxing.matching.bundles.assigning import Assigned, shortfalls
from qunxing.matching.bundles.bundling import Bundle, Bundled
from qunxing.matching.bundles.models import Plan, PlanKind, Proposal
from qunxing.matching.bundles.settings import Settings
from qunxing.registry.models import Filing
from qunxing.resources.models import Offer, Voucher

BATCH = 1_000


def keys(kind: Any, refs: Iterable[str]) -> dict[str, int]:
    """{reference: key} of the rows, some thousands at a time."""
    names, found = sorted({ref for ref in refs if ref}), dict[str, int]()
    for start in range(0, len(names), BATCH):
        found |= dict(kind.objects.filter(ref__in=names[start : start + BATCH]).values_list("ref", "pk"))
    return found


def keep_assignment(assigned: Assigned, *, settings: Settings, actor: Any) -> Plan:
    """A proposal for each place that was filled; the scenarios that stay short stand in the summary."""
    market, pairs = assigned.market, assigned.pairs
    firms = keys(Organization, (option.firm for _asked, option in pairs))
    with recording(actor=actor):
        plan = new_plan(PlanKind.ASSIGNMENT, market.day, settings, actor)
        rows = [
            Proposal(
                plan=plan,
                scenario=asked.scenario,
                organization_id=firms.get(option.firm),
                score=option.score,
                standing=option.standing,
            )
            for asked, option in pairs
        ]
        Proposal.objects.bulk_create(rows, batch_size=BATCH)
        told = {"short": shortfalls(assigned), "firms": len(firms), "places": len(rows)}
        close(plan, {**told, "scenarios": len(market.asked), "compared": market.compared})
    return plan


def keep_bundles(bundled: Bundled, *, settings: Settings, actor: Any) -> Plan:
    """A proposal for each scenario, also for one without a firm."""
    bundles = bundled.bundles
    known = {
        "organization_id": keys(Organization, (one.package.firm for one in bundles)),
        "filing_id": keys(Filing, (one.filing for one in bundles)),
        "fund_id": keys(Fund, (one.package.fund for one in bundles)),
        "offer_id": keys(Offer, (one.package.offer for one in bundles)),
    }
    with recording(actor=actor):
        plan = new_plan(PlanKind.BUNDLES, bundled.market.day, settings, actor)
        rows = [proposal_of(plan, one, known) for one in bundles]
        Proposal.objects.bulk_create(rows, batch_size=BATCH)
        keep_vouchers(rows, bundles)
        whole = sum(not one.missing for one in bundles)
        told = {"proven": bundled.proven, "whole": whole, "firms": sum(one.option is not None for one in bundles)}
        close(plan, {**told, "scenarios": len(bundles), "compared": bundled.market.compared})
    return plan


def proposal_of(plan: Plan, one: Bundle, known: dict[str, dict[str, int]]) -> Proposal:
    refs = {
        "organization_id": one.package.firm,
        "filing_id": one.filing,
        "fund_id": one.package.fund,
        "offer_id": one.package.offer,
    }
    return Proposal(
        plan=plan,
        scenario=one.asked.scenario,
        **{name: known[name].get(ref) for name, ref in refs.items()},
        score=one.option.score if one.option else 0,
        standing=one.option.standing if one.option else "",
        support=one.support,
        missing=[missing.plain() for missing in one.missing],
        basis={"filing": one.filing_how, "compute": one.compute_how},
    )


def keep_vouchers(rows: list[Proposal], bundles: Iterable[Bundle]) -> None:
    vouchers = keys(Voucher, (ref for one in bundles for ref in one.package.vouchers))
    links = [
        Proposal.vouchers.through(proposal_id=row.pk, voucher_id=vouchers[ref])
        for row, one in zip(rows, bundles, strict=True)
        for ref in one.package.vouchers
        if ref in vouchers
    ]
    Proposal.vouchers.through.objects.bulk_create(links, batch_size=BATCH)


def new_plan(kind: PlanKind, day: Any, settings: Settings, actor: Any) -> Plan:
    return Plan.objects.create(kind=kind, day=day, wishes=settings.plain(), made_by=actor)


def close(plan: Plan, summary: dict[str, Any]) -> None:
    """What the plan came to; the log keeps that it was made, and of how many scenarios."""
    plan.summary = summary
    plan.save(update_fields=["summary"])
    facts = {"kind": str(plan.kind), "scenarios": summary["scenarios"], "day": plan.day.isoformat()}
    note(Entry("plan.made", "matching.plan", plan.ref, facts))


def remove_plan(plan: Plan, *, actor: Any) -> None:
    with transaction.atomic(), recording(actor=actor):
        note(Entry("plan.removed", "matching.plan", plan.ref, {}))
        plan.delete()
