"""A large made-up community with its versions, written past the program: the same numbers on every machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction

from qunxing.directory.models import Community, Organization, Residency, Scope
from qunxing.funds.models import Round, Stage
from qunxing.ledger.versions import history_of
from qunxing.registry.models import AIModel, Coverage, Filing
from qunxing.scenarios.models import Scenario

DISTRICTS = ("310104", "310115", "310105", "110108", "330106", "440305", "320505", "510107")
FIELDS = ("foundation", "language", "vision", "speech", "agents", "embodied", "compute", "data", "safety", "science")
FIRST, LAST = date(2019, 1, 1), date(2025, 6, 30)
KEPT = datetime(2023, 1, 1, 1, tzinfo=UTC)
Columns = Mapping[str, Sequence[Any]]


@dataclass
class Maker:
    """Draws columns; `firms` sets the measure of all."""

    firms: int
    chance: np.random.Generator

    def codes(self, number: int, words: Sequence[str], odds: Sequence[float] | None = None) -> list[str]:
        return [words[place] for place in self.chance.choice(len(words), number, p=odds)]

    def days(self, number: int, first: date = FIRST, last: date = LAST, unknown: float = 0.0) -> list[str | None]:
        drawn = self.chance.integers(0, (last - first).days, number)
        missing = self.chance.random(number) < unknown
        return [
            None if none else (first + timedelta(int(day))).isoformat()
            for day, none in zip(drawn, missing, strict=True)
        ]

    def keys(self, number: int, among: int) -> list[int]:
        return (self.chance.integers(0, among, number) + 1).tolist()

    def sets(self, number: int) -> list[str]:
        pairs = zip(self.codes(number, FIELDS), self.codes(number, FIELDS), strict=True)
        return [f"|{'|'.join(sorted({one, other}))}|" for one, other in pairs]


def is_made(firms: int) -> bool:
    return bool(Organization.objects.count() >= firms and Scenario.objects.exists())


def make(firms: int) -> int:
    """Fill an empty database; how many versions there are then."""
    maker = Maker(firms, np.random.default_rng(20260))
    with transaction.atomic():
        versions = sum(step(maker) for step in (organizations, stays, filings, rounds, scenarios))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return versions


def organizations(maker: Maker) -> int:
    community = Community(name="模速空间", division="310104")
    community.save()
    for width, code in enumerate(Scope.Code.values, start=1):
        Scope(community=community, code=code, width=width, name_zh=code).save()
    for model in (Community, Scope):
        history_of(model).objects.update(history_date=KEPT)
    number = maker.firms
    return kept(maker, Organization, 2, {
        "name": [f"企业{key}" for key in range(number)],
        "division": maker.codes(number, DISTRICTS, (0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05)),
        "fields": maker.sets(number),
        "size_class": maker.codes(number, ("large", "medium", "small", "micro", "")),
        "founded_on": maker.days(number, date(2005, 1, 1), date(2024, 12, 31), 0.1),
    })  # fmt: skip


def stays(maker: Maker) -> int:
    number = maker.firms * 6 // 5
    left = maker.chance.random(number) < 0.3
    begun = maker.days(number, FIRST, date(2024, 6, 30), 0.02)
    ended = maker.days(number, date(2024, 7, 1), LAST)
    stage = maker.codes(number, ("graduated", "left", "moved"))
    return kept(maker, Residency, 3, {
        "organization_id": maker.keys(number, maker.firms),
        "scope_id": maker.codes(number, (1, 2, 3, 4), (0.1, 0.3, 0.3, 0.3)),
        "tier": maker.codes(number, ("core", "star"), (0.05, 0.95)),
        "stage": [word if gone else "resident" for word, gone in zip(stage, left, strict=True)],
        "entered_on": begun,
        "left_on": [day if gone else None for day, gone in zip(ended, left, strict=True)],
    }, {"stage": "resident", "left_on": None})  # fmt: skip


def filings(maker: Maker) -> int:
    number = maker.firms * 6 // 5
    versions = kept(maker, Filing, 2, {
        "organization_id": maker.keys(number, maker.firms),
        "kind": maker.codes(number, ("filed", "registered", "algorithm"), (0.2, 0.2, 0.6)),
        "name": [f"备案{key}" for key in range(number)],
        "state": maker.codes(number, ("granted", "changed", "withdrawn", "submitted"), (0.85, 0.05, 0.05, 0.05)),
        "region": maker.codes(number, ("31", "11", "33", "44", "")),
        "granted_on": maker.days(number),
        "algorithm_class": maker.codes(number, ("synthesis", "push", "")),
        "shown_to": ["public"] * number,
    }, {"state": "granted"})  # fmt: skip
    models = maker.firms // 5
    versions += kept(maker, AIModel, 1, {"name": [f"模型{key}" for key in range(models)]})
    covers = {"filing_id": [key + 1 for key in range(models)], "model_id": maker.keys(models, models)}
    return versions + kept(maker, Coverage, 1, covers)


def rounds(maker: Maker) -> int:
    if not Stage.objects.exists():
        Stage(code="a", name_zh="A轮", name_en="Series A").save()
    stages = list(Stage.objects.values_list("code", flat=True))
    number = maker.firms * 4 // 5
    low = (maker.chance.integers(1, 500, number) * 100_000).tolist()
    spread = maker.chance.random(number)
    high = [None if part < 0.1 else one * 2 if part < 0.3 else one for one, part in zip(low, spread, strict=True)]
    return kept(maker, Round, 2, {
        "organization_id": maker.keys(number, maker.firms),
        "stage_id": maker.codes(number, stages),
        "closed_on": maker.days(number, unknown=0.02),
        "currency": maker.codes(number, ("CNY", "USD"), (0.9, 0.1)),
        "amount_low": [None if part < 0.1 else one for one, part in zip(low, spread, strict=True)],
        "amount_high": high,
    })  # fmt: skip


def scenarios(maker: Maker) -> int:
    number = maker.firms // 10
    return kept(maker, Scenario, 3, {
        "organization_id": maker.keys(number, maker.firms),
        "number": [f"CJ-{key}" for key in range(number)],
        "title": [f"场景{key}" for key in range(number)],
        "state": maker.codes(number, ("published", "matched", "in_delivery", "closed")),
        "published_on": maker.days(number, FIRST, date(2022, 12, 31)),
        "mechanism": maker.codes(number, ("direct", "challenge", "race")),
        "fields": maker.sets(number),
        "budget_low": (maker.chance.integers(1, 500, number) * 10_000).tolist(),
        "budget_high": [5_000_000] * number,
    }, {"state": "published"})  # fmt: skip


def kept(maker: Maker, model: Any, versions: int, columns: Columns, before: Mapping[str, Any] | None = None) -> int:
    """Write the rows and so many versions of each; all but the last of them say what `before` says."""
    number = len(next(iter(columns.values())))
    first = 1 + (model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)
    own = {
        "id": list(range(first, first + number)),
        "ref": [f"{model.__name__[:4].lower()}{key}" for key in range(number)],
    }
    own |= {"created_at": [text_of(KEPT)] * number, "updated_at": [text_of(KEPT)] * number}
    write(model, {**own, **columns}, number)
    past = history_of(model)
    for version in range(versions):
        days = maker.chance.integers(0, 300, number) + 300 * version
        moments = [text_of(KEPT + timedelta(int(day))) for day in days]
        said = {"history_date": moments, "history_type": ["~" if version else "+"] * number}
        told = before if before and version < versions - 1 else {}
        write(
            past, {**own, **columns, **{name: [word] * number for name, word in (told or {}).items()}, **said}, number
        )
    return number * versions


def text_of(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def write(model: Any, columns: Columns, number: int) -> None:
    """The rows with defaults in the other columns, in the quickest way each database has."""
    fields = [field for field in model._meta.concrete_fields if field.column in columns or field.name != "history_id"]
    data = [columns.get(field.column) or [default_of(field)] * number for field in fields]
    names = ", ".join(f'"{field.column}"' for field in fields)
    table = model._meta.db_table
    rows = zip(*data, strict=True)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', list(rows))
            return
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        if "id" in columns and "history_date" not in columns:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {max(columns['id'])})")


def default_of(field: Any) -> Any:
    value = field.get_prep_value(field.get_default()) if field.has_default() else None
    if field.null or value is not None:
        return value
    return "" if field.empty_strings_allowed else 0
