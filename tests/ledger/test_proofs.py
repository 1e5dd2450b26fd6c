"""Exported logs and proofs: the untouched pass, and whatever is touched is found and named."""

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qunxing.ledger.canonical import dump
from qunxing.ledger.checkpoints import CheckpointError, sign_checkpoint
from qunxing.ledger.proofs import (
    Kind,
    Verdict,
    export_lines,
    make_bundle,
    verify_bundle,
    verify_export,
    verify_file,
)
from qunxing.ledger.tree import leaf_hash, root
from qunxing.ledger.verdicts import MAX_PROBLEMS
from tests.ledger.logs import KEY, ORIGIN, OTHER, VKEY, Log, entry_lines, made_entry, made_log, rewritten

LOG = made_log(1, 3, 1, 8, 2, 5)
LINES = LOG.lines
COUNT = len(LOG.rows)
ENTRIES = entry_lines(LINES)
MARKS = [at for at in range(len(LINES)) if at not in ENTRIES]
FIELDS = ["type", "entry", "index", "leaf", "checkpoint", "last"]
slow = settings(deadline=None, max_examples=200)
anywhere = st.integers(0, COUNT - 1)


def check(lines: list[str]) -> Verdict:
    return verify_export(lines, VKEY)


def brief(value: object) -> str:
    return ascii(value)[:24]


def kinds(verdict: Verdict) -> list[tuple[int | None, str]]:
    return [(one.index, str(one.kind)) for one in verdict.problems]


def with_line(at: int, **changes: Any) -> list[str]:
    return [*LINES[:at], dump({**json.loads(LINES[at]), **changes}), *LINES[at + 1 :]]


def with_rows(log: Log, **rows: tuple[int, str, bytes]) -> list[str]:
    """The export of the log after these rows were changed behind its back."""
    changed = {int(name[1:]): row for name, row in rows.items()}
    touched = Log([changed.get(row[0], row) for row in log.rows], log.notes)
    return [line.rstrip("\n") for line in export_lines(touched.rows, touched.notes, key=VKEY, last=log.leaves[-1])]


def renumbered(lines: list[str]) -> list[str]:
    """The lines with the entries numbered as they stand."""
    numbers = iter(range(len(lines)))
    return [dump({**json.loads(line), "index": next(numbers)}) if '"type":"entry"' in line else line for line in lines]


# Untouched


def test_export_verifies() -> None:
    assert check(LINES) == Verdict(True, COUNT, None, (), COUNT, ORIGIN, VKEY)


def test_export_verifies_under_its_own_key_and_names_it() -> None:
    assert verify_export(LINES) == Verdict(True, COUNT, None, (), COUNT, ORIGIN, VKEY)


@pytest.mark.parametrize("batches", [(1,), (2,), (3,), (1, 1, 1, 1), (40,), (700, 600), (255, 1, 1, 255)])
def test_export_of_any_batches_verifies(batches: tuple[int, ...]) -> None:
    verdict = check(made_log(*batches).lines)
    assert (verdict.ok, verdict.entries, verdict.proven) == (True, sum(batches), sum(batches))


def test_export_of_an_empty_log_verifies() -> None:
    assert check(made_log(0).lines) == Verdict(True, 0, None, (), 0, ORIGIN, VKEY)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_export_is_read_as_lines_bytes_or_whole(end: str) -> None:
    whole = "".join(line + end for line in LINES)
    for form in (whole, whole.encode(), whole.splitlines(keepends=True), whole.encode().splitlines(), iter(LINES)):
        assert verify_export(form, VKEY).ok


def test_export_ends_with_the_last_checkpoint() -> None:
    log = made_log(2, 2)
    log.grow(3)
    assert check(log.lines).entries == 4


def test_export_may_leave_checkpoints_out() -> None:
    verdict = check(list(export_lines(LOG.rows, LOG.notes[-1:], key=VKEY)))
    assert (verdict.ok, verdict.proven) == (True, COUNT)


def test_export_without_a_checkpoint_is_refused() -> None:
    with pytest.raises(CheckpointError, match="without a checkpoint"):
        list(export_lines(LOG.rows, [], key=VKEY))


def test_export_keeps_every_character() -> None:
    log = Log()
    text = made_entry(0, b"", note='\u2028\u0085\x00"\\\n😀公示')
    log.rows.append((0, text, leaf_hash(text.encode())))
    log.sign()
    assert verify_export(list(export_lines(log.rows, log.notes, key=VKEY)), VKEY).ok


