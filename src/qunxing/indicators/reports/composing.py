"""A template filled in: every figure asked, every sentence said, every row behind a figure named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunxing.core.columns import Columns, Keys, day_of, places_of
from qunxing.core.formats import show_day
from qunxing.directory.models import Scope
from qunxing.indicators.engine.derived import Operation as Sum
from qunxing.indicators.engine.derived import Undefined, derived
from qunxing.indicators.engine.figures import Figure
from qunxing.indicators.figures.asking import NOT_TOLD, CircularIndicator, UnknownIndicator
from qunxing.indicators.figures.catalogue import Indicator, fact_tables
from qunxing.indicators.figures.periods import Span, before, period_of, year_before
from qunxing.indicators.figures.telling import Teller, Told
from qunxing.indicators.figures.words import remarks
from qunxing.indicators.reports.body import Reference
from qunxing.indicators.reports.values import text_of, value_of

MADE = {"change": Sum.DIFFERENCE, "change_year": Sum.DIFFERENCE, "growth": Sum.GROWTH, "growth_year": Sum.GROWTH}
OF_A_YEAR = ("year_before", "change_year", "growth_year")
CHUNK = 500
Item = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a report speaks of; `scope` None is everywhere, `known_at` None is now."""

    day: date
    scope: Scope | None
    reader: Any = None
    known_at: datetime | None = None
    span: Span = Span.MONTH
    language: str = "zh-hans"


