"""The language of templates: sections, sentences with placeholders, tables, trends and lists. No Django in here.

A line is a heading (``# …``), a block (``!table …``) or a paragraph; `docs/reports.md` tells all of it. Whatever cannot
be read is a `Fault` that names its line, and the rest is read all the same.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

LONGEST = 20_000
MOST_MONTHS = 60
USUAL_MONTHS = 12
# Placeholders that are no figure.
WORDS = ("as_of", "known_at", "period", "first_day", "scope", "community", "title")
# What else a figure can be told as: the same of an earlier day, and what lies between.
FORMS = ("previous", "year_before", "change", "change_year", "growth", "growth_year", "count", "thousands")
# Those that may stand in a table or a trend, which show other days by themselves.
HERE = ("", "thousands")

HOLE = re.compile(r"\{\{(.*?)\}\}")
REFERENCE = re.compile(
    r"(?P<code>[A-Za-z][\w-]*)(?:\.(?P<part>[^\s.@|,，]+))?(?:@(?P<scope>[\w-]+))?(?:\|(?P<form>\w+))?"
)
MONTHS = re.compile(r"\s+(?:for|近)\s*(\d+)\s*(?:months?|个月)\s*$")
BY = re.compile(r"^(?P<of>\S+)\s+(?:by|按)\s*(?P<by>[\w-]+)$")
COMMANDS = {
    "table": "table", "表": "table", "breakdown": "breakdown", "分解": "breakdown", "trend": "trend", "趋势": "trend",
    "rows": "rows", "名单": "rows",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What is wrong in a line: a code, what was found there, and what was expected."""

    line: int
    code: str
    found: str = ""
    expected: str = ""


@dataclass(frozen=True)
class Reference:
    """A figure: of which indicator, which part of it, in which scope (that of the report for ""), told as what."""

    line: int
    code: str
    part: str = ""
    scope: str = ""
    form: str = ""

    @property
    def key(self) -> str:
        """As it is written: financing.CNY@district|growth_year."""
        ends = (("", self.code), (".", self.part), ("@", self.scope), ("|", self.form))
        return "".join(f"{sign}{word}" for sign, word in ends if word)


@dataclass(frozen=True)
class Word:
    """A placeholder that is no figure, such as the day."""

    line: int
    name: str


@dataclass(frozen=True)
class Paragraph:
    parts: tuple[str | Word | Reference, ...]


@dataclass(frozen=True)
class Table:
    figures: tuple[Reference, ...]


@dataclass(frozen=True)
class Breakdown:
    figure: Reference
    dimension: str


@dataclass(frozen=True)
class Trend:
    figures: tuple[Reference, ...]
    months: int


@dataclass(frozen=True)
class Rows:
    figure: Reference


Block = Paragraph | Table | Breakdown | Trend | Rows


@dataclass
class Section:
    heading: str
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Body:
    """What was read; `faults` in the order of their lines."""

    sections: list[Section] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, code: str, found: str = "", expected: str = "") -> None:
        self.faults.append(Fault(line, code, found[:80], expected))

    @property
    def blocks(self) -> Iterator[Block]:
        return (block for section in self.sections for block in section.blocks)

    @property
    def references(self) -> Iterator[Reference]:
        """Every figure that is named, in the order of the text."""
        for block in self.blocks:
            match block:
                case Paragraph(parts):
                    yield from (part for part in parts if isinstance(part, Reference))
                case Table(figures) | Trend(figures, _):
                    yield from figures
                case Breakdown(figure, _) | Rows(figure):
                    yield figure


def parse(text: str) -> Body:
    """Read a template; it never fails, what is wrong stands in `faults`."""
    body = Body()
    if len(text) > LONGEST:
        body.fault(0, "too_long", str(len(text)), str(LONGEST))
        return body
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            read_line(body, number, line.strip())
    if not body.sections:
        body.fault(1, "no_section", expected="# …")
    return body


def read_line(body: Body, number: int, line: str) -> None:
    if line.startswith("#"):
        heading = line.lstrip("#").strip()
        if not heading:
            body.fault(number, "no_heading", line, "# …")
        body.sections.append(Section(heading))
        return
    if not body.sections:
        body.fault(number, "before_section", line, "# …")
        return
    block = command(body, number, line[1:].strip()) if line.startswith(("!", "！")) else paragraph(body, number, line)
    if block is not None:
        body.sections[-1].blocks.append(block)


def paragraph(body: Body, number: int, line: str) -> Paragraph:
    parts: list[str | Word | Reference] = []
    place = 0
    for hole in HOLE.finditer(line):
        parts.append(plain(body, number, line[place : hole.start()]))
        parts.append(placeholder(body, number, hole[1].strip()))
        place = hole.end()
    parts.append(plain(body, number, line[place:]))
    return Paragraph(tuple(part for part in parts if part))


