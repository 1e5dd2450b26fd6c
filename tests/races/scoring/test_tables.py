"""Score tables of a testing body: taken with its signature over just this table, and with nothing else."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from qunxing.races.scoring import Fault, Field, Schema, Wrong
from qunxing.races.scoring.tables import Statement, digest_of, read_signed, sign

KEY = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
TABLE = b"item,latency,safety\nq1,12.5,1\nq2,30,0\n"
SCHEMA = Schema((Field("latency", "number", low=0), Field("safety", "number", low=0, high=1)))
STATEMENT = Statement("SM-2026-001", "1", "2", "a" * 64, digest_of(TABLE), "检测中心")
SIGNED = sign(KEY, STATEMENT)


def fault(
    table: bytes = TABLE, signature: bytes = SIGNED, key: bytes = PUBLIC, expected: Statement = STATEMENT
) -> Fault:
    found = read_signed(table, signature, key, expected, SCHEMA, ["q1", "q2"])
    assert found.answers is None
    return found.faults[0]


def test_a_signed_table_is_read() -> None:
    found = read_signed(TABLE, SIGNED, PUBLIC, STATEMENT, SCHEMA, ["q1", "q2"])
    assert found.answers is not None
    assert found.answers.columns == {"latency": (12.5, 30.0), "safety": (1.0, 0.0)}


@pytest.mark.parametrize("name", ["race", "stage", "lane", "test_set", "body"])
def test_a_signature_over_something_else_does_not_count(name: str) -> None:
    found = fault(expected=replace(STATEMENT, **{name: "other"}))
    assert (found.code, found.column, found.expected) == (Wrong.OTHER_STATEMENT, name, "other")


def test_a_table_that_was_changed_is_refused_whatever_digest_is_expected() -> None:
    changed = TABLE.replace(b"30", b"29")
    assert (fault(table=changed).code, fault(table=changed).column) == (Wrong.OTHER_STATEMENT, "table")


def edited(change: Callable[[dict[str, object]], object]) -> bytes:
    content = json.loads(SIGNED)
    change(content)
    return json.dumps(content).encode()


FORGED = {
    "nothing": b"",
    "no json": b"\xff{",
    "a list": b"[]",
    "deep": b"[" * 9_000,
    "long": b" " * 20_000 + SIGNED,
    "no signature": edited(lambda content: content.pop("signature")),
    "no base64": edited(lambda content: content.update(signature="你")),
    "other form": edited(lambda content: content.update(form="x")),
    "more words": edited(lambda content: content["statement"].update(more="x")),  # type: ignore[attr-defined]
    "no text": edited(lambda content: content["statement"].update(lane=2)),  # type: ignore[attr-defined]
    "another key": sign(Ed25519PrivateKey.generate(), STATEMENT),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_signature_is_refused(name: str) -> None:
    assert fault(signature=FORGED[name]).code == Wrong.SIGNATURE


def test_a_key_that_is_none_is_refused() -> None:
    assert fault(key=b"short").code == Wrong.SIGNATURE


def test_a_signed_table_is_still_held_to_its_schema() -> None:
    table = TABLE.replace(b"12.5", b"nan")
    signed = replace(STATEMENT, table=digest_of(table))
    assert fault(table, sign(KEY, signed), expected=signed).code == Wrong.NOT_FINITE


def test_a_statement_is_signed_as_written_down() -> None:
    statement = Statement("r", "s", "l", "t", "d", "名")
    assert statement.signed == (
        'qunxing-scores-1\n{"body":"名","lane":"l","race":"r","stage":"s","table":"d","test_set":"t"}'.encode()
    )
    assert Statement.read(asdict(statement)) == statement
