"""Making the archive: its files, its manifest, and the log entry that seals it."""

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
from qunxing.ledger.models import LogEntry
from qunxing.ledger.packs import PACK_ENTRY, manifest_of, write_pack

STYLE = "challenges/archive.css"


def files_of(challenge: Challenge, *, day: date) -> dict[str, bytes]:
    """Everything that goes into the zip but manifest and seal."""
    records = list(records_of(challenge))
    entries = entries_of(records)
    files = {
        f"records/{kind}/{ref}.json": record_file(record, entries[kind, ref])
        for record in records
        for kind, ref in [(record.kind_code(), record.ref)]
    }
    files |= dict(papers_of(challenge))
    indexes = sorted({entry.index for rows in entries.values() for entry in rows})
    files |= {f"log/{index:08d}.json": canonical(bundle) for index, bundle in proofs_of(indexes).items()}
    files["style.css"] = style()
    files["index.html"] = index_page(challenge, files, day=day).encode()
    return files


def style() -> bytes:
    found = finders.find(STYLE)
    return Path(str(found)).read_bytes() if found else b""


def index_page(challenge: Challenge, files: dict[str, bytes], *, day: date) -> str:
    """What the archive holds, to be opened in a browser."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for name, data in sorted(files.items()):
        folder = name.split("/", 1)[0] if "/" in name else ""
        groups.setdefault(folder, []).append({"name": name, "size": len(data), "sha256": sha256(data).hexdigest()})
    words = {"challenge": challenge, "groups": groups, "day": day, "key": settings.LOG_ORIGIN}
    return render_to_string("challenges/archive/index.html", words)


def manifest_for(challenge: Challenge, files: dict[str, bytes]) -> bytes:
    return manifest_of((challenge.kind_code(), challenge.ref), files)


def pack_path(challenge: Challenge) -> Path:
    folder = Path(settings.MEDIA_ROOT).parent / "archives"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{challenge.ref}.zip"


def seal(challenge: Challenge) -> bytes:
    """The proof of the entry that names the manifest."""
    rows = LogEntry.objects.filter(kind=PACK_ENTRY, subject_ref=challenge.ref).order_by("-index")
    return canonical(proof_of(rows.values_list("index", flat=True)[0]))


def write(challenge: Challenge, files: dict[str, bytes], manifest: bytes) -> Path:
    path = pack_path(challenge)
    write_pack(path, files, manifest, seal(challenge))
    return path
