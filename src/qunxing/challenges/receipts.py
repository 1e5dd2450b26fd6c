"""The receipt of a submitted bid: what was received when, with the proof that the log holds it. No Django in here.

It is a file that anyone can check without the program's database: the proof is the log's own, and the entry it proves
must say the same as the receipt.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qunxing.ledger.proofs import Verdict, verify_bundle
from qunxing.ledger.verdicts import Findings, Kind

FORMAT = "qunxing-receipt/1"
LARGEST = 1024 * 1024
FIELDS = ("format", "list", "challenge", "bid", "version", "received", "digest", "proof")


def make_receipt(*, bid: str, facts: Mapping[str, Any], proof: Mapping[str, Any]) -> dict[str, Any]:
    """The receipt of the version whose log entry has these facts."""
    said = {name: facts[name] for name in ("list", "challenge", "version", "received", "digest")}
    return {"format": FORMAT, "bid": bid, **said, "proof": dict(proof)}


def verify_receipt(receipt: Mapping[str, Any] | str | bytes, public_key: str | None = None) -> Verdict:
    """Check the log's proof, and that what was logged is what the receipt says."""
    read = receipt if isinstance(receipt, Mapping) else parsed(receipt)
    if read.get("format") != FORMAT or sorted(read) != sorted(FIELDS) or not isinstance(read.get("proof"), Mapping):
        findings = Findings()
        findings.add(None, Kind.FORMAT, f"it is not a receipt in the format {FORMAT}")
        return findings.verdict(entries=0)
    verdict = verify_bundle(read["proof"], public_key)
    if not verdict.ok or says_the_same(read):
        return verdict
    findings = Findings()
    findings.add(None, Kind.FORMAT, "the entry in the log does not say what the receipt says")
    return findings.verdict(entries=1, origin=verdict.origin, key=verdict.key)


def is_receipt(path: Path) -> bool:
    """Whether the file calls itself a receipt."""
    with path.open("rb") as file:
        return parsed(file.read(LARGEST)).get("format") == FORMAT


def verify_receipt_file(path: Path, public_key: str | None = None) -> Verdict:
    """Check a receipt that lies in a file; OSError if it cannot be opened."""
    with path.open("rb") as file:
        return verify_receipt(file.read(LARGEST), public_key)


def parsed(text: str | bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}


def says_the_same(receipt: Mapping[str, Any]) -> bool:
    """Whether the proven entry is this bid's submission with these values."""
    entry = parsed(receipt["proof"].get("entry", ""))
    facts = entry.get("facts", {})
    named = entry.get("subject") == ["challenges.bid", receipt["bid"]] and entry.get("kind") == "bid.submitted"
    return named and all(
        facts.get(name) == receipt[name] for name in ("list", "challenge", "version", "received", "digest")
    )
