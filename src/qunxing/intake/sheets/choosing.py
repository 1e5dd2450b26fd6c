"""The page on which staff say what each column of a file is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunxing.core.errors import Text
from qunxing.core.sheets import SheetSpec, Value
from qunxing.intake.sheets.headings import BY_NUMBER, LEAVE, NOTE, NUMBER, REF, UNKNOWN, Found, Heading, TableMapping
from qunxing.intake.sheets.values import heading_of, kind_of

FOUND: dict[Found, tuple[Text, str]] = {
    Found.GIVEN: (pgettext_lazy("how a heading was read", "chosen here"), "good"),
    Found.REMEMBERED: (pgettext_lazy("how a heading was read", "as last time"), "good"),
    Found.SYNONYM: (pgettext_lazy("how a heading was read", "by its heading"), "good"),
    Found.CONTENT: (pgettext_lazy("how a heading was read", "by what stands in it"), "warn"),
    Found.NOTHING: (pgettext_lazy("how a heading was read", "unknown"), "bad"),
}
MARKED: dict[str, Text] = {
    REF: gettext_lazy("Record mark of an export"),
    NUMBER: gettext_lazy("Its own number in these tables"),
    NOTE: gettext_lazy("Keep it as a note beside the source"),
    LEAVE: gettext_lazy("Leave it out"),
}


@dataclass(frozen=True)
class Choice:
    value: str
    label: Text
    chosen: bool


@dataclass(frozen=True)
class ShownHeading:
    """A column of the file and what it may be, the likely ones first."""

    heading: Heading
    field: str
    letter: str
    how: Text
    tone: str
    groups: list[tuple[Text, list[Choice]]]


@dataclass(frozen=True)
class ShownTable:
    table: TableMapping
    headings: list[ShownHeading]
    missing: list[str]


def shown_tables(spec: SheetSpec, tables: Sequence[TableMapping]) -> list[ShownTable]:
    return [
        ShownTable(
            table,
            [shown_heading(spec, number, heading) for heading in table.headings],
            [heading_of(spec, spec.column(name)) for name in table.missing(spec) if table.row],
        )
        for number, table in enumerate(tables)
    ]


def field_name(number: int, heading: Heading) -> str:
    return f"target-{number}-{heading.position}"


def shown_heading(spec: SheetSpec, number: int, heading: Heading) -> ShownHeading:
    how, tone = FOUND[heading.found]
    groups = [(label, chosen(options, heading.target)) for label, options in choices(spec, heading).items() if options]
    return ShownHeading(heading, field_name(number, heading), heading.letter, how, tone, groups)


def chosen(options: Mapping[str, Text], target: str) -> list[Choice]:
    return [Choice(value, label, value == target) for value, label in options.items()]


def choices(spec: SheetSpec, heading: Heading) -> dict[Text, dict[str, Text]]:
    """{group: {target: label}}; what the content allows stands first."""
    columns: dict[str, Text] = {column.name: heading_of(spec, column) for column in spec.columns}
    numbers: dict[str, Text] = {
        f"{column.name}{BY_NUMBER}": _("%(column)s, by its number in these tables") % {"column": columns[column.name]}
        for column in spec.columns
        if kind_of(spec, column) is Value.REFERENCE
    }
    every = columns | numbers | MARKED
    likely = {target: every[target] for target in heading.proposals if target in every}
    return {
        _("Likely"): likely,
        _("Columns of the sheet"): {key: label for key, label in columns.items() if key not in likely},
        _("By number"): {key: label for key, label in numbers.items() if key not in likely},
        _("Otherwise"): {key: label for key, label in MARKED.items() if key not in likely},
    }


def said(tables: Sequence[TableMapping], data: Mapping[str, Any]) -> dict[str, str]:
    """{address of a column: target} that a form says otherwise than it stands."""
    found = {}
    for number, table in enumerate(tables):
        for heading in table.headings:
            target = data.get(field_name(number, heading))
            if target is not None and target not in (UNKNOWN, heading.target):
                found[table.address(heading)] = str(target)
    return found
