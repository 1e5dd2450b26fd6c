"""Reads of reports: what a draft says now, what an issued one said, whether it is still that, who may see which row."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from qunxing.core.errors import Problem
from qunxing.directory.models import Scope
from qunxing.indicators.figures.asking import Ledgers
from qunxing.indicators.figures.periods import Span, before
from qunxing.indicators.forms.asking import end_of
from qunxing.indicators.models import Every, Operation, Report, ReportContent
from qunxing.indicators.reports.body import Body, Fault, Known, check, parse
from qunxing.indicators.reports.composing import Asked
from qunxing.indicators.reports.content import Content, compose, with_parents
from qunxing.indicators.reports.differences import Changed, compare
from qunxing.indicators.reports.keeping import Unreadable, digest_of, plain, read, text_of
from qunxing.indicators.reports.paper import Paper
from qunxing.indicators.reports.readers import reader_of
from qunxing.ledger.kinds import record_kinds
from qunxing.ledger.models import LogEntry
from qunxing.ledger.models.records import SEES_ALL

ISSUED = "report.issued"
SPANS = {Every.NONE: Span.MONTH, Every.MONTH: Span.MONTH, Every.QUARTER: Span.QUARTER}


class Harmed(Problem):
    """What is kept of an issued report is not what was written."""

    def __init__(self) -> None:
        super().__init__(
            _("What is kept of this report was harmed and cannot be read."),
            _("Restore it from a copy of the data folder: the log tells the digest that it must have."),
            500,
        )


def known_names(ledgers: Ledgers | None = None) -> Known:
    """What a template may name today; what is told in parts that do not add up is not broken down."""
    asked = ledgers or Ledgers()
    ways = {code: [] if split(asked, one) else [way.code for way in asked.dimensions(one)]
            for code, one in asked.indicators.items() if not circular(asked, code)}  # fmt: skip
    rings = frozenset(code for code in asked.indicators if circular(asked, code))
    return Known({**ways, **{code: [] for code in rings}}, list(Scope.Code.values), rings)


def split(ledgers: Ledgers, indicator: Any) -> bool:
    spec = ledgers.counted_as(indicator)
    return spec is not None and bool(spec.split)


def circular(ledgers: Ledgers, code: str, above: tuple[str, ...] = ()) -> bool:
    """Whether the indicator is made of itself, by way of others."""
    if code in above:
        return True
    found = ledgers.indicators.get(code)
    if found is None or found.operation is None:
        return False
    operands = [found.base] if found.operation == Operation.FILTER else [found.base, found.operand]
    return any(circular(ledgers, one, (*above, code)) for one in operands if one)


def faults_of(text: str) -> tuple[Body, list[Fault]]:
    """The template as it was read, and everything wrong with it."""
    body = parse(text)
    return body, check(body, known_names())


def asked_of(report: Report, **more: Any) -> Asked:
    """What the report speaks of, for the readers it is made for."""
    told: dict[str, Any] = {
        "day": report.as_of,
        "scope": report.scope,
        "reader": reader_of(report.visibility),
        "known_at": end_of(report.known_at),
        "span": SPANS[Every(report.template.period)],
        "language": report.template.language,
    }
    return Asked(**told | more)


def content_now(report: Report, *, all_names: bool = False) -> Content:
    """What the report would say if it were issued now."""
    body = parse(report.template.body)
    found = compose(asked_of(report), body, title=report.template.title, all_names=all_names)
    reissue = report.replaces.number if report.replaces is not None else ""
    return plain(found | {"number": report.number, "reissue_of": reissue, "audience": report.visibility})


def content_of(report: Report) -> Content:
    """What the report says: as it was frozen, or of a draft as of now; Harmed where what is kept cannot be read."""
    if not report.frozen:
        return content_now(report)
    try:
        return read(kept_of(report))
    except Unreadable as error:
        raise Harmed from error


def kept_of(report: Report) -> bytes:
    """The compressed text of an issued report; b"" where it is gone."""
    kept = ReportContent.objects.filter(report=report).values_list("kept", flat=True).first()
    return bytes(kept or b"")


def kept_text(report: Report) -> bytes:
    """The canonical text whose digest stands in the log."""
    try:
        return text_of(kept_of(report))
    except Unreadable as error:
        raise Harmed from error


@dataclass(frozen=True)
class Proof:
    """The digest of what is kept, of the report's row, and of the log's entry, and that entry's place."""

    kept: str
    said: str
    logged: str
    entry: int | None

    @property
    def ok(self) -> bool:
        return bool(self.kept) and self.kept == self.said == self.logged


def prove(report: Report) -> Proof:
    """Hold what is kept of an issued report against the log."""
    rows = LogEntry.objects.filter(subject_kind=Report.kind_code(), subject_ref=report.ref, kind=ISSUED)
    entry = rows.order_by("index").first()
    facts = json.loads(entry.body).get("facts", {}) if entry is not None else {}
    logged = str(facts.get("content", ""))
    return Proof(digest_of(kept_of(report)), report.digest, logged, entry.index if entry is not None else None)


def seen_by(user: Any) -> Callable[[str, Collection[str]], Collection[str]]:
    """Which of the rows behind a figure the user may see; whoever sees all sees what has been removed since, too."""

    def seen(kind: str, refs: Collection[str]) -> Collection[str]:
        if getattr(user, "kind", None) in SEES_ALL:
            return refs
        model = record_kinds().get(kind)
        if model is None:
            return ()
        rows = model._default_manager.visible_to(user)
        return open_refs(rows, refs)

    return seen


def open_refs(rows: Any, refs: Collection[str]) -> set[str]:
    ordered, found = sorted(refs), set()
    for start in range(0, len(ordered), 500):
        found |= set(rows.filter(ref__in=ordered[start : start + 500]).values_list("ref", flat=True))
    return found


def paper_of(report: Report, user: Any) -> Paper:
    """The report as this reader gets it on paper."""
    return Paper(content_of(report), seen_by(user), report.digest if report.frozen else "")


@dataclass(frozen=True)
class Difference:
    """Two reports beside each other: `after` None is what the first one would say today."""

    before: Report
    after: Report | None

    @cached_property
    def old(self) -> Content:
        return content_of(self.before)

    @cached_property
    def new(self) -> Content:
        if self.after is not None and self.after.frozen:
            return content_of(self.after)
        return content_now(self.after or as_if_again(self.before), all_names=True)

    @cached_property
    def changes(self) -> list[Changed]:
        return compare(self.old, self.new)


def as_if_again(report: Report) -> Report:
    """The same report with today's knowledge, not kept."""
    return Report(template=report.template, scope=report.scope, as_of=report.as_of, visibility=report.visibility)


def links_to(kind: str, refs: Collection[str]) -> dict[str, str]:
    """{ref: address} of the records that are there still."""
    model = record_kinds().get(kind)
    if model is None:
        return {}
    ordered, found = sorted(refs), {}
    for start in range(0, len(ordered), 500):
        rows = with_parents(model).filter(ref__in=ordered[start : start + 500])
        found.update({row.ref: row.get_absolute_url() for row in rows})
    return found


def last_period(today: date, every: str) -> tuple[date, str]:
    """(last day, name) of the month or quarter that ended last: 2026-10, 2026Q3."""
    span = SPANS[Every(every)]
    last = before(today, span)
    return last, f"{last.year}Q{(last.month + 2) // 3}" if span is Span.QUARTER else f"{last:%Y-%m}"
