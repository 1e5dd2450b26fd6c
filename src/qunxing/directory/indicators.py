"""What the directory counts: stays of firms in a community."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from qunxing.core.columns import Columns, Keys
from qunxing.core.errors import Text
from qunxing.core.facttables import FactTable, Measure, beginnings, endings
from qunxing.core.specs import Dimension, FactTableSpec, IndicatorSpec, Read
from qunxing.directory.models import Industry, Organization, Residency, Scope, SizeClass, field_labels

AGES: dict[str, Text] = {
    "0-1": _("under a year"),
    "1-3": _("1 to 3 years"),
    "3-5": _("3 to 5 years"),
    "5-10": _("5 to 10 years"),
    "10-": _("10 years and more"),
}


def stays(read: Read) -> FactTable:
    """Stays, each from its day of entering to its day of leaving; what is counted is the organisation."""
    rows = read(Residency, "organization_id", "scope_id", "tier", "stage", "entered_on", "left_on")
    scopes = read(Scope, "width", "community_id").of_keys(rows["scope_id"])
    firms = whereabouts(read, rows["organization_id"])
    since = beginnings(rows["entered_on"], rows["recorded"])
    return FactTable(
        rows=rows["id"],
        things=rows["organization_id"],
        since=since,
        until=endings(rows["left_on"], ~rows["stage"].is_in({Residency.Stage.RESIDENT}), rows["changed"], since),
        organizations=rows["organization_id"],
        divisions=firms["division"],
        dimensions={
            "tier": rows["tier"],
            "stage": rows["stage"],
            "field": firms["fields"],
            "size": firms["size_class"],
            "industry": firms["industry"],
        },
        births={"age": firms["founded_on"]},
        widths=scopes["width"].clip(0).astype("int32"),
        communities=scopes["community_id"],
    )


# Read together wherever some of them are wanted, so that organisations are read once.
OF_FIRMS = ("fields", "size_class", "industry", "founded_on", "division")


def whereabouts(read: Read, organizations: Keys) -> Columns:
    """What is known of where each of these organisations stands and what it works on; facts of others rest on it."""
    return read(Organization, *OF_FIRMS).of_keys(organizations)


def choices(of: type) -> Mapping[str, Text]:
    return dict(of.choices)  # type: ignore[attr-defined]


DIMENSIONS = (
    Dimension("tier", _("Tier"), lambda: choices(Residency.Tier)),
    Dimension("field", _("Technical field"), field_labels, of_sets=True),
    Dimension("size", _("Size class"), lambda: choices(SizeClass)),
    Dimension("age", _("Age of the firm"), lambda: AGES, ages=True),
    Dimension("industry", _("Industry"), lambda: choices(Industry)),
    Dimension("stage", _("Stage"), lambda: choices(Residency.Stage)),
)
STAYS = FactTableSpec("stays", _("Stays"), Residency, stays, DIMENSIONS)
FACT_TABLES = (STAYS,)

RESIDENTS = _("Firms in residence")
BY = ("tier", "field", "size", "age")
# Work on models themselves, as the vocabulary of fields comes with the program.
MODELS = ("foundation", *(f"foundation-{part}" for part in (
    "language", "multimodal", "small", "training", "alignment", "reasoning", "compression"
)))  # fmt: skip
INDICATORS = (
    IndicatorSpec(
        "resident_firms",
        RESIDENTS,
        _("Organisations with a stay that has begun and not ended, once each."),
        "stays",
        _("The day of entering, and the day of leaving: that day itself is no longer counted."),
        RESIDENTS,
        by=BY,
    ),
    IndicatorSpec(
        "core_firms",
        _("Core firms (北斗七星)"),
        _("Organisations in residence whose stay is of the core tier."),
        "stays",
        _("The day of entering and the day of leaving."),
        RESIDENTS,
        where={"tier": (Residency.Tier.CORE,)},
    ),
    IndicatorSpec(
        "firms_moved_in",
        _("Firms moved in"),
        _("Organisations whose stay began in the period, once each."),
        "stays",
        _("The day of entering lies in the period."),
        RESIDENTS,
        measure=Measure.ENTERED,
        by=BY,
    ),
    IndicatorSpec(
        "firms_left",
        _("Firms that left"),
        _("Organisations whose stay ended in the period otherwise than by graduation."),
        "stays",
        _("The day of leaving lies in the period."),
        RESIDENTS,
        measure=Measure.LEFT,
        where={"stage": (Residency.Stage.LEFT, Residency.Stage.MOVED)},
        by=("tier", "field", "size"),
    ),
    IndicatorSpec(
        "firms_graduated",
        _("Firms that graduated"),
        _("Organisations whose stay ended in the period by graduation."),
        "stays",
        _("The day of leaving lies in the period."),
        RESIDENTS,
        measure=Measure.LEFT,
        where={"stage": (Residency.Stage.GRADUATED,)},
        by=("tier", "field", "size"),
    ),
    IndicatorSpec(
        "clustered_llm_firms",
        _("Firms of large models gathered"),
        _("Organisations in residence that are at work on models themselves: a technical field of foundation models."),
        "stays",
        _("The day of entering and the day of leaving."),
        RESIDENTS,
        where={"field": MODELS},
        by=("tier", "size", "age"),
        scope=Scope.Code.SURROUNDINGS,
    ),
    IndicatorSpec(
        "resident_growth",
        _("Growth of residents on a year before"),
        _("Firms in residence on the day over those of the same day a year before, in percent."),
        "",
        _("The day of entering and the day of leaving, looked at on both days."),
        RESIDENTS,
        unit="%",
        operation="growth_year",
        base="resident_firms",
    ),
)
