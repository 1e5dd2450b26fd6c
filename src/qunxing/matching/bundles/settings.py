"""What may be set for a plan, with its defaults; none of them is a rule of the world."""

from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Settings:
    """How many firms a scenario wants, how often one name is proposed, and what holds where nothing is on record."""

    wanted: int = 3
    cap: int = 3
    capacity: int = 3  # projects at once of a firm that has not said how many it carries
    tickets: int = 3  # of a fund in one plan
    users: int = 5  # of an offer in one plan
    depth: int = 50  # candidates of a scenario

    @classmethod
    def read(cls, plain: Any) -> Self:
        known = {name: int(plain[name]) for name in cls.__dataclass_fields__ if name in plain}
        return cls(**known)

    def plain(self) -> dict[str, int]:
        return asdict(self)
