"""What is missing and why, the formula of a voucher, and the load of firms, in the reader's words."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunxing.core.divisions import division_name
from qunxing.core.errors import Text
from qunxing.core.formats import show_number
from qunxing.matching.bundles.pieces import city_of
from qunxing.resources.models import Voucher
from qunxing.scenarios.models import Scenario

PIECES: Final[Mapping[str, Text]] = {
    "firm": gettext_lazy("Firm"),
    "model": gettext_lazy("Filed model"),
    "fund": gettext_lazy("Fund"),
    "compute": gettext_lazy("Compute"),
    "voucher": gettext_lazy("Voucher"),
}
ICONS: Final = {
    "firm": "building",
    "model": "file-certificate",
    "fund": "coins",
    "compute": "server",
    "voucher": "coin-yuan",
}
HOW: Final[Mapping[str, Text]] = {
    "own": gettext_lazy("its own filing"),
    "registered": gettext_lazy("registered over a filed model"),
    "called": gettext_lazy("the filed model that its own is made from"),
    "chips_unsure": gettext_lazy("its text speaks of domestic chips, but they are not declared: ask the provider"),
}
# What ruled a fund, an offer or a voucher out, as a part of a sentence after a number.
OBSTACLES: Final[Mapping[str, Text]] = {
    "buying": pgettext_lazy("after a number", "buy no more"),
    "stage": pgettext_lazy("after a number", "for another stage"),
    "fields": pgettext_lazy("after a number", "for other fields"),
    "place": pgettext_lazy("after a number", "for another region"),
    "portfolio": pgettext_lazy("after a number", "hold or are held by it"),
    "ticket": pgettext_lazy("after a number", "with another ticket"),
    "chips": pgettext_lazy("after a number", "not on domestic chips"),
    "chips_untold": pgettext_lazy("after a number", "silent about domestic chips"),
    "region": pgettext_lazy("after a number", "elsewhere"),
    "unit": pgettext_lazy("after a number", "counted in another unit"),
    "quantity": pgettext_lazy("after a number", "too small"),
    "on_site": pgettext_lazy("after a number", "for compute, which runs on site here"),
    "no_corpora": pgettext_lazy("after a number", "for corpora, of which none are planned"),
    "missed": pgettext_lazy("after a number", "of the nearest fail a condition"),
}
# {code: (what is wrong, how it could be closed)}
MISSING: Final[Mapping[str, tuple[Text, Text]]] = {
    "firm_nobody": (
        gettext_lazy("no firm meets all conditions"),
        gettext_lazy("See the nearest misses on the shortlist of the scenario, and what each lacks."),
    ),
    "firm_busy": (
        gettext_lazy("all fitting firms are taken by other scenarios"),
        gettext_lazy("Start later, widen the conditions, or let one of them say that it can carry more."),
    ),
    "model_none": (
        gettext_lazy("neither a filed model of its own nor one it relies on"),
        gettext_lazy("It can register (登记) over a filed model with an open interface in 3 to 4 months."),
    ),
    "fund_none": (
        gettext_lazy("no fund whose mandate the firm is in"),
        gettext_lazy("Enter round, fields and division of the firm where they are lacking, or ask a fund directly."),
    ),
    "fund_busy": (
        gettext_lazy("the tickets or the money of all fitting funds are taken by other scenarios"),
        gettext_lazy("Ask the fund for one more ticket, or start later."),
    ),
    "compute_none": (
        gettext_lazy("no compute offer%(where)s"),
        gettext_lazy("Ask providers for such an offer and enter it, or lower what the scenario demands."),
    ),
    "compute_busy": (
        gettext_lazy("all fitting compute is taken by other scenarios"),
        gettext_lazy("Ask the provider for more, or split the work over two offers."),
    ),
    "voucher_none": (
        gettext_lazy("no voucher for it"),
        gettext_lazy("Enter the terms of the vouchers at the policies that offer them."),
    ),
    "voucher_waits": (
        gettext_lazy("a compute voucher would pay, but there is no compute"),
        gettext_lazy("It follows once compute is found."),
    ),
    "voucher_spent": (
        gettext_lazy("its vouchers are spent, capped for this firm, or not for dealings between related parties"),
        gettext_lazy("See the terms of the voucher; choose compute of another provider, or the next period."),
    ),
}


def missing_text(missing: Mapping[str, Any], scenario: Scenario) -> str:
    """One sentence: what is missing, and what stood in the way how often."""
    what = str(MISSING[missing["code"]][0])
    if missing["code"] == "compute_none":
        what %= {"where": where_of(scenario)}
    counts = _(", ").join(f"{number} {OBSTACLES[code]}" for code, number in missing["counts"].items())
    return _("%(what)s (%(counts)s)") % {"what": what, "counts": counts} if counts else what


def where_of(scenario: Scenario) -> str:
    """“ on domestic chips in 上海市”, as far as the scenario demands it."""
    city = city_of(scenario.division)
    place = {"place": division_name(city)}
    if scenario.domestic_chips:
        return _(" on domestic chips in %(place)s") % place if city else _(" on domestic chips")
    return _(" in %(place)s") % place if city else ""


def closing_text(missing: Mapping[str, Any]) -> Text:
    return MISSING[missing["code"]][1]


def formula(voucher: Voucher, cost: int | None) -> str:
    """30% × 1,000,000元 = 300,000元, at most 500,000元."""
    cap = _(", at most %(cap)s yuan") % {"cap": show_number(voucher.cap)} if voucher.cap is not None else ""
    if cost is None:
        return _("%(percent)s%% of the cost%(cap)s; the planned cost is not on record") % {
            "percent": voucher.percent,
            "cap": cap,
        }
    words = {
        "percent": voucher.percent,
        "cost": show_number(cost),
        "share": show_number(cost * voucher.percent // 100),
        "cap": cap,
        "support": show_number(voucher.support(cost)),
    }
    return _("%(percent)s%% × %(cost)s yuan = %(share)s yuan%(cap)s: %(support)s yuan") % words


# --- assignment -----------------------------------------------------------------------------------------------------

REASONS: Final[Mapping[str, Text]] = {
    "nobody": gettext_lazy("no firm meets all conditions"),
    "few": gettext_lazy("fewer firms fit than are wanted"),
    "busy": gettext_lazy("the others have no room left"),
    "capped": gettext_lazy("the others are proposed as often as one name may be"),
}


def load_chart(load: Sequence[tuple[str, int]], cap: int, day: Any) -> dict[str, Any]:
    """The firms that are proposed most often."""
    return {
        "type": "bar",
        "title": _("How often each firm is proposed"),
        "note": _("at most %(cap)s times each; this plan, %(day)s") % {"cap": cap, "day": day},
        "whole": True,
        "across": True,
        "labels": [name for name, _times in load],
        "series": [{"name": _("proposals"), "data": [times for _name, times in load]}],
    }
