"""The same questions in SQL, asked of the same rows in DuckDB."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection

from qunxing.core.columns import day_of
from qunxing.core.facttables import Measure
from qunxing.core.specs import IndicatorSpec
from qunxing.indicators.figures.periods import Span, period_of

TABLES = {
    "directory_scope": "id, community_id, code, width",
    "directory_organization": "id, division, fields, size_class, founded_on",
    "directory_residency": "id, organization_id, scope_id, tier, stage, entered_on, left_on",
    "registry_filing": "id, organization_id, kind, state, region, granted_on, algorithm_class",
    "registry_coverage": "id, filing_id, model_id",
    "funds_round": "id, organization_id, stage_id, closed_on, currency, amount_low, amount_high",
    "scenarios_scenario": (
        "id, organization_id, state, published_on, mechanism, fields, division, budget_low, budget_high"
    ),
}
WORDS = ("division", "region", "fields", "algorithm_class", "size_class")
ALWAYS, NEVER = "DATE '1800-01-01'", "DATE '9000-01-01'"
FIELD = "string_split(trim({0}.fields, '|'), '|')"
# Columns alike for all: row, thing, since and until with their ends, organization, division, width (of stays only).
FACTS = {
    "stays": f"""
        SELECT r.id AS row_id, organization_id AS thing, organization_id AS organization,
            coalesce(entered_on, {ALWAYS}) AS since_low, coalesce(entered_on, r.recorded) AS since_high,
            coalesce(left_on, {NEVER}) AS until_low, coalesce(left_on, {NEVER}) AS until_high,
            o.division, s.width, r.tier, r.stage, {FIELD.format("o")} AS field,
            o.size_class AS size, o.founded_on AS age
        FROM residency r JOIN organization o ON o.id = r.organization_id JOIN scope s ON s.id = r.scope_id""",
    "filings": f"""
        SELECT f.id AS row_id, f.id AS thing, organization_id AS organization, since_low, since_high, until_low,
            until_high, CASE WHEN starts_with(o.division, f.region) THEN o.division ELSE f.region END AS division,
            0 AS width, f.kind, e.state, 'first' AS turn, f.region, f.algorithm_class, {FIELD.format("o")} AS field
        FROM filing f JOIN organization o ON o.id = f.organization_id, LATERAL (
            SELECT 'granted' AS state, granted_on AS since_low, granted_on AS since_high,
                CASE WHEN f.state = 'granted' THEN {NEVER} ELSE granted_on END AS until_low,
                CASE WHEN f.state = 'granted' THEN {NEVER} ELSE greatest(granted_on, f.changed) END AS until_high
            UNION ALL SELECT f.state, granted_on, greatest(granted_on, f.changed), {NEVER}, {NEVER}
            WHERE f.state <> 'granted') e""",
    "filed_models": """
        SELECT c.model_id AS row_id, c.model_id AS thing, organization, since_low, since_high, until_low, until_high,
            division, 0 AS width, kind, '' AS openness, field
        FROM coverage c JOIN filings f ON f.row_id = c.filing_id WHERE f.state IN ('granted', 'changed')""",
    "rounds": f"""
        SELECT r.id AS row_id, r.id AS thing, organization_id AS organization,
            coalesce(closed_on, {ALWAYS}) AS since_low,
            coalesce(closed_on, r.recorded) AS since_high, {NEVER} AS until_low, {NEVER} AS until_high, o.division,
            0 AS width, stage_id AS stage, currency, {FIELD.format("o")} AS field, o.size_class AS size,
            CASE WHEN amount_low IS NULL AND amount_high IS NULL THEN 'undisclosed'
                WHEN amount_low = amount_high THEN 'exact' ELSE 'range' END AS told,
            amount_low::DOUBLE AS amount_from, amount_high::DOUBLE AS amount_to
        FROM round r JOIN organization o ON o.id = r.organization_id""",
    "scenarios": f"""
        WITH turns AS (SELECT id, state, history_date::DATE AS day, history_id,
                lag(state) OVER (PARTITION BY id ORDER BY history_id) AS former FROM scenario_versions),
            events AS (SELECT t.id, t.state, CASE WHEN t.former IS NULL THEN s.published_on ELSE t.day END AS day,
                t.history_id FROM turns t JOIN scenario s ON s.id = t.id WHERE t.former IS DISTINCT FROM t.state)
        SELECT e.id AS row_id, e.id AS thing, s.organization_id AS organization,
            e.day AS since_low, e.day AS since_high,
            coalesce(lead(e.day) OVER later, {NEVER}) AS until_low,
            coalesce(lead(e.day) OVER later, {NEVER}) AS until_high,
            CASE WHEN s.division <> '' THEN s.division ELSE o.division END AS division, 0 AS width, e.state,
            CASE WHEN row_number() OVER (PARTITION BY e.id, e.state ORDER BY e.history_id) = 1
                THEN 'first' ELSE 'again' END AS turn, {FIELD.format("s")} AS field, s.mechanism,
            s.budget_low::DOUBLE AS budget_from,
            s.budget_high::DOUBLE AS budget_to
        FROM events e JOIN scenario s ON s.id = e.id JOIN organization o ON o.id = s.organization_id
        WINDOW later AS (PARTITION BY e.id ORDER BY e.history_id)""",
}
BANDS = """CASE WHEN age IS NULL OR age > $day THEN '' WHEN y < 1 THEN '0-1' WHEN y < 3 THEN '1-3' WHEN y < 5 THEN '3-5'
    WHEN y < 10 THEN '5-10' ELSE '10-' END"""


def load(folder: Path) -> Path:
    """The tables and their versions in a DuckDB file of their own, made once."""
    file = folder / f"figures-{connection.vendor}.duckdb"
    if file.exists():
        return file
    with duckdb.connect(str(file)) as duck, connection.cursor() as cursor:
        for table, columns in TABLES.items():
            app, model = table.split("_", 1)
            copy(cursor, duck, folder, table, f"{columns}, created_at, updated_at")
            past = f"{columns}, history_id, history_date, history_type"
            copy(cursor, duck, folder, f"{app}_historical{model}", past)
    return file


def copy(cursor: Any, duck: Any, folder: Path, table: str, columns: str) -> None:
    path = folder / f"{table}.csv"
    cursor.execute(f"SELECT {columns} FROM {table} ORDER BY 1")
    names = [name.strip() for name in columns.split(",")]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(["\\N" if value is None else value for value in row] for row in cursor)
    words = ", ".join(f"'{name}': 'VARCHAR'" for name in WORDS if name in names)
    options = f"header = true, nullstr = '\\N'{f', types = {{{words}}}' if words else ''}"
    duck.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv('{path}', {options})")
    path.unlink()


class Duck:
    """The ledgers in DuckDB as of now or as known at a moment."""

    def __init__(self, file: Path, known_at: datetime | None = None) -> None:
        self.base = duckdb.connect(str(file), read_only=True)
        for table in TABLES:
            app, model = table.split("_", 1)
            self.base.execute(f"CREATE TEMP TABLE {model} AS {self.rows(table, f'{app}_historical{model}', known_at)}")
        limit = f"WHERE history_date <= TIMESTAMP '{known_at:%Y-%m-%d %H:%M:%S}'" if known_at else ""
        self.base.execute(f"CREATE TEMP VIEW scenario_versions AS SELECT * FROM scenarios_historicalscenario {limit}")
        for name, select in FACTS.items():
            self.base.execute(f"CREATE TEMP TABLE {name} AS {select}")
        self.inside: set[tuple[str, date]] = set()

    @staticmethod
    def rows(table: str, past: str, known_at: datetime | None) -> str:
        if known_at is None or table == "directory_scope":
            return f"SELECT *, created_at::DATE AS recorded, updated_at::DATE AS changed FROM {table}"
        return (
            f"SELECT *, history_date::DATE AS changed, f.first AS recorded FROM {past} "
            f"JOIN (SELECT id AS key, min(history_date)::DATE AS first FROM {past} GROUP BY id) f ON f.key = id "
            f"WHERE history_date <= TIMESTAMP '{known_at:%Y-%m-%d %H:%M:%S}' "
            "QUALIFY row_number() OVER (PARTITION BY id ORDER BY history_id DESC) = 1"
        )

    def ask(self, spec: IndicatorSpec, day: date, scope: tuple[str, int, str], by: str = "") -> dict[str, Any]:
        """{code: (low, high)} of the parts by that dimension, or by the words it is split by."""
        period = period_of(day, Span.MONTH)
        words = {"day": day.isoformat(), "first": day_of(period.first).isoformat(), "last": day.isoformat()}
        sure, perhaps = counts(spec.measure)
        group = by or spec.split
        source, code = self.source(spec, group)
        within = self.within(spec, scope, day)
        if not spec.amount:
            told = f"count(DISTINCT thing) FILTER ({sure} AND {within[0]}), count(DISTINCT thing) FILTER ({perhaps})"
        else:
            one, other = f"{spec.amount}_from", f"{spec.amount}_to"
            told = (
                f"coalesce(sum({one}) FILTER ({sure} AND {within[0]}), 0), "
                f"CASE WHEN bool_or(({one} IS NOT NULL) AND {other} IS NULL) THEN NULL "
                f"ELSE coalesce(sum({other}), 0) END, bool_and({one} IS NULL AND {other} IS NULL)"
            )
        where = " AND ".join([perhaps, within[1], *conditions(spec)])
        query = f"SELECT {code} AS code, {told} FROM {source} WHERE {where} GROUP BY ALL"
        for name, value in words.items():
            query = query.replace(f"${name}", f"DATE '{value}'")
        return {row[0] or "": row[1:] for row in self.base.execute(query).fetchall()}

    def source(self, spec: IndicatorSpec, group: str) -> tuple[str, str]:
        if group == "age":
            years = "date_diff('day', age, $day) / 365.25"
            return f"(SELECT *, {years} AS y FROM {spec.facts})", BANDS
        if group == "field":
            return f"(SELECT *, unnest(field) AS part FROM {spec.facts})", "part"
        return spec.facts, group or "''"

    def within(self, spec: IndicatorSpec, scope: tuple[str, int, str], day: date) -> tuple[str, str]:
        code, width, division = scope
        standing = f"starts_with(division, '{division}')" if division else "false"
        if spec.facts == "stays":
            return (f"({standing} OR width <= {width})",) * 2
        name = self.flags(code, width, division, day)
        sure, perhaps = (
            f"({standing} OR organization IN (SELECT key FROM {name} {only}))" for only in ("WHERE sure", "")
        )
        return sure, perhaps

    def flags(self, code: str, width: int, division: str, day: date) -> str:
        name = f"inside_{code}_{day:%Y%m%d}"
        if (code, day) not in self.inside:
            self.inside.add((code, day))
            sure, perhaps = (test.replace("$last", f"DATE '{day}'") for test in counts(Measure.STOCK))
            standing = f"UNION ALL SELECT id, true FROM organization WHERE starts_with(division, '{division}')"
            self.base.execute(
                f"CREATE TEMP TABLE {name} AS SELECT key, bool_or(sure) AS sure FROM ("
                f"SELECT organization AS key, {sure} AS sure FROM stays WHERE width <= {width} AND {perhaps} "
                f"{standing if division else ''}) GROUP BY key"
            )
        return name


def counts(measure: Measure) -> tuple[str, str]:
    """Conditions under which a row surely counts, and under which it may."""
    if measure is Measure.STOCK:
        return "(since_high <= $last AND until_low > $last)", "(since_low <= $last AND until_high > $last)"
    if measure is Measure.EVER:
        return "(since_high <= $last)", "(since_low <= $last)"
    low, high = ("until_low", "until_high") if measure is Measure.LEFT else ("since_low", "since_high")
    sure = f"({low} >= $first AND {high} <= $last)"
    return sure, f"({low} <= $last AND {high} >= $first AND {low} > {ALWAYS})"


def conditions(spec: IndicatorSpec) -> Iterator[str]:
    for name, codes in spec.where.items():
        listed = ", ".join(f"'{code}'" for code in codes)
        yield f"list_has_any(field, [{listed}])" if name == "field" else f"{name} IN ({listed})"
