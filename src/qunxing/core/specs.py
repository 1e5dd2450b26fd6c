"""Finding what apps declare: each says it in a module of its own, the machinery above collects it at the start."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, reduce
from importlib import import_module
from importlib.util import find_spec
from operator import or_
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import override

from qunxing.core.columns import Columns
from qunxing.core.errors import Text
from qunxing.core.facttables import FactTable, Measure


@cache
def declared(module: str, name: str) -> tuple[Any, ...]:
    """Everything in the tuples called ``name`` of the modules called ``module``, lowest app first."""
    return tuple(item for found in modules_called(module) for item in getattr(found, name, ()))


def modules_called(module: str) -> Iterator[Any]:
    for app in settings.HOUSE:
        if find_spec(f"{app}.{module}") is not None:
            yield import_module(f"{app}.{module}")


@dataclass(frozen=True)
class Document:
    """A record as search keeps it; every word of it is as open as the record itself.

    `names` are what it is called, best first, and `codes` the numbers it is known by; `about` tells it apart from
    others in a list of hits. `also` are names of others by which it is found, `words` a text by which it is; neither
    is shown. `owners` are the keys of the organisations whose members see it whatever its level. `facets` is
    {"type" | "state" | "field" | "place" | "year": values}, a place in two digits; it is found by the labels of its
    types and fields too.
    """

    title: str
    url: str
    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    text: str = ""
    also: tuple[str, ...] = ()
    words: str = ""
    owners: tuple[int, ...] = ()
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)


def no_labels() -> Mapping[str, Text]:
    return {}


@dataclass(frozen=True)
class DocumentSpec:
    """How the records of one kind become documents of the search.

    `fetch(rows, level)` adds to the rows, all of them of this level of openness, what `document` reads, as open as
    that. `hangs_on` is {kind of record: the rows whose documents are stale when those with the keys have changed}; the
    record's own parts need not be named. `turned(day)` gives the rows whose document is another since that day.
    `lead` puts a kind before others that hold the words alike.
    """

    code: str
    label: Text
    icon: str
    model: type[Any]
    document: Callable[[Any], Document]
    fetch: Callable[[QuerySet[Any], str], QuerySet[Any]] = lambda rows, _level: rows
    hangs_on: Mapping[str, Callable[[Sequence[int]], Q]] = field(default_factory=dict)
    types: Callable[[], Mapping[str, Text]] = no_labels
    states: Callable[[], Mapping[str, Text]] = no_labels
    turned: Callable[[Any], Q] | None = None
    lead: float = 0.0


def by(path: str) -> Callable[[Sequence[int]], Q]:
    """The rows that name one of the keys through this path."""
    return lambda keys: Q(**{f"{path}__in": keys})


def either(*paths: str) -> Callable[[Sequence[int]], Q]:
    """The rows that name one of the keys through any of these paths."""
    found = [by(path) for path in paths]
    return lambda keys: reduce(or_, (one(keys) for one in found))


def bilingual(labels: Mapping[str, Text]) -> dict[str, str]:
    """{code: its label in Chinese and in English}, to be found by either."""
    said = []
    for language in ("zh-hans", "en"):
        with override(language):
            said.append({code: str(label) for code, label in labels.items()})
    return {code: " ".join(dict.fromkeys(words[code] for words in said)) for code in labels}


def pieces(*parts: str | None) -> tuple[str, ...]:
    """The parts that say something, none twice."""
    return tuple(dict.fromkeys(part for part in parts if part))


def place_code(division: str) -> tuple[str, ...]:
    """The province of a division as a facet has it."""
    return (division[:2],) if division else ()


def year_of(day: Any) -> tuple[str, ...]:
    return (str(day.year),) if day else ()


class Read(Protocol):
    """Reads the records of a kind that the reader may see, as they are or as they were known on a day."""

    def __call__(self, model: type[Any], *names: str) -> Columns:
        """Columns of these fields, of the key `id`, of `recorded` and `changed`: the days of first and last keeping.

        A foreign key is named by its column (``scope_id``). Words come as `Coded`, days as day numbers, amounts as
        floats with NaN for what is not known, keys that are missing as -1.
        """
        ...

    def versions(self, model: type[Any], *names: str) -> Columns:
        """All versions instead, oldest first: `id`, these fields, `recorded` the day of each version, `removed`."""
        ...

    def links(self, model: type[Any], name: str) -> Columns:
        """`id` and this key of all records, whoever sees them: for leaving out of a sum only, never to be told."""
        ...


@dataclass(frozen=True)
class Dimension:
    """A way to break figures down; `labels` gives {code: its word in the reader's language}, in their order.

    `of_sets`: a row may hold several codes, so that the parts add up to more than the whole. `ages`: the codes are
    bands of the years since the day that the table keeps under this code.
    """

    code: str
    label: Text
    labels: Callable[[], Mapping[str, Text]] = no_labels
    of_sets: bool = False
    ages: bool = False


@dataclass(frozen=True)
class FactTableSpec:
    """Rows of one or several kinds of record as a fact table; `model` is the kind behind its rows."""

    code: str
    label: Text
    model: type[Any]
    build: Callable[[Read], FactTable]
    dimensions: tuple[Dimension, ...] = ()


class Access(StrEnum):
    """What a reader gets who may not see all rows."""

    OWN = "own"  # a total over the rows they may see, labelled so
    PROTECTED = "protected"  # the true total, small cells hidden
    BANDED = "banded"  # the true total, as a band
    CLOSED = "closed"  # nothing


@dataclass(frozen=True)
class IndicatorSpec:
    """A figure as a definition: what it counts, in what unit, over which rows, by which dates.

    Counted are the things of the table, once each, or the `amount` of that name is summed. `where` is {dimension: codes
    of which one must hold}; each of `also` is one more such condition. `split` names a dimension whose words are never
    added to each other, such as currencies: there is a figure for each. `by` are the dimensions worth a table. `scope`
    is the circle it is told for at first.

    With an `operation` (ratio, difference, share, growth_period, growth_year) it counts no rows itself but is made of
    the figures of `base` and, but for a growth, of `operand`, which is told for `operand_scope` where that is named.
    """

    code: str
    name: Text
    counts: Text
    facts: str
    dates: Text
    section: Text
    unit: str = "家"
    measure: Measure = Measure.STOCK
    amount: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    split: str = ""
    by: tuple[str, ...] = ()
    scope: str = "space"
    access: Access = Access.OWN
    operation: str = ""
    base: str = ""
    operand: str = ""
    operand_scope: str = ""
    also: tuple[Mapping[str, tuple[str, ...]], ...] = ()
