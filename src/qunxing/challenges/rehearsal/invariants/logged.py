"""The log, checked as an outsider would, and the archives."""

from collections.abc import Iterator
from zipfile import ZipFile

from qunxing.challenges.rehearsal.invariants.found import Found
from qunxing.challenges.rehearsal.memory import PHRASE, Memory
from qunxing.ledger.audit import audit_database
from qunxing.ledger.exporting import exported_log
from qunxing.ledger.models import LogHead
from qunxing.ledger.packs import verify_pack
from qunxing.ledger.proofs import verify_export
from qunxing.ledger.writing import signing_key


def log(_memory: Memory) -> Iterator[Found]:
    """The exported log verifies by itself; log, versions and records agree."""
    key = str(signing_key(LogHead.objects.get(pk=1)).verifier)
    verdict = verify_export(exported_log(), key)
    yield Found.of("the exported log", verdict.ok, "; ".join(problem.detail for problem in verdict.problems[:3]))
    audit = audit_database()
    yield Found.of("the database", audit.ok, "; ".join(f"{one.subject}: {one.reason}" for one in audit.findings[:3]))


def archives(memory: Memory) -> Iterator[Found]:
    """Every pack verifies offline, and holds nothing of a bid that was never opened."""
    key = str(signing_key(LogHead.objects.get(pk=1)).verifier)
    for path in memory.archives:
        verdict = verify_pack(path, key)
        yield Found.of(path.name, verdict.ok, "; ".join(problem.detail for problem in verdict.problems[:3]))
        if not verdict.ok:
            continue
        with ZipFile(path) as pack:
            texts = b"\n".join(pack.read(name) for name in pack.namelist())
        there = {found.decode() for found in PHRASE.findall(texts)} & memory.sealed
        yield Found.of(path.name, not there, f"it tells of {len(there)} sealed bids")
