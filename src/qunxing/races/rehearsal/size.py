"""How large a made-up race is."""

from dataclasses import dataclass

from qunxing.challenges.rehearsal.size import Size

FIRMS = 14
OF_A_CHALLENGE = 3


@dataclass(frozen=True)
class RaceSize(Size):
    """Lanes at most, and entries of each at each gate; bids and experts are those of the challenge behind it."""

    bids: int = OF_A_CHALLENGE
    experts: int = 22
    lanes: int = 3
    entries: int = 2

    @property
    def firms(self) -> int:
        return max(FIRMS, self.lanes * 2 + 2)

    def words(self) -> list[str]:
        """The command that plays it."""
        return ["race", "rehearse", "--lanes", str(self.lanes), "--entries", str(self.entries)]
