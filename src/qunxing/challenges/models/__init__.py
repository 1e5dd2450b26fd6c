"""The records of open challenges (揭榜挂帅)."""

from qunxing.challenges.models.bids import Bid, BidDraft, BidFinding, BidParty, BidVersion, Opening, Upload
from qunxing.challenges.models.boards import Challenge, ChallengeList, Target
from qunxing.challenges.models.calls import Call, Need, NeedAppraisal
from qunxing.challenges.models.questions import Amendment, Follower, Question
from qunxing.challenges.models.rulesets import RuleSet

__all__ = [
    "Amendment",
    "Bid",
    "BidDraft",
    "BidFinding",
    "BidParty",
    "BidVersion",
    "Call",
    "Challenge",
    "ChallengeList",
    "Follower",
    "Need",
    "NeedAppraisal",
    "Opening",
    "Question",
    "RuleSet",
    "Target",
    "Upload",
]
