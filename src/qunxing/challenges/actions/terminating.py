"""Ending a contract before its time, with what the log shows of diligence, and bad records."""

import json
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from qunxing.challenges.actions.common import follow, locked, require, take, tell
from qunxing.challenges.actions.contracting import ISSUER, keep_bad_record, settle, side_of
from qunxing.challenges.actions.delivering import drop_open, in_force
from qunxing.challenges.models import BadRecord, Contract, Termination
from qunxing.challenges.models.records import Side
from qunxing.challenges.rules.delivering import Permission
from qunxing.challenges.states import acceptance as acceptances
from qunxing.challenges.states import contract as contracts
from qunxing.challenges.states import payment as payments
from qunxing.challenges.states import termination as terminations
from qunxing.challenges.states.acceptance import AcceptanceState
from qunxing.challenges.states.payment import PaymentState
from qunxing.challenges.states.termination import TerminationState
from qunxing.core.errors import Refused
from qunxing.ledger.actions import change, create
from qunxing.ledger.models import LogEntry
from qunxing.ledger.reasons import needed_reason, needed_text
from qunxing.ledger.recording import recording

# What speaks for whoever says they did what they could.
SPEAKS = (
    "milestone.reported",
    "milestone.checked",
    "difficulty.told",
    "proof.kept",
    "change.asked",
    "acceptance.asked",
)
STEPS = {"exempt": "exempt", "at_fault": "blame", "refuse": "refuse"}


def ask_termination(
    contract: Contract, *, actor: Any, day: date, grounds: str, diligent: bool = False, side: str = ""
) -> Termination:
    """Ask that the work end; what the log shows of diligence is gathered then."""
    require(actor, Permission.ASK_TERMINATION, contract)
    with recording(actor=actor):
        stored = in_force(contract)
        if stored.terminations.filter(state=TerminationState.ASKED).exists():
            raise Refused(_("Its end is asked for already."), "", 409)
        made = Termination(
            contract=stored,
            side=side or asking_side(actor, stored),
            grounds=needed_text(grounds),
            diligent=diligent,
            evidence=diligence_of(stored),
            asked_on=day,
            demo=stored.demo,
        )
        create(made, actor=actor)
        tell("termination.asked", made, {"side": str(made.side), "diligent": diligent, "entries": len(made.evidence)})
    return made


def asking_side(actor: Any, contract: Contract) -> str:
    if actor is None or actor.has_perm(Permission.RUN_CONTRACT, contract):
        return Side.STAFF
    return Side.ISSUER if side_of(actor, contract) == ISSUER else Side.CONTRACTOR


def diligence_of(contract: Contract) -> list[dict[str, Any]]:
    """The log entries that tell of the contractor's work, in their order: number, moment, what, and the facts."""
    parts = (contract.milestones, contract.difficulties, contract.proofs, contract.changes, contract.acceptances)
    refs = [ref for part in parts for ref in part.values_list("ref", flat=True)]
    rows = LogEntry.objects.filter(subject_ref__in=refs, kind__in=SPEAKS).order_by("index")
    return [
        {"index": row.index, "at": row.at.isoformat(), "what": row.kind, "facts": json.loads(row.body)["facts"]}
        for row in rows
    ]


def decide_termination(
    termination: Termination, *, actor: Any, day: date, outcome: str, finding: str, returned: int = 0
) -> Termination:
    """End the contract, exempt or at fault, or let the work go on. `returned` is what the contractor pays back."""
    if outcome not in STEPS:
        raise Refused(_("Choose how it ends."), "", 422)
    finding = needed_reason(finding)
    with recording(actor=actor, reason=finding):
        contract = in_force(termination.contract)
        stored = locked(termination)
        check_returned(contract, returned if outcome != "refuse" else 0)
        words = {"finding": finding, "decided_on": day, "returned": returned if outcome != "refuse" else 0}
        take(stored, STEPS[outcome], terminations.LIFE, actor=actor, reason=finding, **words)
        if outcome != "refuse":
            end(contract, day, finding, at_fault=outcome == "at_fault", actor=actor)
        tell("termination.decided", stored, {"outcome": outcome, "returned": words["returned"]})
    termination.refresh_from_db()
    return termination


def check_returned(contract: Contract, returned: int) -> None:
    paid = sum(contract.payments.filter(state=PaymentState.PAID).values_list("amount", flat=True))
    if not 0 <= returned <= paid:
        raise Refused(_("%(paid)s yuan were paid; no more can be returned.") % {"paid": f"{paid:,}"}, "", 422)


def end(contract: Contract, day: date, finding: str, *, at_fault: bool, actor: Any) -> None:
    """Nothing more falls due; what a diligent contractor is owed stays owed, and fault is remembered."""
    gone = [PaymentState.PLANNED, PaymentState.DUE] if at_fault else [PaymentState.PLANNED]
    for row in contract.payments.filter(state__in=gone):
        follow(row, "cancel", payments.LIFE)
    drop_open(contract)
    for acceptance in contract.acceptances.filter(state__in=[AcceptanceState.ASKED, AcceptanceState.RECTIFY]):
        follow(acceptance, "stop", acceptances.LIFE)
    follow(contract, "terminate", contracts.LIFE, closed_on=day)
    if at_fault:
        keep_bad_record(contract, BadRecord.Kind.AT_FAULT, day, finding, actor=actor)
    settle(contract.challenge)


def record_bad(record: BadRecord, *, actor: Any) -> BadRecord:
    """Keep a bad record by hand; `record` is unsaved."""
    require(actor, Permission.KEEP_BAD_RECORD)
    with recording(actor=actor, reason=needed_reason(record.reason[:500])):
        create(record, actor=actor)
        tell("bad_record.kept", record, {"kind": str(record.kind), "since": record.since.isoformat()})
    return record


def lift(record: BadRecord, *, actor: Any, day: date, reason: str) -> BadRecord:
    """A bad record counts no more from this day on."""
    require(actor, Permission.KEEP_BAD_RECORD, record)
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        stored = locked(record)
        if stored.lifted_on is not None:
            raise Refused(_("It is lifted already."), "", 409)
        saved = change(stored, actor=actor, values={"lifted_on": day, "lifted_why": reason}, reason=reason)
        tell("bad_record.lifted", saved, {"day": day.isoformat()})
    return saved
