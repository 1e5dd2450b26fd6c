"""What a rule says of one thing that it looked at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from qunxing.challenges.rehearsal.memory import Memory

M = TypeVar("M", bound=Memory)


@dataclass(frozen=True)
class Found:
    """`wrong` is empty where all is well."""

    subject: str
    wrong: str = ""

    @classmethod
    def of(cls, subject: object, fine: object, wrong: str) -> "Found":
        return cls(str(subject), "" if fine else wrong)


def check(memory: M, rules: Mapping[str, Callable[[M], Iterator[Found]]]) -> None:
    """Hold the database against the rules; what is broken is remembered."""
    for name, rule in rules.items():
        for found in rule(memory):
            memory.checked[name] += 1
            if found.wrong:
                memory.breaks(name, found.subject, found.wrong)
