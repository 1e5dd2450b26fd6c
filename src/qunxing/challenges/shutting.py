"""Files of bids on the disk: encrypted in pieces under a key of their own, opened only as they are read."""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from qunxing.challenges.sealing import bound, damaged, derived, key_of

PIECE = 1024 * 1024
TAG = 16


def folder_of(board: Any) -> Path:
    return Path(settings.ENV.data_dir) / "bids" / str(board.ref)


def path_of(board: Any, ref: str) -> Path:
    """Where the file with this reference lies."""
    return folder_of(board) / f"{ref}.sealed"


def shut(board: Any, ref: str, data: bytes) -> tuple[int, str]:
    """Write the data encrypted; size and SHA-256 of what was written. It is on the disk when this returns."""
    path = path_of(board, ref)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = sha256(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        for piece in pieces_shut(board, ref, data):
            digest.update(piece)
            size += file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return size, digest.hexdigest()


def pieces_shut(board: Any, ref: str, data: bytes) -> Iterator[bytes]:
    cipher = AESGCM(derived(key_of(board), f"file {ref}"))
    count = max(1, -(-len(data) // PIECE))
    for number in range(count):
        piece = data[number * PIECE : (number + 1) * PIECE]
        yield cipher.encrypt(number.to_bytes(12, "big"), piece, place(board, ref, number, number == count - 1))


def place(board: Any, ref: str, number: int, last: bool) -> bytes:
    """What a piece is tied to: its file, its place in it, and whether it is the last."""
    return bound(board, "file", {"file": ref, "piece": number, "last": last})


def open_file(board: Any, ref: str) -> Iterator[bytes]:
    """The pieces in the clear; Damaged when one was altered, moved or cut off, or the file is gone."""
    cipher = AESGCM(derived(key_of(board), f"file {ref}"))
    try:
        with path_of(board, ref).open("rb") as file:
            piece, number = file.read(PIECE + TAG), 0
            while piece:
                following = file.read(PIECE + TAG)
                tied = place(board, ref, number, not following)
                yield cipher.decrypt(number.to_bytes(12, "big"), piece, tied)
                piece, number = following, number + 1
            if not number:
                raise damaged()
    except (OSError, InvalidTag, ValueError) as error:
        raise damaged() from error


def digest_on_disk(board: Any, ref: str) -> str:
    """SHA-256 of the encrypted file as it lies there; empty when it is gone."""
    digest = sha256()
    try:
        with path_of(board, ref).open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
    except OSError:
        return ""
    return digest.hexdigest()


def discard(board: Any, ref: str) -> None:
    path_of(board, ref).unlink(missing_ok=True)
