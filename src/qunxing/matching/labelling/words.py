"""What grades and kappa mean, in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunxing.core.errors import Text
from qunxing.matching.labelling.agreement import GRADES

# {grade: (its name, what it means)}
MEANINGS: Mapping[int, tuple[Text, Text]] = {
    1: (gettext_lazy("not at all"), gettext_lazy("Works on something else; asking it would waste the time of both.")),
    2: (gettext_lazy("hardly"), gettext_lazy("Related, but what is asked for would have to be built anew.")),
    3: (gettext_lazy("well"), gettext_lazy("Has done something like it; could take this on with some work.")),
    4: (gettext_lazy("very well"), gettext_lazy("Does just this; one would call it first.")),
}
# Up to which kappa which words; after Landis and Koch (1977).
LADDER: tuple[tuple[float, Text], ...] = (
    (0.0, gettext_lazy("no better than chance")),
    (0.2, gettext_lazy("slight")),
    (0.4, gettext_lazy("fair")),
    (0.6, gettext_lazy("moderate")),
    (0.8, gettext_lazy("substantial")),
    (1.0, gettext_lazy("almost perfect")),
)


def kappa_words(kappa: float | None) -> Text:
    """How a kappa is read; it is not defined where nothing could differ."""
    if kappa is None:
        return _("not defined yet")
    return next(words for limit, words in LADDER if kappa <= limit + 1e-9)


def spread_chart(spread: Mapping[int, int], day: date) -> dict[str, Any]:
    return {
        "type": "bar",
        "title": _("Grades given"),
        "note": _("this ledger, %(day)s") % {"day": day.isoformat()},
        "whole": True,
        "labels": [f"{grade} {MEANINGS[grade][0]}" for grade in GRADES],
        "series": [{"name": _("labels"), "data": [spread.get(grade, 0) for grade in GRADES]}],
    }