# One entry touched


@pytest.mark.parametrize("index", range(COUNT))
def test_changed_text_is_named(index: int) -> None:
    verdict = check(with_rows(LOG, **{f"r{index}": rewritten(LOG.rows[index], note="另一个")}))
    assert (verdict.ok, verdict.first_bad, verdict.entries) == (False, index, COUNT)
    assert kinds(verdict) == [(index, "entry")]


@pytest.mark.parametrize("index", range(COUNT))
def test_changed_text_with_its_hash_is_named(index: int) -> None:
    verdict = check(with_rows(LOG, **{f"r{index}": rewritten(LOG.rows[index], leaf=True, note="另一个")}))
    assert (verdict.first_bad, kinds(verdict)) == (index, [(index, "entry")])


@pytest.mark.parametrize("index", range(1, COUNT))
def test_changed_predecessor_with_its_hash_is_named(index: int) -> None:
    verdict = check(with_rows(LOG, **{f"r{index}": rewritten(LOG.rows[index], leaf=True, prev="ab" * 32)}))
    assert (verdict.first_bad, kinds(verdict)) == (index, [(index, "link"), (index, "entry")])


@pytest.mark.parametrize("index", range(COUNT))
def test_changed_hash_is_named(index: int) -> None:
    verdict = check(with_line(ENTRIES[index], leaf="00" * 32))
    assert (verdict.first_bad, kinds(verdict)) == (index, [(index, "leaf")])


@pytest.mark.parametrize("index", range(COUNT))
def test_text_of_another_entry_with_its_hash_is_named(index: int) -> None:
    other = LOG.rows[(index + 5) % COUNT]
    verdict = check(with_rows(LOG, **{f"r{index}": (index, *other[1:])}))
    assert (verdict.ok, verdict.first_bad) == (False, index)


@pytest.mark.parametrize("index", range(COUNT))
def test_changed_number_is_named(index: int) -> None:
    verdict = check(with_line(ENTRIES[index], index=index + 1))
    assert (verdict.first_bad, kinds(verdict)) == (index, [(index, "index")])


@pytest.mark.parametrize("index", range(COUNT))
def test_dropped_entry_is_named(index: int) -> None:
    verdict = check([line for at, line in enumerate(LINES) if at != ENTRIES[index]])
    assert (verdict.entries, verdict.proven, kinds(verdict)) == (COUNT - 1, COUNT, [(index, "missing")])


@pytest.mark.parametrize("index", range(COUNT))
def test_dropped_entry_with_the_rest_renumbered_is_named(index: int) -> None:
    verdict = check(renumbered([line for at, line in enumerate(LINES) if at != ENTRIES[index]]))
    assert (verdict.ok, verdict.first_bad) == (False, index)


@pytest.mark.parametrize("index", range(COUNT))
def test_repeated_entry_is_named(index: int) -> None:
    at = ENTRIES[index]
    verdict = check([*LINES[: at + 1], LINES[at], *LINES[at + 1 :]])
    assert (verdict.first_bad, kinds(verdict)) == (index + 1, [(index + 1, "repeated")])


@pytest.mark.parametrize("index", range(COUNT))
def test_repeated_entry_with_the_rest_renumbered_is_named(index: int) -> None:
    at = ENTRIES[index]
    verdict = check(renumbered([*LINES[: at + 1], LINES[at], *LINES[at + 1 :]]))
    assert (verdict.ok, verdict.first_bad) == (False, index + 1)


@slow
@given(anywhere, anywhere)
def test_swapped_entries_are_named(one: int, other: int) -> None:
    assume(one != other)
    lines = list(LINES)
    lines[ENTRIES[one]], lines[ENTRIES[other]] = lines[ENTRIES[other]], lines[ENTRIES[one]]
    assert (check(lines).first_bad, check(lines).entries) == (min(one, other), COUNT)
    assert check(renumbered(lines)).first_bad == min(one, other)


@slow
@given(anywhere, anywhere)
def test_moved_entry_is_named(one: int, other: int) -> None:
    assume(one != other)
    lines = list(LINES)
    lines.insert(ENTRIES[other], lines.pop(ENTRIES[one]))
    assert check(lines).first_bad == min(one, other)


