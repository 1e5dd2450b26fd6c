"""Keeping bids shut until the opening: a key for each list, AES-256-GCM, and the files the keys lie in.

From a list's key separate keys are derived for drafts, bids, files and tags. What is sealed is bound to the list, the
bid and the version it belongs to, so that nothing can be opened in another place. A tag stands for an organisation:
whoever holds the key can ask whether a tag is of a given organisation, nobody else can read anything from it.
"""

import hmac
import json
import os
import secrets
import zlib
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Problem
from qunxing.ledger.canonical import canonical

FORMAT = "qunxing-list-key/1"
NONCE = 12
BLOCK = 4096  # sealed texts are filled up to a multiple of this, so that their length tells little


class KeyMissing(Problem):
    """The key of a list is not in its file; nothing that is sealed is lost as long as a copy exists."""


class Damaged(Problem):
    """Something sealed does not open with the list's key: it was altered, or belongs elsewhere."""


# --- the files of the keys ------------------------------------------------------------------------------------------


def key_path(ref: str) -> Path:
    """Where the key of the list with this reference lies."""
    return Path(settings.ENV.data_dir) / "keys" / "lists" / f"{ref}.key"


def backup_path(ref: str) -> Path:
    """Where its copy lies; the folder may be on another disk."""
    return Path(settings.ENV.key_backup) / f"{ref}.key"


def make_key(board: Any) -> str:
    """Make the list's key with its copy, unless it has one; the digest of the key, which is logged and published."""
    path, backup = key_path(board.ref), backup_path(board.ref)
    if path.exists():
        return digest_of(read_key(path, board))
    if backup.exists():
        raise key_missing(board, path)
    key = secrets.token_bytes(32)
    write_key(backup, key)
    write_key(path, key)
    return digest_of(key)


def write_key(path: Path, key: bytes) -> None:
    """Write the key for its owner alone, and be sure that it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{FORMAT} {key.hex()}\n")
        file.flush()
        os.fsync(file.fileno())


def read_key(path: Path, board: Any) -> bytes:
    try:
        name, _space, text = path.read_text(encoding="ascii").strip().partition(" ")
        key = bytes.fromhex(text)
    except (OSError, ValueError) as error:
        raise key_missing(board, path) from error
    if name != FORMAT or len(key) != 32:
        raise key_missing(board, path)
    return key


def digest_of(key: bytes) -> str:
    return sha256(b"qunxing list key\x00" + key).hexdigest()


def key_of(board: Any) -> bytes:
    """The list's key; KeyMissing when its file is gone, unreadable, or holds another key than the published digest."""
    path = key_path(board.ref)
    try:
        stamp = path.stat()
    except OSError as error:
        raise key_missing(board, path) from error
    key = cached_key(path, stamp.st_mtime_ns, stamp.st_size)
    if key is None or digest_of(key) != board.key_digest:
        raise key_missing(board, path)
    return key


@lru_cache(maxsize=2_000)
def cached_key(path: Path, _changed: int, _size: int) -> bytes | None:
    try:
        return read_key(path, None)
    except Problem:
        return None


def restore_key(board: Any) -> None:
    """Put the copy of the key in its place; KeyMissing when the copy is gone too or is not this list's key."""
    path, backup = key_path(board.ref), backup_path(board.ref)
    key = read_key(backup, board)
    if digest_of(key) != board.key_digest:
        raise key_missing(board, backup)
    if path.exists():
        path.rename(path.with_suffix(f".{secrets.token_hex(4)}.wrong"))
    write_key(path, key)


def key_missing(board: Any, path: Path) -> KeyMissing:
    return KeyMissing(
        _("The key that the bids of this list are sealed with is missing or is another one: %(path)s.")
        % {"path": path},
        _(
            "Nothing is lost: bring the file back from its copy (%(copy)s), or let staff restore it on the page of "
            "the opening. No bid was opened or changed."
        )
        % {"copy": backup_path(board.ref if board is not None else path.stem)},
        503,
    )


# --- sealing --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8_000)
def derived(key: bytes, purpose: str) -> bytes:
    """The key for one purpose; what is sealed for another does not open with it."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"qunxing {purpose}".encode()).derive(key)


def seal(board: Any, purpose: str, place: Mapping[str, Any], plain: Mapping[str, Any]) -> bytes:
    """The plain data shut for this purpose and this place in the list."""
    text = zlib.compress(canonical(plain), 6)
    filled = len(text).to_bytes(4, "big") + text
    filled += bytes(-len(filled) % BLOCK)
    nonce = secrets.token_bytes(NONCE)
    cipher = AESGCM(derived(key_of(board), purpose))
    return nonce + cipher.encrypt(nonce, filled, bound(board, purpose, place))


def unseal(board: Any, purpose: str, place: Mapping[str, Any], sealed: bytes) -> dict[str, Any]:
    """What `seal` was given; Damaged when it was altered or belongs to another place."""
    cipher = AESGCM(derived(key_of(board), purpose))
    try:
        filled = cipher.decrypt(sealed[:NONCE], sealed[NONCE:], bound(board, purpose, place))
    except (InvalidTag, ValueError) as error:
        raise damaged() from error
    length = int.from_bytes(filled[:4], "big")
    opened: dict[str, Any] = json.loads(zlib.decompress(filled[4 : 4 + length]))
    return opened


def bound(board: Any, purpose: str, place: Mapping[str, Any]) -> bytes:
    """What the sealed bytes are tied to: they open nowhere else."""
    return canonical({"format": "qunxing-seal/1", "list": board.ref, "purpose": purpose, **place})


def damaged() -> Damaged:
    return Damaged(
        _("Something that was sealed does not open: it is not what was stored."),
        _("Bring the database and the data folder back from a copy of before; nothing was changed now."),
        500,
    )


def tag_of(board: Any, organization_ref: str) -> str:
    """What stands for the organisation on this list while nobody may know who bids."""
    key = derived(key_of(board), "tag")
    return hmac.new(key, organization_ref.encode(), sha256).hexdigest()
