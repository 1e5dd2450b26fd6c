"""Money to the yuan."""

from collections.abc import Iterator
from datetime import timedelta

from qunxing.challenges.models import Contract, Payment
from qunxing.challenges.rehearsal.invariants.found import Found
from qunxing.challenges.rehearsal.memory import Memory
from qunxing.challenges.states.contract import OVER, ContractState
from qunxing.challenges.states.payment import PaymentState
from qunxing.challenges.tranches import most


def tranches(_memory: Memory) -> Iterator[Found]:
    """The tranches of a contract make its grant exactly, and the grant keeps within every cap."""
    for row in Contract.objects.select_related("challenge__board", "bid"):
        total = sum(row.payments.values_list("amount", flat=True))
        yield Found.of(row.number, total == row.grant, f"tranches of {total}, a grant of {row.grant}")
        funding = row.terms.funding
        caps = [most(row.cost, funding.cap_percent, funding.cap_amount), row.cost]
        caps += [row.challenge.money] if row.challenge.money is not None else []
        yield Found.of(row.number, row.grant <= min(caps), f"a grant of {row.grant} above {min(caps)}")


def payments(_memory: Memory) -> Iterator[Found]:
    """Nothing is paid before it is due, or twice; nothing is left to come once a contract is over."""
    for row in Payment.objects.select_related("contract"):
        if row.state == PaymentState.PAID:
            in_order = row.paid_on is not None and row.due_on is not None and row.paid_on >= row.due_on
            yield Found.of(row, in_order, f"paid on {row.paid_on}, due since {row.due_on}")
        if row.due_on is not None:
            by = row.due_on + timedelta(days=row.contract.pay_days)
            yield Found.of(row, row.pay_by == by, f"to be paid by {row.pay_by}, not {by}")
        left = row.state == PaymentState.PLANNED and row.contract.state in OVER
        yield Found.of(row, not left, "still to come though the contract is over")
        signed = row.contract.state in (ContractState.DRAFT, ContractState.VOID)
        yield Found.of(
            row, not (signed and row.state in (PaymentState.DUE, PaymentState.PAID)), "owed without a contract"
        )
