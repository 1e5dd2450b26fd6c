"""The lists of contracts, payments and bad records."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.models import BadRecord, Contract, Payment
from qunxing.challenges.states.contract import ContractState
from qunxing.challenges.states.payment import PaymentState
from qunxing.core.money import show_money
from qunxing.core.text import search_terms
from qunxing.ledger.lists import Cell, Column, ListSpec, choice_filter, day_filter


def searcher(challenge: str, organization: str, number: str, title: str) -> Any:
    """Each word must occur in the challenge or the title, the contractor's names or the number."""

    def search(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        condition = Q()
        for term in search_terms(words):
            found = Q(**{f"{challenge}__search_key__holds": term}) | Q(**{f"{organization}__search_key__holds": term})
            condition &= found | Q(**{f"{number}__icontains": term}) | Q(**{f"{title}__icontains": term})
        return rows.filter(condition)

    return search


def contract_cell(row: Contract) -> Cell:
    return Cell(row.title, kind="link", url=row.get_absolute_url())


def state_cell(row: Any) -> Cell:
    return Cell(row.get_state_display(), kind="tag", tone=row.tone)


def money_cell(amount: int) -> Cell:
    return Cell(show_money(amount), kind="number", value=amount)


CONTRACTS = ListSpec(
    code="contracts",
    title=_("Contracts"),
    model=Contract,
    icon="contract",
    rows=Contract.objects.visible_to,
    search=searcher("challenge", "organization", "number", "title"),
    fetch=lambda rows: rows.select_related("challenge", "organization"),
    order=("-pk",),
    url_name="challenges:contract-list",
    empty_title=_("No contract yet"),
    empty_hint=_("A contract is drafted from the bid when the award is confirmed."),
    columns=(
        Column("challenge", _("Challenge"), contract_cell, "link"),
        Column("number", _("Number"), lambda row: row.number, "code", sort=("number",)),
        Column("organization", _("Contractor"), lambda row: row.organization.name),
        Column("state", pgettext_lazy("contract", "State"), state_cell, "tag"),
        Column(
            "grant", pgettext_lazy("contract", "Grant"), lambda row: money_cell(row.grant), "number", sort=("grant",)
        ),
        Column("ends_on", _("Ends on"), lambda row: row.ends_on, "date", sort=("ends_on",)),
        Column("sign_by", _("To be signed by"), lambda row: row.sign_by, "date", shown=False),
        Column("starts_on", _("Starts on"), lambda row: row.starts_on, "date", shown=False),
        Column("closed_on", _("Closed on"), lambda row: row.closed_on, "date", shown=False),
    ),
    filters=(
        choice_filter("state", pgettext_lazy("contract", "State"), ContractState, prominent=True),
        day_filter("ends_on", _("Ends on"), "ends_on"),
    ),
)


PAYMENT_PARTS = ("contract__challenge", "contract__organization", "contract__payer", "milestone")


def payment_cell(row: Payment) -> Cell:
    return Cell(row.contract.title, kind="link", url=row.contract.get_absolute_url() + "#payments")


PAYMENTS = ListSpec(
    code="payments",
    title=_("Payments"),
    model=Payment,
    icon="coin-yuan",
    rows=Payment.objects.visible_to,
    search=searcher("contract__challenge", "contract__organization", "contract__number", "contract__title"),
    fetch=lambda rows: rows.select_related(*PAYMENT_PARTS),
    order=("pay_by", "-pk"),
    url_name="challenges:payment-list",
    empty_title=_("No payment yet"),
    empty_hint=_("The tranches of every contract stand here with the day by which they are to be paid."),
    columns=(
        Column("challenge", _("Challenge"), payment_cell, "link"),
        Column("contract", pgettext_lazy("payment", "Contract"), lambda row: row.contract.number, "code"),
        Column("organization", _("Contractor"), lambda row: row.contract.organization.name),
        Column("payer", _("Who pays"), lambda row: row.contract.payer.name, shown=False),
        Column("milestone", _("Falls due with"), lambda row: row.milestone or _("the signature")),
        Column("amount", _("Amount"), lambda row: money_cell(row.amount), "number", sort=("amount",)),
        Column("state", pgettext_lazy("payment", "State"), state_cell, "tag"),
        Column("due_on", _("Due since"), lambda row: row.due_on, "date", sort=("due_on",), shown=False),
        Column("pay_by", _("To be paid by"), lambda row: row.pay_by, "date", sort=("pay_by",)),
        Column("paid_on", _("Paid on"), lambda row: row.paid_on, "date", sort=("paid_on",)),
        Column("voucher", _("Number of the transfer"), lambda row: row.voucher, "code", shown=False),
    ),
    filters=(
        choice_filter("state", pgettext_lazy("payment", "State"), PaymentState, prominent=True),
        day_filter("pay_by", _("To be paid by"), "pay_by"),
    ),
)


def bad_record_cell(row: BadRecord) -> Cell:
    return Cell(row.organization.name, kind="link", url=row.get_absolute_url())


def bad_record_search(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    condition = Q()
    for term in search_terms(words):
        condition &= Q(organization__search_key__holds=term)
    return rows.filter(condition)


BAD_RECORDS = ListSpec(
    code="bad-records",
    title=_("Bad records"),
    model=BadRecord,
    icon="alert-octagon",
    rows=BadRecord.objects.visible_to,
    search=bad_record_search,
    fetch=lambda rows: rows.select_related("organization", "challenge"),
    order=("-since", "-pk"),
    url_name="challenges:badrecord-list",
    create_url_name="challenges:badrecord-create",
    create_permission="challenges.keep_bad_record",
    empty_title=_("No bad record"),
    empty_hint=_("Broken promises are kept here; the rules of eligibility read them for as many years as they say."),
    columns=(
        Column("organization", _("Organisation"), bad_record_cell, "link"),
        Column("kind", pgettext_lazy("bad record", "Kind"), lambda row: row.get_kind_display()),
        Column("since", _("Since"), lambda row: row.since, "date", sort=("since",)),
        Column("challenge", _("Challenge"), lambda row: row.challenge or ""),
        Column("lifted_on", _("Lifted on"), lambda row: row.lifted_on, "date", sort=("lifted_on",)),
    ),
    filters=(
        choice_filter("kind", pgettext_lazy("bad record", "Kind"), BadRecord.Kind, prominent=True),
        day_filter("since", _("Since"), "since"),
    ),
)
LISTS = (CONTRACTS, PAYMENTS, BAD_RECORDS)
