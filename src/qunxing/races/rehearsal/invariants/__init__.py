"""What must hold of a race whatever happened."""

from collections.abc import Callable, Iterator, Mapping

from qunxing.challenges.rehearsal.invariants import deciding, logged, sealing, timing
from qunxing.challenges.rehearsal.invariants import money as contracts
from qunxing.challenges.rehearsal.invariants.found import Found, check
from qunxing.races.rehearsal.invariants import kept, money, plans, scores, sight, standings, steps
from qunxing.races.rehearsal.memory import RaceMemory

__all__ = ["FINAL", "SEALED", "Invariant", "check"]

Invariant = Callable[[RaceMemory], Iterator[Found]]

# While a window is open, and before notice of a gate is given.
SEALED: Mapping[str, Invariant] = {"sight_of_sealed": sight.some_records, "boards": sight.boards}
# Once everything is over.
FINAL: Mapping[str, Invariant] = {
    **SEALED,
    "sight": sight.records,
    "unreadable": sealing.unreadable,
    "files": kept.files,
    "in_time": kept.in_time,
    "caps": kept.caps,
    "ended": kept.ended,
    "queue": scores.queue,
    "same_score": scores.same_score,
    "item_scores": scores.items,
    "frozen": plans.frozen,
    "standing": standings.standing,
    "passing": standings.passing,
    "tie_break": standings.tie_break,
    "decisions": standings.decisions,
    "money": money.released,
    "budget": money.budget,
    "tranches": money.tranches,
    "payments": contracts.payments,
    "merged": kept.merged,
    "notices": timing.notices,
    "objections": timing.objections,
    "masked": deciding.masked,
    "objectors": deciding.objectors,
    "steps": steps.known,
    "log": logged.log,
    "archives": logged.archives,
}
