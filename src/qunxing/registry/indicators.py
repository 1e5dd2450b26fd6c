"""What the registry counts: filings by their state, models with a filing in force, obligations that fall due."""

from typing import Final

import numpy as np
from django.utils.translation import gettext_lazy as _

from qunxing.core.calendars import work_calendar
from qunxing.core.columns import NEVER, UNKNOWN, Coded, Columns, Days, Keys, Mask, as_days, day_of, places_of
from qunxing.core.errors import Text
from qunxing.core.facttables import Bounds, FactTable, Measure, beginnings, month_ends
from qunxing.core.specs import Access, Dimension, FactTableSpec, IndicatorSpec, Read
from qunxing.core.spells import AGAIN, FIRST, Events, Spells, by_day, is_last, joined, paired, spells
from qunxing.directory.indicators import choices, whereabouts
from qunxing.directory.models import field_labels
from qunxing.registry.models import REGIONS, AIModel, AlgorithmClass, Coverage, Filing, FilingKind, FilingStep, Openness
from qunxing.registry.obligations import Due, Duty, Service, obligations
from qunxing.registry.states import ENDED, IN_FORCE, State

# How many days before its last day an obligation is said to fall due.
AHEAD: Final = 30
DUE, OVERDUE = "due", "overdue"
TURNS: dict[str, Text] = {FIRST: _("first grant"), AGAIN: _("granted again")}
WHEN: dict[str, Text] = {DUE: _("falls due within 30 days"), OVERDUE: _("overdue")}


def filing_rows(read: Read) -> Columns:
    return read(
        Filing, "organization_id", "kind", "state", "region", "algorithm_class", "granted_on", "granted_precision",
        "went_live_on", "shown_since", "altered_on", "ended_on", "relies_on_id",
    )  # fmt: skip


def courses(read: Read) -> Spells:
    """The states of each filing, from its steps; the grant of one without such a step from its own day."""
    rows = filing_rows(read)
    steps = read(FilingStep, "filing_id", "state", "day")
    steps = steps.take(places_of(steps["filing_id"], rows["id"]) >= 0)
    taken = Events(steps["filing_id"], steps["state"], Bounds(steps["day"], steps["day"]))
    known = by_day(joined(grants(rows, taken), taken))
    return spells(joined(known, unexplained(rows, known)))


def grants(rows: Columns, steps: Events) -> Events:
    """The grants of which only the filing itself tells."""
    told = steps.keys[steps.states.is_in(IN_FORCE)]
    found = rows.take((rows["granted_on"] != UNKNOWN) & ~np.isin(rows["id"], told))
    days = Bounds(found["granted_on"], month_ends(found["granted_on"], found["granted_precision"]))
    return Events(found["id"], one_word(State.GRANTED, len(found)), days)


def unexplained(rows: Columns, known: Events) -> Events:
    """The present states that no step explains: since some day after the last one, and at the latest when written."""
    ends = known.take(is_last(known.keys))
    last = Columns({"id": ends.keys, "state": ends.states, "day": ends.days.low}).of_keys(rows["id"])
    states = paired(rows["state"], last["state"], lambda now, then: "" if now == then else now)
    found = np.flatnonzero(~states.is_in({""}))
    day = np.where(rows["ended_on"] == UNKNOWN, last["day"], rows["ended_on"])[found]
    never = beginnings(np.full(len(found), UNKNOWN, dtype=np.int32), rows["recorded"][found])
    low = np.where(last["day"][found] == UNKNOWN, never.low, day).astype(np.int32)
    high = np.where(last["day"][found] == UNKNOWN, never.high, np.maximum(day, rows["changed"][found]))
    return Events(rows["id"][found], states.take(found), Bounds(low, high.astype(np.int32)))


def one_word(word: str, rows: int) -> Coded:
    return Coded((word,), np.zeros(rows, dtype=np.int32))


def division_of(region: Coded, division: Coded) -> Coded:
    """Where a filing stands: in the region it is published under, and there as near as its filer is known to be."""
    return paired(region, division, lambda one, other: other if other.startswith(one) else one)


def filings(read: Read) -> FactTable:
    """Filings, each in each of its states from the day it came into it."""
    found = courses(read)
    rows = filing_rows(read).of_keys(found.keys)
    firms = whereabouts(read, rows["organization_id"])
    return FactTable(
        rows=found.keys,
        things=found.keys,
        since=found.since,
        until=found.until,
        organizations=rows["organization_id"],
        divisions=division_of(rows["region"], firms["division"]),
        dimensions={
            "kind": rows["kind"],
            "state": found.states,
            "turn": found.turns,
            "region": rows["region"],
            "algorithm_class": rows["algorithm_class"],
            "field": firms["fields"],
        },
    )


