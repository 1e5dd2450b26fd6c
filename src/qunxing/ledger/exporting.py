"""The log and the proofs of its entries, as files that can be checked with no database."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.ledger.audit import checkpoint_notes, log_rows
from qunxing.ledger.models import Checkpoint, LogEntry, LogHead
from qunxing.ledger.proofs import export_lines, make_bundle
from qunxing.ledger.tree import inclusion_spans, root
from qunxing.ledger.writing import signing_key


def exported_log() -> Iterator[str]:
    """The whole log, a line an entry; Refused for a log without entries."""
    head = filled_head()
    return export_lines(log_rows(), checkpoint_notes(), key=signing_key(head).verifier, last=bytes(head.last_leaf))


def proof_of(index: int) -> dict[str, Any]:
    """The bundle that proves one entry against the newest checkpoint."""
    head = filled_head()
    entry = LogEntry.objects.filter(index=index).first()
    if entry is None:
        raise Refused(_("The log has no entry %(index)s.") % {"index": index})
    checkpoint = Checkpoint.objects.order_by("-size").values_list("note", flat=True)[0]
    path = [subtree(start, stop) for start, stop in inclusion_spans(index, head.size)]
    return make_bundle(index=index, entry=entry.body, path=path, checkpoint=checkpoint, key=signing_key(head).verifier)


def subtree(start: int, stop: int) -> bytes:
    """The hash over a stretch of leaves, read from the table as it is folded."""
    leaves = LogEntry.objects.filter(index__gte=start, index__lt=stop).order_by("index").values_list("leaf", flat=True)
    return root(bytes(leaf) for leaf in leaves.iterator(10_000))


def filled_head() -> LogHead:
    head = LogHead.objects.filter(pk=1, size__gt=0).first()
    if head is None:
        raise Refused(_("The log has no entries yet."))
    return head
