"""What a declared column is, as far as its field tells: its kind, its heading, its words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from qunxing.core.errors import Text
from qunxing.core.fields import CodesField
from qunxing.core.sheets import SheetColumn, SheetSpec, Value
from qunxing.core.text import fold_name

LANGUAGES = ("zh-hans", "en")
YES, NO = "yes", "no"
LABELLING = 2  # the code and its label
ANSWERS: dict[str, tuple[Any, ...]] = {
    YES: (_("yes"), "是", "yes", "y", "true", "1", "有", "√", "✓", "✔", "对", "t"),
    NO: (_("no"), "否", "no", "n", "false", "0", "无", "×", "✗", "✘", "x", "f", "没有"),
}
# The first that fits decides: a field with choices is a choice, whatever it stores.
BY_FIELD: tuple[tuple[type[Any], Value], ...] = (
    (models.ForeignKey, Value.REFERENCE),
    (CodesField, Value.CODES),
    (models.BooleanField, Value.YES),
    (models.DateField, Value.DAY),
    (models.DecimalField, Value.DECIMAL),
    (models.IntegerField, Value.NUMBER),
)


def field_of(spec: SheetSpec, column: SheetColumn) -> Any:
    """The field of the column; None for an amount and for parts."""
    try:
        return spec.model._meta.get_field(column.name)
    except FieldDoesNotExist:
        return None


def kind_of(spec: SheetSpec, column: SheetColumn) -> Value:
    """What the cells of the column hold, as declared or as its field tells."""
    if column.value or column.parts:
        return column.value or Value.PARTS
    field = field_of(spec, column)
    if column.options is not None or getattr(field, "choices", None):
        return Value.CHOICE if not isinstance(field, CodesField) else Value.CODES
    return next((kind for type_, kind in BY_FIELD if isinstance(field, type_)), Value.TEXT)


def heading_of(spec: SheetSpec, column: SheetColumn) -> str:
    """The heading in the reader's language, as declared or the label of its field."""
    label = column.heading or getattr(field_of(spec, column), "verbose_name", "") or column.name
    return str(capfirst(str(label)))


def options_of(spec: SheetSpec, column: SheetColumn) -> dict[str, tuple[str, ...]]:
    """{code: its label in the reader's language, then its other words} of a choice, of codes and of yes or no."""
    return {code: tuple(map(str, words)) for code, words in options_in(spec, column).items()}


def options_in(spec: SheetSpec, column: SheetColumn) -> Mapping[str, Sequence[Text]]:
    """The same in any language: labels that are translated when they are shown, where they can be."""
    if column.options is not None:
        return column.options()
    kind, field = kind_of(spec, column), field_of(spec, column)
    if kind is Value.YES:
        return ANSWERS
    if kind is Value.CODES:
        return {str(code): (label,) for code, label in field.labels().items()}
    flat = getattr(field, "flatchoices", None) or ()
    return {str(code): (label,) for code, label in flat if code not in ("", None)}


def codes_by_word(spec: SheetSpec, column: SheetColumn) -> dict[str, str]:
    """{folded word: code} over the labels in both languages, as they are and by the parts around their brackets.

    A word of two codes names neither, unless it is the code or the label of one, else the whole of its other words.
    """
    labels: dict[str, set[str]] = {}
    others: dict[str, set[str]] = {}
    parts: dict[str, set[str]] = {}
    for code, words in _in_both(lambda: options_of(spec, column)):
        for place, word in enumerate((code, *words)):
            (labels if place < LABELLING else others).setdefault(fold_name(word), set()).add(code)
            for part in _parts(word):
                parts.setdefault(fold_name(part), set()).add(code)
    found = {key: codes for key, codes in (parts | others | labels).items() if key}
    return {key: next(iter(codes)) for key, codes in found.items() if len(codes) == 1}


def _in_both(options: Callable[[], dict[str, tuple[str, ...]]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for language in LANGUAGES:
        with override(language):
            yield from options().items()


def _parts(word: str) -> list[str]:
    """What stands before the brackets of a label, and in them."""
    for mark in "（）()":
        word = word.replace(mark, "\n")
    return [part for part in word.split("\n") if part.strip()]


def names_of(spec: SheetSpec) -> dict[str, str]:
    """{folded heading: column name} over labels in both languages, synonyms and names of columns.

    What two columns claim belongs to the one that says it as its label, then to the first.
    """
    labels: dict[str, str] = {}
    others: dict[str, str] = {}
    for column in spec.columns:
        for language in LANGUAGES:
            with override(language):
                labels.setdefault(fold_name(heading_of(spec, column)), column.name)
        for word in (column.name, *column.synonyms):
            others.setdefault(fold_name(word), column.name)
    return others | labels