@pytest.mark.parametrize("index", range(COUNT + 1))
def test_inserted_entry_is_named(index: int) -> None:
    at = ENTRIES[index] if index < COUNT else len(LINES) - 1
    prev = LOG.leaves[index - 1] if index else b""
    text = made_entry(index, prev, note="伪造")
    line = dump({"type": "entry", "entry": text, "index": index, "leaf": leaf_hash(text.encode()).hex()})
    verdict = check([*LINES[:at], line, *LINES[at:]])
    assert (verdict.ok, verdict.first_bad) == (False, index)
    assert check(renumbered([*LINES[:at], line, *LINES[at:]])).first_bad == index


@slow
@given(st.integers(0, len(LINES) - 1), st.integers(0, 10_000), st.integers(1, 255))
def test_any_changed_byte_is_found_and_named(at: int, position: int, change: int) -> None:
    data = bytearray(LINES[at].encode())
    data[position % len(data)] ^= change
    lines: list[bytes] = [line.encode() for line in LINES]
    lines[at] = bytes(data)
    verdict = verify_export(lines, VKEY)
    assert not verdict.ok
    if at in ENTRIES:
        assert verdict.first_bad == ENTRIES.index(at)


@slow
@given(st.sets(anywhere, min_size=1), st.sampled_from(["text", "leaf"]))
def test_many_changed_entries_are_all_named(indexes: set[int], what: str) -> None:
    lines = list(LINES)
    for index in indexes:
        change = {"entry": rewritten(LOG.rows[index], note="改")[1]} if what == "text" else {"leaf": "11" * 32}
        lines[ENTRIES[index]] = dump({**json.loads(lines[ENTRIES[index]]), **change})
    assert [index for index, _kind in kinds(check(lines))] == sorted(indexes)


@slow
@given(st.sets(anywhere, min_size=1))
def test_any_dropped_entries_are_found_and_the_first_named(indexes: set[int]) -> None:
    verdict = check([line for at, line in enumerate(LINES) if at not in {ENTRIES[index] for index in indexes}])
    assert (verdict.ok, verdict.first_bad) == (False, min(indexes))


@settings(deadline=None, max_examples=60)
@given(st.permutations(range(COUNT)))
def test_any_other_order_is_found_and_the_first_named(order: list[int]) -> None:
    assume(order != sorted(order))
    lines = list(LINES)
    for at, index in zip(ENTRIES, order, strict=True):
        lines[at] = LINES[ENTRIES[index]]
    assert check(lines).first_bad == next(at for at, index in enumerate(order) if at != index)


def test_log_rewritten_to_its_end_is_found_between_two_checkpoints() -> None:
    forged = Log(list(LOG.rows[:6]))
    forged.rows.append(rewritten(LOG.rows[6], leaf=True, note="改"))
    for index in range(7, COUNT):
        forged.rows.append(rewritten(LOG.rows[index], leaf=True, prev=forged.leaves[-1].hex()))
    forged.notes = LOG.notes
    verdict = check(forged.lines)
    assert (verdict.first_bad, verdict.proven, kinds(verdict)) == (5, 5, [(5, "root")])


def test_log_signed_again_by_another_key_is_refused() -> None:
    forged = [sign_checkpoint(ORIGIN, COUNT, root(LOG.leaves), OTHER)]
    verdict = check(list(export_lines(LOG.rows, forged, key=OTHER.verifier)))
    assert (verdict.ok, verdict.proven, verdict.key) == (False, 0, VKEY)
    assert {(None, "key"), (None, "checkpoint"), (0, "unsigned")} <= set(kinds(verdict))


def tampered(lines: list[str], what: str, one: int, other: int) -> list[str]:
    """The lines after one more act of tampering with the entry that stands at `one`."""
    places = entry_lines(lines)
    at, to = places[one % len(places)], places[other % len(places)]
    fields = json.loads(lines[at])
    row = (fields["index"], fields["entry"], bytes.fromhex(fields["leaf"]))
    changes: dict[str, dict[str, Any]] = {"text": {"note": "改"}, "full": {"note": "改"}, "link": {"prev": "ab" * 32}}
    lines = list(lines)
    if what in changes:
        _index, text, leaf = rewritten(row, leaf=what != "text", **changes[what])
        lines[at] = dump({**fields, "entry": text, "leaf": leaf.hex()})
    elif what == "copy":
        lines[at] = dump({**json.loads(lines[to]), "index": fields["index"]})
    elif what == "swap":
        lines[at], lines[to] = lines[to], lines[at]
    elif what == "renumber":
        lines = renumbered(lines)
    else:
        line = lines.pop(at) if what in {"drop", "move"} else lines[at]
        lines[to:to] = [] if what == "drop" else [line]
    return lines


