"""Names of what claims count, and of the units they count in, for the reader's language."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.errors import Text

# A code that is not here stands for itself: staff may count what nobody has counted before.
INDICATORS: dict[str, Text] = {
    "resident_firms": _("Firms in residence"),
    "clustered_llm_firms": _("Firms of large models gathered"),
    "clustered_ai_firms": _("AI firms gathered"),
    "clustered_firms": _("Firms gathered"),
    "firms_moved_in": _("Firms moved in"),
    "firms_left": _("Firms that left"),
    "firms_graduated": _("Firms that graduated"),
    "funded_firms": _("Firms that raised money"),
    "unicorns": _("Unicorns"),
    "gazelles": _("Gazelles (瞪羚)"),
    "high_tech_firms": _("High-tech firms (高企)"),
    "specialised_firms": _("Specialised firms (专精特新)"),
    "listed_firms": _("Listed firms"),
    "filed_models_landed": _("Filed models landed"),
    "share_of_city_total": _("Share of the city's filed models"),
    "share_of_district_total": _("Share of the district's total"),
    "share_of_province_total": _("Share of the province's total"),
    "share_of_nation_total": _("Share of the nation's total"),
    "models": _("Models"),
    "filed_models": _("Filed models (备案)"),
    "models_newly_filed": _("Models newly filed"),
    "registered_services": _("Registered services (登记)"),
    "services_newly_registered": _("Services newly registered"),
    "algorithm_filings": _("Filed algorithms (算法备案)"),
    "algorithms_newly_filed": _("Algorithms newly filed"),
    "compute_partners": _("Compute partners"),
    "cards": _("Compute cards"),
    "computing_power": _("Computing power in service"),
    "planned_compute": _("Computing power"),
    "scale": _("Size of a fund"),
    "financing": _("Financing"),
    "revenue": _("Revenue"),
    "profit": _("Profit"),
    "tax": _("Tax paid"),
    "output_value": _("Output value"),
    "rnd_spending": _("Spending on research and development"),
    "investors": _("Investors"),
    "patents": _("Patents"),
    "patents_applied": _("Patents applied for"),
    "patents_granted": _("Patents granted"),
    "staff": _("Staff"),
    "researchers": _("Researchers"),
    "talent": _("Talent"),
    "developers": _("Developers"),
    "users": _("Users"),
    "corpus": _("Corpora"),
    "area": _("Floor area"),
    "occupancy": _("Occupancy"),
    "scenarios": _("Scenarios"),
    "events_held": _("Events held"),
    "projects": _("Projects"),
    "standards": _("Standards"),
    "partners": _("Partners"),
    "reach": _("Countries and regions reached"),
    "serves": _("Customers served"),
    "unveiled_on": _("Unveiled on"),
    "cycle_time": _("Time of a development cycle"),
}
# What a code was called before: claims that were kept under it are found and named all the same.
ALIASES = {"compute_cards": "cards", "fund_scale": "scale"}
# What stands before or behind the code of what is counted.
PREFIXES: dict[str, Text] = {"planned_": _("%(name)s, planned"), "new_": _("%(name)s, newly added")}
SUFFIXES: dict[str, Text] = {"_growth": _("Growth: %(name)s"), "_decline": _("Decline: %(name)s")}
# Chinese units with a word of their own; the others are shown as they are written.
UNITS: dict[str, Text] = {
    "家": pgettext_lazy("unit", "organisations"),
    "个": pgettext_lazy("unit", "items"),
    "款": pgettext_lazy("unit", "products"),
    "张": pgettext_lazy("unit", "cards"),
    "人": pgettext_lazy("unit", "persons"),
    "周": pgettext_lazy("unit", "weeks"),
    "月": pgettext_lazy("unit", "months"),
    "年": pgettext_lazy("unit", "years"),
    "轮": pgettext_lazy("unit", "rounds"),
    "项": pgettext_lazy("unit", "matters"),
    "支": pgettext_lazy("unit", "funds"),
}


def indicator_name(code: str) -> Text:
    """The name of what is counted, also if planned, new or growing; an unknown code as it is."""
    code = canonical(code)
    if code in INDICATORS:
        return INDICATORS[code]
    for prefix, words in PREFIXES.items():
        if code.startswith(prefix) and code.removeprefix(prefix) in INDICATORS:
            return words % {"name": INDICATORS[code.removeprefix(prefix)]}
    for suffix, words in SUFFIXES.items():
        if code.endswith(suffix) and code.removesuffix(suffix) in INDICATORS:
            return words % {"name": INDICATORS[code.removesuffix(suffix)]}
    return code


def canonical(code: str) -> str:
    return ALIASES.get(code, code)


def spellings(codes: Iterable[str]) -> list[str]:
    """The codes with what they were called before."""
    asked = {canonical(code) for code in codes}
    return sorted(asked | {old for old, new in ALIASES.items() if new in asked})
