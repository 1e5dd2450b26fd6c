"""What the ledger of resources counts: who gives compute, cards and computing power, in service or planned."""

from dataclasses import replace

import numpy as np
from django.utils.translation import gettext_lazy as _

from qunxing.core.columns import NEVER, UNKNOWN, Columns
from qunxing.core.errors import Text
from qunxing.core.facttables import Amounts, Bounds, FactTable, Measure, beginnings
from qunxing.core.specs import Dimension, FactTableSpec, IndicatorSpec, Read
from qunxing.core.spells import Spells, life, paired
from qunxing.directory.indicators import choices, whereabouts
from qunxing.directory.models import field_labels
from qunxing.resources.models import COMPUTING_POWER, Bound, Kind, NumberFormat, Offer, Unit
from qunxing.resources.states import State

PFLOPS_AN_EFLOPS = 1000


def offers(read: Read) -> FactTable:
    """Offers while they stand open and valid; the state before the first one known was the same."""
    rows = read(
        Offer, "kind", "provider_id", "quantity", "quantity_bound", "unit", "number_format", "region", "fields",
        "domestic_chips", "valid_from", "valid_until",
    )  # fmt: skip
    found = life(read.versions(Offer, "state"), rows, "state", State.values)
    facts = rows.of_keys(found.keys)
    since, until = standing(facts, found)
    providers = whereabouts(read, facts["provider_id"])
    return FactTable(
        rows=found.keys,
        things=found.keys,
        since=since,
        until=until,
        organizations=facts["provider_id"],
        divisions=paired(facts["region"], providers["division"], lambda region, own: region or own),
        dimensions={
            "kind": facts["kind"],
            "state": found.states,
            "unit": facts["unit"],
            "precision": facts["number_format"],
            "field": facts["fields"],
        },
        amounts={"quantity": quantities(facts, 1), "eflops": eflops(facts)},
    )


def providers(read: Read) -> FactTable:
    """The same rows; what is counted is who offers."""
    found = offers(read)
    return replace(found, things=found.organizations)


def standing(facts: Columns, found: Spells) -> tuple[Bounds, Bounds]:
    """An offer stands from the later of both beginnings, through the last valid day, until the sooner of both ends."""
    begun = beginnings(facts["valid_from"], facts["recorded"])
    last = facts["valid_until"]
    over = np.where(last == UNKNOWN, NEVER, last.astype(np.int64) + 1).astype(np.int32)
    since = Bounds(np.maximum(begun.low, found.since.low), np.maximum(begun.high, found.since.high))
    return since, Bounds(np.minimum(over, found.until.low), np.minimum(over, found.until.high))


def quantities(facts: Columns, divisor: float) -> Amounts:
    """What was stated, as ranges: over and under have one end, about is near a number that it need not be."""
    number, bound = facts["quantity"] / divisor, facts["quantity_bound"]
    over, under, about = (bound.is_in({code}) for code in (Bound.OVER, Bound.UNDER, Bound.ABOUT))
    return Amounts(
        np.where(under, np.nan, number), np.where(over, np.nan, number), (over | about), (under | about)
    )  # fmt: skip


def eflops(facts: Columns) -> Amounts:
    """Computing power in EFLOPS; nothing of what is stated in another unit."""
    amounts = quantities(facts, 1)
    factor = np.where(facts["unit"].is_in({Unit.PFLOPS}), 1 / PFLOPS_AN_EFLOPS, 1.0)
    factor = np.where(facts["unit"].is_in(COMPUTING_POWER), factor, np.nan)
    return Amounts(amounts.low * factor, amounts.high * factor, amounts.low_open, amounts.high_open)


KIND = Dimension("kind", _("Kind"), lambda: choices(Kind))
STATE = Dimension("state", _("State"), lambda: choices(State))
UNIT = Dimension("unit", _("Unit"), lambda: choices(Unit))
PRECISION = Dimension("precision", _("Precision"), lambda: choices(NumberFormat))
FIELD = Dimension("field", _("Technical field"), field_labels, of_sets=True)
DIMENSIONS = (KIND, STATE, UNIT, PRECISION, FIELD)
FACT_TABLES = (
    FactTableSpec("offers", _("Offers"), Offer, offers, DIMENSIONS),
    FactTableSpec("providers", _("Providers"), Offer, providers, DIMENSIONS),
)

SECTION = _("Resources")
IN_SERVICE = _("The offer is valid and open on the day, the last valid day included.")
PLANNED = _("The offer is to be valid from a day after the one asked for.")
OPEN_COMPUTE: dict[str, tuple[str, ...]] = {"kind": (Kind.COMPUTE,), "state": (State.OPEN,)}
CARDS = OPEN_COMPUTE | {"unit": (Unit.CARDS,)}
POWER = OPEN_COMPUTE | {"unit": COMPUTING_POWER}


def power(code: str, name: Text, counts: Text, dates: Text, measure: Measure) -> IndicatorSpec:
    return IndicatorSpec(
        code, name, counts, "offers", dates, SECTION, "EFLOPS", measure, "eflops", where=POWER, split="precision",
        scope="district",
    )  # fmt: skip


INDICATORS = (
    IndicatorSpec(
        "compute_partners", _("Compute partners"), _("Organisations with an offer of compute, once each."),
        "providers", IN_SERVICE, SECTION, "家", where=OPEN_COMPUTE, by=("unit",),
    ),
    IndicatorSpec(
        "compute_cards", _("Compute cards"), _("Cards on offer: from the lower to the higher ends of what was told."),
        "offers", IN_SERVICE, SECTION, "张", Measure.STOCK, "quantity", where=CARDS,
    ),
    IndicatorSpec(
        "planned_cards", _("Compute cards planned"), _("Cards of offers that have not begun."),
        "offers", PLANNED, SECTION, "张", Measure.AHEAD, "quantity", where=CARDS,
    ),
    power("computing_power", _("Computing power in service"),
          _("Computing power on offer, by the precision it is stated in; two precisions are never added."),
          IN_SERVICE, Measure.STOCK),
    power("planned_compute", _("Computing power planned"),
          _("Computing power of offers that have not begun, by the precision it is stated in."),
          PLANNED, Measure.AHEAD),
    IndicatorSpec(
        "offers", _("Resources on offer"), _("Offers that may be taken up."),
        "offers", IN_SERVICE, SECTION, "项", where={"state": (State.OPEN,)}, by=("kind", "field"),
    ),
)  # fmt: skip
