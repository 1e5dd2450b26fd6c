"""Checking a live database: the log in itself, versions against the log, records against their versions.

A row changed behind the program's back is named by the log entry that attests what it should be.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max, Subquery
from django.utils.translation import gettext as _

from qunxing.ledger.auditor import verify_rows
from qunxing.ledger.canonical import canonical
from qunxing.ledger.checkpoints import VerifierKey
from qunxing.ledger.kinds import record_kinds
from qunxing.ledger.models import Checkpoint, LogEntry, LogHead, Record
from qunxing.ledger.verdicts import MAX_PROBLEMS, Verdict
from qunxing.ledger.versions import HISTORY_KINDS, history_of, version_digest
from qunxing.ledger.writing import signing_key

CHUNK = 2_000


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: the log entry that tells it (zero-based), the row it speaks of, and why."""

    entry: int | None
    subject: str
    reason: str


@dataclass(frozen=True)
class Audit:
    """`first_bad` is the lowest log index at which log or ledger departs from what was signed."""

    entries: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return not self.findings

    @property
    def first_bad(self) -> int | None:
        return min((found.entry for found in self.findings if found.entry is not None), default=None)


@dataclass(frozen=True, slots=True)
class Attested:
    """What the log says of one version."""

    index: int
    digest: str
    ref: str


def audit_database(key: VerifierKey | None = None) -> Audit:
    """Check the whole database with the installation's own key, or a public one kept elsewhere."""
    head = LogHead.objects.filter(pk=1).first() or LogHead()
    verdict = log_verdict(head, key or signing_key(head).verifier)
    findings = [Finding(found.index, "log", found.detail) for found in verdict.problems]
    findings += altered_columns()
    for code, kind in sorted(kinds_in_use().items()):
        if len(findings) >= MAX_PROBLEMS:
            break
        findings += altered_versions(code, kind)
        findings += altered_records(kind)
    return Audit(verdict.entries, tuple(findings[:MAX_PROBLEMS]))


def kinds_in_use() -> dict[str, type[Record]]:
    """The kinds of records with a row, a version or an entry in the log; the others have nothing that could differ."""
    kinds = record_kinds()
    with connection.cursor() as cursor:
        quote = connection.ops.quote_name
        asked = [
            f"EXISTS (SELECT 1 FROM {quote(kind._meta.db_table)}) "  # noqa: S608 - our own names
            f"OR EXISTS (SELECT 1 FROM {quote(history_of(kind)._meta.db_table)})"
            for kind in kinds.values()
        ]
        cursor.execute(f"SELECT {', '.join(asked)}")
        there = {code for code, found in zip(kinds, cursor.fetchone(), strict=True) if found}
    there |= set(LogEntry.objects.order_by().values_list("subject_kind", flat=True).distinct())
    return {code: kind for code, kind in kinds.items() if code in there}


def log_verdict(head: LogHead, key: VerifierKey) -> Verdict:
    """The log alone: texts, links, order, signed roots."""
    last = bytes(head.last_leaf) if head.size else None
    return verify_rows(
        log_rows(), checkpoint_notes(), public_key=key, origin=settings.LOG_ORIGIN, last=last, size=head.size
    )


def log_rows() -> Iterator[tuple[int, str, bytes]]:
    rows = LogEntry.objects.order_by("index").values_list("index", "body", "leaf")
    return ((index, body, bytes(leaf)) for index, body, leaf in rows.iterator(CHUNK))


def checkpoint_notes() -> Iterator[str]:
    return Checkpoint.objects.order_by("size").values_list("note", flat=True).iterator(CHUNK)


def altered_columns() -> Iterator[Finding]:
    """Entries whose columns for finding them differ from their hashed text."""
    for entry in LogEntry.objects.order_by("index").iterator(CHUNK):
        body = read_body(entry.body)
        found = (entry.kind, [entry.subject_kind, entry.subject_ref], canonical(entry.at))
        if body is not None and found != (body["kind"], body["subject"], canonical(body["at"])):
            yield Finding(entry.index, "log", _("The columns of the entry differ from its text."))


def read_body(text: str) -> dict[str, Any] | None:
    """The plain body of an entry; None when it cannot be read, which the check of the log has told already."""
    try:
        body = json.loads(text)
        return body if {"kind", "subject", "at", "facts"} <= body.keys() else None
    except (ValueError, AttributeError):
        return None


def attested_versions(code: str) -> dict[int, Attested]:
    """{version number: what the log says of it} for one kind of record."""
    found = {}
    entries = LogEntry.objects.filter(subject_kind=code, kind__in=HISTORY_KINDS.values())
    rows = entries.order_by("index").values_list("index", "body")
    for index, text in rows.iterator(CHUNK):
        body = read_body(text)
        if body is not None and "version" in body["facts"]:
            facts = body["facts"]
            found[facts["version"]] = Attested(index, facts["digest"], body["subject"][1])
    return found


def altered_versions(code: str, kind: type[Record]) -> Iterator[Finding]:
    """Versions that the log does not know, knows otherwise, or knows and misses."""
    attested = attested_versions(code)
    for version in versions_of(kind).order_by("history_id").iterator(CHUNK):
        known = attested.pop(version.history_id, None)
        subject = f"{code}/{version.ref} v{version.revision}"
        if known is None:
            yield Finding(None, subject, _("The log has no entry for this version."))
        elif known.digest != version_digest(version, kind):
            yield Finding(known.index, subject, _("The version is not the one that was logged."))
    for number, known in attested.items():
        yield Finding(known.index, f"{code}/{known.ref} #{number}", _("The version is missing."))


def altered_records(kind: type[Record]) -> Iterator[Finding]:
    """Records that differ from their latest version, or are there (or gone) against what it says."""
    latest = latest_versions(kind)
    for record in kind._default_manager.order_by("pk").iterator(CHUNK):
        _ref, digest = latest.pop(record.pk, ("", ""))
        if digest != version_digest(record, kind):
            yield departs(kind, record.ref, _("The record is not as its latest version says."))
    for ref, _digest in latest.values():
        yield departs(kind, ref, _("The record is missing; its latest version says it is there."))


def latest_versions(kind: type[Record]) -> dict[int, tuple[str, str]]:
    """{record: (reference, digest)} of the latest versions, without records that were removed."""
    newest = versions_of(kind).order_by().values("id").annotate(newest=Max("history_id")).values("newest")
    rows = versions_of(kind).filter(history_id__in=Subquery(newest)).exclude(history_type="-")
    return {row.id: (row.ref, version_digest(row, kind)) for row in rows.iterator(CHUNK)}


def departs(kind: type[Record], ref: str, reason: str) -> Finding:
    """A record that is not as the log left it, named by the last entry that speaks of it."""
    code = kind.kind_code()
    entries = LogEntry.objects.filter(subject_kind=code, subject_ref=ref, kind__startswith="record.")
    index = entries.order_by("-index").values_list("index", flat=True).first()
    return Finding(index, f"{code}/{ref}", reason)


def versions_of(kind: type[Record]) -> Any:
    return history_of(kind)._default_manager.all()


def first_reasons(findings: Iterable[Finding], limit: int = 20) -> list[str]:
    """What was found, a line each, for people."""
    return [
        _("entry %(entry)s: %(subject)s: %(reason)s")
        % {"entry": "—" if found.entry is None else found.entry, "subject": found.subject, "reason": found.reason}
        for found in list(findings)[:limit]
    ]
