"""The receipt of a submitted bid. No Django in here."""

from qunxing.ledger.receipts import ReceiptKind

BID_RECEIPT = ReceiptKind(
    format="qunxing-receipt/1",
    name="bid",
    subject="challenges.bid",
    entry="bid.submitted",
    facts=("list", "challenge", "version", "received", "digest"),
)
