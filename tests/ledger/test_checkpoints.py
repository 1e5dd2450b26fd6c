"""Signed checkpoints, against notes that others have signed and against hostile text."""

import base64
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from qunxing.ledger.checkpoints import (
    CheckpointError,
    SigningKey,
    VerifierKey,
    parse_checkpoint,
    read_signature,
    sign_checkpoint,
    verify_checkpoint,
)
from tests.ledger.logs import KEY, ORIGIN, VKEY

# The example key and note of Go's package sumdb/note.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SECRET = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
PETER_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_LINE = (
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
)
# Checkpoints published by the checksum database of Go; the second was signed by a witness, too.
GO_SUM = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
GO_NOTE = """go.sum database tree
6476701
mb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=

\u2014 sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw=
"""
WITNESSED = """go.sum database tree
15067302
gJyioq6dwR9n+NjEWORfYmH+ubeYm3kH42BBQ0bTpYI=

\u2014 sum.golang.org Az3grp1rvWOs5NKlr/xR4GLN/CDyzzakmt1o61uSxYKpK1SerqOP2ClbX/peKUZjYnyomH5Xz7GZG3TpB7OeKn4E2ww=
\u2014 test.example.com qTGhC/xIPQ0AXKHK6Y+9ypRfuvMZWPjRXM8NiOg5M1WREn07VQXyuIXM3NRNav3ieVFLUqDRK77PWDmL6w8w84UqeAw=
"""
ROOT = bytes(range(32))
NOTE = sign_checkpoint(ORIGIN, 7, ROOT, KEY)


def refused(text: str, key: str = VKEY) -> str:
    with pytest.raises(CheckpointError) as caught:
        verify_checkpoint(text, key)
    return str(caught.value)


# What others have signed


def test_verifier_key_of_another_program_is_read_and_written() -> None:
    key = VerifierKey.parse(PETER)
    assert (key.name, key.key_id.hex(), str(key)) == ("PeterNeumann", "c74f20a3", PETER)


def test_signature_of_another_program_is_ours_to_the_byte() -> None:
    key = SigningKey("PeterNeumann", Ed25519PrivateKey.from_private_bytes(PETER_SECRET))
    theirs = read_signature(PETER_LINE)
    assert str(key.verifier) == PETER
    assert (theirs.key_id, theirs.value) == (key.verifier.key_id, key.sign(PETER_TEXT))
    assert VerifierKey.parse(PETER).verify(PETER_TEXT, theirs.value)


def test_checkpoint_of_another_log_verifies() -> None:
    checkpoint = verify_checkpoint(GO_NOTE, GO_SUM)
    assert (checkpoint.origin, checkpoint.size) == ("go.sum database tree", 6476701)
    assert checkpoint.root.hex() == "99bf102d022cd19d323f90acb6aea0ba3f3ba1759e0bd80433ca158a49a6f569"


def test_checkpoint_with_the_signature_of_an_unknown_witness_verifies() -> None:
    checkpoint = verify_checkpoint(WITNESSED, GO_SUM)
    assert [one.name for one in checkpoint.signatures] == ["sum.golang.org", "test.example.com"]


# Our own


def test_checkpoint_has_the_published_shape() -> None:
    lines = NOTE.split("\n")
    assert lines[:4] == [ORIGIN, "7", base64.b64encode(ROOT).decode(), ""]
    assert lines[4].startswith(f"\u2014 {ORIGIN} ")
    assert lines[5:] == [""]


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_checkpoint_is_read_back(size: int, root: bytes) -> None:
    checkpoint = verify_checkpoint(sign_checkpoint(ORIGIN, size, root, KEY), VKEY)
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (ORIGIN, size, root)


def test_checkpoint_may_have_a_chinese_origin() -> None:
    key = SigningKey.generate("模速空间/账本")
    note = sign_checkpoint("模速空间 群星", 1, ROOT, key)
    assert verify_checkpoint(note, str(key.verifier)).origin == "模速空间 群星"


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(1, 255))
def test_checkpoint_with_any_byte_changed_is_refused(at: int, change: int) -> None:
    data = bytearray(NOTE.encode())
    data[at] ^= change
    with pytest.raises((CheckpointError, UnicodeDecodeError)):
        verify_checkpoint(data.decode(), VKEY)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, len(NOTE) - 1), st.integers(1, len(NOTE)))
def test_checkpoint_with_a_part_left_out_is_refused(start: int, length: int) -> None:
    with pytest.raises(CheckpointError):
        verify_checkpoint(NOTE[:start] + NOTE[start + length :], VKEY)


@settings(deadline=None, max_examples=300)
@given(st.text())
def test_checkpoint_of_any_text_is_refused_with_a_reason(text: str) -> None:
    assert refused(text) != ""


def test_checkpoint_of_another_key_is_refused() -> None:
    other = SigningKey.generate(ORIGIN)
    assert refused(NOTE, str(other.verifier)).startswith(f"The checkpoint is not signed by {ORIGIN}")


