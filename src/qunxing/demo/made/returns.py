"""Made-up quarterly returns of the made-up firms in residence, for the last six quarters that are over."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from qunxing.demo.desk import Desk, dice
from qunxing.directory.models import Organization
from qunxing.indicators.actions.returns import publish
from qunxing.indicators.engine.quarters import Quarter, last_ended
from qunxing.indicators.models import QuarterTotals, Return
from qunxing.indicators.queries.returns.filing import bound_to_file, financing_of
from qunxing.indicators.states.returns import ReturnState
from qunxing.ledger.actions import change

QUARTERS = 6
# Of nine firms one has not begun its last return, three wait; the firm whose owner signs in has not begun, either.
NOT_BEGUN = 6
WAITING = {1: ReturnState.SUBMITTED, 4: ReturnState.DRAFT, 7: ReturnState.SUBMITTED}
OWN = "演示·星河智联科技有限公司"
STAFFED = {"micro": (4, 18), "small": (15, 70), "medium": (90, 260), "large": (300, 900)}
# Yuan of revenue a head in a quarter, and what a firm spends of it on research.
A_HEAD, RESEARCH = (35_000, 120_000), (0.18, 0.55)
CERTIFIED, GROWTH = 0.45, (-0.04, 0.14)


def add_returns(desk: Desk) -> None:
    last = last_ended(desk.day)
    for back in reversed(range(QUARTERS)):
        quarter = last.before(back)
        firms = [firm for firm in bound_to_file(desk.clerk, quarter) if firm.demo]
        for place, firm in enumerate(firms):
            state = ReturnState.ACCEPTED if back else state_of(firm, place)
            if state is not None:
                made = return_of(firm, quarter, state, desk.day)
                desk.add(made, f"{firm.ref}/{quarter}", reason="季报")
    slip(desk, last)


def state_of(firm: Organization, place: int) -> ReturnState | None:
    """Of the last quarter: most are accepted, some wait, some are missing."""
    if firm.name == OWN or place % 9 == NOT_BEGUN:
        return None
    return WAITING.get(place % 9, ReturnState.ACCEPTED)


def return_of(firm: Organization, quarter: Quarter, state: ReturnState, day: date) -> Return:
    chance = dice(f"return/{firm.ref}/{quarter}")
    filed = min(day, quarter.last + timedelta(days=chance.randint(4, 20)))
    age = QUARTERS - (last_ended(day).place - quarter.place)
    told = figures(firm, quarter, age)
    made = Return(organization=firm, year=quarter.year, quarter=quarter.number, state=state, **told)
    made.submitted_on = None if state == ReturnState.DRAFT else filed
    return made


def figures(firm: Organization, quarter: Quarter, age: int) -> dict[str, Any]:
    """What hangs together: people, revenue by head, research out of it, taxes and rights."""
    firm_dice, chance = dice(f"return/{firm.ref}"), dice(f"return/{firm.ref}/{quarter}")
    staff = staff_of(firm, firm_dice, chance, age)
    revenue = thousands(staff * firm_dice.randint(*A_HEAD) * chance.uniform(0.85, 1.2))
    research = thousands(revenue * firm_dice.uniform(*RESEARCH))
    held = firm_dice.randint(0, 12) + age
    return {
        "revenue": revenue,
        "profit": thousands(revenue * chance.uniform(-0.25, 0.2)),
        "rnd_expense": research,
        "tax": thousands(revenue * chance.uniform(0.01, 0.06)),
        "financing": financing_of(firm, quarter) or 0,
        "two_year_revenue": thousands(revenue * 7.2) if firm_dice.random() < 0.8 else None,
        **degrees(staff, firm_dice),
        "ip_applied": chance.randint(0, 4),
        "ip_granted": chance.randint(0, 3),
        "ip_held": held,
        **certificate(firm, firm_dice, quarter),
    }


def staff_of(firm: Organization, firm_dice: Random, chance: Random, age: int) -> int:
    low, high = STAFFED.get(firm.size_class, (5, 20))
    start, pace = firm_dice.randint(low, high), firm_dice.uniform(*GROWTH)
    return max(3, round(start * (1 + pace) ** age + chance.randint(-1, 2)))


def degrees(staff: int, chance: Random) -> dict[str, int]:
    doctor, master = round(staff * chance.uniform(0.03, 0.15)), round(staff * chance.uniform(0.25, 0.45))
    bachelor = round((staff - doctor - master) * 0.75)
    below = staff - doctor - master - bachelor
    return {
        "staff": staff, "staff_doctor": doctor, "staff_master": master, "staff_bachelor": bachelor, "staff_below": below
    }  # fmt: skip


def certificate(firm: Organization, chance: Random, quarter: Quarter) -> dict[str, Any]:
    if chance.random() > CERTIFIED:
        return {}
    number = f"演示-GR{quarter.year}-{firm.ref[:6].upper()}"
    return {"certificate_number": number, "certificate_until": date(quarter.year + chance.randint(0, 2), 12, 4)}


def thousands(amount: float) -> int:
    """Yuan in whole thousands, as the form has them."""
    return round(amount / 1000) * 1000


def slip(desk: Desk, last: Quarter) -> None:
    """Somebody typed yuan into a form in thousands."""
    rows = Return.objects.filter(year=last.year, quarter=last.number, state=ReturnState.SUBMITTED, demo=True)
    row = rows.order_by("organization__name_key").first()
    if row is not None:
        change(row, actor=desk.clerk, values={"revenue": (row.revenue or 0) * 1000}, reason="企业填报")


def publish_totals(desk: Desk) -> None:
    """The totals of all but the last quarter are out."""
    now = timezone.make_aware(datetime.combine(desk.day, time(9)))
    for back in range(1, QUARTERS):
        if Return.objects.filter(state=ReturnState.ACCEPTED).exists():
            publish(last_ended(desk.day).before(back), actor=desk.clerk, now=now)
    QuarterTotals.objects.update(demo=True)
