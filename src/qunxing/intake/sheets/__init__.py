"""Sheets of the ledgers: read, compared with what is stored, previewed, applied, and written out again."""
