"""Rows behind findings that the community may not see; who may not is told only that there is one."""

from collections.abc import Iterable
from typing import Any, Final

from qunxing.ledger.kinds import record_kinds
from qunxing.matching.engine.conditions import Finding
from qunxing.matching.gathering import COMMUNITY
from qunxing.matching.gathering.facts import references

Row = tuple[str, str]  # kind of record, reference
NONE: Final[frozenset[Row]] = frozenset()
# The conditions that count closed rows too when staff have them computed.
COUNTING: Final = frozenset({"relation", "capacity"})


def closed_rows(findings: Iterable[Finding]) -> frozenset[Row]:
    """The closed rows among those that these findings rest on; one query for each kind of record."""
    said = references(one for finding in findings if finding.code in COUNTING for one in finding.evidence)
    return frozenset((kind, ref) for kind, refs in said.items() for ref in set(refs) - open_refs(kind, refs))


def open_refs(kind: str, refs: Iterable[str]) -> set[str]:
    rows: Any = record_kinds()[kind]._default_manager
    return set(rows.filter(rows.open_rows(list(COMMUNITY)), ref__in=list(refs)).values_list("ref", flat=True))