acts = st.sampled_from(["text", "full", "link", "copy", "swap", "renumber", "drop", "move", "repeat"])


@settings(deadline=None, max_examples=400)
@given(st.lists(st.tuples(acts, anywhere, anywhere), min_size=1, max_size=4))
def test_any_acts_of_tampering_are_found(done: list[tuple[str, int, int]]) -> None:
    lines = LINES
    for what, one, other in done:
        lines = tampered(lines, what, one, other)
    stands, stood = ([line for line in some if '"type":"entry"' in line] for some in (lines, LINES))
    verdict = check(lines)
    assert verdict.ok == (lines == LINES)
    if stands != stood:
        departs = [at for at, (line, true) in enumerate(zip(stands, stood, strict=False)) if line != true]
        first = min([*departs, len(stands), len(stood)])
        assert verdict.first_bad is not None
        assert verdict.first_bad == first or len(done) > 1


# Far more than one entry


LONG = made_log(1500, 1500, 1000)


@pytest.mark.parametrize("index", [0, 1, 1499, 1500, 2999, 3998])
def test_entry_dropped_from_a_long_log_is_the_only_problem(index: int) -> None:
    lines = LONG.lines
    del lines[entry_lines(lines)[index]]
    verdict = check(lines)
    assert (kinds(verdict), verdict.proven) == ([(index, "missing")], 4000)


def test_entry_changed_in_a_long_log_is_the_only_problem() -> None:
    verdict = check(with_rows(LONG, r2345=rewritten(LONG.rows[2345], leaf=True, note="改")))
    assert (kinds(verdict), verdict.proven) == ([(2345, "entry")], 4000)


def test_many_entries_dropped_from_a_long_log_are_one_problem() -> None:
    lines = LONG.lines
    at = entry_lines(lines)
    del lines[at[100] : at[1400]]
    verdict = check(lines)
    assert (verdict.first_bad, verdict.proven, kinds(verdict)) == (100, 0, [(100, "missing")])


def test_entry_moved_far_away_is_named() -> None:
    lines = LONG.lines
    at = entry_lines(lines)
    lines.insert(at[3500], lines.pop(at[7]))
    verdict = check(lines)
    assert (verdict.first_bad, verdict.problems[0].kind) == (7, Kind.MISSING)


def test_problems_are_cut_off_but_the_first_is_kept() -> None:
    lines = LONG.lines
    at = entry_lines(lines)
    for index in range(3999, 2500, -1):
        lines[at[index]] = dump({**json.loads(lines[at[index]]), "leaf": "22" * 32})
    verdict = check(lines)
    assert (verdict.first_bad, len(verdict.problems)) == (2501, MAX_PROBLEMS)


# The other lines touched


@pytest.mark.parametrize("at", MARKS)
def test_dropped_mark_is_found_where_it_matters(at: int) -> None:
    verdict = check([*LINES[:at], *LINES[at + 1 :]])
    first, final = at == 0, at == len(LINES) - 1
    assert verdict.ok == (not first and not final)
    assert verdict.first_bad == (13 + 2 if final else None)


@pytest.mark.parametrize("at", MARKS[1:-1])
def test_unreadable_mark_is_found_and_no_entry_blamed(at: int) -> None:
    verdict = check([*LINES[:at], LINES[at][:-1], *LINES[at + 1 :]])
    assert (verdict.first_bad, kinds(verdict), verdict.proven) == (None, [(None, "line")], COUNT)


@pytest.mark.parametrize("at", MARKS[1:-1])
def test_checkpoint_with_a_wrong_signature_is_found_and_no_entry_blamed(at: int) -> None:
    note = json.loads(LINES[at])["checkpoint"].replace(note_signature(LINES[at]), KEY_ID_AND_NOTHING)
    verdict = check(with_line(at, checkpoint=note))
    assert (verdict.first_bad, kinds(verdict), verdict.proven) == (None, [(None, "checkpoint")], COUNT)


