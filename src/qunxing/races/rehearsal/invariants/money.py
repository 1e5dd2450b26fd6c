"""Money by result, to the yuan."""

from collections.abc import Iterator

from qunxing.challenges.models import Contract, Milestone, Payment
from qunxing.challenges.rehearsal.invariants.found import Found
from qunxing.challenges.states.payment import PaymentState
from qunxing.races.models import GateReport, LaneDecision
from qunxing.races.models.reports import GOES_ON
from qunxing.races.rehearsal.memory import RaceMemory

FINAL = Milestone.Kind.FINAL


def released(_memory: RaceMemory) -> Iterator[Found]:
    """What fell due with a gate is what was decided of the lane; nothing without a decision."""
    for contract in Contract.objects.filter(lane__isnull=False).select_related("lane__race"):
        lane = contract.lane
        gates = list(contract.milestones.exclude(kind=FINAL).order_by("position"))
        for place, milestone in enumerate(gates, start=1):
            row = final_decision(lane.pk, place)
            goes = row is not None and row.follows in GOES_ON
            decided = row.money if row is not None and goes else 0
            yield Found.of(contract.number, due(contract, milestone) == decided, f"gate {place}: {decided} was decided")
            passed = milestone.state == "passed"
            yield Found.of(contract.number, passed == goes, f"gate {place} passed: {passed}")
        last = contract.milestones.filter(kind=FINAL).first()
        row = final_decision(lane.pk, len(gates) + 1) if gates else last_decision(lane.pk)
        if last is not None:
            most = row.money if row is not None and row.follows in GOES_ON else 0
            fell = due(contract, last)
            yield Found.of(contract.number, fell in {0, most}, f"{fell} with the acceptance, {most} was decided")
        start = contract.lane.race.start_money
        first = sum(contract.payments.filter(milestone=None).values_list("amount", flat=True))
        yield Found.of(contract.number, first in {0, start}, f"{first} with the signature, not {start}")


def due(contract: Contract, milestone: Milestone) -> int:
    rows = contract.payments.filter(milestone=milestone, due_on__isnull=False)
    return sum(rows.values_list("amount", flat=True))


def final_decision(lane: int, order: int) -> LaneDecision | None:
    rows = LaneDecision.objects.filter(lane=lane, report__state="final", report__stage__order=order)
    found: LaneDecision | None = rows.first()
    return found


def last_decision(lane: int) -> LaneDecision | None:
    rows = LaneDecision.objects.filter(lane=lane, report__state="final").order_by("-report__stage__order")
    found: LaneDecision | None = rows.first()
    return found


def budget(_memory: RaceMemory) -> Iterator[Found]:
    """A gate gives no more than was planned for its lanes together; money that is decided has a contract to flow by."""
    for report in GateReport.objects.filter(state__in=["notice", "final"]).select_related("stage__race"):
        rows = list(report.decisions.select_related("lane"))
        most = report.stage.gate.release * len(rows)
        total = sum(row.money for row in rows)
        yield Found.of(report.ref, total <= most, f"{total} of {most}")
        for row in rows:
            fine = report.state != "final" or not row.money or row.lane.contract_id is not None
            yield Found.of(row.ref, fine, f"{row.money} was decided, and no contract pays it")


def tranches(_memory: RaceMemory) -> Iterator[Found]:
    """The tranches that were not taken off make the grant exactly; those of a lane from a bid keep to its award."""
    for row in Contract.objects.filter(lane__isnull=False):
        payments = row.payments.all()
        total = sum(one.amount for one in payments if counts(one))
        yield Found.of(row.number, total == row.grant, f"tranches of {total}, a grant of {row.grant}")


def counts(payment: Payment) -> bool:
    """Whether the tranche is part of the grant: one taken off at its gate is not, one that an end cut off is."""
    milestone = payment.milestone
    taken_off = payment.state == PaymentState.CANCELLED and payment.due_on is None
    return not (taken_off and milestone is not None and milestone.state == "passed")
