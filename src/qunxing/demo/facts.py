"""Public facts, each from a named source: statements, claims, and what official lists say of firms in Shanghai."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.apps import apps

from qunxing.core.dates import parse_day
from qunxing.demo.desk import Desk
from qunxing.demo.tables import Row, path_of, read_table
from qunxing.directory.actions import refresh_search_key
from qunxing.directory.models import OrganizationName, Scope
from qunxing.indicators.models import Claim
from qunxing.intake.actions import apply_file, digest_of
from qunxing.intake.catalogue import known_list
from qunxing.ledger.actions import cite, follow
from qunxing.ledger.models import Record, Source
from qunxing.ledger.recording import recording

GENAI_LIST = "genai-filings"


def add_sources(desk: Desk) -> None:
    for row in read_table("sources.tsv"):
        values = {name: row[name] for name in ("kind", "title", "publisher", "note")}
        source = Source(**values, day=parse_day(row["day"]).low)
        if row["file"]:
            source.digest, source.series = digest_of(path_of(row["file"])), GENAI_LIST
        desk.add(source, row["key"], demo=False)


# --- statements: what a source says of one field of one record ------------------------------------------------------


def add_statements(desk: Desk) -> None:
    for (code, key), rows in groupby(read_table("statements.tsv"), key=lambda row: (row["kind"], row["key"])):
        add_stated(desk, apps.get_model(code), key, list(rows))


def add_stated(desk: Desk, kind: Any, key: str, rows: Sequence[Row]) -> None:
    """Save a record from what sources say; of several statements on a field it follows the first, or a noted one."""
    values = {row["field"]: value_of(desk, kind, row) for row in reversed(rows)}
    record = desk.mark(kind(**values), key, demo=False)
    main = next(row["source"] for row in rows if row["source"])
    with recording(actor=desk.clerk, reason="据公开来源录入", source=desk.source(main)):
        record.save(force_insert=True)
        desk.keep(record, key)
        for row in rows:
            if row["source"]:
                state(desk, record, row)
        if isinstance(record, OrganizationName):
            refresh_search_key(record.organization)


def state(desk: Desk, record: Record, row: Row) -> None:
    """Keep the evidence; with a note, the record follows it from now on, for that reason."""
    value = {row["field"]: value_of(desk, type(record), row)}
    evidence = cite(record, actor=desk.clerk, source=desk.source(row["source"]), values=value, place=row["phrase"])
    if row["note"]:
        followed = follow(record, evidence, row["field"], actor=desk.clerk, reason=row["note"])
        desk.keep(followed, row["key"])


def value_of(desk: Desk, kind: Any, row: Row) -> Any:
    """The value in the field's own type; a related record is named by its key."""
    field = kind._meta.get_field(row["field"])
    return desk.find(field.related_model, row["value"]) if field.is_relation else field.to_python(row["value"])


# --- claims ---------------------------------------------------------------------------------------------------------


def add_claims(desk: Desk) -> None:
    for row in read_table("claims.tsv"):
        source = desk.source(row["source"])
        place = row["place"] or source.title
        desk.add(claim_of(desk, row), row["key"], demo=False, reason="公开口径，按原话保留", source=source, place=place)


def claim_of(desk: Desk, row: Row) -> Claim:
    day = parse_day(row["as_of"])
    plain = ("indicator", "subject", "scope_text", "unit", "currency", "status", "wording", "place", "note")
    return Claim(
        scope=desk.find(Scope, row["scope"]) if row["scope"] else None,
        as_of_low=day.low,
        as_of_high=day.high,
        as_of_precision=day.precision,
        value_low=Decimal(row["low"]) if row["low"] else None,
        value_high=Decimal(row["high"]) if row["high"] else None,
        low_open=bool(row["low_open"]),
        high_open=bool(row["high_open"]),
        origin=desk.source(row["source"]),
        **{name: row[name] for name in plain},
    )


# --- official lists -------------------------------------------------------------------------------------------------


def listed_sources() -> Iterable[Row]:
    return (row for row in read_table("sources.tsv") if row["file"])


def take_in_lists(desk: Desk) -> None:
    """Import the transcribed lists the way staff import any list."""
    for row in listed_sources():
        source = desk.source(row["key"])
        apply_file(
            path_of(row["file"]),
            row["file"],
            known_list(GENAI_LIST),
            actor=desk.clerk,
            title=source.title,
            publisher=source.publisher,
            day=source.day,
        )
