"""What conditions are held against: terms of scenarios, mandates of funds, facts of organisations."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Max, Q

from qunxing.directory.models import Capability, Link, Organization
from qunxing.funds.models import Fund, Investment, Round, Status
from qunxing.ledger.models import Evidence as CitedRow
from qunxing.ledger.models import Visibility
from qunxing.matching.engine.conditions import Evidence, Facts, Filed, Held, Mandate, Terms, Tie, Web
from qunxing.matching.gathering import COMMUNITY
from qunxing.matching.models import Invitation, Requirement
from qunxing.matching.states import State
from qunxing.registry.models import Coverage, Filing, FilingKind, Ownership
from qunxing.registry.models.reach import at_present
from qunxing.registry.states import ENDED, IN_FORCE
from qunxing.scenarios.models import Scenario

GENERATIVE = (FilingKind.FILED, FilingKind.REGISTERED)
SECURITY = {"none": 0, "2": 2, "3": 3}


# --- what is demanded -----------------------------------------------------------------------------------------------


def terms_of(scenario: Scenario) -> Terms:
    asked = getattr(scenario, "requirement", None) or Requirement(scenario=scenario)
    return Terms(
        owner=scenario.organization.ref,
        generated_to_public=scenario.serves_public_generated,
        security_level=SECURITY.get(scenario.security_level, 0),
        domestic_chips=scenario.domestic_chips,
        on_site=scenario.on_site,
        places=asked.places,
        sizes=asked.sizes,
        certificates=asked.certificate_names,
    )


def mandates_of(funds: Sequence[Fund], levels: Sequence[Visibility] = COMMUNITY) -> dict[str, Mandate]:
    """{reference of the fund: its mandate}; one query for what they hold."""
    rows = Investment.objects.filter(Investment.objects.open_rows(list(levels)), investor_fund__in=funds)
    held: dict[int, set[str]] = defaultdict(set)
    for fund, firm in rows.values_list("investor_fund_id", "round__organization__ref"):
        held[fund].add(firm)
    return {fund.ref: mandate_of(fund, frozenset(held[fund.pk])) for fund in funds}


def mandate_of(fund: Fund, held: frozenset[str]) -> Mandate:
    return Mandate(
        manager=fund.manager.ref if fund.manager is not None else "",
        investing=fund.status != Status.EXITED,
        stages=fund.stages,
        fields=fund.fields,
        regions=fund.regions,
        held=held,
    )


# --- what is known --------------------------------------------------------------------------------------------------


def web_of(day: date, levels: Sequence[Visibility] = COMMUNITY) -> Web:
    """Who hangs together with whom, by the links that are open; one query."""
    rows = Link.objects.filter(Link.objects.open_rows(list(levels)), kind__in=["holds", "invests", "former"])
    rows = rows.select_related("from_organization", "to_organization").order_by("pk")
    return Web.of((tie_of(link) for link in rows), day)


def tie_of(link: Link) -> Tie:
    share = None if link.share is None else float(link.share)
    upper, lower = link.from_organization, link.to_organization
    text = f"{upper.short_name or upper.name} → {lower.short_name or lower.name}"
    said = Evidence(link.kind_code(), link.ref, f"{text} {share:g}%" if share is not None else text, iso(link.from_day))
    return Tie(link.kind, upper.ref, lower.ref, said, share, link.from_day, link.to_day)


def facts_of(
    refs: Collection[str], levels: Sequence[Visibility] = COMMUNITY, *, closed: bool = False
) -> dict[str, Facts]:
    """{reference: what is known} of organisations; a constant number of queries.

    With `closed` what they can carry and what they carry is counted whoever may see it.
    """
    rows = list(Organization.objects.filter(ref__in=refs))
    keys, opened = [row.pk for row in rows], list(levels)
    filings, called = filings_of(keys, opened), called_by(keys, opened)
    carried = list(Visibility) if closed else opened
    held, running = held_by(keys, opened, carried), running_of(keys, carried, every=closed)
    financed, days = last_rounds(keys, opened), cited_days("directory.organization", keys, opened)
    return {
        row.ref: Facts(
            key=row.ref,
            own=Evidence(row.kind_code(), row.ref, row.name, days.get(row.pk) or iso(row.updated_at.date())),
            division=row.division,
            size=row.size_class,
            fields=row.fields,
            filings=tuple(filings[row.pk]),
            called=tuple(called[row.pk]),
            held=tuple(held[row.pk]),
            running=tuple(running[row.pk]),
            stage=financed[row.pk][0] if row.pk in financed else "",
            financed=financed[row.pk][1] if row.pk in financed else None,
        )
        for row in rows
    }


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def cited_days(kind: str, keys: Collection[int], levels: Collection[str]) -> dict[int, str]:
    """{row: the day of the newest open source that speaks of it}."""
    rows = CitedRow.objects.filter(record_kind=kind, record_id__in=keys, source__visibility__in=levels).order_by()
    return {row["record_id"]: iso(row["day"]) for row in rows.values("record_id").annotate(day=Max("source__day"))}


def open_filings(levels: Collection[str], **more: Any) -> Any:
    return Filing.objects.filter(shown_to__in=levels, kind__in=GENERATIVE, **more)


def filings_of(keys: Collection[int], levels: Collection[str]) -> dict[int, list[Filed]]:
    """Filings of generative AI, newest first, that are or were in force."""
    found: dict[int, list[Filed]] = defaultdict(list)
    rows = open_filings(levels, organization__in=keys, state__in=[*IN_FORCE, *ENDED]).select_related("relies_on")
    for row in rows.order_by("-granted_on", "-pk"):
        found[row.organization_id].append(filed_as(row, levels))
    return found


def filed_as(row: Filing, levels: Collection[str]) -> Filed:
    relied = row.relies_on if row.relies_on is not None and row.relies_on.shown_to in levels else None
    said = Evidence(row.kind_code(), row.ref, f"{row.name} {row.number}".strip(), iso(row.granted_on))
    return Filed(
        said,
        registered=row.kind == FilingKind.REGISTERED,
        in_force=row.state in IN_FORCE,
        relies_on=filed_as(relied, levels) if relied is not None else None,
    )


def called_by(keys: Collection[int], levels: Collection[str]) -> dict[int, list[Filed]]:
    """Filings in force of models that the organisations' own models are made from."""
    opened = {"visibility__in": levels, "model__visibility__in": levels, "model__base_model__visibility__in": levels}
    owned = Ownership.objects.filter(at_present(), organization__in=keys, **opened)
    bases = list(owned.order_by("organization_id", "pk").values_list("organization_id", "model__base_model_id"))
    covered: dict[int, list[Filed]] = defaultdict(list)
    rows = Coverage.objects.filter(
        model__in={base for _firm, base in bases},
        visibility__in=levels,
        filing__shown_to__in=levels,
        filing__state__in=IN_FORCE,
        filing__kind__in=GENERATIVE,
    )
    for row in rows.select_related("filing").order_by("pk"):
        covered[row.model_id].append(filed_as(row.filing, ()))
    found: dict[int, list[Filed]] = defaultdict(list)
    for firm, base in bases:
        found[firm] += covered[base]
    return found


