"""Figures of the ledgers: what apps declare, read for a reader as of a day and as known on a day."""
