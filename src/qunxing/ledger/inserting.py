"""Many rows into one table by one prepared statement: their keys are known beforehand, and the time is a third.

Django's `bulk_create` writes the statement anew for every few rows, on SQLite for each thirty of a wide table.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.fields import Field

Column = Field[Any, Any]
# What is passed as it is: the values of these fields are stored in the form in which they are compared.
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)


def insert(objects: Sequence[models.Model]) -> None:
    """Insert objects of one model whose keys nobody asks for; they may name rows that were saved since."""
    if not objects:
        return
    kind, taker = type(objects[0]), database()
    fields = [field for field in fields_of(kind) if not isinstance(field, models.AutoField)]
    for one in objects:
        relate(one)
    rows = [[field.get_db_prep_save(field.pre_save(one, True), taker) for field in fields] for one in objects]
    insert_rows(kind, fields, rows)


def update(objects: Sequence[models.Model], names: Collection[str] = ()) -> None:
    """Write these fields of stored objects of one model, all of them where none is named."""
    if not objects:
        return
    kind, taker = type(objects[0]), database()
    fields = [field for field in fields_of(kind) if not field.primary_key and (not names or field.name in names)]
    rows = [[field.get_db_prep_save(field.pre_save(one, False), taker) for field in fields] for one in objects]
    update_rows(kind, fields, rows, [one.pk for one in objects])


def insert_rows(kind: type[models.Model], fields: Sequence[Column], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of stored values in the order of the fields, all or none."""
    columns = ", ".join(column_of(field) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    run(f"INSERT INTO {table_of(kind)} ({columns}) VALUES ({places})", rows)  # noqa: S608 - our own names


def update_rows(
    kind: type[models.Model], fields: Sequence[Column], rows: Sequence[Sequence[Any]], keys: Iterable[int]
) -> None:
    """Set the fields of the rows with these keys to stored values, all or none."""
    settings = ", ".join(f"{column_of(field)} = %s" for field in fields)
    statement = f"UPDATE {table_of(kind)} SET {settings} WHERE {column_of(key_of(kind))} = %s"  # noqa: S608 - as above
    run(statement, [[*row, key] for row, key in zip(rows, keys, strict=True)])


def run(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """All rows or none: whoever catches an error within a transaction has a savepoint of its own."""
    with transaction.atomic(savepoint=False), database().cursor() as cursor:
        cursor.executemany(statement, rows)


def database() -> BaseDatabaseWrapper:
    """The connection itself: asking its stand-in for each of a million values costs more than the values."""
    return connections[DEFAULT_DB_ALIAS]


def table_of(kind: type[models.Model]) -> str:
    return str(database().ops.quote_name(kind._meta.db_table))


def column_of(field: Column) -> str:
    return str(database().ops.quote_name(str(field.column)))


def take_keys(kind: type[models.Model], count: int) -> list[int]:
    """Keys that no row has and none will get; call it inside the transaction that uses them."""
    table, column = kind._meta.db_table, key_of(kind).column
    with database().cursor() as cursor:
        if database().vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(sequence, [table_of(kind), column, count])
            return [key for (key,) in cursor.fetchall()]
        # Whoever writes holds the only lock of SQLite, and the sequence follows the keys that are given.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
    return list(range(last + 1, last + 1 + count))


def stored_values(one: models.Model, *, adding: bool) -> dict[str, Any]:
    """{attribute: value} of an object about to be saved, as it is prepared for every database alike."""
    return {attribute: prepare(field.pre_save(one, adding)) for attribute, field, prepare in preparing(type(one))}


def adapted(values: Mapping[str, Any], fields: Sequence[Column]) -> list[Any]:
    """The prepared values of these fields as this database takes them."""
    taker = database()
    return [
        value
        if (value := values[field.attname]) is None or isinstance(field, PLAIN)
        else field.get_db_prep_value(value, taker, prepared=True)
        for field in fields
    ]


def relate(one: models.Model) -> None:
    """Take over the keys of related rows that were saved after they were named."""
    one._prepare_related_fields_for_save(operation_name="bulk_create")  # type: ignore[attr-defined] # noqa: SLF001


def mark_saved(one: models.Model) -> None:
    one._state.adding, one._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - as Django's own bulk_create does


@cache
def fields_of(kind: type[models.Model]) -> tuple[Column, ...]:
    return tuple(kind._meta.concrete_fields)


@cache
def preparing(kind: type[models.Model]) -> tuple[tuple[str, Column, Any], ...]:
    return tuple((field.attname, field, field.get_prep_value) for field in fields_of(kind))


def key_of(kind: type[models.Model]) -> Column:
    key: Column | None = kind._meta.pk
    if key is None:
        raise TypeError(f"{kind.__name__} has no key.")
    return key
