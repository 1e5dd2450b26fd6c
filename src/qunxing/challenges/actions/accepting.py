"""Acceptance: measured target by target, the user's word, the decision; and what follows for contract and challenge."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from qunxing.challenges.actions.common import follow, locked, require, take, tell
from qunxing.challenges.actions.contracting import keep_bad_record, settle
from qunxing.challenges.actions.delivering import drop_open, in_force, months_after, pay_for
from qunxing.challenges.models import Acceptance, BadRecord, Commitment, Contract, Measurement, Milestone
from qunxing.challenges.models.milestones import Word
from qunxing.challenges.rules.delivering import Permission
from qunxing.challenges.states import acceptance as acceptances
from qunxing.challenges.states import contract as contracts
from qunxing.challenges.states import milestone as milestones
from qunxing.challenges.states import payment as payments
from qunxing.challenges.states.acceptance import AcceptanceState
from qunxing.challenges.states.milestone import MilestoneState
from qunxing.challenges.states.payment import PaymentState
from qunxing.challenges.tranches import enough
from qunxing.core.errors import Refused
from qunxing.ledger.actions import change, create
from qunxing.ledger.reasons import needed_reason, needed_text
from qunxing.ledger.recording import recording


def ask_acceptance(contract: Contract, *, actor: Any, day: date, report: str) -> Acceptance:
    """Ask for the acceptance, or after a rectification for another; every other milestone must have passed."""
    require(actor, Permission.REPORT_MILESTONE, contract)
    told = needed_text(report)
    with recording(actor=actor):
        stored = in_force(contract)
        last = stored.acceptances.order_by("-attempt").first()
        check_askable(stored, last, day)
        number = last.attempt + 1 if last is not None else 1
        made = Acceptance(contract=stored, attempt=number, asked_on=day, report=told, demo=stored.demo)
        create(made, actor=actor)
        for row in stored.milestones.filter(kind=Milestone.Kind.FINAL).exclude(state=MilestoneState.REPORTED):
            follow(row, "report", milestones.LIFE, report=told, reported_on=day)
            tell("milestone.reported", row, {"day": day.isoformat(), "in_time": day <= row.due_on})
        tell("acceptance.asked", made, {"attempt": number})
    return made


def check_askable(contract: Contract, last: Acceptance | None, day: date) -> None:
    if contract.milestones.exclude(kind=Milestone.Kind.FINAL).exclude(state=MilestoneState.PASSED).exists():
        raise Refused(_("A milestone before the acceptance has not passed."), _("Report it first."), 409)
    if last is None:
        return
    if last.state != AcceptanceState.RECTIFY:
        raise Refused(_("The acceptance is asked for already."), "", 409)
    if last.rectify_by is not None and day > last.rectify_by:
        words = {"day": last.rectify_by.isoformat()}
        raise Refused(_("The time to rectify ended on %(day)s.") % words, "", 409)


def measure(
    acceptance: Acceptance,
    commitment: Commitment,
    *,
    actor: Any,
    value: Decimal,
    measured_by: str,
    how: str,
    day: date,
) -> Measurement:
    """Keep what was measured of a committed target, by whom and how; measured again it is corrected."""
    require(actor, Permission.MEASURE, acceptance)
    if not value.is_finite() or abs(value) >= 10**14:
        raise Refused(_("Give the measured value as a number."), "", 422)
    told = {"measured_by": needed_reason(measured_by)[:200], "how": needed_reason(how)}
    values = {"value": value, "measured_on": day, **told}
    with recording(actor=actor):
        stored = open_acceptance(acceptance)
        if commitment.contract_id != stored.contract_id:
            raise Refused(_("This target belongs to another contract."), "", 404)
        row = stored.measurements.filter(commitment=commitment).first()
        if row is None:
            return create(
                Measurement(acceptance=stored, commitment=commitment, demo=stored.demo, **values), actor=actor
            )
        saved: Measurement = change(row, actor=actor, values=values)
    return saved


def open_acceptance(acceptance: Acceptance) -> Acceptance:
    stored = locked(acceptance)
    if stored.state != AcceptanceState.ASKED:
        raise Refused(_("This acceptance is decided."), "", 409)
    return stored


def give_word(acceptance: Acceptance, *, actor: Any, day: date, word: str, text: str) -> Acceptance:
    """What the user, the issuer, says of the result."""
    require(actor, Permission.GIVE_WORD, acceptance)
    if word not in Word.values:
        raise Refused(_("The user accepts the result, or does not."), "", 422)
    with recording(actor=actor, reason=needed_reason(text[:500])):
        stored = open_acceptance(acceptance)
        values = {"word": word, "word_text": text.replace("\x00", "").strip(), "word_on": day}
        saved = change(stored, actor=actor, values=values)
        tell("acceptance.word", saved, {"word": word})
    return saved


def result_of(acceptance: Acceptance) -> tuple[bool, list[bool]]:
    """(whether it passes by the rules, target by target whether it is met); Refused while something is missing."""
    rules = acceptance.contract.terms.acceptance
    met = [row.met for row in acceptance.measurements.in_order()]
    targets = acceptance.contract.commitments.count()
    if rules.by != "user" and len(met) < targets:
        words = {"count": targets - len(met)}
        raise Refused(
            _("%(count)s targets have not been measured.") % words, _("Enter who measured them and how."), 409
        )
    if rules.by != "targets" and not acceptance.word:
        raise Refused(_("The user has not given its word."), _("Wait for the issuer."), 409)
    by_targets = rules.by == "user" or enough(met, rules.pass_percent)
    by_word = rules.by == "targets" or acceptance.word == Word.ACCEPTS
    return by_targets and by_word, met


def decide(acceptance: Acceptance, *, actor: Any, day: date, finding: str, false_data: bool = False) -> Acceptance:
    """Pass, rectify or fail, as the rules have it from what was measured and said; false data fails at once."""
    finding = needed_reason(finding)
    with recording(actor=actor, reason=finding):
        contract = in_force(acceptance.contract)
        stored = open_acceptance(acceptance)
        stored.contract = contract
        passed, met = (False, []) if false_data else result_of(stored)
        words = {"finding": finding, "decided_on": day, "false_data": false_data}
        if passed:
            take(stored, "pass", acceptances.LIFE, actor=actor, reason=finding, **words)
            complete(contract, day)
        elif not false_data and may_rectify(stored):
            by = months_after(day, contract.terms.acceptance.rectify_months)
            take(stored, "rectify", acceptances.LIFE, actor=actor, reason=finding, rectify_by=by, **words)
        else:
            take(stored, "fail", acceptances.LIFE, actor=actor, reason=finding, **words)
            fail(contract, day, finding, false_data=false_data, actor=actor)
        facts = {"attempt": stored.attempt, "state": stored.state, "met": sum(met), "targets": len(met)}
        tell("acceptance.decided", stored, facts)
    acceptance.refresh_from_db()
    return acceptance


def may_rectify(acceptance: Acceptance) -> bool:
    return bool(acceptance.attempt <= acceptance.contract.terms.acceptance.rectifications)


def fail_unrectified(acceptance: Acceptance, *, actor: Any, day: date, finding: str) -> Acceptance:
    """The time to rectify passed and nothing came."""
    finding = needed_reason(finding)
    with recording(actor=actor, reason=finding):
        contract = in_force(acceptance.contract)
        stored = locked(acceptance)
        if stored.state == AcceptanceState.RECTIFY and stored.rectify_by is not None and day <= stored.rectify_by:
            words = {"day": stored.rectify_by.isoformat()}
            raise Refused(_("There is time to rectify until %(day)s.") % words, "", 409)
        if contract.acceptances.filter(attempt__gt=stored.attempt).exists():
            raise Refused(_("The acceptance was asked for again."), "", 409)
        take(stored, "fail", acceptances.LIFE, actor=actor, reason=finding, finding=finding, decided_on=day)
        fail(contract, day, finding, false_data=False, actor=actor)
    acceptance.refresh_from_db()
    return acceptance


# --- what follows ---------------------------------------------------------------------------------------------------


def complete(contract: Contract, day: date) -> None:
    """The work is done: the last milestone has passed, and what hangs on it falls due."""
    for row in contract.milestones.filter(kind=Milestone.Kind.FINAL):
        follow(row, "pass", milestones.LIFE, checked_on=day)
        pay_for(row, day)
    follow(contract, "complete", contracts.LIFE, closed_on=day)
    settle(contract.challenge)


def fail(contract: Contract, day: date, finding: str, *, false_data: bool, actor: Any) -> None:
    """Not accepted: nothing more falls due; false data is remembered."""
    drop_open(contract)
    for row in contract.payments.filter(state=PaymentState.PLANNED):
        follow(row, "cancel", payments.LIFE)
    follow(contract, "fail", contracts.LIFE, closed_on=day)
    if false_data:
        keep_bad_record(contract, BadRecord.Kind.FALSE_DATA, day, finding, actor=actor)
    settle(contract.challenge)
