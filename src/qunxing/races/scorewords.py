"""What the codes of scoring say to a reader: faults of a file, metrics without a value, metrics themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Text
from qunxing.races.scoring import BadMetric, Fault, Wrong

FAULTS: Final[Mapping[str, Text]] = {
    Wrong.EMPTY: _("The file holds no answers."),
    Wrong.TOO_LARGE: _("The file has %(found)s bytes; %(expected)s are allowed."),
    Wrong.ENCODING: _("The text is not UTF-8 (it looks like %(found)s). Save it as UTF-8."),
    Wrong.NUL: _("The text holds a NUL character: it is no plain text."),
    Wrong.NO_COLUMN: _("The column “%(expected)s” is missing; there are: %(found)s."),
    Wrong.UNKNOWN_COLUMN: _("The column “%(found)s” is not asked for; asked for are: %(expected)s."),
    Wrong.DOUBLE_COLUMN: _("The column “%(found)s” stands twice."),
    Wrong.CELLS: _("The row has %(found)s cells; the heading has %(expected)s."),
    Wrong.NOT_CSV: _("The row cannot be read as CSV: %(found)s"),
    Wrong.NOT_JSON: _("The line is no JSON: %(found)s"),
    Wrong.NOT_OBJECT: _("The line is no JSON object: %(found)s"),
    Wrong.TOO_MANY_ROWS: _("There are more than %(expected)s rows."),
    Wrong.NO_ITEM: _("The row names no item."),
    Wrong.DOUBLE_ITEM: _("Item “%(found)s” is answered twice; the first time in row %(expected)s."),
    Wrong.UNKNOWN_ITEM: _("The test set has no item “%(found)s”."),
    Wrong.MISSING_ITEM: _("Item “%(found)s” is not answered."),
    Wrong.BLANK: _("There is no answer."),
    Wrong.NOT_TEXT: _("“%(found)s” is no text."),
    Wrong.NOT_NUMBER: _("“%(found)s” is no number."),
    Wrong.NOT_FINITE: _("“%(found)s” is not a number that can be counted with."),
    Wrong.OUT_OF_RANGE: _("%(found)s lies outside of %(expected)s."),
    Wrong.UNKNOWN_LABEL: _("“%(found)s” is none of the labels: %(expected)s."),
    Wrong.TOO_LONG: _("The answer has more than %(expected)s characters."),
    Wrong.BAD_ZIP: _("The zip cannot be read: %(found)s"),
    Wrong.SPREADSHEET: _("This is a spreadsheet. Save the table as CSV."),
    Wrong.ENCRYPTED: _("The zip is protected by a password."),
    Wrong.PATH: _("The zip holds a name that leads elsewhere: %(found)s"),
    Wrong.LINK: _("The zip holds a link: %(found)s"),
    Wrong.DOUBLE_MEMBER: _("A file stands twice in the zip."),
    Wrong.MANY_MEMBERS: _("The zip holds %(found)s files; %(expected)s are allowed."),
    Wrong.BOMB: _("The zip unpacks to far more than it is: %(found)s"),
    Wrong.FOREIGN_MEMBER: _("The zip holds “%(found)s”; only these are read: %(expected)s."),
    Wrong.NO_ANSWERS: _("The zip holds no file of answers (%(expected)s)."),
    Wrong.SEVERAL: _("The zip holds several tables, and it is not clear which counts: %(found)s"),
    Wrong.SIGNATURE: _("The signature does not hold for this table and the registered keys."),
    "more": _("… and %(found)s more."),
    Wrong.OTHER_STATEMENT: _("What was signed is about something else: %(column)s is “%(found)s”, not “%(expected)s”."),
}

UNDEFINED: Final[Mapping[str, Text]] = {
    "one_class": _("Only one class occurs."),
    "no_items": _("No item counts."),
    "no_answers": _("Nothing was answered."),
    "no_number": _("An answer is no number."),
    "true_text_empty": _("A true text is empty."),
    "missing_without_worst": _("Items are not answered, and the metric has no worst value."),
    "no_score": _("No item has a score."),
    "true_value_zero": _("Every true value is 0."),
    "no_entry": _("Nothing was entered."),
}

METRICS: Final[Mapping[str, Text]] = {
    "accuracy": pgettext_lazy("metric", "accuracy"),
    "f1_macro": pgettext_lazy("metric", "F1, macro"),
    "f1_micro": pgettext_lazy("metric", "F1, micro"),
    "auc": pgettext_lazy("metric", "AUC"),
    "mae": pgettext_lazy("metric", "mean absolute error"),
    "rmse": pgettext_lazy("metric", "root mean square error"),
    "mape": pgettext_lazy("metric", "mean absolute percentage error"),
    "exact_match": pgettext_lazy("metric", "exact match"),
    "bleu": pgettext_lazy("metric", "BLEU"),
    "chrf": pgettext_lazy("metric", "chrF"),
    "rouge1": pgettext_lazy("metric", "ROUGE-1"),
    "rouge2": pgettext_lazy("metric", "ROUGE-2"),
    "rouge_l": pgettext_lazy("metric", "ROUGE-L"),
    "edit_similarity": pgettext_lazy("metric", "edit similarity"),
    "character_errors": pgettext_lazy("metric", "character error rate"),
    "mean": pgettext_lazy("metric", "mean"),
    "latency": pgettext_lazy("metric", "latency"),
    "cost": pgettext_lazy("metric", "cost"),
    "score": pgettext_lazy("metric", "score"),
}


@dataclass(frozen=True)
class FaultRow:
    """A fault as a page and the API tell it."""

    row: str
    column: str
    item: str
    words: str
    member: str = ""


def fault_words(fault: Mapping[str, Any]) -> str:
    """The sentence for a stored fault."""
    words = FAULTS.get(str(fault.get("code", "")))
    if words is None:
        return str(fault.get("code", ""))
    found = {name: str(fault.get(name) or "–") for name in ("found", "expected", "column")}
    return str(words) % found


def fault_rows(faults: Iterable[Mapping[str, Any]]) -> list[FaultRow]:
    return [
        FaultRow(
            str(fault.get("row") or ""),
            str(fault.get("column") or ""),
            str(fault.get("item") or ""),
            fault_words(fault),
            str(fault.get("member") or ""),
        )
        for fault in faults
    ]


def stored(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """Faults as an entry keeps them."""
    return [{name: value for name, value in asdict(fault).items() if value not in ("", 0)} for fault in faults]


def fault_text(fault: Fault) -> str:
    """A fault in one line, with its place."""
    words = fault_words(asdict(fault))
    if not fault.row:
        return words
    place = gettext("Row %(row)s") % {"row": fault.row}
    if fault.column:
        place += " · " + gettext("column “%(column)s”") % {"column": fault.column}
    return f"{place}: {words}"


def metric_label(name: str) -> Text:
    return METRICS.get(name, name)


# What a metric is told, and what it may be told, in the words of scoring.BadMetric.
ASKED: Final[Mapping[str, Text]] = {
    "direction": pgettext_lazy("of a metric", "direction"),
    "weight": pgettext_lazy("of a metric", "weight"),
    "worst": pgettext_lazy("of a metric", "what counts as nothing"),
    "best": pgettext_lazy("of a metric", "what counts as full marks"),
    "name": pgettext_lazy("of a metric", "name"),
}
EXPECTED: Final[Mapping[str, Text]] = {
    "a number": _("a number"),
    "a number above 0": _("a number above 0"),
    "a name": _("a name"),
    "a label": _("the label whose chance is answered"),
    "both ends of the scale": _("both ends of the scale"),
    "on the better side of the worst": _("full marks better than nothing"),
    "above 0, below 1": _("above 0, below 1"),
}


def metric_fault(error: BadMetric) -> str:
    """What keeps a choice of metrics from making a score: ``2, direction: “higher”; expected: lower``."""
    _metrics, number, asked = [*error.where.split("."), "", ""][:3]
    found = "" if error.found is None else str(error.found)[:40]
    words = {"number": number or "–", "asked": ASKED.get(asked, asked or "–"), "found": found or "–"}
    words["expected"] = EXPECTED.get(error.expected, error.expected)
    return gettext("metric %(number)s, %(asked)s: “%(found)s”; expected: %(expected)s") % words


def undefined_words(code: str) -> Text:
    return UNDEFINED.get(code, code)