def plain(body: Body, number: int, text: str) -> str:
    """The text between placeholders, in which no brace may be left over."""
    if "{{" in text or "}}" in text:
        body.fault(number, "open_brace", text, "{{ … }}")
    return text


def placeholder(body: Body, number: int, inner: str) -> str | Word | Reference:
    if inner in WORDS:
        return Word(number, inner)
    found = reference(body, number, inner)
    return found if found is not None else f"{{{{{inner}}}}}"


def reference(body: Body, number: int, text: str) -> Reference | None:
    found = REFERENCE.fullmatch(text)
    if found is None:
        body.fault(number, "reference", text, "resident_firms, resident_firms@district, resident_firms|growth_year")
        return None
    if found["form"] and found["form"] not in FORMS:
        body.fault(number, "form", found["form"], ", ".join(FORMS))
        return None
    return Reference(number, *(found[name] or "" for name in ("code", "part", "scope", "form")))


def command(body: Body, number: int, text: str) -> Block | None:
    name, _space, rest = text.partition(" ")
    made = COMMANDS.get(name)
    if made is None:
        body.fault(number, "command", name, ", ".join(f"!{word}" for word in ("table", "breakdown", "trend", "rows")))
        return None
    return READERS[made](body, number, rest.strip())


def references(body: Body, number: int, text: str) -> tuple[Reference, ...]:
    names = [name.strip() for name in re.split(r"[,，、]", text) if name.strip()]
    if not names:
        body.fault(number, "no_figure", text, "resident_firms, firms_moved_in")
    found = [reference(body, number, name) for name in names]
    told = [one for one in found if one is not None and one.form not in HERE]
    for one in told:
        body.fault(number, "form_here", one.key, one.code)
    return tuple(one for one in found if one is not None and one.form in HERE)


def table(body: Body, number: int, rest: str) -> Table | None:
    found = references(body, number, rest)
    return Table(found) if found else None


def trend(body: Body, number: int, rest: str) -> Trend | None:
    asked = MONTHS.search(rest)
    months = int(asked[1]) if asked and len(asked[1]) < 6 else USUAL_MONTHS if not asked else 0
    if not 2 <= months <= MOST_MONTHS:
        body.fault(number, "months", asked[1] if asked else "", f"2–{MOST_MONTHS}")
        return None
    found = references(body, number, rest[: asked.start()] if asked else rest)
    return Trend(found, months) if found else None


def breakdown(body: Body, number: int, rest: str) -> Breakdown | None:
    found = BY.match(rest)
    if found is None:
        body.fault(number, "breakdown", rest, "!breakdown resident_firms by tier")
        return None
    one = only(body, number, found["of"])
    return Breakdown(one, found["by"]) if one is not None else None


def rows(body: Body, number: int, rest: str) -> Rows | None:
    one = only(body, number, rest)
    return Rows(one) if one is not None else None


def only(body: Body, number: int, text: str) -> Reference | None:
    found = references(body, number, text)
    if len(found) > 1:
        body.fault(number, "one_figure", text, found[0].key)
    return found[0] if len(found) == 1 else None


READERS: dict[str, Callable[[Body, int, str], Block | None]] = {
    "table": table,
    "breakdown": breakdown,
    "trend": trend,
    "rows": rows,
}


@dataclass(frozen=True)
class Known:
    """What a template may name: {indicator: the ways to break it down}, the scopes, indicators made of themselves."""

    dimensions: dict[str, Sequence[str]]
    scopes: Sequence[str]
    circular: frozenset[str] = frozenset()


def check(body: Body, known: Known) -> list[Fault]:
    """The faults of reading, and every name that is not known."""
    found = [*body.faults]
    for one in body.references:
        if one.code not in known.dimensions:
            found.append(Fault(one.line, "indicator", one.code, nearest(one.code, known.dimensions)))
        elif one.code in known.circular:
            found.append(Fault(one.line, "circular", one.code))
        if one.scope and one.scope not in known.scopes:
            found.append(Fault(one.line, "scope", one.scope, ", ".join(known.scopes)))
    for block in body.blocks:
        if isinstance(block, Breakdown) and block.figure.code in known.dimensions:
            ways = known.dimensions[block.figure.code]
            if block.dimension not in ways:
                found.append(Fault(block.figure.line, "dimension", block.dimension, ", ".join(ways)))
    return sorted(found, key=lambda fault: fault.line)


def nearest(code: str, known: dict[str, Sequence[str]]) -> str:
    """Some codes that begin alike, to choose from."""
    beginning = code[:4].lower()
    alike = [one for one in known if one.startswith(beginning)] or list(known)
    return ", ".join(alike[:6])
