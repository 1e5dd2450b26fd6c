"""Packs that are not what we wrote are named as such, and unpack no more than they may."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipExtFile, ZipFile

import pytest

from qunxing.ledger import packs
from qunxing.ledger.canonical import canonical
from qunxing.ledger.packs import MANIFEST, PACK_ENTRY, SEAL, Data, Stream, manifest_of, verify_pack, write_pack
from qunxing.ledger.proofs import make_bundle
from qunxing.ledger.receipts import ReceiptKind
from qunxing.ledger.tree import leaf_hash
from tests.ledger.logs import KEY, Log, made_entry

SUBJECT = ("challenges.challenge", "c1")
FILES = {"bids/1.json": b'{"lead": "a"}', "scores.csv": b"bid,score\n1,90\n" * 50}


def proof_of(**body: Any) -> dict[str, Any]:
    """The proof of a log of one entry that says this."""
    text = made_entry(0, b"", **body)
    log = Log([(0, text, leaf_hash(text.encode()))])
    log.sign()
    return make_bundle(index=0, entry=text, path=[], checkpoint=log.notes[0], key=KEY.verifier)


def seal_of(manifest: bytes, facts: Any = None) -> bytes:
    told = {"manifest": sha256(manifest).hexdigest()} if facts is None else facts
    return canonical(proof_of(kind=PACK_ENTRY, subject=list(SUBJECT), facts=told))


def packed(path: Path, files: dict[str, bytes], manifest: bytes = b"", method: int = ZIP_DEFLATED) -> Path:
    """A pack that its maker signed, whatever it says."""
    listed = manifest or manifest_of(SUBJECT, files)
    with ZipFile(path, "w", method) as pack:
        for name, data in {**files, MANIFEST: listed, SEAL: seal_of(listed)}.items():
            pack.writestr(name, data)
    return path


def problems(path: Path) -> list[str]:
    return [problem.detail for problem in verify_pack(path).problems]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pack.zip"


def test_pack_that_was_written_here_is_in_order(path: Path) -> None:
    files: dict[str, Data] = {**FILES, "large.csv": Stream(lambda: iter([b"a,b\n"] * 1_000))}
    manifest = manifest_of(SUBJECT, files)
    write_pack(path, files, manifest, seal_of(manifest))
    assert problems(path) == []
    assert [one.name for one in path.parent.iterdir()] == ["pack.zip"]


def test_two_who_write_a_pack_at_once_do_not_write_into_one_file(path: Path) -> None:
    manifest = manifest_of(SUBJECT, FILES)
    other = manifest_of(SUBJECT, {"else.txt": b"else"})

    def slowly() -> Any:
        yield b"else"[:2]
        write_pack(path, FILES, manifest, seal_of(manifest))
        yield b"else"[2:]

    stream = Stream(slowly)
    stream.__dict__["described"] = (sha256(b"else").hexdigest(), 4)
    write_pack(path, {"else.txt": stream}, other, seal_of(other))
    assert problems(path) == []


def test_pack_that_cannot_be_written_leaves_nothing(path: Path) -> None:
    def broken() -> Any:
        yield b"begun"
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        write_pack(path, {"a": Stream(broken)}, b"{}", b"{}")
    assert list(path.parent.iterdir()) == []


def test_bomb_is_refused_by_its_table_of_contents(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "AT_ANY_RATIO", 2**20)
    packed(path, {"zeros.csv": b"0" * (8 * 2**20)})
    monkeypatch.setattr(ZipFile, "open", None)
    assert problems(path) == ["it holds more than a pack may"]


def test_pack_of_many_small_texts_is_no_bomb(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "AT_ANY_RATIO", 0)
    assert problems(packed(path, FILES)) == []


def test_file_that_unfolds_to_more_than_it_says_is_not_taken_in_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table of contents says ten bytes, what is compressed there are eight million."""
    asked: list[int] = []
    packed(path, {**FILES, "records/a/b.json": b" " * (8 * 2**20)})
    raw = path.read_bytes().replace((8 * 2**20).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(raw)
    inflate = ZipExtFile.read

    def read(file: ZipExtFile, size: int | None = None) -> bytes:
        asked.append(size or -1)
        return inflate(file, size)

    monkeypatch.setattr(ZipExtFile, "read", read)
    assert problems(path) != []
    assert min(asked) > 0


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA], ids=["bzip2", "lzma"])
def test_pack_compressed_in_another_way_is_refused(path: Path, method: int) -> None:
    assert problems(packed(path, FILES, method=method)) == ["it is compressed in a way that a pack is not"]


@pytest.mark.parametrize(
    "files",
    [[], {"a.txt": 1}, {"a.txt": {"sha256": 5, "size": 1}}, {"a.txt": {}}],
    ids=["list", "number", "digest", "empty"],
)
def test_manifest_that_says_something_odd_is_told(path: Path, files: Any) -> None:
    manifest = canonical({"format": packs.PACK_FORMAT, "subject": [], "files": files})
    assert problems(packed(path, {"a.txt": b"a"}, manifest)) != []


@pytest.mark.parametrize("facts", [[], "manifest", 5, None], ids=["list", "text", "number", "nothing"])
def test_seal_whose_facts_are_none_is_told(path: Path, facts: Any) -> None:
    manifest = manifest_of(SUBJECT, FILES)
    write_pack(path, FILES, manifest, canonical(proof_of(kind=PACK_ENTRY, facts=facts)))
    assert problems(path) == ["the sealed entry does not name this manifest"]


@pytest.mark.parametrize("entry", [[], {}, "0", None], ids=["list", "object", "text", "nothing"])
def test_record_that_names_no_entry_is_told(path: Path, entry: Any) -> None:
    record = json.dumps({"entry": entry, "kind": "a", "ref": "b", "values": {}}).encode()
    assert problems(packed(path, {"records/a/b.json": record})) == ["records/a/b.json is not what the log attests"]


@pytest.mark.parametrize("facts", [[], "a", 5, None], ids=["list", "text", "number", "nothing"])
def test_receipt_whose_entry_tells_no_facts_is_none(facts: Any) -> None:
    kind = ReceiptKind("made-up/1", "bid", "challenges.bid", "bid.submitted", ("version",))
    proof = proof_of(kind="bid.submitted", subject=["challenges.bid", "b1"], facts=facts)
    assert not kind.verify(kind.make("b1", facts={"version": None}, proof=proof)).ok
