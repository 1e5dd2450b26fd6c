"""The records of open challenges (揭榜挂帅)."""

from qunxing.challenges.models.awards import Place, Proposal
from qunxing.challenges.models.bids import Bid, BidDraft, BidFinding, BidParty, BidVersion, Opening, Upload
from qunxing.challenges.models.boards import Challenge, ChallengeList, Target
from qunxing.challenges.models.calls import Call, Need, NeedAppraisal
from qunxing.challenges.models.checks import FormalCheck, ReviewItem, ReviewRound
from qunxing.challenges.models.contracts import Commitment, Contract, ContractChange, ContractParty
from qunxing.challenges.models.milestones import Acceptance, Difficulty, Measurement, Milestone, Proof
from qunxing.challenges.models.notices import Notice, Objection, Objector
from qunxing.challenges.models.payments import Payment
from qunxing.challenges.models.questions import Amendment, AmendmentMail, Follower, Question
from qunxing.challenges.models.records import Archive, BadRecord, Termination
from qunxing.challenges.models.rulesets import RuleSet

__all__ = [
    "Acceptance",
    "Amendment",
    "AmendmentMail",
    "Archive",
    "BadRecord",
    "Bid",
    "BidDraft",
    "BidFinding",
    "BidParty",
    "BidVersion",
    "Call",
    "Challenge",
    "ChallengeList",
    "Commitment",
    "Contract",
    "ContractChange",
    "ContractParty",
    "Difficulty",
    "Follower",
    "FormalCheck",
    "Measurement",
    "Milestone",
    "Need",
    "NeedAppraisal",
    "Notice",
    "Objection",
    "Objector",
    "Opening",
    "Payment",
    "Place",
    "Proof",
    "Proposal",
    "Question",
    "ReviewItem",
    "ReviewRound",
    "RuleSet",
    "Target",
    "Termination",
    "Upload",
]
