"""Making the archive: its files, its manifest, and the log entry that seals it."""

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from qunxing.challenges.archive.gathering import entries_of, papers_of, record_file, records_of
from qunxing.challenges.models import Challenge
from qunxing.ledger.canonical import canonical
from qunxing.ledger.exporting import proof_of, proofs_of
from qunxing.ledger.models import LogEntry, Record
from qunxing.ledger.packs import PACK_ENTRY, Data, described, manifest_of, write_pack

STYLE = "challenges/archive.css"


def files_of(challenge: Challenge, *, day: date) -> dict[str, Data]:
    """Everything that goes into the zip but manifest and seal."""
    files = gathered(records_of(challenge), papers_of(challenge))
    files["index.html"] = index_page(challenge, files, day=day).encode()
    return files


def gathered(found: Iterable[Record], papers: Iterable[tuple[str, Data]]) -> dict[str, Data]:
    """Records with the entries that attest them, papers, and the proofs of all those entries."""
    records = list(found)
    entries = entries_of(records)
    files: dict[str, Data] = {
        f"records/{kind}/{ref}.json": record_file(record, entries[kind, ref])
        for record in records
        for kind, ref in [(record.kind_code(), record.ref)]
    }
    files |= dict(papers)
    indexes = sorted({entry.index for rows in entries.values() for entry in rows})
    files |= {f"log/{index:08d}.json": canonical(bundle) for index, bundle in proofs_of(indexes).items()}
    files["style.css"] = style()
    return files


def style() -> bytes:
    found = finders.find(STYLE)
    return Path(str(found)).read_bytes() if found else b""


def index_page(challenge: Challenge, files: dict[str, Data], *, day: date) -> str:
    """What the archive holds, to be opened in a browser."""
    words = {"row": challenge, "groups": by_folder(files), "day": day, "key": settings.LOG_ORIGIN}
    return render_to_string("challenges/archive/index.html", words)


def by_folder(files: Mapping[str, Data]) -> dict[str, list[dict[str, Any]]]:
    """The files with their sizes and digests, for the page that lists them."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for name, data in sorted(files.items()):
        folder = name.split("/", 1)[0] if "/" in name else ""
        digest, size = described(data)
        groups.setdefault(folder, []).append({"name": name, "size": size, "sha256": digest})
    return groups


def manifest_for(record: Record, files: Mapping[str, Data]) -> bytes:
    return manifest_of((record.kind_code(), record.ref), files)


def pack_path(record: Record) -> Path:
    folder = Path(settings.MEDIA_ROOT).parent / "archives"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{record.ref}.zip"


def seal(record: Record, manifest: bytes) -> bytes:
    """The proof of the entry that names this manifest, whatever was sealed since."""
    named = sha256(manifest).hexdigest()
    rows = LogEntry.objects.filter(kind=PACK_ENTRY, subject_ref=record.ref, body__contains=named).order_by("-index")
    return canonical(proof_of(rows.values_list("index", flat=True)[0]))


def write(record: Record, files: Mapping[str, Data], manifest: bytes) -> Path:
    path = pack_path(record)
    write_pack(path, files, manifest, seal(record, manifest))
    return path
