"""Schemas as they are stored and typed, and what answers and keys give out."""

from typing import Any

import pytest

from qunxing.races.scoring import Answers, BadSchema, Field, Metric, Schema, read, read_metrics
from qunxing.races.scoring.values import storable

SCHEMA = Schema(
    (
        Field("label", "label", ("a", "b")),
        Field("chance", "number", low=0.0, high=1.0),
        Field("why", "text", blank=True),
    ),
    "id",
    "stratum",
    may_miss=True,
)


def test_a_schema_is_read_as_it_was_stored() -> None:
    assert Schema.read(SCHEMA.as_json()) == SCHEMA
    assert Schema.read({"fields": [{"name": " answer "}]}) == Schema((Field("answer"),))


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({}, "fields"),
        ({"fields": []}, "fields"),
        ({"fields": "answer"}, "fields"),
        ({"fields": ["answer"]}, "fields.1.name"),
        ({"fields": [{"name": " "}]}, "fields.1.name"),
        ({"fields": [{"name": "a", "kind": "picture"}]}, "fields.1.kind"),
        ({"fields": [{"name": "a"}, {"name": "b", "low": "x"}]}, "fields.2.low"),
        ({"fields": [{"name": "a", "high": float("inf")}]}, "fields.1.high"),
        ({"fields": [{"name": "a", "low": 2, "high": 1}]}, "fields.1.high"),
        ({"fields": [{"name": "a", "longest": 0}]}, "fields.1.longest"),
        ({"fields": [{"name": "a", "labels": "ab"}]}, "fields.1.labels"),
        ({"fields": [{"name": "a", "labels": [1]}]}, "fields.1.labels"),
        ({"fields": [{"name": "item"}]}, "fields"),
        ({"fields": [{"name": "a"}, {"name": "a"}]}, "fields"),
        ({"fields": [{"name": "a"}], "stratum": "a"}, "fields"),
    ],
)
def test_a_schema_that_cannot_stand_is_named(data: dict[str, Any], where: str) -> None:
    with pytest.raises(BadSchema) as caught:
        Schema.read(data)
    assert caught.value.where == where


def test_metrics_are_read_as_they_were_stored() -> None:
    metrics = (
        Metric("f1_macro", 2.0),
        Metric("latency", worst=9.0, answer="seconds", at=0.9),
        Metric("bleu", tokens="char"),
    )
    assert read_metrics([metric.as_json() for metric in metrics]) == metrics


def test_the_key_of_a_test_set_is_read_with_its_strata() -> None:
    schema = Schema((Field("truth"),), stratum="kind")
    found = read(b"item,truth,kind\nq1,a,x\nq2,b, y \nq3,c,\n", schema)
    assert found.key is not None
    assert (found.key.items, found.key.columns["truth"], found.key.strata) == (
        ("q1", "q2", "q3"),
        ("a", "b", "c"),
        ("x", "y", ""),
    )
    assert read(b"item,truth,kind\n", schema).key is None


def test_answers_are_given_out_in_any_order_with_nothing_for_what_is_not_there() -> None:
    answers = Answers(("a", "b"), {"answer": (1.0, None)})
    assert answers.column("answer", ["b", "c", "a"]) == [None, None, 1.0]
    assert answers.column("other", ["a"]) == [None]


def test_texts_are_made_such_that_any_database_takes_them() -> None:
    assert storable("a\0\ud800b", 3) == "a�?"
