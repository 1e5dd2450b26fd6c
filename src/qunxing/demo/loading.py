"""Loads the demonstration chapter by chapter: each in one transaction, each once in the life of an installation.

The log remembers what was loaded, so that a second run adds nothing and what people have changed or removed since
stays as they left it.
"""

from collections.abc import Callable
from datetime import date

from qunxing.demo import accounts, facts
from qunxing.demo.desk import Desk
from qunxing.ledger.kinds import record_kinds
from qunxing.ledger.models import LogEntry
from qunxing.ledger.recording import Entry, note, recording

Tell = Callable[[str], None]
Chapter = tuple[str, tuple[Callable[[Desk], None], ...]]
SUBJECT = "demo.chapter"

CHAPTERS: tuple[Chapter, ...] = (
    ("accounts", (accounts.open_accounts,)),
    ("facts", (facts.add_sources, facts.add_statements, facts.take_in_lists, facts.add_claims)),
)


def silent(_text: str) -> None:
    """Tell nobody."""


def load(*, day: date, tell: Tell = silent) -> dict[str, int]:
    """Load the chapters that were never loaded here; returns how many rows of each kind came in."""
    before = standing()
    desk = Desk(day)
    for code, parts in CHAPTERS:
        if not was_loaded(code):
            tell(code)
            load_chapter(desk, code, parts)
    return {kind: number - before.get(kind, 0) for kind, number in standing().items()}


def load_chapter(desk: Desk, code: str, parts: tuple[Callable[[Desk], None], ...]) -> None:
    with recording(actor=None):
        for part in parts:
            part(desk)
        note(Entry("demo.loaded", SUBJECT, code, {}))


def was_loaded(code: str) -> bool:
    return LogEntry.objects.filter(subject_kind=SUBJECT, subject_ref=code).exists()


def standing() -> dict[str, int]:
    """{kind of record: rows on its ledger}, in the order of the house."""
    return {code: kind._default_manager.count() for code, kind in record_kinds().items()}
