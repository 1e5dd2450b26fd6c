"""Shortlists with their candidates, what people make of them, and what becomes of those who are invited."""

from qunxing.matching.alerts.models import Digest, Feed, Notice, Watch, Wishes
from qunxing.matching.bundles.models import Plan, Proposal, Supply
from qunxing.matching.labelling.models import RatingPair, RatingSkip
from qunxing.matching.models.invitations import Invitation
from qunxing.matching.models.judgements import Judgement, Label
from qunxing.matching.models.requirements import Requirement
from qunxing.matching.models.shortlists import Candidate, Shortlist, Standing

__all__ = [
    "Candidate",
    "Digest",
    "Feed",
    "Invitation",
    "Judgement",
    "Label",
    "Notice",
    "Plan",
    "Proposal",
    "RatingPair",
    "RatingSkip",
    "Requirement",
    "Shortlist",
    "Standing",
    "Supply",
    "Watch",
    "Wishes",
]