def test_checkpoint_under_another_name_is_refused() -> None:
    assert refused(sign_checkpoint(ORIGIN, 7, ROOT, SigningKey("else.example", KEY.private))).startswith(
        f"The checkpoint is not signed by {ORIGIN}"
    )


def test_checkpoint_with_one_good_and_one_bad_signature_of_the_key_is_refused() -> None:
    bad = base64.b64encode(KEY.verifier.key_id + bytes(64)).decode()
    assert refused(f"{NOTE}\u2014 {ORIGIN} {bad}\n") == f"The signature of {ORIGIN} does not fit the checkpoint."


def test_checkpoint_with_extension_lines_is_read() -> None:
    text = f"{ORIGIN}\n7\n{base64.b64encode(ROOT).decode()}\nmore\n"
    signature = base64.b64encode(KEY.verifier.key_id + KEY.sign(text)).decode()
    assert verify_checkpoint(f"{text}\n\u2014 {ORIGIN} {signature}\n", VKEY).extensions == ("more",)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("\n7\n", "\n07\n", "not a number of entries"),
        ("\n7\n", "\n-7\n", "not a number of entries"),
        ("\n7\n", "\n٧\n", "not a number of entries"),
        ("\n7\n", "\n9223372036854775808\n", "not a number of entries"),
        ("\n7\n", f"\n{'9' * 5000}\n", "not a number of entries"),
        ("\n7\n", "\n7\r\n", "control characters"),
        ("AAEC", "AAE", "not in base64"),
        ("AAEC", "AA EC", "not in base64"),
        ("AAEC", "AAECAAEC", "35 bytes, not 32"),
        (ORIGIN + "\n7", "7", "on a line of its own"),
        ("\n\n", "\n", "lacks its blank line"),
        ("\u2014", "--", "not a signature line"),
        ("\u2014 ", "\u2014  ", "not a signature line"),
    ],
)
def test_checkpoint_out_of_shape_says_why(old: str, new: str, reason: str) -> None:
    with pytest.raises(CheckpointError, match=reason):
        parse_checkpoint(NOTE.replace(old, new, 1))


def test_checkpoint_refuses_what_is_too_long() -> None:
    assert refused("x" * 100_001) == "A checkpoint of 100001 characters is too long."


def test_checkpoint_refuses_too_many_signatures() -> None:
    line = NOTE.split("\n")[4]
    assert refused(NOTE + f"{line}\n" * 100) == "The checkpoint bears more than 100 signatures."


@pytest.mark.parametrize(("origin", "size", "root"), [("", 1, ROOT), ("a\nb", 1, ROOT), ("a", -1, ROOT), ("a", 1, b"")])
def test_sign_checkpoint_refuses_what_could_not_be_read(origin: str, size: int, root: bytes) -> None:
    with pytest.raises(CheckpointError):
        sign_checkpoint(origin, size, root, KEY)


# Keys


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\tb", "a\u3000b", "a\nb", "\ud800"])
def test_key_name_is_one_word(name: str) -> None:
    with pytest.raises(CheckpointError, match="is no key name"):
        SigningKey.generate(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        PETER[1:],
        PETER[:-1],
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("c74f20a3", "C74F20A3"),
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "\ud800+00000000+AAAA",
    ],
)
def test_verifier_key_out_of_shape_is_refused(text: str) -> None:
    with pytest.raises(CheckpointError):
        VerifierKey.parse(text)


@settings(deadline=None)
@given(st.text())
def test_verifier_key_of_any_text_is_refused(text: str) -> None:
    with pytest.raises(CheckpointError):
        VerifierKey.parse(text)


def test_signing_key_does_not_show_itself() -> None:
    assert repr(KEY) == f"SigningKey(name={ORIGIN!r})"


def test_signing_key_is_created_for_its_owner_only_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "log.pem"
    key = SigningKey.create(path, ORIGIN)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["log.pem"]
    assert SigningKey.load(path, ORIGIN).verifier == key.verifier


def test_signing_key_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "log.pem"
    before = SigningKey.create(path, ORIGIN)
    with pytest.raises(CheckpointError, match="exists already"):
        SigningKey.create(path, ORIGIN)
    assert SigningKey.load(path, ORIGIN).verifier == before.verifier
    assert [file.name for file in tmp_path.iterdir()] == ["log.pem"]


def test_signing_key_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CheckpointError, match="cannot be written"):
        SigningKey.create(tmp_path / "file" / "log.pem", ORIGIN)


def test_signing_key_open_to_others_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.pem"
    SigningKey.create(path, ORIGIN)
    path.chmod(0o644)
    with pytest.raises(CheckpointError, match="chmod 600"):
        SigningKey.load(path, ORIGIN)


def test_signing_key_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"none\.pem cannot be read: No such file"):
        SigningKey.load(tmp_path / "none.pem", ORIGIN)


def test_signing_key_in_another_form_is_refused() -> None:
    encrypted = KEY.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    rsa = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for data, reason in ((b"", "PEM form"), (b"\xff", "PEM form"), (encrypted, "PEM form"), (rsa, "not an Ed25519")):
        with pytest.raises(CheckpointError, match=reason):
            SigningKey.from_pem(data, ORIGIN)
