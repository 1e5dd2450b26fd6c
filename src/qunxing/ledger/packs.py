"""Packs: files with their digests, attested by one entry of the log, so that a zip can be checked with no database.

``manifest.json`` names every file with its digest; the log entry in ``seal.json`` names the manifest's digest. Proofs
of further entries stand in ``log/``, records in ``records/`` as the entries about their versions attest them.
"""

import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from qunxing.ledger.canonical import canonical, digest
from qunxing.ledger.proofs import verify_bundle
from qunxing.ledger.verdicts import Findings, Kind, Verdict

PACK_FORMAT = "qunxing-pack/1"
PACK_ENTRY = "pack.sealed"
MANIFEST, SEAL = "manifest.json", "seal.json"
LOG, RECORDS = "log/", "records/"
MOST_FILES = 100_000
MOST_BYTES = 64 * 2**30
# How many bytes each byte of the zip may unfold to, once they are more than AT_ANY_RATIO: texts come to a tenth or so.
MOST_RATIO = 200
AT_ANY_RATIO = 2**30
METHODS = frozenset({ZIP_STORED, ZIP_DEFLATED})
MOST_TEXT = 64 * 2**20
CHUNK = 2**20
MAGIC = b"PK\x03\x04"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Stream:
    """A file that is not held in memory: `read` gives its pieces, the same whenever it is asked."""

    read: Callable[[], Iterator[bytes]]

    @cached_property
    def described(self) -> tuple[str, int]:
        found, size = sha256(), 0
        for piece in self.read():
            found.update(piece)
            size += len(piece)
        return found.hexdigest(), size


Data = bytes | Stream


def described(data: Data) -> tuple[str, int]:
    """(SHA-256, size)."""
    return data.described if isinstance(data, Stream) else (sha256(data).hexdigest(), len(data))


def manifest_of(subject: tuple[str, str], files: Mapping[str, Data]) -> bytes:
    """The canonical text of the manifest."""
    listed = {name: dict(zip(("sha256", "size"), described(data), strict=True)) for name, data in files.items()}
    return canonical({"format": PACK_FORMAT, "subject": list(subject), "files": listed})


