"""Keys of lists, what is sealed with them, and files on the disk."""

import stat
from pathlib import Path
from typing import Any

import pytest

from qunxing.challenges import sealing, shutting
from qunxing.challenges.sealing import Damaged, KeyMissing, make_key, restore_key, seal, tag_of, unseal
from tests.challenges import bidders, factories

pytestmark = pytest.mark.django_db
PLACE = {"bid": "b1", "version": 1}
PLAIN = {"route": bidders.SECRET, "amount": 5}


@pytest.fixture
def board() -> Any:
    return bidders.open_board()


def test_a_key_is_kept_twice_for_its_owner_alone(board: Any) -> None:
    for path in (sealing.key_path(board.ref), sealing.backup_path(board.ref)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert sealing.key_path(board.ref).read_text() == sealing.backup_path(board.ref).read_text()


def test_a_key_is_made_once(board: Any) -> None:
    assert make_key(board) == board.key_digest


def test_what_was_sealed_opens_in_its_place_alone(board: Any) -> None:
    sealed = seal(board, "bid", PLACE, PLAIN)
    assert bidders.SECRET.encode() not in sealed
    assert unseal(board, "bid", PLACE, sealed) == PLAIN
    for purpose, place in (("draft", PLACE), ("bid", {**PLACE, "version": 2}), ("bid", {**PLACE, "bid": "b2"})):
        with pytest.raises(Damaged):
            unseal(board, purpose, place, sealed)
    with pytest.raises(Damaged):
        unseal(bidders.open_board(), "bid", PLACE, sealed)


@pytest.mark.parametrize("place", [0, 12, 60, -1])
def test_a_changed_byte_is_noticed(board: Any, place: int) -> None:
    sealed = bytearray(seal(board, "bid", PLACE, PLAIN))
    sealed[place] ^= 1
    with pytest.raises(Damaged):
        unseal(board, "bid", PLACE, bytes(sealed))


def test_the_length_tells_little(board: Any) -> None:
    sizes = {len(seal(board, "bid", PLACE, {"route": text})) for text in ("", "短", "长" * 300)}
    assert len(sizes) == 1


def test_one_text_is_never_sealed_alike_twice(board: Any) -> None:
    assert seal(board, "bid", PLACE, PLAIN) != seal(board, "bid", PLACE, PLAIN)


def test_a_tag_stands_for_one_organization_on_one_list(board: Any) -> None:
    assert tag_of(board, "abc") == tag_of(board, "abc")
    assert len({tag_of(board, "abc"), tag_of(board, "abd"), tag_of(bidders.open_board(), "abc")}) == 3


def lose(path: Path) -> None:
    path.unlink()


def swap(path: Path) -> None:
    path.write_text(f"{sealing.FORMAT} {'00' * 32}\n")


def spoil(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")


@pytest.mark.parametrize("harm", [lose, swap, spoil])
def test_a_missing_key_is_told_and_comes_back_from_its_copy(board: Any, harm: Any) -> None:
    sealed = seal(board, "bid", PLACE, PLAIN)
    harm(sealing.key_path(board.ref))
    with pytest.raises(KeyMissing) as error:
        unseal(board, "bid", PLACE, sealed)
    assert error.value.status == 503
    assert str(sealing.backup_path(board.ref)) in str(error.value.advice)
    restore_key(board)
    assert unseal(board, "bid", PLACE, sealed) == PLAIN


def test_another_key_is_not_restored(board: Any) -> None:
    swap(sealing.backup_path(board.ref))
    with pytest.raises(KeyMissing):
        restore_key(board)


def test_no_second_key_is_made_over_a_lost_one(board: Any) -> None:
    sealing.key_path(board.ref).unlink()
    with pytest.raises(KeyMissing):
        make_key(board)


@pytest.mark.parametrize("size", [0, 1, shutting.PIECE, shutting.PIECE + 1, 3 * shutting.PIECE])
def test_a_file_comes_back_as_it_was(board: Any, size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    written, digest = shutting.shut(board, "file00000001", data[:size])
    path = shutting.path_of(board, "file00000001")
    assert path.stat().st_size == written
    assert shutting.digest_on_disk(board, "file00000001") == digest
    assert b"".join(shutting.open_file(board, "file00000001")) == data[:size]


def cut(data: bytes) -> bytes:
    return data[: shutting.PIECE + shutting.TAG]


def turn(data: bytes) -> bytes:
    piece = shutting.PIECE + shutting.TAG
    return data[piece : 2 * piece] + data[:piece] + data[2 * piece :]


def change(data: bytes) -> bytes:
    return data[:100] + bytes([data[100] ^ 1]) + data[101:]


@pytest.mark.parametrize("harm", [cut, turn, change, lambda _data: b""], ids=["cut", "turned", "changed", "emptied"])
def test_a_file_that_was_touched_does_not_open(board: Any, harm: Any) -> None:
    shutting.shut(board, "file00000001", b"x" * (2 * shutting.PIECE + 5))
    path = shutting.path_of(board, "file00000001")
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(Damaged):
        b"".join(shutting.open_file(board, "file00000001"))


def test_a_list_without_a_key_takes_no_bid() -> None:
    with pytest.raises(KeyMissing):
        sealing.key_of(factories.board("published"))