KEY_ID_AND_NOTHING = base64.b64encode(KEY.verifier.key_id + bytes(64)).decode()


def note_signature(line: str) -> str:
    return str(json.loads(line)["checkpoint"].split()[-1])


def test_end_with_a_wrong_signature_leaves_the_last_entries_unsigned() -> None:
    note = json.loads(LINES[-1])["checkpoint"].replace(note_signature(LINES[-1]), KEY_ID_AND_NOTHING)
    verdict = check(with_line(len(LINES) - 1, checkpoint=note))
    assert (verdict.first_bad, kinds(verdict)) == (15, [(15, "unsigned"), (None, "checkpoint")])


def test_end_that_names_another_last_entry_is_found() -> None:
    assert kinds(check(with_line(len(LINES) - 1, last="33" * 32))) == [(COUNT, "link")]


@pytest.mark.parametrize("away", [-3, -1, 1, 2, 4])
def test_moved_checkpoint_is_found(away: int) -> None:
    lines = list(LINES)
    lines.insert(MARKS[3] + away, lines.pop(MARKS[3]))
    verdict = check(lines)
    assert (verdict.ok, verdict.first_bad, {kind for _index, kind in kinds(verdict)}) == (False, None, {"checkpoint"})


def test_checkpoints_of_two_logs_contradict_each_other() -> None:
    other = Log([rewritten(row, leaf=True, note="别处") for row in LOG.rows[:4]])
    other.sign()
    verdict = check(
        [*LINES[: MARKS[2]], dump({"type": "checkpoint", "checkpoint": other.notes[0]}), *LINES[MARKS[2] :]]
    )
    assert (verdict.ok, kinds(verdict), verdict.proven) == (False, [(1, "root")], COUNT)


@pytest.mark.parametrize("kept", range(len(LINES)))
def test_file_cut_after_a_line_is_found(kept: int) -> None:
    verdict = check(LINES[:kept])
    entries = sum(at < kept for at in ENTRIES)
    assert (verdict.ok, verdict.entries) == (False, entries)
    if kept:
        signed = max([0, *(size for size, at in zip((1, 4, 5, 13, 15), MARKS[1:], strict=False) if at < kept)])
        assert verdict.first_bad == min(entries, signed)


def test_lines_after_the_end_are_found() -> None:
    assert kinds(check([*LINES, LINES[ENTRIES[3]]])) == [(None, "line")]


def test_blank_lines_do_not_matter() -> None:
    assert check([*LINES[:4], "", *LINES[4:], "", "\n"]).ok


def test_second_header_is_found() -> None:
    assert kinds(check([*LINES[:5], LINES[0], *LINES[5:]])) == [(None, "line")]


def test_header_with_another_origin_is_found() -> None:
    assert set(kinds(check(with_line(0, origin="else.example")))) == {(None, "header")}


def test_header_with_another_key_is_found() -> None:
    assert kinds(check(with_line(0, key=str(OTHER.verifier)))) == [(None, "key")]


@pytest.mark.parametrize(
    "header", [None, "", "{}", "[]", '{"type":"header"}', LINES[1], LINES[0].replace("log/1", "log/2")]
)
def test_bad_header_is_found_and_the_rest_checked_if_a_key_is_given(header: str | None) -> None:
    lines = LINES[1:] if header is None else [header, *LINES[1:]]
    with_key, without = verify_export(lines, VKEY), verify_export(lines)
    assert (with_key.ok, with_key.proven) == (False, COUNT)
    assert (without.ok, without.entries, without.first_bad, kinds(without)) == (False, 0, None, [(None, "header")])


def test_bad_key_is_found() -> None:
    assert kinds(verify_export(LINES, "no key")) == [(None, "key")]
    assert kinds(verify_export(with_line(0, key="no key"))) == [(None, "key")]


@pytest.mark.parametrize("nothing", ["", b"", [], ["\n"]])
def test_empty_file_is_found(nothing: Any) -> None:
    assert kinds(verify_export(nothing, VKEY)) == [(None, "header")]


# What the reader kept


def test_log_that_goes_on_from_a_kept_checkpoint_verifies() -> None:
    within = sign_checkpoint(ORIGIN, 7, root(LOG.leaves[:7]), KEY)
    assert verify_export(LINES, VKEY, known=[*LOG.notes, within]).ok


