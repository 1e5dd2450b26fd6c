"""The plan of a contract: what is shown when, and which part of the grant follows. No Django in here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qunxing.challenges.terms import Funding
from qunxing.challenges.tranches import split

WORK, MID, FINAL = "work", "mid", "final"


@dataclass(frozen=True)
class Stop:
    """A milestone: its kind, name, day, what shall be shown, and the yuan that fall due when it has passed."""

    kind: str
    name: str
    due_on: date
    shows: str = ""
    amount: int = 0


@dataclass(frozen=True)
class Plan:
    """`on_signing` yuan fall due with the signature, the rest with the stops; the last of them is the acceptance."""

    on_signing: int
    stops: tuple[Stop, ...]

    @property
    def total(self) -> int:
        return self.on_signing + sum(stop.amount for stop in self.stops)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a plan: a code, the stop it is about (from 1), and numbers for the words."""

    code: str
    stop: int = 0
    found: int = 0
    expected: int = 0


def usual_plan(grant: int, funding: Funding, first: date, last: date, names: Sequence[str]) -> Plan:
    """Tranches as the rules have them, evenly spread: granted before the work, the first falls due with the signature.

    `names` are those of a milestone, a mid-term check and the acceptance.
    """
    parts = split(grant, funding.tranches or (100,))
    ahead = funding.grant == "pre" and len(parts) > 1
    amounts = parts[1:] if ahead else parts
    days = spread(first, last, len(amounts))
    stops = [
        Stop(
            WORK if place >= funding.mid_checks else MID,
            names[0] if place >= funding.mid_checks else names[1],
            day,
            amount=amount,
        )
        for place, (day, amount) in enumerate(zip(days[:-1], amounts[:-1], strict=True))
    ]
    return Plan(parts[0] if ahead else 0, (*stops, Stop(FINAL, names[2], days[-1], amount=amounts[-1])))


def spread(first: date, last: date, count: int) -> list[date]:
    """So many days from first to last, evenly, the last among them."""
    span = (last - first).days
    return [first + timedelta(days=span * step // count) for step in range(1, count + 1)]


def faults(plan: Plan, grant: int, funding: Funding, first: date, last: date) -> list[Fault]:
    """Everything wrong with a plan: sums, days, kinds."""
    found = []
    if plan.total != grant:
        found.append(Fault("sum", found=plan.total, expected=grant))
    if plan.on_signing < 0 or any(stop.amount < 0 for stop in plan.stops):
        found.append(Fault("negative"))
    kinds = [stop.kind for stop in plan.stops]
    if kinds.count(FINAL) != 1 or kinds[-1:] != [FINAL]:
        found.append(Fault("final"))
    if kinds.count(MID) > funding.mid_checks:
        found.append(Fault("mid", found=kinds.count(MID), expected=funding.mid_checks))
    before = first
    for place, stop in enumerate(plan.stops, start=1):
        if not before <= stop.due_on <= last:
            found.append(Fault("day", stop=place))
        before = max(before, stop.due_on)
    return found
