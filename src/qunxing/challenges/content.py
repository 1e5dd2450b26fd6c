"""What stands in a bid (揭榜书), as plain data: read strictly, written in full, no Django in here.

The content is sealed as JSON and opened as JSON. `BidContent.read` takes what was stored or typed and names the place
of what cannot be read; what is readable but missing or wrong is told by `gaps`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Self, get_args, get_origin, get_type_hints

LONGEST_TEXT = 20_000
MOST_ROWS = 200
MOST_MONEY = 10**13
TEXTS = ("background", "route", "basis", "joint_plan")


class BadContent(ValueError):
    """Something that cannot stand in a bid; `where` is its dotted place, `expected` what may be there."""

    def __init__(self, where: str, found: Any, expected: str) -> None:
        super().__init__(f"{where}: found {str(found)[:80]!r}, expected {expected}")
        self.where, self.found, self.expected = where, found, expected


@dataclass(frozen=True)
class Person:
    """The one who leads the work (挂帅人), or one of the team; `organization` is the party that employs them."""

    name: str = ""
    title: str = ""
    organization: str = ""
    phone: str = ""
    email: str = ""
    part: str = ""


@dataclass(frozen=True)
class Party:
    """An organisation in the bid by its reference on the ledger, with its name then and what it answers for."""

    organization: str = ""
    name: str = ""
    tasks: str = ""
    share: int = 0  # percent of the work


@dataclass(frozen=True)
class Answer:
    """What is promised for one target: the value as a decimal in plain digits, in the target's unit, and the proof."""

    target: str = ""
    value: str = ""
    unit: str = ""
    proof: str = ""
    page: str = ""

    @property
    def number(self) -> Decimal | None:
        """The value; None where none was given or it is no number."""
        try:
            number = Decimal(self.value)
        except InvalidOperation:
            return None
        return number if number.is_finite() else None


@dataclass(frozen=True)
class BudgetRow:
    """Yuan spent in one category in one year, from the grant and from the bidders' own money."""

    category: str = ""
    year: int = 1
    grant: int = 0
    own: int = 0


@dataclass(frozen=True)
class Fact:
    """Something the ledger knows of the lead, as it stood when it was confirmed."""

    code: str = ""
    value: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file of the bid: the reference of its sealed upload, and what is in it."""

    upload: str = ""
    kind: str = "other"  # stamped | agreement | proof | other
    name: str = ""
    media: str = ""
    size: int = 0
    digest: str = ""


@dataclass(frozen=True)
class BidContent:
    """A whole bid. `total` and `grant` are the sums as the bidder states them; the rows must come to the same."""

    lead: Party = Party()
    leader: Person = Person()
    partners: tuple[Party, ...] = ()
    team: tuple[Person, ...] = ()
    summary: str = ""
    background: str = ""
    route: str = ""
    basis: str = ""
    joint_plan: str = ""
    answers: tuple[Answer, ...] = ()
    budget: tuple[BudgetRow, ...] = ()
    total: int = 0
    grant: int = 0
    facts: tuple[Fact, ...] = ()
    facts_confirmed: bool = False
    attachments: tuple[Attachment, ...] = ()

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """The content that was stored or typed; BadContent names the first place that cannot stand."""
        content: Self = read_part(cls, stored, "")
        return content

    def as_json(self) -> dict[str, Any]:
        """Plain data in full, ready to be written as JSON."""
        return written(self)

    @property
    def parties(self) -> tuple[Party, ...]:
        """The lead, then its partners."""
        return (self.lead, *self.partners)

    def answer_to(self, target: str) -> Answer | None:
        """The answer to the target with this reference."""
        return next((answer for answer in self.answers if answer.target == target), None)

    def spent(self, category: str = "", year: int = 0) -> tuple[int, int]:
        """(grant, own) over the rows of the category and year, of all where none is named."""
        rows = [
            row for row in self.budget if (not category or row.category == category) and (not year or row.year == year)
        ]
        return sum(row.grant for row in rows), sum(row.own for row in rows)


# --- reading and writing --------------------------------------------------------------------------------------------


@cache
def hints_of(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def written(part: Any) -> dict[str, Any]:
    """The dataclass as JSON has it: lists for tuples."""
    return {name: plain(value) for name, value in asdict(part).items()}


def plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return {name: plain(item) for name, item in value.items()} if isinstance(value, dict) else value


def read_part(kind: Any, stored: Any, where: str) -> Any:
    if not isinstance(stored, Mapping):
        raise BadContent(where or "content", stored, "named parts")
    hints = hints_of(kind)
    unknown = next((name for name in stored if name not in hints), None)
    if unknown is not None:
        raise BadContent(f"{where}{unknown}", stored[unknown], "a part of this name")
    return kind(**{name: read_value(hints[name], value, f"{where}{name}") for name, value in stored.items()})


def read_value(hint: Any, value: Any, where: str) -> Any:
    if is_dataclass(hint):
        return read_part(hint, value, f"{where}.")
    if get_origin(hint) is tuple:
        return tuple(read_rows(get_args(hint)[0], value, where))
    if hint is str:
        return read_text(value, where)
    if hint is bool:
        if not isinstance(value, bool):
            raise BadContent(where, value, "true or false")
        return value
    return read_whole(value, where)


def read_rows(kind: Any, value: Any, where: str) -> Iterator[Any]:
    if not isinstance(value, list | tuple) or len(value) > MOST_ROWS:
        raise BadContent(where, value, f"at most {MOST_ROWS} rows")
    for number, row in enumerate(value, start=1):
        yield read_part(kind, row, f"{where}.{number}.")


def read_text(value: Any, where: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\x00" in value:
        raise BadContent(where, value, f"a text of at most {LONGEST_TEXT} characters")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadContent(where, "", "a text that can be written as UTF-8") from error
    return value


def read_whole(value: Any, where: str) -> int:
    if type(value) is not int or not 0 <= value <= MOST_MONEY:
        raise BadContent(where, value, f"a whole number from 0 to {MOST_MONEY}")
    return value


def names_of(kind: Any) -> tuple[str, ...]:
    """The names of a part's fields in their order."""
    return tuple(each.name for each in fields(kind))
