"""One index over every ledger, Chinese and English; it follows the log and holds nothing that the ledgers do not."""
