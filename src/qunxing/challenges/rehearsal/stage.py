"""Where a season is played: the people, the clock, the dice, and the ways a step is taken, refused or struck down."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models

from qunxing.accounts.models import User
from qunxing.challenges.models import Bid, Challenge
from qunxing.challenges.rehearsal.cast import Cast
from qunxing.challenges.rehearsal.chance import Dice
from qunxing.challenges.rehearsal.clock import StoryClock
from qunxing.challenges.rehearsal.faults import Crash, crashing
from qunxing.challenges.rehearsal.ground import footprint
from qunxing.challenges.rehearsal.memory import Memory
from qunxing.challenges.rehearsal.size import Size
from qunxing.core.errors import Problem
from qunxing.directory.models import Organization
from qunxing.panels.models import Review, Seat

T = TypeVar("T")
Words = dict[str, Any]  # what a step is told by name
Row = TypeVar("Row", bound=models.Model)

INSIDE = 0.02  # a step is struck down in its middle
AFTER = 0.04  # a step is taken, and taken again because nobody knew
STATEMENTS = 40
MOST_CRASHES = 25
# What pages read along with a row.
WITH: Mapping[type[models.Model], tuple[str, ...]] = {
    Bid: ("challenge__board",),
    Challenge: ("board",),
    Seat: ("panel", "expert"),
    Review: ("panel", "seat__expert", "item"),
}
PROBLEMS = (Problem, PermissionDenied)
FIRST_DAYS = (date(2019, 1, 7), date(2023, 1, 9))


@dataclass
class Stage:
    """One season. `dice` decide everything, so that a seed plays the same again."""

    seed: int
    size: Size
    cast: Cast
    dice: Dice = field(init=False)
    clock: StoryClock = field(init=False)
    memory: Memory = field(default_factory=Memory)
    known: dict[int, User] = field(default_factory=dict)  # those who belong to no organisation, and never will

    def __post_init__(self) -> None:
        self.dice = Dice(f"season {self.seed}")
        first, last = (day.toordinal() for day in FIRST_DAYS)
        self.clock = StoryClock(date.fromordinal(self.dice.randrange(first, last)))

    # --- people -----------------------------------------------------------------------------------------------------

    @property
    def staff(self) -> User:
        return self.unbound(self.cast.staff[0])

    @property
    def officer(self) -> User:
        return self.unbound(self.dice.choice(self.cast.officers))

    @property
    def visitor(self) -> User:
        return self.unbound(self.cast.visitor)

    @property
    def manager(self) -> User:
        return self.unbound(self.cast.manager)

    def unbound(self, key: int) -> User:
        if key not in self.known:
            self.known[key] = self.user(key)
        return self.known[key]

    def user(self, key: int) -> User:
        """The account as a new request finds it."""
        found: User = User.objects.get(pk=key)
        return found

    def firm(self, key: int) -> Organization:
        found: Organization = Organization.objects.get(pk=key)
        return found

    # --- steps ------------------------------------------------------------------------------------------------------

    def do(
        self, name: str, act: Callable[..., T], /, *rows: Any, once: bool = False, whole: bool = True, **words: Any
    ) -> T:
        """Take the step, perhaps struck down first or told twice; rows are read anew each time.

        A step that is taken `once` must be refused the second time; one that is not `whole` may be struck down
        between its parts, and goes on from there.
        """
        self.clock.tick()
        if self.dice.happens(INSIDE) and self.memory.crashes.total() < MOST_CRASHES:
            found = self.struck(name, act, rows, words, whole=whole)
            result = found[0] if found else again(act, rows, words)
        else:
            result = again(act, rows, words)
        self.memory.done[name] += 1
        if once and self.dice.happens(AFTER):
            self.check_once(name, act, *rows, **words)
        return result

    def struck(
        self, name: str, act: Callable[..., T], rows: Iterable[Any], words: Mapping[str, Any], *, whole: bool
    ) -> tuple[T] | None:
        """Let the program die somewhere in the step; what it gave where the end came first."""
        before = footprint()
        try:
            with crashing(self.dice.randint(1, STATEMENTS)) as bomb:
                result = again(act, rows, words)
        except Crash:
            self.memory.crashes[name] += 1
            self.memory.checked["crash"] += 1
            if whole and footprint() != before:
                self.memory.breaks("crash", name, "something was left behind by a step that was struck down")
            return None
        if bomb.gone_off:
            self.memory.breaks("crash", name, "a step went on after it was struck down")
        return (result,)

    def check_once(self, name: str, act: Callable[..., Any], /, *rows: Any, **words: Any) -> None:
        """A step that was taken is not taken a second time."""
        self.memory.checked["once"] += 1
        if self.let(act, *rows, **words):
            self.memory.breaks("once", name, "the step was taken twice")

    def refused(
        self, name: str, act: Callable[..., Any], /, *rows: Any, by: type[Exception] | None = None, **words: Any
    ) -> None:
        """What must not go through does not; `by` says how it is refused, any problem where nothing is said."""
        self.clock.tick()
        self.memory.checked["refused"] += 1
        try:
            again(act, rows, words)
        except PROBLEMS as error:
            self.memory.refused[name] += 1
            if by is not None and not isinstance(error, by):
                self.memory.breaks("refused", name, f"for another reason: {error}")
            return
        self.memory.breaks("refused", name, "it went through")

    def let(self, act: Callable[..., Any], /, *rows: Any, **words: Any) -> bool:
        """Whether it went through."""
        try:
            again(act, rows, words)
        except PROBLEMS:
            return False
        return True


def again(act: Callable[..., T], rows: Iterable[Any], words: Mapping[str, Any]) -> T:
    """The step over its rows as they stand now."""
    return act(*(fresh(row) if isinstance(row, models.Model) and row.pk else row for row in rows), **words)


def fresh(row: Row) -> Row:
    """The row as it stands now, with what pages read along with it."""
    found: Row = type(row)._default_manager.select_related(*WITH.get(type(row), ())).get(pk=row.pk)
    return found
