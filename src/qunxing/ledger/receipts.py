"""Receipts: what was received when, with the proof that the log holds it. No Django in here.

A receipt is a file that anyone can check without the program's database: the proof is the log's own, and the entry it
proves must say the same as the receipt.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qunxing.ledger.proofs import verify_bundle
from qunxing.ledger.verdicts import Findings, Kind, Verdict

LARGEST = 1024 * 1024


@dataclass(frozen=True)
class ReceiptKind:
    """Receipts of one thing: `name` is the field with its reference, `subject` its kind of record, `entry` the kind of
    log entry that tells of it, `facts` what the receipt repeats of that entry.
    """

    format: str
    name: str
    subject: str
    entry: str
    facts: tuple[str, ...]

    def make(self, ref: str, *, facts: Mapping[str, Any], proof: Mapping[str, Any]) -> dict[str, Any]:
        """The receipt of the thing whose log entry has these facts."""
        said = {name: facts[name] for name in self.facts}
        return {"format": self.format, self.name: ref, **said, "proof": dict(proof)}

    def verify(self, receipt: Mapping[str, Any] | str | bytes, public_key: str | None = None) -> Verdict:
        """Check the log's proof, and that what was logged is what the receipt says."""
        read = receipt if isinstance(receipt, Mapping) else parsed(receipt)
        findings = Findings()
        if not self.formed(read):
            findings.add(None, Kind.FORMAT, f"it is not a receipt in the format {self.format}")
            return findings.verdict(entries=0)
        verdict = verify_bundle(read["proof"], public_key)
        if not verdict.ok or self.says_the_same(read):
            return verdict
        findings.add(None, Kind.FORMAT, "the entry in the log does not say what the receipt says")
        return findings.verdict(entries=1, origin=verdict.origin, key=verdict.key)

    def formed(self, receipt: Mapping[str, Any]) -> bool:
        fields = {"format", self.name, *self.facts, "proof"}
        return receipt.get("format") == self.format and set(receipt) == fields and isinstance(receipt["proof"], Mapping)

    def says_the_same(self, receipt: Mapping[str, Any]) -> bool:
        """Whether the proven entry tells of this thing with these values."""
        entry = parsed(receipt["proof"].get("entry", ""))
        named = entry.get("subject") == [self.subject, receipt[self.name]] and entry.get("kind") == self.entry
        facts = entry.get("facts")
        told = facts if isinstance(facts, Mapping) else {}
        return named and all(name in told and told[name] == receipt[name] for name in self.facts)

    def wrote(self, path: Path) -> bool:
        """Whether the file calls itself a receipt of this kind."""
        return parsed(start_of(path)).get("format") == self.format

    def verify_file(self, path: Path, public_key: str | None = None) -> Verdict:
        """Check a receipt that lies in a file; OSError if it cannot be opened."""
        return self.verify(start_of(path), public_key)


def start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST)


def parsed(text: str | bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}
