"""What the scenarios' ledger counts: scenarios by how far they have come, and the money set aside for them."""

import numpy as np
from django.utils.translation import gettext_lazy as _

from qunxing.core.columns import Columns
from qunxing.core.errors import Text
from qunxing.core.facttables import Amounts, FactTable, Measure
from qunxing.core.specs import Dimension, FactTableSpec, IndicatorSpec, Read
from qunxing.core.spells import AGAIN, FIRST, life, paired
from qunxing.directory.indicators import choices, whereabouts
from qunxing.directory.models import field_labels
from qunxing.scenarios.models import Mechanism, Scenario
from qunxing.scenarios.states import LIVE, ONCE_PUBLISHED, State

SHOWN = (*sorted(ONCE_PUBLISHED), State.WITHDRAWN)
TURNS: dict[str, Text] = {FIRST: _("for the first time"), AGAIN: _("again")}


def scenarios(read: Read) -> FactTable:
    """Scenarios since they were published, each in each of its states; their owners are who asks."""
    rows = read(
        Scenario, "organization_id", "published_on", "mechanism", "fields", "division", "budget_low", "budget_high"
    )
    rows = rows.take(rows["published_on"] > 0)
    versions = read.versions(Scenario, "state")
    found = life(versions, rows, "state", SHOWN, opening=State.PUBLISHED, days={State.PUBLISHED: "published_on"})
    facts = rows.of_keys(found.keys)
    owners = whereabouts(read, facts["organization_id"])
    return FactTable(
        rows=found.keys,
        things=found.keys,
        since=found.since,
        until=found.until,
        organizations=facts["organization_id"],
        divisions=paired(facts["division"], owners["division"], lambda own, owner: own or owner),
        dimensions={
            "state": found.states,
            "turn": found.turns,
            "field": facts["fields"],
            "mechanism": facts["mechanism"],
        },
        amounts={"budget": budgets(facts)},
    )


def budgets(rows: Columns) -> Amounts:
    closed = np.zeros(len(rows), dtype=bool)
    return Amounts(rows["budget_low"], rows["budget_high"], closed, closed)


STATE = Dimension("state", _("State"), lambda: {code: State(code).label for code in SHOWN})
TURN = Dimension("turn", _("First time or again"), lambda: TURNS)
FIELD = Dimension("field", _("Technical field"), field_labels, of_sets=True)
MECHANISM = Dimension("mechanism", _("Mechanism"), lambda: choices(Mechanism))
FACT_TABLES = (FactTableSpec("scenarios", _("Scenarios"), Scenario, scenarios, (STATE, TURN, FIELD, MECHANISM)),)

SECTION = _("Scenarios")
PUBLISHED = _("The day of publication.")
STEP = _("The day on which the step was recorded lies in the period.")
BY = ("field", "mechanism")


def moved(code: str, name: Text, counts: Text, state: State) -> IndicatorSpec:
    """How many came into the state in the period for the first time."""
    where = {"state": (state,), "turn": (FIRST,)}
    dates = PUBLISHED if state == State.PUBLISHED else STEP
    return IndicatorSpec(code, name, counts, "scenarios", dates, SECTION, "个", Measure.ENTERED, where=where, by=BY)


INDICATORS = (
    moved("scenarios_published", _("Scenarios published"), _("Scenarios published in the period."), State.PUBLISHED),
    moved("scenarios_matched", _("Scenarios matched"), _("Scenarios matched with a firm in the period."),
          State.MATCHED),
    moved("scenarios_contracted", _("Scenarios contracted"), _("Scenarios whose delivery began in the period."),
          State.IN_DELIVERY),
    moved("scenarios_closed", _("Scenarios closed"), _("Scenarios delivered and closed in the period."), State.CLOSED),
    IndicatorSpec(
        "scenarios_to_date", _("Scenarios published to date"), _("Scenarios ever published."),
        "scenarios", PUBLISHED, SECTION, "个", Measure.EVER,
        where={"state": (State.PUBLISHED,), "turn": (FIRST,)}, by=BY,
    ),
    IndicatorSpec(
        "scenarios_live", _("Scenarios under way"), _("Scenarios published and neither closed nor withdrawn."),
        "scenarios", _("The day of publication, and the days on which later steps were recorded."), SECTION, "个",
        where={"state": tuple(sorted(LIVE))}, by=("state", *BY),
    ),
    IndicatorSpec(
        "scenario_money", _("Money of scenarios published"),
        _("Budgets of the scenarios published in the period: from the lower to the higher ends of what was told."),
        "scenarios", PUBLISHED, SECTION, "元", Measure.ENTERED, "budget",
        where={"state": (State.PUBLISHED,), "turn": (FIRST,)}, by=BY,
    ),
    IndicatorSpec(
        "scenario_money_contracted", _("Money of scenarios contracted"),
        _("Budgets of the scenarios whose delivery began in the period."),
        "scenarios", STEP, SECTION, "元", Measure.ENTERED, "budget",
        where={"state": (State.IN_DELIVERY,), "turn": (FIRST,)}, by=BY,
    ),
)  # fmt: skip