def test_log_that_does_not_go_on_from_a_kept_checkpoint_is_found() -> None:
    kept = sign_checkpoint(ORIGIN, 7, root(LOG.leaves[1:8]), KEY)
    verdict = verify_export(LINES, VKEY, known=[kept])
    assert (verdict.first_bad, kinds(verdict), verdict.proven) == (5, [(5, "fork")], COUNT)


def test_log_shorter_than_a_kept_checkpoint_is_found() -> None:
    short = Log(LOG.rows[:13], LOG.notes[:4])
    verdict = verify_export(short.lines, VKEY, known=LOG.notes)
    assert (verdict.first_bad, kinds(verdict)) == (13, [(13, "truncated")])


def test_kept_checkpoint_that_is_damaged_is_found() -> None:
    assert kinds(verify_export(LINES, VKEY, known=["nonsense"])) == [(None, "checkpoint")]


# Hostile lines


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "null",
        "1e999",
        "NaN",
        '"text"',
        "[" * 100_000,
        "9" * 5_000,
        '{"type":"entry"}',
        '{"type":"other"}',
        '{"type":["entry"]}',
        '{"type":null}',
        '{"entry":"{}","index":' + "9" * 5_000 + ',"leaf":"00","type":"entry"}',
        '{"entry":"{}","index":99999999999999999999,"leaf":"' + "0" * 64 + '","type":"entry"}',
        '{"entry":"{}","index":-1,"leaf":"' + "0" * 64 + '","type":"entry"}',
        '{"entry":"{}","index":true,"leaf":"' + "0" * 64 + '","type":"entry"}',
        '{"entry":"{}","index":1.0,"leaf":"' + "0" * 64 + '","type":"entry"}',
        '{"entry":null,"index":1,"leaf":"' + "0" * 64 + '","type":"entry"}',
        '{"entry":"{}","index":1,"leaf":"' + "G" * 64 + '","type":"entry"}',
        '{"entry":"{}","index":1,"leaf":"","type":"entry"}',
        '{"entry":"{}","index":1,"index":1,"leaf":"' + "0" * 64 + '","type":"entry"}',
        LINES[3].replace(":", ": "),
        LINES[3] + " ",
        "\ufeff" + LINES[3],
        b"\xff\xfe",
        LINES[3].encode("utf-16"),
        LINES[3].encode("gb18030"),
    ],
    ids=brief,
)
def test_hostile_line_is_named_in_the_place_of_an_entry(line: str | bytes) -> None:
    assert '"index":1,' in LINES[3]
    lines: list[Any] = [*LINES[:3], line, *LINES[4:]]
    verdict = verify_export(lines, VKEY)
    assert (verdict.first_bad, kinds(verdict), verdict.proven) == (1, [(1, "line")], COUNT)
    extra: list[Any] = [*LINES[:3], line, *LINES[3:]]
    assert kinds(verify_export(extra, VKEY)) == [(None, "line")]


@pytest.mark.parametrize(
    "text", ["", "not json", "[]", "{}", "[" * 100_000, '{"index":true}', '{"index":1e5}', "\ud800"], ids=brief
)
def test_hostile_entry_text_is_named(text: str) -> None:
    line = json.dumps({"entry": text, "index": 6, "leaf": "00" * 32, "type": "entry"}, separators=(",", ":"))
    lines = list(LINES)
    lines[ENTRIES[6]] = line
    assert check(lines).first_bad == 6


def test_far_numbers_cost_nothing() -> None:
    far = [dump({**json.loads(LINES[3]), "index": 2**62 - number}) for number in range(3000)]
    verdict = check([*LINES[:3], *far, *LINES[3:]])
    assert (verdict.ok, verdict.first_bad, len(verdict.problems)) == (False, 1, MAX_PROBLEMS)


def test_entries_that_cannot_be_decoded_while_read_are_found() -> None:
    def lines() -> Iterator[str]:
        yield from LINES[:6]
        yield b"\xff".decode()

    assert (None, "header") not in kinds(verify_export(lines(), VKEY))
    assert not verify_export(lines(), VKEY).ok


@slow
@given(st.lists(st.text() | st.binary() | st.sampled_from(LINES), max_size=40))
def test_any_lines_give_a_verdict(lines: list[str | bytes]) -> None:
    verdict = verify_export(lines, VKEY)  # type: ignore[arg-type]
    assert verdict.ok == (verdict.problems == ())
    assert verify_export(lines).ok in {True, False}  # type: ignore[arg-type]


