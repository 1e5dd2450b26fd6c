"""What a report says, as plain data: sections of sentences, tables, trends and lists over the figures they show.

{"format", "title", "as_of", "first_day", "known_at", "scope", "language", "sections": [{"heading", "blocks"}],
"figures": [...], "rows": {kind: {ref: {"name", "revision"}}}, "definitions": {code: {...}}, "remarks"}. Blocks are
{"kind": "paragraph", "parts"}, {"kind": "table", "title", "headings", "lines"}, {"kind": "chart", "chart"} and
{"kind": "rows", "title", "figures"}; a cell or a part is {"text"} with the key of its "figure" where it shows one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _

from qunxing.core.errors import Problem
from qunxing.core.formats import show_day, show_moment
from qunxing.indicators.figures.catalogue import Indicator
from qunxing.indicators.figures.periods import Span
from qunxing.indicators.figures.words import YUAN, middle
from qunxing.indicators.reports.body import (
    Block,
    Body,
    Breakdown,
    Paragraph,
    Reference,
    Rows,
    Section,
    Table,
    Trend,
    Word,
)
from qunxing.indicators.reports.composing import Asked, Composer, Item, first_day, unit_of
from qunxing.indicators.reports.onestate import one_state
from qunxing.ledger.kinds import record_kinds
from qunxing.ledger.models import LogEntry, Record
from qunxing.ledger.versions import history_of

FORMAT = "qunxing-report/1"
CHUNK = 500
# What a table tells beside the figure of the day.
OTHER_TIMES = ("previous", "growth", "year_before", "growth_year")
Content = dict[str, Any]


def compose(
    asked: Asked, body: Body, *, title: str, all_names: bool = False, said_at: datetime | None = None
) -> Content:
    """The body filled in, in the language that is asked for; names of all rows, or of those in lists alone.

    `said_at` is the moment of knowledge that is told, where it is not the one that is asked for.
    """
    with one_state(), override(asked.language):
        composer = Composer(asked, said_at=said_at or asked.known_at)
        sections = [section_of(composer, section, title) for section in body.sections]
        figures = list(composer.figures.values())
        listed = figures if all_names else [figure for figure in figures if figure["key"] in listed_keys(sections)]
        return {
            "format": FORMAT,
            "title": title,
            "as_of": asked.day.isoformat(),
            "first_day": first_day(asked.day, asked.span),
            "known_at": composer.said_at,
            "scope": scope_words(asked),
            "language": asked.language,
            "sections": sections,
            "figures": figures,
            "rows": named_rows(composer, listed),
            "definitions": definitions(composer, figures),
            "remarks": list(remarks_of(asked, figures)),
        }


def figures_of_all(asked: Asked, *, whole: bool) -> Content:
    """Every indicator there is, in a table for each of their sections; or, not `whole`, the present figures alone."""
    with one_state(), override(asked.language):
        composer = Composer(asked)
        if whole:
            return compose(asked, body_of_all(composer), title=str(_("All figures")), all_names=True)
        for code in composer.teller.indicators:
            composer.told(Reference(0, code))
        figures = list(composer.figures.values())
        return {
            "as_of": asked.day.isoformat(),
            "known_at": asked.known_at,
            "scope": scope_words(asked),
            "figures": figures,
            "remarks": list(remarks_of(asked, figures)),
        }


def body_of_all(composer: Composer) -> Body:
    """Every indicator there is, in a table for each of their sections."""
    sections: dict[str, list[Reference]] = {}
    for indicator in composer.teller.indicators.values():
        heading = str(indicator.section) or str(_("Derived figures"))
        sections.setdefault(heading, []).append(Reference(0, indicator.code))
    return Body([Section(heading, [Table(tuple(figures))]) for heading, figures in sections.items()])


def scope_words(asked: Asked) -> dict[str, str]:
    if asked.scope is None:
        return {"code": "", "name": str(_("everywhere")), "community": "", "ref": ""}
    scope = asked.scope
    chinese = asked.language.startswith("zh")
    community = scope.community.name if chinese else scope.community.english_name or scope.community.name
    return {"code": scope.code, "name": str(scope), "community": community, "ref": scope.ref}


def section_of(composer: Composer, section: Section, title: str) -> Content:
    blocks = [made for block in section.blocks for made in blocks_of(composer, block, title)]
    return {"heading": section.heading, "blocks": blocks}


def blocks_of(composer: Composer, block: Block, title: str) -> Iterator[Content]:
    match block:
        case Paragraph(parts):
            yield {"kind": "paragraph", "parts": [said for part in parts for said in words_of(composer, part, title)]}
        case Table(figures):
            yield table_of(composer, figures)
        case Breakdown(figure, dimension):
            yield breakdown_of(composer, figure, dimension)
        case Trend(figures, months):
            yield from charts_of(composer, figures, months)
        case Rows(figure):
            items = composer.told(figure)
            yield {"kind": "rows", "title": items[0]["name"], "figures": [item["key"] for item in items]}


def words_of(composer: Composer, part: str | Word | Reference, title: str) -> Iterator[dict[str, str]]:
    if isinstance(part, str):
        yield {"text": part}
    elif isinstance(part, Word):
        yield {"text": word_of(composer, part.name, title)}
    else:
        for place, item in enumerate(composer.told(part)):
            if place:
                yield {"text": _("; ")}
            yield {"text": item["text"], "figure": item["key"]}


def word_of(composer: Composer, name: str, title: str) -> str:
    asked, known = composer.asked, composer.said_at
    scope = scope_words(asked)
    words = {
        "as_of": show_day(asked.day),
        "known_at": show_moment(known) if known is not None else str(_("the moment of issuing")),
        "period": period_words(asked.day, asked.span),
        "first_day": show_day(date.fromisoformat(first_day(asked.day, asked.span))),
        "scope": scope["name"],
        "community": scope["community"],
        "title": title,
    }
    return words[name]


def period_words(day: date, span: Span) -> str:
    """2025年4月, 2025年第2季度; 2025-04, Q2 2025."""
    if span is Span.QUARTER:
        return pgettext("period", "Q%(quarter)s %(year)s") % {"quarter": (day.month + 2) // 3, "year": day.year}
    month = str(day.month) if (get_language() or "").startswith("zh") else f"{day.month:02}"
    return pgettext("period", "%(year)s-%(month)s") % {"year": day.year, "month": month}


def cell(item: Item) -> dict[str, Any]:
    return {"text": item["text"], "figure": item["key"]}


def table_of(composer: Composer, figures: Sequence[Reference]) -> Content:
    """A line for each figure: now, the period before, a year before, and what lies between."""
    lines: list[list[dict[str, Any]]] = []
    for one in figures:
        for item in composer.told(one):
            part = replace(one, part=item["part"])
            shown = [item, *(composer.told(part, form)[0] for form in OTHER_TIMES)]
            lines.append([{"text": item["name"]}, *map(cell, shown)])
    quarter = composer.asked.span is Span.QUARTER
    before = _("Quarter before") if quarter else _("Month before")
    headings = [_("Indicator"), period_words(composer.asked.day, composer.asked.span), before,
                _("Change on it"), _("Year before"), _("Change on the year")]  # fmt: skip
    return {"kind": "table", "title": "", "headings": [str(heading) for heading in headings], "lines": lines}


def breakdown_of(composer: Composer, one: Reference, dimension: str) -> Content:
    items = composer.breakdown(one, dimension)
    whole = composer.told(one)
    indicator = composer.teller.indicators.get(one.code)
    ways = composer.teller.own.dimensions(indicator) if indicator is not None else []
    way = next((way for way in ways if way.code == dimension), None)
    label = str(way.label) if way is not None else dimension
    lines = [[{"text": item["label"]}, cell(item)] for item in items]
    notes = []
    if way is not None and way.of_sets:
        notes.append(str(_("A row may count in several parts, so that they add up to more than the whole.")))
    if not items and whole and whole[0]["value"]:
        notes.append(str(_("This figure is not broken down for these readers.")))
    lines += [[{"text": str(pgettext("sum of a table", "Total"))}, cell(item)] for item in whole]
    title = f"{whole[0]['name']} · {label}"
    return {"kind": "table", "title": title, "headings": [label, whole[0]["name"]], "lines": lines, "notes": notes}


def charts_of(composer: Composer, figures: Sequence[Reference], months: int) -> Iterator[Content]:
    """A drawing for each unit: what is counted and what is paid do not share an axis."""
    drawn: dict[str, list[dict[str, Any]]] = {}
    labels: list[str] = []
    for one in figures:
        try:
            scope = one.scope or composer.here
            ends = composer.teller.trend(one.code, composer.asked.day, scope, months=months)
        except (Problem, KeyError):
            ends = []
        labels = labels or [f"{day:%Y-%m}" for day, _told in ends]
        for name, unit, data in series_of(composer, one, ends):
            drawn.setdefault(unit, []).append({"name": name, "data": data})
    asked = composer.asked
    note = f"{scope_words(asked)['name']} · {show_day(asked.day)}"
    for unit, series in drawn.items():
        whole = all(isinstance(value, int) for one in series for value in one["data"] if value is not None)
        title = "、".join(one["name"] for one in series) if composer.chinese else ", ".join(s["name"] for s in series)
        yield {
            "kind": "chart",
            "chart": {
                "type": "line", "title": title, "note": note, "unit": unit, "whole": whole, "labels": labels,
                "series": series,
            },
        }  # fmt: skip


def series_of(composer: Composer, one: Reference, ends: Sequence[Any]) -> Iterator[tuple[str, str, list[Any]]]:
    """(name, unit, a number for each end of a month) of each part."""
    indicator = composer.teller.indicators.get(one.code)
    unit = unit_of(indicator)
    parts = dict.fromkeys(told.code for _day, found in ends for told in found)
    for part in [one.part] if one.part else parts:
        data = [next((drawn(told, unit, one.form) for told in found if told.code == part), 0) for _day, found in ends]
        yield composer.name(indicator, one, part), shown_unit(unit, one.form), data


def drawn(told: Any, unit: str, form: str) -> Any:
    value = None if told.hidden else middle(told.figure)
    return value / 1000 if value is not None and form and unit == YUAN else value


def shown_unit(unit: str, form: str) -> str:
    return f"千{unit}" if form and unit == YUAN else unit


def listed_keys(sections: Sequence[Content]) -> set[str]:
    blocks = (block for section in sections for block in section["blocks"] if block["kind"] == "rows")
    return {key for block in blocks for key in block["figures"]}


def named_rows(composer: Composer, figures: Sequence[Item]) -> dict[str, dict[str, dict[str, Any]]]:
    """{kind: {ref: its name and its revision}} of the rows behind the figures."""
    wanted: dict[str, set[str]] = {}
    for item in figures:
        if item["kind"]:
            wanted.setdefault(item["kind"], set()).update(item["rows"], item["perhaps"])
    return {kind: names_of(composer, record_kinds()[kind], refs) for kind, refs in sorted(wanted.items()) if refs}


def names_of(composer: Composer, model: type[Record], refs: set[str]) -> dict[str, dict[str, Any]]:
    """Names as they are now; of a record removed since, as its last version had it."""
    known = composer.known(model)
    words = known["ref"].words
    revision = {words[place]: int(number) for place, number in zip(known["ref"].places, known["revision"], strict=True)}
    names: dict[str, str] = {}
    ordered = sorted(refs)
    for start in range(0, len(ordered), CHUNK):
        some = ordered[start : start + CHUNK]
        names |= {row.ref: str(row) for row in with_parents(model).filter(ref__in=some)}
    for ref in ordered:
        if ref not in names:
            names[ref] = last_name(model, ref)
    return {ref: {"name": names[ref], "revision": revision.get(ref, 0)} for ref in ordered}


def with_parents(model: type[Record]) -> Any:
    """The rows with the records that their names speak of."""
    relations = [field.name for field in model._meta.fields if field.many_to_one]
    return model._default_manager.select_related(*relations)


def last_name(model: type[Record], ref: str) -> str:
    version = history_of(model).objects.filter(ref=ref).order_by("-history_id").first()
    try:
        return str(version.instance) if version is not None else ref
    except Exception:  # noqa: BLE001 - what its name speaks of may be gone as well
        return ref


def definitions(composer: Composer, figures: Sequence[Item]) -> dict[str, Any]:
    """What each figure counts, and what it is made of, as it was defined."""
    known = composer.teller.own.indicators
    wanted = {item["code"] for item in figures}
    found: dict[str, Any] = {}
    while wanted:
        code = wanted.pop()
        if code in found or code not in composer.teller.indicators:
            continue
        found[code] = definition(composer, known[code])
        wanted |= {made_of for made_of in (known[code].base, known[code].operand) if made_of}
    return dict(sorted(found.items()))


def definition(composer: Composer, indicator: Indicator) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": str(indicator.name), "counts": str(indicator.counts), "dates": str(indicator.dates),
        "unit": indicator.unit, "access": indicator.access,
    }  # fmt: skip
    if indicator.operation is not None:
        where = {name: list(codes) for name, codes in (indicator.where or {}).items()}
        made = {"operation": indicator.operation, "base": indicator.base, "operand": indicator.operand, "where": where}
        return said | made
    spec = composer.teller.own.counted_as(indicator)
    if spec is None:
        return said
    where = {name: [str(code) for code in codes] for name, codes in spec.where.items()}
    return said | {
        "facts": spec.facts, "measure": spec.measure, "amount": spec.amount, "split": spec.split, "where": where,
    }  # fmt: skip


def remarks_of(asked: Asked, figures: Sequence[Item]) -> Iterator[str]:
    """What a reader must know of the whole."""
    told = [item for item in figures if not item["form"] and item["value"] is not None]
    if told and all(item["value"] == 0 for item in told):
        yield str(_("No row lies in this scope on this day: every figure is zero."))
    first = LogEntry.objects.order_by("index").values_list("at", flat=True).first()
    if asked.known_at is not None and (first is None or asked.known_at < first):
        yield str(_("Nothing was kept yet at the moment of knowledge that was asked for."))
