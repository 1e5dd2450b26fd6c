"""The receipt of an entry: what was received when, with the proof that the log holds it. No Django in here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qunxing.challenges.receipts import LARGEST, parsed
from qunxing.ledger.proofs import Verdict, verify_bundle
from qunxing.ledger.verdicts import Findings, Kind

FORMAT = "qunxing-entry-receipt/1"
FACTS = ("race", "stage", "lane", "number", "kind", "received", "digest", "size")
FIELDS = ("format", "entry", *FACTS, "proof")


def make_receipt(*, entry: str, facts: Mapping[str, Any], proof: Mapping[str, Any]) -> dict[str, Any]:
    """The receipt of the entry whose log entry has these facts."""
    return {"format": FORMAT, "entry": entry, **{name: facts[name] for name in FACTS}, "proof": dict(proof)}


def verify_receipt(receipt: Mapping[str, Any] | str | bytes, public_key: str | None = None) -> Verdict:
    """Check the log's proof, and that what was logged is what the receipt says."""
    read = receipt if isinstance(receipt, Mapping) else parsed(receipt)
    findings = Findings()
    if read.get("format") != FORMAT or sorted(read) != sorted(FIELDS) or not isinstance(read.get("proof"), Mapping):
        findings.add(None, Kind.FORMAT, f"it is not a receipt in the format {FORMAT}")
        return findings.verdict(entries=0)
    verdict = verify_bundle(read["proof"], public_key)
    if not verdict.ok or says_the_same(read):
        return verdict
    findings.add(None, Kind.FORMAT, "the entry in the log does not say what the receipt says")
    return findings.verdict(entries=1, origin=verdict.origin, key=verdict.key)


def is_receipt(path: Path) -> bool:
    """Whether the file calls itself a receipt of an entry."""
    with path.open("rb") as file:
        return parsed(file.read(LARGEST)).get("format") == FORMAT


def verify_receipt_file(path: Path, public_key: str | None = None) -> Verdict:
    """Check a receipt that lies in a file; OSError if it cannot be opened."""
    with path.open("rb") as file:
        return verify_receipt(file.read(LARGEST), public_key)


def says_the_same(receipt: Mapping[str, Any]) -> bool:
    """Whether the proven entry is the reception of this file."""
    entry = parsed(receipt["proof"].get("entry", ""))
    facts = entry.get("facts", {})
    named = entry.get("subject") == ["races.entry", receipt["entry"]] and entry.get("kind") == "entry.received"
    return named and all(facts.get(name) == receipt[name] for name in FACTS)
