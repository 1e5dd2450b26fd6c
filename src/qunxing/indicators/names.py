"""Names of what claims count, and of the units they count in, for the reader's language."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.errors import Text

# A code that is not here stands for itself: staff may count what nobody has counted before.
INDICATORS: dict[str, Text] = {
    "resident_firms": _("Firms in residence"),
    "clustered_llm_firms": _("Firms of large models gathered"),
    "filed_models_landed": _("Filed models landed"),
    "share_of_city_total": _("Share of the city's filed models"),
    "filed_models": _("Filed models (备案)"),
    "registered_services": _("Registered services (登记)"),
    "compute_partners": _("Compute partners"),
    "compute_cards": _("Compute cards"),
    "planned_compute": _("Computing power"),
    "fund_scale": _("Size of a fund"),
    "reach": _("Countries and regions reached"),
    "serves": _("Customers served"),
    "cycle_time": _("Time of a development cycle"),
}
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
    return INDICATORS.get(code, code)