@slow
@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_only_the_whole_log_passes(lines: list[str]) -> None:
    optional = {LINES[at] for at in MARKS[1:-1]}
    needed = [line for line in lines if line not in optional]
    assert not check(lines).ok or needed == [line for line in LINES if line not in optional]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("00" * 32),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@slow
@given(st.integers(0, len(LINES) - 1), st.sampled_from(FIELDS), json_values)
def test_any_value_in_a_line_gives_a_verdict(at: int, field: str, value: Any) -> None:
    fields = json.loads(LINES[at])
    assume(fields.get(field) != value or type(fields.get(field)) is not type(value))
    changed = json.dumps({**fields, field: value}, sort_keys=True, separators=(",", ":"))
    assert not check([*LINES[:at], changed, *LINES[at + 1 :]]).ok


# The proof of one entry


def bundle(index: int = 6) -> dict[str, Any]:
    return make_bundle(index=index, entry=LOG.rows[index][1], path=LOG.path(index), checkpoint=LOG.notes[-1], key=VKEY)


@pytest.mark.parametrize("index", range(COUNT))
def test_bundle_verifies(index: int) -> None:
    expected = Verdict(True, 1, None, (), 1, ORIGIN, VKEY)
    made = bundle(index)
    for form in (made, json.dumps(made), json.dumps(made, indent=2, ensure_ascii=False).encode()):
        assert verify_bundle(form, VKEY) == expected
        assert verify_bundle(form) == expected


def test_bundle_for_the_only_entry_verifies() -> None:
    log = made_log(1)
    made = make_bundle(index=0, entry=log.rows[0][1].encode(), path=[], checkpoint=log.notes[0], key=KEY.verifier)
    assert verify_bundle(made, VKEY).ok


@pytest.mark.parametrize(
    ("changes", "index", "kind"),
    [
        ({"entry": rewritten(LOG.rows[6], note="改")[1]}, 6, "path"),
        ({"entry": LOG.rows[7][1]}, 6, "index"),
        ({"entry": "\ud800"}, None, "format"),
        ({"origin": "\ud800"}, None, "format"),
        ({"index": 7}, 7, "index"),
        ({"index": 10**30, "entry": made_entry(10**30, b"")}, 10**30, "path"),
        ({"index": -1, "entry": made_entry(-1, b"")}, -1, "path"),
        ({"path": []}, 6, "path"),
        ({"path": [*bundle()["path"], "00" * 32]}, 6, "path"),
        ({"path": ["00" * 32] * 5}, 6, "path"),
        ({"path": ["00" * 32] * 64}, None, "format"),
        ({"path": ["zz"]}, None, "format"),
        ({"path": [1]}, None, "format"),
        ({"path": "00" * 32}, None, "format"),
        ({"size": COUNT - 1}, None, "format"),
        ({"size": True}, None, "format"),
        ({"index": "6"}, None, "format"),
        ({"index": 6.0}, None, "format"),
        ({"origin": "else.example"}, None, "format"),
        ({"format": "qunxing-proof/2"}, None, "format"),
        ({"format": []}, None, "format"),
        ({"more": 1}, None, "format"),
        ({"key": "no key"}, None, "key"),
        ({"key": str(OTHER.verifier)}, None, "key"),
        ({"checkpoint": ""}, None, "checkpoint"),
        ({"checkpoint": LOG.notes[-1].replace(f"\n{COUNT}\n", f"\n{COUNT + 1}\n")}, None, "checkpoint"),
        (
            {"checkpoint": sign_checkpoint(ORIGIN, COUNT, root(LOG.leaves), OTHER)},
            None,
            "checkpoint",
        ),
        ({"checkpoint": LOG.notes[-2], "size": 15}, 6, "path"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else None,
)
def test_changed_bundle_is_refused(changes: dict[str, Any], index: int | None, kind: str) -> None:
    verdict = verify_bundle({**bundle(), **changes}, VKEY)
    assert (verdict.ok, verdict.proven, verdict.first_bad, kinds(verdict)) == (False, 0, index, [(index, kind)])


@pytest.mark.parametrize("name", sorted(bundle()))
def test_bundle_without_a_field_is_refused(name: str) -> None:
    made = bundle()
    del made[name]
    assert kinds(verify_bundle(made, VKEY)) == [(None, "format")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        "9" * 5_000,
        b"\xff",
        '{"format":"a","format":"b"}',
        "\ud800",
        [1],
        None,
    ],
    ids=brief,
)
def test_hostile_bundle_is_refused(text: Any) -> None:
    assert kinds(verify_bundle(text, VKEY)) == [(None, "format")]


@slow
@given(st.sampled_from(sorted(bundle())), json_values)
def test_any_value_in_a_bundle_gives_a_verdict(name: str, value: Any) -> None:
    made = bundle()
    assume(made[name] != value or type(made[name]) is not type(value))
    assert not verify_bundle({**made, name: value}, VKEY).ok


@slow
@given(st.integers(0, len(json.dumps(bundle())) - 1), st.integers(1, 127))
def test_any_changed_byte_of_a_bundle_is_found_or_means_the_same(at: int, change: int) -> None:
    data = bytearray(json.dumps(bundle()).encode())
    data[at] ^= change
    verdict = verify_bundle(bytes(data), VKEY)
    assert not verdict.ok or json.loads(data) == bundle()


# Files


@pytest.mark.parametrize("text", ["\n".join(LINES), json.dumps(bundle(), indent=1), json.dumps(bundle())], ids=brief)
def test_file_is_recognised(tmp_path: Path, text: str) -> None:
    path = tmp_path / "proof"
    path.write_text(text, encoding="utf-8")
    assert verify_file(path, VKEY).ok


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"PK\x03\x04", b"{}", b"\n" * 9])
def test_file_of_something_else_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "proof"
    path.write_bytes(data)
    assert (verify_file(path, VKEY).ok, verify_file(path).ok) == (False, False)


