"""The log and the proofs of its entries, as files that can be checked with no database."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.ledger.audit import checkpoint_notes, log_rows
from qunxing.ledger.models import Checkpoint, LogEntry, LogHead
from qunxing.ledger.proofs import export_lines, make_bundle
from qunxing.ledger.tree import inclusion_spans, node_hash, root, split
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


def proofs_of(indexes: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The bundles of many entries against the newest checkpoint; the leaves are read once."""
    head = filled_head()
    leaves = [bytes(leaf) for leaf in LogEntry.objects.order_by("index").values_list("leaf", flat=True)[: head.size]]
    rows = {row.index: row.body for row in LogEntry.objects.filter(index__in=indexes)}
    checkpoint = Checkpoint.objects.values_list("note", flat=True).get(size=head.size)
    key = signing_key(head).verifier
    known: dict[tuple[int, int], bytes] = {}

    def part(start: int, stop: int) -> bytes:
        if stop - start == 1:
            return leaves[start]
        if (start, stop) not in known:
            middle = start + split(stop - start)
            known[start, stop] = node_hash(part(start, middle), part(middle, stop))
        return known[start, stop]

    return {
        index: make_bundle(
            index=index,
            entry=rows[index],
            path=[part(start, stop) for start, stop in inclusion_spans(index, head.size)],
            checkpoint=checkpoint,
            key=key,
        )
        for index in indexes
    }


def subtree(start: int, stop: int) -> bytes:
    """The hash over a stretch of leaves, read from the table as it is folded."""
    leaves = LogEntry.objects.filter(index__gte=start, index__lt=stop).order_by("index").values_list("leaf", flat=True)
    return root(bytes(leaf) for leaf in leaves.iterator(10_000))


def filled_head() -> LogHead:
    head = LogHead.objects.filter(pk=1, size__gt=0).first()
    if head is None:
        raise Refused(_("The log has no entries yet."))
    return head