def filed_models(read: Read) -> FactTable:
    """Models, each for as long as a filing that covers it is in force."""
    covers = read(Coverage, "filing_id", "model_id")
    found = courses(read)
    force = np.flatnonzero(found.states.is_in(IN_FORCE))
    pairs, within = matched(covers["filing_id"], found.keys[force])
    within = force[within]
    rows = filing_rows(read).of_keys(found.keys[within])
    models = covers["model_id"][pairs]
    firms = whereabouts(read, rows["organization_id"])
    return FactTable(
        rows=models,
        things=models,
        since=found.since.take(within),
        until=found.until.take(within),
        organizations=rows["organization_id"],
        divisions=division_of(rows["region"], firms["division"]),
        dimensions={
            "kind": rows["kind"],
            "openness": read(AIModel, "openness").of_keys(models)["openness"],
            "field": firms["fields"],
        },
    )


def matched(keys: Keys, others: Keys) -> tuple[Keys, Keys]:
    """(places among the keys, places among the others) of all pairs alike; the others are sorted."""
    first, last = np.searchsorted(others, keys, "left"), np.searchsorted(others, keys, "right")
    ones = np.repeat(np.arange(len(keys)), last - first)
    begun = np.cumsum(last - first) - (last - first)
    return ones, np.arange(len(ones)) - np.repeat(begun, last - first) + np.repeat(first, last - first)


def owed(read: Read) -> FactTable:
    """Open obligations: falling due for some days before their last one, overdue after it."""
    rows = filing_rows(read)
    places, dues = open_dues(rows, ends_of(courses(read)))
    found = rows.take(places)
    last = as_days(due.deadline.day for due in dues)
    since = as_days(due.since for due in dues)
    soon = Bounds(np.maximum(since, last - AHEAD), np.maximum(since, last - AHEAD))
    twice = np.concatenate([np.arange(len(dues))] * 2) if dues else np.zeros(0, dtype=np.int64)
    begun = np.concatenate([soon.low, last + 1]).astype(np.int32)
    over = np.concatenate([last + 1, np.full(len(dues), NEVER)]).astype(np.int32)
    firms = whereabouts(read, found["organization_id"])
    return FactTable(
        rows=found["id"][twice],
        things=twice,
        since=Bounds(begun, begun),
        until=Bounds(over, over),
        organizations=found["organization_id"][twice],
        divisions=division_of(found["region"], firms["division"]).take(twice),
        dimensions={
            "duty": Coded.of(due.duty for due in dues).take(twice),
            "when": Coded((DUE, OVERDUE), (np.arange(len(twice)) >= len(dues)).astype(np.int32)),
            "kind": found["kind"].take(twice),
        },
    )


def open_dues(rows: Columns, ends: dict[int, Days]) -> tuple[Keys, list[Due]]:
    """(place of the filing, its obligation) for all that the filings owe."""
    calendar = work_calendar()
    found = [
        (place, due)
        for place in np.flatnonzero(may_owe(rows, ends)).tolist()
        for due in obligations(service_at(rows, place, ends), calendar=calendar)
    ]
    return np.array([place for place, _due in found], dtype=np.int64), [due for _place, due in found]


def may_owe(rows: Columns, ends: dict[int, Days]) -> Mask:
    """Leaves out nearly all filings before they are looked at one by one."""
    dated = np.zeros(len(rows), dtype=bool)
    for name in ("went_live_on", "altered_on", "ended_on"):
        dated |= rows[name] != UNKNOWN
    relying = np.isin(rows["relies_on_id"], np.array(list(ends), dtype=np.int64))
    mask: Mask = dated | relying
    return mask


def service_at(rows: Columns, place: int, ends: dict[int, Days]) -> Service:
    names = ("went_live_on", "shown_since", "altered_on", "ended_on", "granted_on")
    days = {name: day_of(rows[name][place]) for name in names if rows[name][place] != UNKNOWN}
    ended = ends.get(int(rows["relies_on_id"][place]))
    state = rows["state"].words[rows["state"].places[place]]
    return Service(state=state, reliance_ended_on=None if ended is None else day_of(int(ended)), **days)


def ends_of(found: Spells) -> dict[int, Days]:
    """{filing that has ended: the day at the latest}."""
    over = found.states.is_in(ENDED) & (found.until.high == NEVER)
    return dict(zip(found.keys[over].tolist(), found.since.high[over].tolist(), strict=True))


