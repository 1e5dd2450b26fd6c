"""The records of open challenges (揭榜挂帅)."""

from qunxing.challenges.models.boards import Challenge, ChallengeList, Target
from qunxing.challenges.models.rulesets import RuleSet

__all__ = ["Challenge", "ChallengeList", "RuleSet", "Target"]
