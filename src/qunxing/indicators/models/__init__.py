"""What the indicators keep: published figures."""

from qunxing.indicators.models.claims import UNIT_LENGTH, Claim, ClaimQuerySet, Precision, Status

__all__ = ["UNIT_LENGTH", "Claim", "ClaimQuerySet", "Precision", "Status"]
