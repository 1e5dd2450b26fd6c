"""A log checked row by row, as a database gives it."""

import pytest

from qunxing.ledger.auditor import claimed_size, from_hex, inside, verify_rows
from qunxing.ledger.checkpoints import CheckpointError
from qunxing.ledger.tree import leaf_hash
from qunxing.ledger.verdicts import Findings, Kind, Verdict
from tests.ledger.logs import KEY, ORIGIN, VKEY, Log, Row, made_entry, made_log, rewritten

LOG = made_log(3, 1, 4, 6)
COUNT = len(LOG.rows)


def check(rows: list[Row], notes: list[str] | None = None, size: int = COUNT) -> Verdict:
    return verify_rows(
        rows, LOG.notes if notes is None else notes, public_key=VKEY, origin=ORIGIN, last=LOG.leaves[-1], size=size
    )


def kinds(verdict: Verdict) -> list[tuple[int | None, str]]:
    return [(one.index, str(one.kind)) for one in verdict.problems]


def test_rows_verify() -> None:
    expected = Verdict(True, COUNT, None, (), COUNT, ORIGIN, VKEY)
    assert check(LOG.rows) == expected
    assert verify_rows(iter(LOG.rows), iter(LOG.notes), public_key=KEY.verifier) == expected
    assert verify_rows([(at, text.encode(), None) for at, text, _leaf in LOG.rows], LOG.notes, public_key=VKEY).ok


def test_no_rows_without_a_checkpoint_are_not_enough() -> None:
    assert kinds(verify_rows([], [], public_key=VKEY)) == [(None, "checkpoint")]


@pytest.mark.parametrize("index", range(COUNT))
def test_row_changed_behind_the_back_is_named(index: int) -> None:
    for leaf in (False, True):
        rows = list(LOG.rows)
        rows[index] = rewritten(rows[index], leaf=leaf, kind="record.deleted")
        assert kinds(check(rows)) == [(index, "entry")]


@pytest.mark.parametrize("index", range(COUNT))
def test_row_deleted_behind_the_back_is_named(index: int) -> None:
    verdict = check([row for row in LOG.rows if row[0] != index])
    assert (verdict.proven, kinds(verdict)) == (COUNT, [(index, "missing")])


@pytest.mark.parametrize("index", range(COUNT - 1))
def test_texts_exchanged_behind_the_back_are_named(index: int) -> None:
    rows = list(LOG.rows)
    one, other = rows[index], rows[index + 1]
    rows[index], rows[index + 1] = (index, other[1], one[2]), (index + 1, one[1], other[2])
    assert check(rows).first_bad == index
    rows[index], rows[index + 1] = (index, *other[1:]), (index + 1, *one[1:])
    assert check(rows).first_bad == index


def test_row_added_at_the_end_is_named() -> None:
    text = made_entry(COUNT, LOG.leaves[-1])
    assert check([*LOG.rows, (COUNT, text, leaf_hash(text.encode()))]).first_bad == COUNT


def test_rows_cut_off_at_the_end_are_named() -> None:
    verdict = check(LOG.rows[:-3])
    assert (verdict.proven, kinds(verdict)) == (8, [(COUNT - 3, "truncated")])


def test_rows_cut_off_with_their_checkpoints_are_named_by_the_size_of_the_log() -> None:
    verdict = check(LOG.rows[:8], LOG.notes[:3])
    assert (verdict.proven, kinds(verdict)) == (8, [(8, "truncated")])


def test_all_rows_deleted_is_found() -> None:
    assert kinds(check([])) == [(0, "truncated")]


@pytest.mark.parametrize("note", range(4))
def test_checkpoint_changed_behind_the_back_is_found(note: int) -> None:
    for old, new in (("\n\u2014", "\n\u2014 "), ("\n", "\n1"), ("=\n\n", "A=\n\n")):
        notes = list(LOG.notes)
        notes[note] = notes[note].replace(old, new, 1)
        verdict = check(LOG.rows, notes)
        last = note == len(notes) - 1
        assert (verdict.ok, verdict.first_bad, verdict.proven) == (False, 8 if last else None, 8 if last else COUNT)


def test_rows_of_another_log_are_found() -> None:
    other = Log([rewritten(row, leaf=True, at="else") for row in LOG.rows])
    assert check(other.rows).ok is False


def test_rows_under_another_origin_are_found() -> None:
    assert set(kinds(verify_rows(LOG.rows, LOG.notes, public_key=VKEY, origin="else.example"))) == {(None, "header")}


def test_rows_need_a_key() -> None:
    with pytest.raises(CheckpointError):
        verify_rows(LOG.rows, LOG.notes, public_key="no key")


def test_entries_that_are_signed_but_not_linked_are_named() -> None:
    log = made_log(2)
    text = made_entry(2, b"\x00" * 32)
    log.rows.append((2, text, leaf_hash(text.encode())))
    log.grow(2)
    log.sign()
    verdict = verify_rows(log.rows, log.notes, public_key=VKEY)
    assert (verdict.proven, kinds(verdict)) == (5, [(2, "link")])


@pytest.mark.parametrize(
    ("note", "size"), [("", 0), ("a", 0), ("a\n12", 12), ("a\n12\n", 12), ("a\n-1\n", 0), (f"a\n{'9' * 5000}\n", 0)]
)
def test_claimed_size_is_read_from_anything(note: str, size: int) -> None:
    assert claimed_size(note) == size


def test_place_is_read_from_the_text() -> None:
    read = inside(made_entry(5, b"\xab" * 32).encode())
    assert (read.index, read.prev) == (5, b"\xab" * 32)
    assert from_hex("AB" * 32) is from_hex("ab" * 31) is from_hex(5) is None


def test_findings_keep_the_first_place() -> None:
    findings = Findings()
    for index in range(500, 0, -1):
        findings.add(index, Kind.ENTRY, "")
    verdict = findings.verdict(entries=1)
    assert (verdict.first_bad, verdict.problems[0].index, len(verdict.problems)) == (1, 1, 100)
