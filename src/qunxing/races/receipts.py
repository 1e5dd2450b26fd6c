"""The receipt of an entry. No Django in here."""

from qunxing.ledger.receipts import ReceiptKind

ENTRY_RECEIPT = ReceiptKind(
    format="qunxing-entry-receipt/1",
    name="entry",
    subject="races.entry",
    entry="entry.received",
    facts=("race", "stage", "lane", "number", "kind", "received", "digest", "size"),
)
