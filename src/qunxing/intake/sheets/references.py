"""Finding the records that cells refer to, many at once, among those that the reader may see."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from qunxing.core.chunks import chunks
from qunxing.core.reasons import Reason, because, english
from qunxing.core.sheets import Found, as_it_is, found_by, sheet_of
from qunxing.intake.models import ForeignNumber
from qunxing.intake.sheets.rows import Ref

NOT_FOUND = _("“%(text)s” is not on the ledger of %(kind)s. Add it there first, or correct the cell.")
SEVERAL = _("“%(text)s” names %(count)s records of %(kind)s. Write its code or number.")
NO_NUMBER = _("The number “%(text)s” is not known of any record of %(kind)s in the tables of this origin.")
NAMING = ("ref", "code", "number", "name", "name_zh", "name_en", "short_name", "title", "text")
SHOWN = 60


def visible(model: type[Any], actor: Any) -> QuerySet[Any]:
    """The rows that the actor may see; without one (the command line) all of them."""
    rows: QuerySet[Any] = model._default_manager.all()
    return rows.visible_to(actor) if actor is not None and hasattr(rows, "visible_to") else rows


def nameable(model: Any, actor: Any) -> QuerySet[Any]:
    """The same, each read with what it is named by."""
    rows, spec = visible(model, actor), sheet_of(model)
    return rows.select_related(*spec.joins) if spec is not None and spec.joins else rows


@cache
def find_of(model: Any) -> Callable[[QuerySet[Any], Iterable[str]], Found]:
    """How texts name records of this kind: as its sheet says, else by the fields that are made for it."""
    spec = sheet_of(model)
    if spec is not None:
        return spec.find
    names = {field.name for field in model._meta.concrete_fields}
    return found_by(**{name: as_it_is for name in NAMING if name in names})


class Finder:
    """Finds records of one kind and remembers what it found; what may not be seen is not found."""

    def __init__(self, model: Any, *, actor: Any, origin: str = "", takes: str = "pk") -> None:
        self.model, self.takes, self.origin, self.actor = model, takes, origin, actor
        self.by_text: dict[str, Ref | Reason] = {}
        self.by_number: dict[str, Ref | Reason] = {}
        self.labels: dict[Any, Ref] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Look for all texts that were not looked for yet."""
        asked = [text for text in dict.fromkeys(texts) if text not in self.by_text]
        if not asked:
            return
        found = find_of(self.model)(visible(self.model, self.actor), asked)
        refs = self.refs({keys[0] for keys in found.values() if len(keys) == 1})
        kind = english(self.model._meta.verbose_name_plural)
        for text in asked:
            keys = found.get(text, ())
            if not keys:
                self.by_text[text] = because(NOT_FOUND, text=text[:SHOWN], kind=kind)
            elif len(keys) > 1:
                self.by_text[text] = because(SEVERAL, text=text[:SHOWN], count=len(keys), kind=kind)
            else:
                self.by_text[text] = refs[keys[0]]

    def learn_numbers(self, numbers: Iterable[str]) -> None:
        asked = [number for number in dict.fromkeys(numbers) if number not in self.by_number]
        known = known_numbers(self.model, self.origin, asked)
        refs = self.refs(set(known.values()))
        for number in asked:
            missing = because(NO_NUMBER, text=number[:SHOWN], kind=english(self.model._meta.verbose_name_plural))
            self.by_number[number] = refs.get(known.get(number, 0), missing)

    def learn_keys(self, values: Iterable[Any]) -> None:
        """Names for what stored records refer to."""
        asked = [value for value in dict.fromkeys(values) if value is not None and value not in self.labels]
        for some in chunks(asked):
            rows = nameable(self.model, self.actor).filter(**{f"{self.takes}__in": some})
            self.labels |= {ref.key: ref for ref in map(self.ref_of, rows)}

    def label(self, value: Any) -> Ref | None:
        """The record, once its key is learned; None for one that the actor may not see."""
        return self.labels.get(value)

    def refs(self, keys: set[int]) -> dict[int, Ref]:
        found: dict[int, Ref] = {}
        for some in chunks(sorted(keys)):
            rows = nameable(self.model, self.actor).filter(pk__in=some)
            found |= {row.pk: self.ref_of(row) for row in rows}
        return found

    def ref_of(self, row: Any) -> Ref:
        return Ref(getattr(row, self.takes), getattr(row, "ref", ""), str(row)[:SHOWN])


def known_numbers(model: type[Any], origin: str, numbers: Iterable[str]) -> dict[str, int]:
    """{number in the tables of the origin: key of the record}, of records that are still there."""
    asked = [number for number in numbers if number]
    found: dict[str, int] = {}
    kind = model._meta.label_lower
    for some in chunks(asked if origin else ()):
        rows = ForeignNumber.objects.filter(origin=origin, record_kind=kind, number__in=some)
        there = model._default_manager.filter(pk__in=rows.values("record_key"))
        found |= dict(rows.filter(record_key__in=there.values("pk")).values_list("number", "record_key"))
    return found
