"""What a rule says of one thing that it looked at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """`wrong` is empty where all is well."""

    subject: str
    wrong: str = ""

    @classmethod
    def of(cls, subject: object, fine: object, wrong: str) -> "Found":
        return cls(str(subject), "" if fine else wrong)
