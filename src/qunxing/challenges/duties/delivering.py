"""Contracts to be signed, milestones, acceptance, payments, changes and ends that wait for one side or for staff."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from qunxing.accounts.rules import oversight, staff
from qunxing.challenges.duties.common import writes_for_any
from qunxing.challenges.models import Acceptance, Contract, ContractChange, Milestone, Payment, Termination
from qunxing.challenges.states.acceptance import AcceptanceState
from qunxing.challenges.states.change import ChangeState
from qunxing.challenges.states.contract import ContractState
from qunxing.challenges.states.milestone import MilestoneState
from qunxing.challenges.states.payment import PaymentState
from qunxing.challenges.states.termination import TerminationState
from qunxing.core.duties import Duty, duty_of

FINAL = Milestone.Kind.FINAL


def contracts_to_sign(user: Any, today: date) -> Iterator[Duty]:
    """For whichever side has not signed; for staff once its day has passed."""
    mine = writes_for_any(user)
    bidder = Q(organization__in=mine, bidder_signed_on__isnull=True)
    issuer = Q(issuer__in=mine, issuer_signed_on__isnull=True)
    late = Q(sign_by__lt=today) if staff(user) else Q(pk__in=[])
    for row in contracts(ContractState.DRAFT).filter(bidder | issuer | late):
        own = row.organization_id in mine or row.issuer_id in mine
        title = _("Sign the contract") if own else _("Decide on the contract that was not signed in time")
        yield duty_of(row, "sign", title, row.title, due=row.sign_by)


def contracts(state: str) -> Any:
    return Contract.objects.filter(state=state).select_related("challenge", "organization").order_by("pk")


def milestones_to_report(user: Any, _today: date) -> Iterator[Duty]:
    rows = milestones(MilestoneState.PLANNED, MilestoneState.RETURNED).exclude(kind=Milestone.Kind.GATE)
    for row in rows.filter(contract__organization__in=writes_for_any(user)):
        again = row.state == MilestoneState.RETURNED
        title = _("Report the returned milestone again") if again else _("Report the milestone")
        yield of_contract(row, "report", _("Ask for the acceptance") if row.kind == FINAL else title, due=row.due_on)


def milestones(*states: str) -> Any:
    rows = Milestone.objects.filter(state__in=states, contract__state=ContractState.IN_FORCE)
    return rows.select_related("contract__challenge").order_by("due_on", "pk")


def of_contract(row: Any, step: str, title: Any, **more: Any) -> Duty:
    """About what the contract is for that the row hangs on, and the row's own name where it has one."""
    own = row.name if isinstance(row, Milestone) else ""
    about = row.contract.title
    return duty_of(row, step, title, f"{about} · {own}" if own else about, **more)


def milestones_to_check(user: Any, _today: date) -> Iterator[Duty]:
    """For the issuer and for staff."""
    rows = milestones(MilestoneState.REPORTED).exclude(kind=FINAL)
    if not staff(user):
        rows = rows.filter(contract__issuer__in=writes_for_any(user))
    for row in rows:
        yield of_contract(row, "check", _("Check the reported milestone"))


def acceptances_waiting(user: Any, _today: date) -> Iterator[Duty]:
    """The user's word for the issuer, the measuring and the decision for staff."""
    rows = Acceptance.objects.filter(state=AcceptanceState.ASKED).select_related("contract__challenge__board")
    if not staff(user):
        rows = rows.filter(contract__issuer__in=writes_for_any(user), word="")
    for row in rows.order_by("pk"):
        if staff(user):
            yield of_contract(row, "decide", _("Measure and decide the acceptance"))
        elif row.contract.terms.acceptance.by != "targets":
            yield of_contract(row, "word", _("Give the user's word"))


def rectifications(user: Any, today: date) -> Iterator[Duty]:
    """For the contractor until its day; afterwards for staff."""
    latest = Acceptance.objects.filter(contract=OuterRef("contract")).order_by("-attempt").values("attempt")[:1]
    rows = Acceptance.objects.filter(state=AcceptanceState.RECTIFY, contract__state=ContractState.IN_FORCE)
    rows = rows.annotate(latest=Subquery(latest)).filter(attempt=F("latest")).select_related("contract__challenge")
    own = Q(contract__organization__in=writes_for_any(user))
    over = Q(rectify_by__lt=today) if staff(user) else Q(pk__in=[])
    for row in rows.filter(own | over).order_by("pk"):
        title = _("Decide: the time to rectify has passed") if staff(user) else _("Rectify and ask for the acceptance")
        yield of_contract(row, "rectify", title, due=row.rectify_by)


def payments_due(user: Any, _today: date) -> Iterator[Duty]:
    """For whoever pays, and for staff, who keep what was paid."""
    rows = Payment.objects.filter(state=PaymentState.DUE).select_related("contract__challenge")
    if not staff(user):
        rows = rows.filter(contract__payer__in=writes_for_any(user))
    for row in rows.order_by("pay_by", "pk"):
        yield of_contract(row, "pay", _("Pay what is due"), due=row.pay_by)


def changes_waiting(user: Any, _today: date) -> Iterator[Duty]:
    """For the side that has not agreed; once both have, for staff."""
    mine = writes_for_any(user)
    bidder = Q(contract__organization__in=mine, bidder_agreed_on__isnull=True)
    issuer = Q(contract__issuer__in=mine, issuer_agreed_on__isnull=True)
    wanted = Q(state=ChangeState.ASKED) & (bidder | issuer)
    if staff(user):
        wanted |= Q(state=ChangeState.AGREED)
    for row in ContractChange.objects.filter(wanted).select_related("contract__challenge").order_by("pk"):
        agreed = row.state == ChangeState.AGREED
        title = _("Decide on the change of the contract") if agreed else _("Agree to the change of the contract")
        yield of_contract(row, row.state, title)


def terminations_waiting(user: Any, _today: date) -> Iterator[Duty]:
    rows = Termination.objects.filter(state=TerminationState.ASKED).select_related("contract__challenge")
    for row in rows.order_by("pk") if oversight(user) else ():
        yield of_contract(row, "end", _("Decide on the end of the contract"))


DUTIES = (
    contracts_to_sign,
    milestones_to_report,
    milestones_to_check,
    acceptances_waiting,
    rectifications,
    payments_due,
    changes_waiting,
    terminations_waiting,
)