def is_pack(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def verify_pack(path: Path, public_key: str | None = None) -> Verdict:
    """Check a pack; OSError if there is none. Without a key the one in it is believed, so compare the verdict's."""
    findings = Findings()
    try:
        with ZipFile(path) as pack:
            return PackReader(pack, path.stat().st_size, findings, public_key).verdict()
    except (BadZipFile, LargeZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error) as error:
        if isinstance(error, FileNotFoundError):
            raise
        findings.add(None, Kind.FORMAT, f"it cannot be read as a zip: {str(error)[:200]}")
    return findings.verdict(entries=0)


class PackReader:
    """Reads one pack from its seal outward."""

    def __init__(self, pack: ZipFile, size: int, findings: Findings, public_key: str | None) -> None:
        self.pack, self.size, self.findings, self.key = pack, size, findings, public_key
        self.names = [info.filename for info in pack.infolist()]
        self.entries: dict[int, dict[str, Any]] = {}
        self.proven = 0
        self.origin = ""

    def verdict(self) -> Verdict:
        if self.in_bounds() and (manifest := self.sealed_manifest()) is not None:
            self.check_files(manifest)
            self.check_proofs()
            self.check_records()
        return self.findings.verdict(
            entries=len(self.entries), proven=self.proven, origin=self.origin, key=self.key or ""
        )

    def in_bounds(self) -> bool:
        """Whether it may be read at all, told by its table of contents: beyond what that says nothing is unpacked."""
        infos = self.pack.infolist()
        size = sum(info.file_size for info in infos)
        if len(infos) > MOST_FILES or size > MOST_BYTES or size > max(AT_ANY_RATIO, MOST_RATIO * self.size):
            self.findings.add(None, Kind.FORMAT, "it holds more than a pack may")
            return False
        if not METHODS.issuperset(info.compress_type for info in infos):
            self.findings.add(None, Kind.FORMAT, "it is compressed in a way that a pack is not")
            return False
        seen = Counter(self.names)
        for name in (name for name, count in seen.items() if count > 1):
            self.findings.add(None, Kind.FILE, f"{name} stands twice in it")
        return not self.findings.problems

    def text(self, name: str) -> bytes:
        """The file, if it is there and no larger than a text may be; nothing otherwise."""
        if name not in self.names or self.pack.getinfo(name).file_size > MOST_TEXT:
            return b""
        with self.pack.open(name) as file:
            return file.read(MOST_TEXT)

    def sealed_manifest(self) -> dict[str, Any] | None:
        """The manifest that the log attests; None when it is not that."""
        entry = self.proven_entry(SEAL)
        data = self.text(MANIFEST)
        if entry is None:
            return None
        if entry.get("kind") != PACK_ENTRY or facts_of(entry).get("manifest") != sha256(data).hexdigest():
            self.findings.add(entry.get("index"), Kind.ENTRY, "the sealed entry does not name this manifest")
            return None
        found = read_json(data)
        if found.get("format") != PACK_FORMAT or not isinstance(found.get("files"), dict):
            self.findings.add(None, Kind.FORMAT, f"its manifest is not in the format {PACK_FORMAT}")
            return None
        return found

    def proven_entry(self, name: str) -> dict[str, Any] | None:
        """The entry of a proof in the pack, by the one key of them all; None, told, when it proves nothing."""
        bundle = read_json(self.text(name))
        verdict = verify_bundle(bundle, self.key)
        for problem in verdict.problems:
            self.findings.add(problem.index, problem.kind, f"{name}: {problem.detail}")
        if not verdict.ok:
            return None
        self.key, self.origin = self.key or verdict.key, self.origin or verdict.origin
        self.proven += 1
        entry = read_json(str(bundle["entry"]).encode())
        self.entries[bundle["index"]] = entry
        return entry

    def check_files(self, manifest: Mapping[str, Any]) -> None:
        """Every file of the manifest is there as it was, and no other."""
        listed = manifest["files"]
        for name in sorted(set(self.names) - set(listed) - {MANIFEST, SEAL}):
            self.findings.add(None, Kind.FILE, f"{name} is not in the manifest")
        for name, said in sorted(listed.items()):
            if name not in self.names:
                self.findings.add(None, Kind.FILE, f"{name} is missing")
            elif not self.is_as_said(name, said):
                self.findings.add(None, Kind.FILE, f"{name} was changed")

    def is_as_said(self, name: str, said: Any) -> bool:
        """Whether size and digest are those of the manifest; what has another size is not even unpacked."""
        if not isinstance(said, dict) or self.pack.getinfo(name).file_size != said.get("size"):
            return False
        found = sha256()
        with self.pack.open(name) as file:
            while chunk := file.read(CHUNK):
                found.update(chunk)
        return found.hexdigest() == said.get("sha256")

    def check_proofs(self) -> None:
        for name in self.under(LOG):
            self.proven_entry(name)

    def check_records(self) -> None:
        """Every record has the digest that the entry about its version attests."""
        for name in self.under(RECORDS):
            record = read_json(self.text(name))
            index = record.get("entry")
            entry = self.entries.get(index, {}) if isinstance(index, int) else {}
            same = entry.get("subject") == [record.get("kind"), record.get("ref")]
            if not (same and facts_of(entry).get("digest") == digest(record.get("values", {}))):
                self.findings.add(entry.get("index"), Kind.RECORD, f"{name} is not what the log attests")

    def under(self, folder: str) -> Iterator[str]:
        return (name for name in sorted(self.names) if name.startswith(folder) and name.endswith(".json"))


def facts_of(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    found = entry.get("facts")
    return found if isinstance(found, dict) else {}


def read_json(data: bytes) -> dict[str, Any]:
    """The object that the bytes spell; an empty one for anything else."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def write_pack(path: Path, files: Mapping[str, Data], manifest: bytes, seal: bytes) -> None:
    """The zip, whole or not at all; the same content gives the same bytes."""
    with NamedTemporaryFile(dir=path.parent, prefix=f"{path.stem}-", suffix=".part", delete=False) as draft:
        try:
            write_zip(draft, {**files, MANIFEST: manifest, SEAL: seal})
        except BaseException:
            Path(draft.name).unlink()
            raise
    Path(draft.name).replace(path)


def write_zip(target: IO[bytes], files: Mapping[str, Data]) -> None:
    with ZipFile(target, "w") as pack:
        for name, data in files.items():
            info = ZipInfo(name, FIRST_DAY)
            info.external_attr = 0o600 << 16
            info.compress_type = ZIP_DEFLATED
            write_file(pack, info, data)


def write_file(pack: ZipFile, info: ZipInfo, data: Data) -> None:
    if isinstance(data, bytes):
        pack.writestr(info, data)
        return
    _digest, info.file_size = data.described
    with pack.open(info, "w") as file:
        for piece in data.read():
            file.write(piece)
