"""Which steps of which lives were taken: read from the versions of every record that has a state."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar

from qunxing.challenges.models import (
    Acceptance,
    Bid,
    BidParty,
    Call,
    Challenge,
    ChallengeList,
    Contract,
    ContractChange,
    Milestone,
    Need,
    Notice,
    Objection,
    Payment,
    Proposal,
    Question,
    Termination,
)
from qunxing.challenges.states import (
    acceptance,
    bid,
    board,
    call,
    challenge,
    change,
    contract,
    milestone,
    notice,
    objection,
    party,
    payment,
    proposal,
    question,
    termination,
)
from qunxing.core.states import Machine
from qunxing.ledger.models import Record
from qunxing.ledger.versions import history_of
from qunxing.panels import states as panels
from qunxing.panels.models import Conflict, Expert, Panel, RecusalRequest, Review, Seat, Sheet

LIVES: Mapping[type[Record], Machine] = {
    Call: call.CALL,
    Need: call.NEED,
    Question: question.LIFE,
    ChallengeList: board.LIFE,
    Challenge: challenge.LIFE,
    Bid: bid.LIFE,
    BidParty: party.LIFE,
    Proposal: proposal.LIFE,
    Notice: notice.LIFE,
    Objection: objection.LIFE,
    Contract: contract.LIFE,
    ContractChange: change.LIFE,
    Milestone: milestone.LIFE,
    Payment: payment.LIFE,
    Acceptance: acceptance.LIFE,
    Termination: termination.LIFE,
    Expert: panels.EXPERT,
    Panel: panels.PANEL,
    Seat: panels.SEAT,
    Conflict: panels.CONFLICT,
    RecusalRequest: panels.REQUEST,
    Review: panels.REVIEW,
    Sheet: panels.SHEET,
}
# A step that leads back to the state it starts from shows in another field.
SAME_STATE = {"challenges.bid": "version"}
Edge = tuple[str, str]
KNOWN: dict[type[Record], Machine] = dict(LIVES)  # with those of other rehearsals


@cache
def edges_of(kind: type[Record]) -> frozenset[Edge]:
    """(from, to) of every step of the life."""
    return frozenset((source, step.target) for step in KNOWN[kind] for source in step.sources)


@cache
def states_of(kind: type[Record]) -> frozenset[str]:
    return frozenset(state for edge in edges_of(kind) for state in edge)


def moves(kind: type[Record]) -> Iterator[tuple[str, Edge]]:
    """(record, (from, to)) of every change of state that the versions tell, in their order."""
    mark = SAME_STATE.get(kind.kind_code(), "state")
    last: dict[int, tuple[str, Any]] = {}
    rows = history_of(kind).objects.order_by("history_id").values_list("id", "ref", "state", mark)
    for key, ref, state, marked in rows.iterator(2_000):
        before, was = last.get(key, (state, marked))
        if before != state or (mark != "state" and was != marked):
            yield ref, (before, state)
        last[key] = (state, marked)


@dataclass
class Coverage:
    """Steps that were taken, by kind of record, with how often; states that were seen."""

    taken: dict[str, dict[Edge, int]] = field(default_factory=dict)
    seen: dict[str, set[str]] = field(default_factory=dict)
    lives: ClassVar[Mapping[type[Record], Machine]] = LIVES

    def read(self) -> "Coverage":
        """Add what the database at hand tells."""
        for kind in self.lives:
            code = kind.kind_code()
            counted = self.taken.setdefault(code, {})
            for _ref, edge in moves(kind):
                counted[edge] = counted.get(edge, 0) + 1
            states = history_of(kind).objects.order_by().values_list("state", flat=True).distinct()
            self.seen.setdefault(code, set()).update(states)
        return self

    def add(self, other: "Coverage") -> None:
        for code, edges in other.taken.items():
            counted = self.taken.setdefault(code, {})
            for edge, many in edges.items():
                counted[edge] = counted.get(edge, 0) + many
        for code, states in other.seen.items():
            self.seen.setdefault(code, set()).update(states)

    def missing_steps(self) -> list[str]:
        """Steps that nobody took, as `challenges.bid: draft > submitted`."""
        return [
            f"{kind.kind_code()}: {edge[0]} > {edge[1]}"
            for kind in self.lives
            for edge in sorted(edges_of(kind))
            if edge not in self.taken.get(kind.kind_code(), {})
        ]

    def missing_states(self) -> list[str]:
        return [
            f"{kind.kind_code()}: {state}"
            for kind in self.lives
            for state in sorted(states_of(kind) - self.seen.get(kind.kind_code(), set()))
        ]

    def stuck_states(self) -> list[str]:
        """States that have a step out of them which nobody took."""
        found = []
        for kind in self.lives:
            left = {edge[0] for edge in self.taken.get(kind.kind_code(), {}) if edge[0] != edge[1]}
            have_way_out = {edge[0] for edge in edges_of(kind) if edge[0] != edge[1]}
            found += [f"{kind.kind_code()}: {state}" for state in sorted(have_way_out - left)]
        return found

    def counts(self) -> dict[str, Any]:
        """What is told of it."""
        steps = sum(len(edges_of(kind)) for kind in self.lives)
        states = sum(len(states_of(kind)) for kind in self.lives)
        return {
            "machines": len(self.lives),
            "states": {"all": states, "seen": states - len(self.missing_states()), "missing": self.missing_states()},
            "left": {"missing": self.stuck_states()},
            "steps": {"all": steps, "taken": steps - len(self.missing_steps()), "missing": self.missing_steps()},
        }

    def as_json(self) -> dict[str, Any]:
        taken = {code: [[*edge, many] for edge, many in sorted(edges.items())] for code, edges in self.taken.items()}
        return {"taken": taken, "seen": {code: sorted(states) for code, states in self.seen.items()}}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Coverage":
        taken = {code: {(a, b): many for a, b, many in rows} for code, rows in stored["taken"].items()}
        return cls(taken, {code: set(states) for code, states in stored["seen"].items()})
