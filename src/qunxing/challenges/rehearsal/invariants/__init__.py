"""What must hold whatever happened: each rule looks at everything it speaks of, and says what is wrong with it."""

from collections.abc import Callable, Iterator, Mapping

from qunxing.challenges.rehearsal.invariants import deciding, logged, money, reviewing, sealing, sight, steps, timing
from qunxing.challenges.rehearsal.invariants.found import Found, check
from qunxing.challenges.rehearsal.memory import Memory

__all__ = ["FINAL", "SEALED", "Invariant", "check"]

Invariant = Callable[[Memory], Iterator[Found]]

# Before an opening, while bids are sealed.
SEALED: Mapping[str, Invariant] = {
    "unreadable": sealing.unreadable,
    "nameless": sealing.nameless,
    "sight_of_sealed": sight.sealed_bids,
}
# Once everything is over.
FINAL: Mapping[str, Invariant] = {
    **SEALED,
    "opened_as_received": sealing.opened_as_received,
    "opened_by_two": sealing.opened_by_two,
    "receipts": sealing.receipts,
    "in_time": timing.in_time,
    "deadlines": timing.deadlines,
    "notices": timing.notices,
    "objections": timing.objections,
    "conflicts": reviewing.conflicts,
    "ties": reviewing.ties,
    "void_sheets": reviewing.void_sheets,
    "draws": reviewing.draws,
    "awards": deciding.awards,
    "masked": deciding.masked,
    "objectors": deciding.objectors,
    "tranches": money.tranches,
    "payments": money.payments,
    "sight": sight.everything,
    "steps": steps.known,
    "log": logged.log,
    "archives": logged.archives,
}
