"""Appending to the log: under one lock, linked, hashed into the tree, and signed."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.core.chunks import chunks
from qunxing.core.errors import Problem
from qunxing.ledger.canonical import canonical
from qunxing.ledger.checkpoints import SigningKey, sign_checkpoint
from qunxing.ledger.inserting import insert, update
from qunxing.ledger.models import Checkpoint, LogEntry, LogHead
from qunxing.ledger.tree import Frontier, leaf_hash

AT_ONCE = 5_000


def append(bodies: Iterable[Mapping[str, Any]]) -> None:
    """Append the entries in this order, with one signed checkpoint after the last; a no-op for none.

    They are written some at a time, so that of many only those are held.
    """
    parts = chunks(bodies, AT_ONCE)
    first = next(parts, None)
    if first is None:
        return
    # Nobody goes on with a transaction whose entries could not be written: no savepoint is needed.
    with transaction.atomic(savepoint=False):
        head = locked_head()
        key = signing_key(head)
        frontier = Frontier.from_bytes(bytes(head.frontier)) if head.size else Frontier()
        for part in chain([first], parts):
            rows = linked_rows(part, head)
            frontier = frontier.extend([bytes(row.leaf) for row in rows])
            insert(rows)
            head.size, head.last_leaf = frontier.size, rows[-1].leaf
        head.frontier = frontier.to_bytes()
        update([head])
        note = sign_checkpoint(settings.LOG_ORIGIN, frontier.size, frontier.root(), key)
        insert([Checkpoint(size=frontier.size, note=note, at=timezone.now())])


def locked_head() -> LogHead:
    """The head row, locked until the transaction ends; made on first use."""
    rows = LogHead.objects.select_for_update().order_by()
    found: LogHead | None = rows.filter(pk=1).first()
    if found is None:
        LogHead.objects.get_or_create(pk=1)
        found = rows.get(pk=1)
    return found


def linked_rows(bodies: Sequence[Mapping[str, Any]], head: LogHead) -> list[LogEntry]:
    """Unsaved rows, each naming the leaf hash of the one before."""
    rows, last = [], bytes(head.last_leaf)
    for index, body in enumerate(bodies, start=head.size):
        text = canonical({**body, "index": index, "prev": last.hex()})
        last = leaf_hash(text)
        subject_kind, subject_ref = body["subject"]
        rows.append(
            LogEntry(
                index=index,
                body=text.decode(),
                leaf=last,
                at=body["at"],
                kind=body["kind"],
                subject_kind=subject_kind,
                subject_ref=subject_ref,
            )
        )
    return rows


def signing_key(head: LogHead) -> SigningKey:
    """The installation's key; a log that has entries must not go on under a new key."""
    path = Path(settings.LOG_KEY)
    if not path.exists():
        if head.size:
            raise Problem(
                _("The key that signs the log is missing: %(path)s.") % {"path": path},
                _("Restore it from its backup; nothing was changed."),
                503,
            )
        SigningKey.create(path, settings.LOG_ORIGIN)
        loaded_key.cache_clear()
    return loaded_key(path)


@lru_cache(maxsize=4)
def loaded_key(path: Path) -> SigningKey:
    return SigningKey.load(path, settings.LOG_ORIGIN)


def ready_log() -> None:
    """Make the signing key of a new installation."""
    with transaction.atomic():
        signing_key(locked_head())
