"""How large a made-up season is."""

from dataclasses import dataclass

FIRMS = (14, 70)
CHALLENGES = (2, 16)
BIDS_A_CHALLENGE = 4
CHALLENGES_A_LIST = 4
ISSUERS = 6


@dataclass(frozen=True)
class Size:
    """Bids and experts are asked for; the rest follows from them."""

    bids: int = 200
    experts: int = 60

    def words(self) -> list[str]:
        """The command that plays it."""
        return ["challenge", "rehearse", "--bids", str(self.bids), "--experts", str(self.experts)]

    @property
    def firms(self) -> int:
        return min(max(self.bids // 3, FIRMS[0]), FIRMS[1])

    @property
    def challenges(self) -> int:
        return min(max(self.bids // BIDS_A_CHALLENGE, CHALLENGES[0]), CHALLENGES[1])

    @property
    def small(self) -> bool:
        """Too small for every part of a season to come twice."""
        return self.challenges < BIDS_A_CHALLENGE

    @property
    def lists(self) -> int:
        return -(-self.challenges // CHALLENGES_A_LIST)