def test_file_is_held_against_kept_checkpoints(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(Log(LOG.rows[:5], LOG.notes[:3]).lines), encoding="utf-8")
    assert verify_file(path, VKEY, known=LOG.notes[:1]).ok
    assert verify_file(path, VKEY, known=LOG.notes).first_bad == 5


# The document for others


def examples(kind: str) -> list[str]:
    text = (Path(__file__).parents[2] / "docs" / "log-format.md").read_text(encoding="utf-8")
    return [block.removeprefix(f"{kind}\n") for block in text.split("```")[1::2] if block.startswith(f"{kind}\n")]


def test_examples_in_the_document_verify() -> None:
    (export,), (proof,), (note,) = examples("jsonl"), examples("json"), examples("text")
    assert verify_export(export, VKEY, known=[note]) == Verdict(True, 3, None, (), 3, ORIGIN, VKEY)
    assert verify_bundle(proof, VKEY).ok


def test_document_names_every_kind_of_problem() -> None:
    text = (Path(__file__).parents[2] / "docs" / "log-format.md").read_text(encoding="utf-8")
    assert [str(kind) for kind in Kind if f"`{kind}`" not in text] == []


def test_export_passes_a_verifier_written_from_the_document() -> None:
    header, *lines = [json.loads(line) for line in LINES]
    name, key_id, rest = header["key"].split("+", 2)
    public = base64.b64decode(rest)
    assert hashlib.sha256(name.encode() + b"\n" + public).digest()[:4].hex() == key_id
    leaves: list[bytes] = []
    for line in lines:
        if line["type"] == "entry":
            entry = json.loads(line["entry"])
            leaf = hashlib.sha256(b"\x00" + line["entry"].encode()).digest()
            assert (entry["index"], line["index"], line["leaf"]) == (len(leaves), len(leaves), leaf.hex())
            assert entry["prev"] == (leaves[-1].hex() if leaves else "")
            leaves.append(leaf)
        else:
            text, _blank, signature = line["checkpoint"].rpartition("\n\n")
            _origin, size, top = text.split("\n")
            Ed25519PublicKey.from_public_bytes(public[1:]).verify(
                base64.b64decode(signature.split(" ")[2])[4:], text.encode() + b"\n"
            )
            assert (int(size), base64.b64decode(top)) == (len(leaves), plain_root(leaves))
    assert lines[-1] == {"type": "end", "checkpoint": LOG.notes[-1], "last": leaves[-1].hex()}


def plain_root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:left]) + plain_root(leaves[left:])).digest()