def held_by(keys: Collection[int], levels: Collection[str], carried: Collection[str]) -> dict[int, list[Held]]:
    """What firms can show; what they can carry is taken from rows of the levels `carried`."""
    seen = Q(visibility__in=levels) | Q(kind=Capability.Kind.CAPACITY, visibility__in=carried)
    rows = list(Capability.objects.filter(seen, organization__in=keys).order_by("-pk"))
    days = cited_days("directory.capability", [row.pk for row in rows], levels)
    found: dict[int, list[Held]] = defaultdict(list)
    for row in rows:
        said = Evidence(row.kind_code(), row.ref, said_of(row), days.get(row.pk) or iso(row.valid_from))
        held = Held(row.kind, said, row.held, row.amount or 0, row.name, row.valid_from, row.valid_until)
        found[row.organization_id].append(held)
    return found


def said_of(row: Capability) -> str:
    """What the row says, without a word of either language where it can."""
    level = f"等保 {row.amount}" if row.kind == Capability.Kind.SECURITY and row.amount else str(row.amount or "")
    parts = [level, row.name, row.number, f"→ {row.valid_until}" if row.valid_until else ""]
    return " ".join(part for part in parts if part)


def running_of(keys: Collection[int], levels: Collection[str], *, every: bool = False) -> dict[int, list[Evidence]]:
    """Scenarios under contract: every one, or only those that may be named."""
    rows = Invitation.objects.filter(organization__in=keys, state=State.CONTRACT)
    if not every:
        rows = rows.filter(scenario__visibility__in=levels, scenario__organization__visibility__in=levels)
        rows = rows.filter(scenario__published_on__isnull=False)
    found: dict[int, list[Evidence]] = defaultdict(list)
    for row in rows.select_related("scenario").order_by("pk"):
        scenario = row.scenario
        found[row.organization_id].append(
            Evidence(scenario.kind_code(), scenario.ref, scenario.title, iso(row.contract_on))
        )
    return found


def last_rounds(keys: Collection[int], levels: Collection[str]) -> dict[int, tuple[str, Evidence]]:
    """{organisation: (stage, evidence) of its newest round}."""
    rows = Round.objects.filter(organization__in=keys, visibility__in=levels).select_related("stage")
    rows = rows.order_by("organization_id", "closed_on", "pk")
    return {
        row.organization_id: (
            row.stage_id,
            Evidence(row.kind_code(), row.ref, f"{row.stage.name_zh} {row.stage.name_en}".strip(), iso(row.closed_on)),
        )
        for row in rows
    }


def references(evidence: Iterable[Evidence]) -> dict[str, tuple[str, ...]]:
    """{kind of record: references} of rows that findings rest on."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for one in evidence:
        if one.ref:
            found[one.kind][one.ref] = None
    return {kind: tuple(refs) for kind, refs in found.items()}
