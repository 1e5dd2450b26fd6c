"""What codes of races are called: stages of presets, gaps of a plan, reasons without a score."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunxing.core.errors import Text
from qunxing.races.judging import NO_EXPERTS, Broken
from qunxing.races.plan import Gap
from qunxing.races.scorewords import metric_label, undefined_words

PRESETS: Mapping[str, Text] = {
    "shenzhen": gettext_lazy("Two or three teams, all metrics, two gates (as Shenzhen has it)"),
    "final": gettext_lazy("Qualifier and final"),
    "halving": gettext_lazy("Successive halving over many entrants"),
}
TITLES: Mapping[str, Text] = {
    "midway": gettext_lazy("Midway gate"),
    "final": gettext_lazy("Final"),
    "qualifier": gettext_lazy("Qualifier"),
    "round": gettext_lazy("Round %(place)s"),
}


def stage_title(code: str, place: int) -> str:
    """What a stage of a preset is called."""
    return str(TITLES[code]) % {"place": place} if code == "round" else str(TITLES[code])


GAPS: Mapping[tuple[str, str], Text] = {
    ("opens", "missing"): gettext_lazy("The window has no beginning."),
    ("closes", "missing"): gettext_lazy("The window has no end."),
    ("closes", "past"): gettext_lazy("The window ends in the past."),
    ("closes", "order"): gettext_lazy("The window ends before it begins."),
    ("metrics", "none"): gettext_lazy("There is no metric, and experts do not decide alone."),
    ("metrics", "double"): gettext_lazy("A metric stands twice."),
    ("metrics", "weightless"): gettext_lazy("All metrics weigh nothing."),
    ("counting.missing", "best"): gettext_lazy(
        "By a scorer for which lower is better, an item left out would count best: leave such items out of the count."
    ),
    ("metrics", "unreadable"): gettext_lazy("The metrics make no score: %(found)s"),
    ("metrics", "scale"): gettext_lazy(
        "Beside experts a metric needs both ends of its scale, so that both parts run from 0 to 1."
    ),
    ("entries.takes", "none"): gettext_lazy("Nothing may be entered."),
    ("rule.tie_break", "none"): gettext_lazy("Ties are cut, but no tie-break is named."),
    ("counting.shares", "sum"): gettext_lazy("The shares of the strata make %(found)s, not 1."),
    ("expert", "unreadable"): gettext_lazy("The rules of the panel cannot stand: %(found)s"),
    ("opens", "overlap"): gettext_lazy("The window opens before that of the stage ahead has closed."),
    ("closes", "overlap"): gettext_lazy(
        "The window closes after that of the next stage opens. Replace the later gate first, with a later window."
    ),
    ("release", "raised"): gettext_lazy("A gate in the place of another releases no more than that: %(found)s yuan."),
    ("scorer", "unknown"): gettext_lazy("The scorer it names is not kept here."),
    ("stages", "none"): gettext_lazy("There is no stage."),
    ("lanes", "few"): gettext_lazy("There are %(found)s lanes; a race takes two at least."),
    ("lanes", "many"): gettext_lazy("There are %(found)s lanes, more than the race takes."),
    ("routes", "alike"): gettext_lazy("Two routes read alike (%(found)s); say in what they differ."),
    ("routes", "missing"): gettext_lazy("A lane has no route: %(found)s"),
    ("ends_on", "missing"): gettext_lazy("The day by which the result is due is missing."),
    ("ends_on", "early"): gettext_lazy("The result is due before the last gate closes."),
    ("enter_until", "missing"): gettext_lazy("Open entry has no last day."),
    ("enter_until", "past"): gettext_lazy("The last day of entry has passed."),
    ("money", "more"): gettext_lazy("A lane gets %(found)s yuan, more than its award."),
}


def gap_text(gap: Gap) -> str:
    """What is missing, in words."""
    return str(GAPS[gap.where, gap.code]) % {"found": gap.found}


UNDEFINED: Mapping[str, Text] = {
    "no_entry": gettext_lazy("nothing was entered that counts"),
    NO_EXPERTS: gettext_lazy("the panel gave no score"),
}
TIE_BREAKS: Mapping[str, Text] = {
    "earlier": pgettext_lazy("tie-break", "the earlier entry"),
    "cost": pgettext_lazy("tie-break", "the lower cost"),
    "draw": pgettext_lazy("tie-break", "a draw by the seed"),
}


def undefined_text(code: str) -> str:
    """Why a lane has no score: a code, or what each metric says, as in ``mape: true_value_zero, auc: one_class``."""
    if code in UNDEFINED:
        return str(UNDEFINED[code])
    told = [part.partition(": ") for part in code.split(", ")]
    return "; ".join(f"{metric_label(name)}: {undefined_words(why)}" if why else name for name, _mark, why in told)


def veto_text(broken: Broken) -> str:
    words: dict[str, Any] = {
        "metric": broken.metric,
        "value": f"{broken.value:g}",
        "bound": f"{broken.bound:g}",
    }
    if broken.when == "below":
        return (_("%(metric)s is %(value)s, below %(bound)s") % words)[:200]
    return (_("%(metric)s is %(value)s, above %(bound)s") % words)[:200]
