"""Reads of panels."""

from qunxing.panels.queries.progress import ItemQuorum, Quorum, StandingRow, quorum, standings

__all__ = ["ItemQuorum", "Quorum", "StandingRow", "quorum", "standings"]
