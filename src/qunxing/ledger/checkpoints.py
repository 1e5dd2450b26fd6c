"""Signed checkpoints: the size and root of the log, as a C2SP tlog-checkpoint in a signed note with Ed25519."""

import os
import re
import secrets
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from qunxing.ledger.tree import WIDTH

ED25519 = b"\x01"
MAX_TEXT = 100_000
MAX_SIGNATURES = 100
MAX_SIZE = 2**63 - 1
UNSAFE_MODE = 0o027
"""Bits a key file must not have: writable by its group, anything for others."""


class CheckpointError(ValueError):
    """A key or a checkpoint that cannot be accepted, with the reason."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half: a name and 32 bytes, written `name+key id+base64`."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not self.name.isprintable() or not self.name or {" ", "+"} & set(self.name):
            raise CheckpointError(f"{self.name!r} is no key name: it must be text without spaces and plus signs.")
        if len(self.public) != 32:
            raise CheckpointError("An Ed25519 public key has 32 bytes.")

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        name, _, rest = text.strip().partition("+")
        stated, _, encoded = rest.partition("+")
        data = from_base64(encoded, "The verifier key")
        if data[:1] != ED25519:
            raise CheckpointError("The verifier key is not of the Ed25519 kind (name+key id+base64).")
        key = cls(name, data[1:])
        if key.key_id.hex() != stated:
            raise CheckpointError(f"The verifier key says its id is {stated!r}, but it is {key.key_id.hex()}.")
        return key

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def verify(self, text: str, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{to_base64(ED25519 + self.public)}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private half; it never shows itself in a repr."""

    name: str
    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def generate(cls, name: str) -> "SigningKey":
        """A key that lives in memory only."""
        return cls._checked(name, Ed25519PrivateKey.generate())

    @classmethod
    def create(cls, path: Path, name: str) -> "SigningKey":
        """A new key in a new file (PEM, mode 0600); an existing file is never touched, and none is ever half there."""
        key = cls.generate(name)
        write_secret(path, key.to_pem())
        return key

    @classmethod
    def load(cls, path: Path, name: str) -> "SigningKey":
        try:
            mode, data = path.stat().st_mode, path.read_bytes()
        except OSError as error:
            raise CheckpointError(f"The signing key {path} cannot be read: {error.strerror}.") from error
        if os.name == "posix" and mode & UNSAFE_MODE:
            raise CheckpointError(f"The signing key {path} is open to others; run: chmod 600 {path}")
        return cls.from_pem(data, name)

    @classmethod
    def from_pem(cls, data: bytes, name: str) -> "SigningKey":
        try:
            private = load_pem_private_key(data, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise CheckpointError("The signing key is not an unencrypted private key in PEM form.") from error
        if not isinstance(private, Ed25519PrivateKey):
            raise CheckpointError("The signing key is not an Ed25519 key.")
        return cls._checked(name, private)

    @classmethod
    def _checked(cls, name: str, private: Ed25519PrivateKey) -> "SigningKey":
        VerifierKey(name, private.public_key().public_bytes_raw())
        return cls(name, private)

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())

    def to_pem(self) -> bytes:
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, text: str) -> bytes:
        return self.private.sign(text.encode())


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    key_id: bytes
    value: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says; `text` is what was signed."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()
    text: str = field(default="", repr=False)
    signatures: tuple[Signature, ...] = ()


def sign_checkpoint(origin: str, size: int, root: bytes, key: SigningKey) -> str:
    """The signed note for this size and root, its last line ended."""
    text = f"{origin}\n{size}\n{to_base64(root)}\n"
    read_text(text)
    signature = to_base64(key.verifier.key_id + key.sign(text))
    return f"{text}\n\u2014 {key.name} {signature}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read without believing: no signature is checked here."""
    if len(text) > MAX_TEXT:
        raise CheckpointError(f"A checkpoint of {len(text)} characters is too long.")
    if any(letter < " " and letter != "\n" for letter in text):
        raise CheckpointError("The checkpoint holds control characters.")
    body, blank, tail = text.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise CheckpointError("The checkpoint lacks its blank line, or its last line does not end.")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise CheckpointError(f"The checkpoint bears more than {MAX_SIGNATURES} signatures.")
    origin, size, root, extensions = read_text(body + "\n")
    return Checkpoint(origin, size, root, extensions, body + "\n", tuple(read_signature(line) for line in lines))


def read_text(text: str) -> tuple[str, int, bytes, tuple[str, ...]]:
    """Origin, size, root and extension lines of the signed part."""
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise CheckpointError("A checkpoint has an origin, a size and a root, each on a line of its own.")
    origin, size, encoded, *extensions = lines
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", size) or int(size) > MAX_SIZE:
        raise CheckpointError(f"The size in the checkpoint is not a number of entries: {size[:40]!r}.")
    root = from_base64(encoded, "The root in the checkpoint")
    if len(root) != WIDTH:
        raise CheckpointError(f"The root in the checkpoint has {len(root)} bytes, not {WIDTH}.")
    return origin, int(size), root, tuple(extensions)


def read_signature(line: str) -> Signature:
    found = re.fullmatch(r"\u2014 ([^\s+]+) (\S+)", line)
    if not found:
        raise CheckpointError(f"This is not a signature line: {line[:80]!r}.")
    data = from_base64(found[2], "A signature of the checkpoint")
    if len(data) < 5:
        raise CheckpointError("A signature of the checkpoint is too short.")
    return Signature(found[1], data[:4], data[4:])


def verify_checkpoint(text: str, public_key: str | VerifierKey) -> Checkpoint:
    """The checkpoint, if this key signed it; signatures of other keys neither help nor harm."""
    return signed_checkpoint(text, VerifierKey.parse(public_key) if isinstance(public_key, str) else public_key)


@lru_cache(maxsize=32)
def signed_checkpoint(text: str, key: VerifierKey) -> Checkpoint:
    """As above; the proofs of a pack all rest on the same checkpoint, which is checked once."""
    checkpoint = parse_checkpoint(text)
    ours = [one for one in checkpoint.signatures if (one.name, one.key_id) == (key.name, key.key_id)]
    if not ours:
        raise CheckpointError(f"The checkpoint is not signed by {key.name} with the key {key.key_id.hex()}.")
    if not all(key.verify(checkpoint.text, one.value) for one in ours):
        raise CheckpointError(f"The signature of {key.name} does not fit the checkpoint.")
    return checkpoint


def to_base64(data: bytes) -> str:
    return b64encode(data).decode()


def from_base64(text: str, what: str) -> bytes:
    """Strictly the one standard spelling of the bytes."""
    with suppress(ValueError):
        data = b64decode(text.encode("ascii"), validate=True)
        if to_base64(data) == text:
            return data
    raise CheckpointError(f"{what} is not in base64.")


def write_secret(path: Path, data: bytes) -> None:
    """Write a new file that only its owner can read; it appears whole or not at all, and replaces nothing."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_privately(draft, data)
        link_new(draft, path)
    except OSError as error:
        raise CheckpointError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            draft.unlink()


def write_privately(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def link_new(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError as error:
        raise CheckpointError(f"{path} exists already and is left as it is.") from error