@dataclass
class Composer:
    """Asks each figure once and keeps what it was told, by its key."""

    asked: Asked
    said_at: datetime | None = None
    figures: dict[str, Item] = field(default_factory=dict)
    keys: dict[type[Any], Columns] = field(default_factory=dict)

    def __post_init__(self) -> None:
        community = self.asked.scope.community if self.asked.scope is not None else None
        self.teller = Teller(self.asked.reader, self.asked.known_at, community)

    @property
    def here(self) -> str:
        return self.asked.scope.code if self.asked.scope is not None else ""

    def told(self, one: Reference, form: str | None = None) -> list[Item]:
        """The figure as items, one for each part that is not added to the others; asked once."""
        form = one.form if form is None else form
        style = "thousands" if one.form == "thousands" or form == "thousands" else ""
        form = "" if form == "thousands" else form
        return [self.kept(one, form, style, part, words) for part, words in self.answers(one, form)]

    def kept(self, one: Reference, form: str, style: str, part: str, told: Told | str) -> Item:
        key = Reference(0, one.code, part, one.scope, "|".join(word for word in (form, style) if word)).key
        if key not in self.figures:
            self.figures[key] = self.item(one, form, style, part, told) | {"key": key}
        return self.figures[key]

    def answers(self, one: Reference, form: str) -> list[tuple[str, Told | str]]:
        """(part, what was told, or why nothing was)."""
        try:
            found = self.asked_for(one, form)
        except UnknownIndicator:
            return [(one.part, str(_("There is no such indicator, or it was not defined yet.")))]
        except CircularIndicator:
            return [(one.part, str(_("It is made of itself.")))]
        if one.part:
            found = [told for told in found if told.code == one.part]
        return [(told.code, told) for told in found] or [(one.part, Told(one.part, Figure(0, 0)))]

    def asked_for(self, one: Reference, form: str) -> list[Told]:
        scope = one.scope or self.here
        if scope not in self.teller.circles:
            raise UnknownIndicator(scope)
        if form not in MADE:
            return self.teller.ask(one.code, self.day_of(form), scope, self.asked.span)
        now = self.teller.ask(one.code, self.asked.day, scope, self.asked.span)
        then = self.teller.ask(one.code, self.day_of(form), scope, self.asked.span)
        return [self.between(MADE[form], told, then) for told in now]

    @staticmethod
    def between(operation: Sum, told: Told, then: Sequence[Told]) -> Told:
        """What lies between the same part on two days; hidden where either is."""
        other = next((one for one in then if one.code == told.code), Told(told.code, Figure(0, 0)))
        if hidden := told.hidden or other.hidden:
            return Told(told.code, NOT_TOLD, hidden)
        try:
            return Told(told.code, derived(operation, told.figure, other.figure))
        except Undefined:
            return Told(told.code, Figure(np.nan, np.nan, rows=told.figure.rows), undefined=True)

    def day_of(self, form: str) -> date:
        day = self.asked.day
        if form in OF_A_YEAR:
            return year_before(day)
        return before(day, self.asked.span) if form in {"previous", "change", "growth"} else day

    def item(self, one: Reference, form: str, style: str, part: str, told: Told | str) -> Item:
        """All that is kept of a figure."""
        indicator = self.teller.indicators.get(one.code)
        day, span = self.day_of("" if form in MADE else form), self.asked.span
        if indicator is not None:
            day, span = self.teller.told_day(indicator, day), self.teller.told_span(indicator, span)
        if indicator is None and one.code in self.teller.own.indicators:
            told = Told(part, NOT_TOLD, str(_("not published")))
        found: Item = {
            "code": one.code, "part": part, "scope": one.scope or self.here, "form": form, "style": style,
            "name": self.name(indicator, one, part), "unit": "%" if form.startswith("growth") else unit_of(indicator),
            "day": day.isoformat(), "first": first_day(day, span),
        }  # fmt: skip
        if isinstance(told, str):
            return found | nothing(str(_("cannot be told")), told)
        if told.hidden or indicator is None:
            return found | nothing(told.hidden, str(_("Not told to these readers.")))
        text = text_of(told.figure, unit_of(indicator), part, form, thousands=style == "thousands")
        said = [str(remark) for remark in remarks(told.figure, undefined=told.undefined)]
        if day != self.day_of("" if form in MADE else form):
            said.append(_("Told as of %(day)s, the end of a quarter.") % {"day": show_day(day)})
        if self.asked.known_at is not None and not self.teller.tells_rows(indicator):
            said.append(_("Told as it was known when this was made."))
        return (
            found | {"value": value_of(told.figure), "text": text, "remarks": said} | self.rows(indicator, told.figure)
        )

    def name(self, indicator: Indicator | None, one: Reference, part: str) -> str:
        """Its name, with the part and, where it is not the report's own, the scope."""
        scope = next((str(row) for row in self.teller.scopes if row.code == one.scope), one.scope)
        more = [self.part_label(indicator, part), scope if one.scope and one.scope != self.here else ""]
        beside = "、".join(word for word in more if word) if self.chinese else ", ".join(word for word in more if word)
        known = indicator or self.teller.own.indicators.get(one.code)
        name = str(known.name) if known is not None and self.teller.may_name(known) else one.code
        return f"{name}（{beside}）" if beside and self.chinese else f"{name} ({beside})" if beside else name

    @property
    def chinese(self) -> bool:
        return self.asked.language.startswith("zh")

    def part_label(self, indicator: Indicator | None, part: str) -> str:
        spec = self.teller.own.counted_as(indicator) if indicator is not None and part else None
        if spec is None:
            return part
        known = {dimension.code: dimension for dimension in fact_tables()[spec.facts].dimensions}
        return str(known[spec.split].labels().get(part, part)) if spec.split in known else part

    def model_of(self, indicator: Indicator) -> type[Any] | None:
        """The kind of record behind it, or behind what it is made of."""
        seen: set[str] = set()
        while (spec := self.teller.own.counted_as(indicator)) is None:
            seen.add(indicator.code)
            if indicator.base in seen or indicator.base not in self.teller.own.indicators:
                return None
            indicator = self.teller.own.indicators[indicator.base]
        return fact_tables()[spec.facts].model

    def rows(self, indicator: Indicator, figure: Figure) -> Item:
        """References of the records that surely count, and of those that may."""
        model = self.model_of(indicator)
        if model is None or not (len(figure.rows) or len(figure.perhaps)):
            return {"kind": "", "rows": [], "perhaps": []}
        return {
            "kind": model.kind_code(),
            "rows": self.refs(model, figure.rows),
            "perhaps": self.refs(model, figure.perhaps),
        }

    def refs(self, model: type[Any], keys: Keys) -> list[str]:
        known = self.known(model)
        places = places_of(np.unique(keys), known["id"])
        refs = known["ref"]
        return sorted(refs.words[refs.places[place]] for place in places[places >= 0])

    def known(self, model: type[Any]) -> Columns:
        """Keys, references and revisions of the records, as they were known."""
        if model not in self.keys:
            self.keys[model] = self.teller.own.read(model, "ref", "revision")
        return self.keys[model]

    def breakdown(self, one: Reference, dimension: str) -> list[Item]:
        """Items of the parts of a figure in one dimension."""
        indicator = self.teller.indicators.get(one.code)
        scope = one.scope or self.here
        if indicator is None or scope not in self.teller.circles or self.is_split(indicator):
            return []
        found = self.teller.breakdowns(one.code, self.asked.day, scope, self.asked.span)
        way = next(((way, parts) for way, parts in found if way.code == dimension), None)
        if way is None:
            return []
        labels = way[0].labels()
        style = "thousands" if one.form else ""
        items = []
        for told in in_order(way[1], list(labels)):
            key = f"{Reference(0, one.code, '', one.scope).key}[{dimension}={told.code}]"
            item = self.item(one, "", style, "", told) | {"key": key, "form": f"by_{dimension}"}
            item["label"] = str(labels.get(told.code, told.code) or pgettext("figure", "not told"))
            items.append(self.figures.setdefault(key, item))
        return items

    def is_split(self, indicator: Indicator) -> bool:
        spec = self.teller.own.counted_as(indicator)
        return spec is not None and bool(spec.split)


def first_day(day: date, span: Span) -> str:
    return day_of(period_of(day, span).first).isoformat()


def unit_of(indicator: Indicator | None) -> str:
    return indicator.unit if indicator is not None else ""


def nothing(text: str, why: str) -> Item:
    return {"value": None, "text": text, "remarks": [why] if why else [], "kind": "", "rows": [], "perhaps": []}


def in_order(parts: Iterable[Told], codes: list[str]) -> list[Told]:
    """In the order of the labels, what is not told last."""
    return sorted(parts, key=lambda told: (not told.code, codes.index(told.code) if told.code in codes else len(codes)))
