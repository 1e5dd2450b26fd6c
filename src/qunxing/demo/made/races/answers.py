"""Made-up test sets and answers: the easier an item, the more teams have it right."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qunxing.demo.desk import dice
from qunxing.races.scoring import Field, Schema

NOISE = 0.6  # how far a team differs from the others in what it finds hard
Sheet = dict[str, str]  # item: answer


@dataclass(frozen=True)
class Task:
    """What is asked for: so many items, each with one of the labels; the first labels come most often."""

    key: str
    labels: tuple[str, ...]
    items: int

    @property
    def entry_schema(self) -> Schema:
        return Schema((Field("answer", "label", self.labels),), "item")

    @property
    def key_schema(self) -> Schema:
        return Schema((Field("truth", "label", self.labels),), "item")

    @property
    def names(self) -> list[str]:
        return [f"{self.key}-{number:04d}" for number in range(1, self.items + 1)]

    def truth(self) -> Sheet:
        chance = dice(f"truth/{self.key}")
        weights = [1 / (place + 1) for place in range(len(self.labels))]
        return dict(zip(self.names, chance.choices(self.labels, weights, k=self.items), strict=True))

    def answers(self, team: str, skill: float) -> Sheet:
        """Right in that share of the items, those that are easiest for this team; more skill keeps what was right."""
        truth, chance = self.truth(), dice(f"answers/{self.key}/{team}")
        hard = dice(f"hard/{self.key}")
        found = {item: hard.random() + NOISE * chance.random() for item in truth}
        wrong = {item: chance.choice([one for one in self.labels if one != label]) for item, label in truth.items()}
        order = sorted(truth, key=found.__getitem__)
        right = set(order[: round(skill * len(order))])
        return {item: label if item in right else wrong[item] for item, label in truth.items()}


def table(sheet: Mapping[str, str], column: str = "answer") -> bytes:
    """The sheet as a file, in the order of its items."""
    return "\n".join([f"item,{column}", *(f"{item},{answer}" for item, answer in sheet.items())]).encode()


def copied(sheet: Sheet, labels: Sequence[str], team: str) -> Sheet:
    """Another's answers, one in forty changed."""
    chance = dice(f"copied/{team}")
    return {item: chance.choice(labels) if chance.random() < 1 / 40 else answer for item, answer in sheet.items()}


def lazy(sheet: Sheet, label: str, team: str) -> Sheet:
    """The same answer to three items in five."""
    chance = dice(f"lazy/{team}")
    return {item: label if chance.random() < 3 / 5 else answer for item, answer in sheet.items()}


def climb(end: float, steps: int, team: str) -> Iterator[float]:
    """How good a team's entries are, one after the other, up to the last."""
    chance = dice(f"climb/{team}")
    for step in range(1, steps + 1):
        below = 0.12 * (1 - step / steps) ** 1.4
        yield end - below - (chance.uniform(0, 0.01) if step < steps else 0)
