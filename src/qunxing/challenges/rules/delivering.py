"""Who may sign, deliver, accept, pay, end a contract and archive."""

from enum import StrEnum
from typing import Any

import rules

from qunxing.accounts.rules import oversight, staff
from qunxing.challenges.models import Contract
from qunxing.challenges.rules.subjects import issues, writes_for
from qunxing.challenges.states import (
    acceptance,
    challenge,
    change,
    contract,
    milestone,
    payment,
    termination,
)
from qunxing.directory.rules import roles_of
from qunxing.ledger.rules import hung_on


class Permission(StrEnum):
    ARCHIVE_CHALLENGE = challenge.ARCHIVE
    READ_ARCHIVE = "challenges.read_archive"
    SEE_CONTRACTS = "challenges.see_contracts"
    RUN_CONTRACT = contract.RUN
    SIGN_CONTRACT = contract.SIGN
    REPORT_MILESTONE = milestone.REPORT
    CHECK_MILESTONE = milestone.CHECK
    END_MILESTONE = milestone.END
    AGREE_TO_CHANGE = change.AGREE
    DECIDE_CHANGE = change.DECIDE
    MEASURE = "challenges.measure_target"
    GIVE_WORD = "challenges.give_word"
    DECIDE_ACCEPTANCE = acceptance.DECIDE
    KEEP_PAYMENT = payment.PAY
    ASK_TERMINATION = "challenges.ask_termination"
    DECIDE_TERMINATION = termination.DECIDE
    SEE_BAD_RECORDS = "challenges.see_bad_records"
    KEEP_BAD_RECORD = "challenges.keep_bad_record"


def contract_of(row: Any) -> Contract | None:
    """The contract a record is, or hangs on."""
    return hung_on(row, Contract, "contract")


@rules.predicate
def contracts(user: Any, row: Any) -> bool:
    """Owner or editor of the contractor."""
    found = contract_of(row)
    return found is not None and writes_for(user, found.organization_id)


@rules.predicate
def pays(user: Any, row: Any) -> bool:
    """Owner or editor of the organisation that pays."""
    found = contract_of(row)
    return found is not None and writes_for(user, found.payer_id)


@rules.predicate
def belongs_somewhere(user: Any) -> bool:
    """Member of any organisation."""
    return bool(roles_of(user))


GRANTS = {
    Permission.ARCHIVE_CHALLENGE: staff,
    Permission.READ_ARCHIVE: oversight,
    Permission.SEE_CONTRACTS: oversight | belongs_somewhere,
    Permission.RUN_CONTRACT: staff,
    Permission.SIGN_CONTRACT: contracts | issues,
    Permission.REPORT_MILESTONE: contracts,
    Permission.CHECK_MILESTONE: staff | issues,
    Permission.END_MILESTONE: oversight,
    Permission.AGREE_TO_CHANGE: contracts | issues,
    Permission.DECIDE_CHANGE: staff,
    Permission.MEASURE: staff,
    Permission.GIVE_WORD: issues,
    Permission.DECIDE_ACCEPTANCE: staff,
    Permission.KEEP_PAYMENT: staff | pays,
    Permission.ASK_TERMINATION: staff | contracts | issues,
    Permission.DECIDE_TERMINATION: oversight,
    Permission.SEE_BAD_RECORDS: oversight,
    Permission.KEEP_BAD_RECORD: staff,
}
