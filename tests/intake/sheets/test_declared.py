"""Every sheet that an app declares is whole: columns stand on fields, examples read, headings tell apart."""

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import override

from qunxing.core.sheets import Value, sheets
from qunxing.intake.sheets.values import (
    fields_of,
    from_json,
    getter_of,
    heading_of,
    is_empty,
    kind_of,
    names_of,
    options_of,
    reader_of,
    text_of,
    to_json,
)

pytestmark = pytest.mark.django_db
SPECS = list(sheets().values())
COLUMNS = [(spec, column) for spec in SPECS for column in spec.columns]
each_sheet = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.code)
each_column = pytest.mark.parametrize(("spec", "column"), COLUMNS, ids=[f"{s.code}-{c.name}" for s, c in COLUMNS])


def has_field(model, name):
    try:
        return bool(model._meta.get_field(name))
    except FieldDoesNotExist:
        return False


def test_ledgers_of_the_house_have_their_sheets():
    asked = {"organizations", "residencies", "contacts", "models", "filings", "funds", "rounds", "investments"}
    assert asked | {"scenarios", "offers", "products"} <= set(sheets())


@each_column
def test_column_stands_on_what_the_record_has(spec, column):
    parts = column.parts
    if parts:
        named = {parts.parent, parts.names, *parts.fixed}
        assert all(has_field(parts.model, name) for name in named)
    elif kind_of(spec, column) is Value.MONEY:
        assert has_field(spec.model, f"{column.name}_low")
        assert has_field(spec.model, f"{column.name}_high")
    else:
        assert has_field(spec.model, column.name)
    assert all(has_field(spec.model, name) for name in (column.precision, column.otherwise) if name)


@each_sheet
def test_keys_are_columns(spec):
    names = {column.name for column in spec.columns}
    assert spec.keys
    assert {name for key in spec.keys for name in key} <= names


@each_sheet
def test_headings_tell_the_columns_apart(spec):
    for language in ("zh-hans", "en"):
        with override(language):
            headings = [heading_of(spec, column) for column in spec.columns]
        assert sorted(set(headings)) == sorted(headings)
    assert set(names_of(spec).values()) == {column.name for column in spec.columns}


@each_sheet
def test_synonyms_are_claimed_once(spec):
    claimed = [(word, column.name) for column in spec.columns for word in dict.fromkeys(column.synonyms)]
    words = [word for word, _name in claimed]
    assert [pair for pair in claimed if words.count(pair[0]) > 1] == []


@each_column
def test_example_reads_and_reads_again(spec, column):
    """In both languages what is shown of the example reads as the example does."""
    read = reader_of(spec, column)
    value = read(column.example)
    assert is_empty(value) == (not column.example)
    for language in ("zh-hans", "en"):
        with override(language):
            assert read(text_of(spec, column, value)) == value
    assert from_json(kind_of(spec, column), to_json(value)) == value


@each_column
def test_options_read_by_their_labels(spec, column):
    """Every permitted value is read by its label in either language and by its code."""
    kind = kind_of(spec, column)
    if kind not in (Value.CHOICE, Value.CODES, Value.YES):
        return
    read = reader_of(spec, column)
    for language in ("zh-hans", "en"):
        with override(language):
            for code, words in options_of(spec, column).items():
                expected = {Value.CODES: (code,), Value.YES: code == "yes"}.get(kind, code)
                assert (read(words[0]), read(code)) == (expected, expected)


@each_column
def test_value_that_is_set_is_the_value_that_is_told(spec, column):
    """What a cell says goes into the record's fields and comes out of them again."""
    kind = kind_of(spec, column)
    if kind in (Value.REFERENCE, Value.PARTS) or not column.example:
        return
    value = reader_of(spec, column)(column.example)
    record = spec.model()
    for name, told in fields_of(spec, column, value).items():
        setattr(record, name, told)
    assert getter_of(spec, column)(record) == value
