"""What the races' ledger counts: races by stage and outcome, lanes, gates passed."""

from django.utils.translation import gettext_lazy as _

from qunxing.core.columns import UNKNOWN
from qunxing.core.errors import Text
from qunxing.core.facttables import Bounds, FactTable, Measure, forever
from qunxing.core.specs import Dimension, FactTableSpec, IndicatorSpec, Read
from qunxing.core.spells import FIRST, life
from qunxing.directory.indicators import choices, whereabouts
from qunxing.directory.models import field_labels
from qunxing.races.models import GateReport, Lane, LaneDecision, Race
from qunxing.races.models.races import Kind
from qunxing.races.states.lane import OUT, LaneState
from qunxing.races.states.race import LIVE, RaceState
from qunxing.races.states.report import ReportState

SHOWN = tuple(code for code in RaceState.values if code != RaceState.DRAFT)
TAKING_PART = tuple(code for code in LaneState.values if code != LaneState.INVITED)


def races(read: Read) -> FactTable:
    """Races since they were published, each in each of its states; whoever asks for one is whose it is."""
    rows = read(Race, "organization_id", "kind", "fields", "published_on", "ended_on")
    rows = rows.take(rows["published_on"] != UNKNOWN)
    days = {RaceState.PUBLISHED.value: "published_on", RaceState.STOPPED.value: "ended_on"}
    found = life(read.versions(Race, "state"), rows, "state", SHOWN, opening=RaceState.PUBLISHED, days=days)
    facts = rows.of_keys(found.keys)
    return FactTable(
        rows=found.keys,
        things=found.keys,
        since=found.since,
        until=found.until,
        organizations=facts["organization_id"],
        divisions=whereabouts(read, facts["organization_id"])["division"],
        dimensions={
            "state": found.states,
            "turn": found.turns,
            "kind": facts["kind"],
            "field": facts["fields"],
        },
    )


def lanes(read: Read) -> FactTable:
    """Lanes since they were entered, each in each of its states; whoever leads one is whose it is.

    Of a race that the reader could not see on the day of knowledge, no lanes.
    """
    rows = read(Lane, "race_id", "organization_id", "entered_on", "ended_on")
    rows = rows.take(~read(Race, "kind").of_keys(rows["race_id"])["kind"].is_in({""}))
    days = {LaneState.ENTERED.value: "entered_on", **{code.value: "ended_on" for code in OUT}}
    found = life(read.versions(Lane, "state"), rows, "state", TAKING_PART, opening=LaneState.ENTERED, days=days)
    facts = rows.of_keys(found.keys)
    return FactTable(
        rows=found.keys,
        things=found.keys,
        since=found.since,
        until=found.until,
        organizations=facts["organization_id"],
        divisions=whereabouts(read, facts["organization_id"])["division"],
        dimensions={
            "state": found.states,
            "turn": found.turns,
            "kind": read(Race, "kind").of_keys(facts["race_id"])["kind"],
        },
    )


def gates(read: Read) -> FactTable:
    """Lanes that passed a gate, since the report of it was confirmed."""
    rows = read(LaneDecision, "report_id", "lane_id", "passes")
    reports = read(GateReport, "state", "confirmed_on").of_keys(rows["report_id"])
    final = reports["state"].is_in({ReportState.FINAL}) & (reports["confirmed_on"] != UNKNOWN) & rows["passes"]
    rows, day = rows.take(final), reports["confirmed_on"][final]
    leaders = read(Lane, "organization_id").of_keys(rows["lane_id"])["organization_id"]
    return FactTable(
        rows=rows["id"],
        things=rows["id"],
        since=Bounds(day, day),
        until=forever(len(rows)),
        organizations=leaders,
        divisions=whereabouts(read, leaders)["division"],
    )


STATE = Dimension("state", _("Stage of the race"), lambda: {code: RaceState(code).label for code in SHOWN})
KIND = Dimension("kind", _("Kind of race"), lambda: choices(Kind))
FIELD = Dimension("field", _("Technical field"), field_labels, of_sets=True)
OF_LANE = Dimension("state", _("State of the lane"), lambda: {code: LaneState(code).label for code in TAKING_PART})
FACT_TABLES = (
    FactTableSpec("races", _("Races"), Race, races, (STATE, KIND, FIELD)),
    FactTableSpec("lanes", _("Lanes"), Lane, lanes, (OF_LANE, KIND)),
    FactTableSpec("gates", _("Gates passed"), LaneDecision, gates),
)

SECTION = _("Races (赛马)")
DAYS = _("The day of publication, and the days on which later steps were recorded.")
STEP = _("The day of the step lies in the period: the one told, else the one on which it was recorded.")


def moved(code: str, name: Text, counts: Text, facts: str, unit: str, state: str) -> IndicatorSpec:
    """How many came into the state in the period for the first time."""
    where = {"state": (state,), "turn": (FIRST,)}
    return IndicatorSpec(code, name, counts, facts, STEP, SECTION, unit, Measure.ENTERED, where=where, by=("kind",))


INDICATORS = (
    IndicatorSpec(
        "races_running", _("Races under way"), _("Races published and neither awarded nor stopped, by stage."),
        "races", DAYS, SECTION, "场", where={"state": tuple(sorted(LIVE))}, by=("state", "kind", "field"),
    ),
    moved("races_published", _("Races published"), _("Races published in the period."), "races", "场",
          RaceState.PUBLISHED),
    moved("races_awarded", _("Races awarded"), _("Races in which a winner was confirmed in the period."), "races", "场",
          RaceState.AWARDED),
    moved("races_stopped", _("Races stopped"), _("Races stopped in the period."), "races", "场", RaceState.STOPPED),
    IndicatorSpec(
        "lanes_running", _("Lanes under way"), _("Lanes entered and not out, of all races."),
        "lanes", DAYS, SECTION, "条", where={"state": (LaneState.ENTERED, LaneState.RUNNING)}, by=("state", "kind"),
    ),
    moved("lanes_entered", _("Lanes entered"), _("Lanes entered in the period."), "lanes", "条", LaneState.ENTERED),
    IndicatorSpec(
        "lanes_out", _("Lanes that ended"),
        _("Lanes stopped at a gate, merged, withdrawn or disqualified in the period."),
        "lanes", STEP, SECTION, "条", Measure.ENTERED, where={"state": tuple(sorted(OUT))}, by=("state", "kind"),
    ),
    IndicatorSpec(
        "gates_passed", _("Gates passed"), _("Lanes that passed a gate, once for each gate."),
        "gates", _("The report of the gate was confirmed in the period."), SECTION, "次", Measure.ENTERED,
    ),
)  # fmt: skip
