"""Files of a race on the disk: answers, entries and scores, each encrypted under the race's key as it comes in.

The key lies where the keys of lists lie, with a copy beside them; nothing of a race is under a served path. What is
sealed is bound to its race and its name, so that it opens in no other place.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.sealing import KeyMissing, damaged, derived, digest_of, read_key, write_key
from qunxing.core.errors import Problem
from qunxing.ledger.canonical import canonical
from qunxing.ledger.recording import Entry, note

PIECE = 1024 * 1024
SALT = 16
TAG = 16


# --- the key --------------------------------------------------------------------------------------------------------


def key_path(ref: str) -> Path:
    """Where the key of the race with this reference lies."""
    return Path(settings.ENV.data_dir) / "keys" / "races" / f"{ref}.key"


def backup_path(ref: str) -> Path:
    return Path(settings.ENV.key_backup) / f"race-{ref}.key"


def key_of(race: Any) -> bytes:
    """The race's key, brought back from its copy where its file is gone; KeyMissing when the copy is gone, too."""
    try:
        return read_key(key_path(race.ref), race)
    except Problem:
        return restored(race)


def restored(race: Any) -> bytes:
    """The key as the copy has it, put back in its place."""
    path = key_path(race.ref)
    try:
        key = read_key(backup_path(race.ref), race)
    except Problem as error:
        raise key_missing(race) from error
    if path.exists():
        path.rename(path.with_suffix(f".{secrets.token_hex(4)}.wrong"))
    write_key(path, key)
    return key


def make_key(race: Any) -> None:
    """Make the race's key with its copy, unless it has one; its digest goes into the log.

    Where files of the race lie already, a lost key is never replaced by a new one.
    """
    if key_path(race.ref).exists() or backup_path(race.ref).exists():
        return
    if folder_of(race).exists():
        raise key_missing(race)
    key = secrets.token_bytes(32)
    write_key(backup_path(race.ref), key)
    write_key(key_path(race.ref), key)
    note(Entry("race.key_made", race.kind_code(), race.ref, {"digest": digest_of(key)}))


def key_missing(race: Any) -> KeyMissing:
    return KeyMissing(
        _("The key that the files of this race are sealed with is missing: %(path)s.") % {"path": key_path(race.ref)},
        _("Nothing is lost: bring the file back from its copy (%(copy)s). Until then nothing opens.")
        % {"copy": backup_path(race.ref)},
        503,
    )


# --- writing --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sealed:
    """A file that was sealed: its name in the race, and size and SHA-256 of what it holds in the clear."""

    name: str
    size: int
    digest: str


def folder_of(race: Any) -> Path:
    return Path(settings.ENV.data_dir) / "races" / str(race.ref)


def path_of(race: Any, name: str) -> Path:
    """Where the file with this name lies."""
    return folder_of(race) / f"{name}.sealed"


class Writer:
    """Takes data as it comes and writes it encrypted, a piece at a time; no more than a piece is held in memory."""

    def __init__(self, race: Any, name: str) -> None:
        self.race, self.name = race, name
        make_key(race)
        self.path = path_of(race, name)
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.draft = self.path.with_suffix(f".{secrets.token_hex(4)}.part")
        salt = secrets.token_bytes(SALT)
        self.cipher = cipher_of(race, salt)
        self.held, self.number, self.size, self.digest = bytearray(), 0, 0, sha256()
        self.file = os.fdopen(os.open(self.draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self.file.write(salt)

    def write(self, data: bytes) -> None:
        self.digest.update(data)
        self.size += len(data)
        self.held += data
        while len(self.held) > PIECE:
            self.put(bytes(self.held[:PIECE]), last=False)
            del self.held[:PIECE]

    def put(self, piece: bytes, *, last: bool) -> None:
        tied = place(self.race, self.name, self.number, last=last)
        self.file.write(self.cipher.encrypt(self.number.to_bytes(12, "big"), piece, tied))
        self.number += 1

    def close(self) -> Sealed:
        """Put the whole in its place; it is on the disk when this returns."""
        self.put(bytes(self.held), last=True)
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self.draft.replace(self.path)
        return Sealed(self.name, self.size, self.digest.hexdigest())

    def abandon(self) -> None:
        self.file.close()
        self.draft.unlink(missing_ok=True)


def cipher_of(race: Any, salt: bytes) -> AESGCM:
    return AESGCM(derived(key_of(race), f"race file {salt.hex()}"))


def place(race: Any, name: str, number: int, *, last: bool) -> bytes:
    """What a piece is tied to: its race, its file, its place in it, and whether it is the last."""
    return canonical({"format": "qunxing-race/1", "race": race.ref, "file": name, "piece": number, "last": last})


def seal(race: Any, name: str, pieces: Iterable[bytes]) -> Sealed:
    """Seal what comes under this name."""
    writer = Writer(race, name)
    try:
        for piece in pieces:
            writer.write(piece)
        return writer.close()
    except BaseException:
        writer.abandon()
        raise


# --- reading --------------------------------------------------------------------------------------------------------


def unseal(race: Any, name: str) -> Iterator[bytes]:
    """The pieces in the clear; Damaged when one was altered, moved or cut off, or the file is gone."""
    try:
        with path_of(race, name).open("rb") as file:
            cipher = cipher_of(race, file.read(SALT))
            piece, number = file.read(PIECE + TAG), 0
            while piece:
                following = file.read(PIECE + TAG)
                tied = place(race, name, number, last=not following)
                yield cipher.decrypt(number.to_bytes(12, "big"), piece, tied)
                piece, number = following, number + 1
            if not number:
                raise damaged()
    except (OSError, InvalidTag, ValueError) as error:
        raise damaged() from error


def read_sealed(race: Any, name: str) -> bytes:
    return b"".join(unseal(race, name))


def has(race: Any, name: str) -> bool:
    return path_of(race, name).exists()


def discard(race: Any, name: str) -> None:
    path_of(race, name).unlink(missing_ok=True)