KIND = Dimension("kind", _("Kind of filing"), lambda: choices(FilingKind))
STATE = Dimension("state", _("State"), lambda: choices(State))
TURN = Dimension("turn", _("First grant or not"), lambda: TURNS)
REGION = Dimension("region", _("Region (属地)"), lambda: dict(REGIONS))
CLASS = Dimension("algorithm_class", _("Class of algorithm"), lambda: choices(AlgorithmClass))
FIELD = Dimension("field", _("Technical field of the filer"), field_labels, of_sets=True)
OPENNESS = Dimension("openness", _("Openness"), lambda: choices(Openness))
DUTY = Dimension("duty", _("Obligation"), lambda: choices(Duty))
SOON = Dimension("when", _("When"), lambda: WHEN)
FACT_TABLES = (
    FactTableSpec("filings", _("Filings"), Filing, filings, (KIND, STATE, TURN, REGION, CLASS, FIELD)),
    FactTableSpec("filed_models", _("Models with a filing"), AIModel, filed_models, (KIND, OPENNESS, FIELD)),
    FactTableSpec(
        "obligations", _("Obligations"), Filing, owed, (DUTY, Dimension("when", _("When"), lambda: WHEN), KIND)
    ),
)

SECTION = _("Models and filings")
GRANT = _(
    "The day of the grant, and the day on which it was withdrawn or revoked; a month or a year where no more is told."
)
PERIOD = _("The day of the step lies in the period.")
OPEN = _("The last day of the obligation, as the ledger stood on the day of knowledge.")


def in_force(code: str, name: Text, counts: Text, kind: FilingKind, unit: str, by: tuple[str, ...]) -> IndicatorSpec:
    where = {"kind": (kind,), "state": IN_FORCE}
    return IndicatorSpec(code, name, counts, "filings", GRANT, SECTION, unit, where=where, by=by)


def granted(code: str, name: Text, kind: FilingKind, unit: str) -> IndicatorSpec:
    counts = _("Filings of this kind granted in the period for the first time.")
    where = {"kind": (kind,), "state": (State.GRANTED,), "turn": (FIRST,)}
    return IndicatorSpec(
        code, name, counts, "filings", PERIOD, SECTION, unit, Measure.ENTERED, where=where, by=("region", "field")
    )


INDICATORS = (
    in_force("filed_models", _("Filed models (备案)"), _("Generative AI filings (备案) in force."),
             FilingKind.FILED, "个", ("region", "field")),
    in_force("registered_services", _("Registered services (登记)"), _("Generative AI registrations (登记) in force."),
             FilingKind.REGISTERED, "个", ("region", "field")),
    in_force("algorithm_filings", _("Filed algorithms (算法备案)"), _("Algorithm filings in force."),
             FilingKind.ALGORITHM, "个", ("algorithm_class", "region")),
    granted("models_newly_filed", _("Models newly filed"), FilingKind.FILED, "个"),
    granted("services_newly_registered", _("Services newly registered"), FilingKind.REGISTERED, "个"),
    granted("algorithms_newly_filed", _("Algorithms newly filed"), FilingKind.ALGORITHM, "个"),
    IndicatorSpec(
        "filings_in_process", _("Filings in process"),
        _("Filings submitted, or asked for a supplement, and not decided."),
        "filings", _("The days of the steps."), SECTION, "个",
        where={"state": (State.SUBMITTED, State.SUPPLEMENTING)}, by=("kind", "state"), access=Access.CLOSED,
    ),
    IndicatorSpec(
        "filings_ended", _("Filings ended"), _("Filings withdrawn or revoked in the period."),
        "filings", PERIOD, SECTION, "个", Measure.ENTERED, where={"state": ENDED}, by=("kind", "state"),
    ),
    IndicatorSpec(
        "obligations_due", _("Obligations falling due"),
        _("Obligations of live services that are to be kept within the next 30 days: to file, to report, to cancel."),
        "obligations", OPEN, SECTION, "项", where={"when": (DUE,)}, by=("duty", "kind"), access=Access.CLOSED,
    ),
    IndicatorSpec(
        "obligations_overdue", _("Obligations overdue"), _("Obligations of live services whose last day has passed."),
        "obligations", OPEN, SECTION, "项", where={"when": (OVERDUE,)}, by=("duty", "kind"), access=Access.CLOSED,
    ),
    IndicatorSpec(
        "models_with_filing", _("Models with a filing in force"),
        _("Models that a filing or a registration in force covers, once each."),
        "filed_models", GRANT, SECTION, "个", by=("kind", "openness"),
    ),
    IndicatorSpec(
        "share_of_city_total", _("Share of the city's filed models"),
        _("Filed models of the scope over those of the whole city, in percent."),
        "", GRANT, SECTION, "%", operation="share", base="filed_models", operand="filed_models", operand_scope="city",
    ),
)  # fmt: skip
