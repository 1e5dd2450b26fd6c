"""Who may do what with published figures."""

from enum import StrEnum
from typing import Any

import rules

from qunxing.accounts.rules import grant, oversight, signed_in, staff
from qunxing.directory.rules import editor, edits_some
from qunxing.indicators.models import Return


@rules.predicate
def still_open(_user: Any, row: Any) -> bool:
    """Of a return: a draft, or one that was sent back; an organisation may always begin one."""
    return not isinstance(row, Return) or row.still_open


class Permission(StrEnum):
    CREATE_CLAIM = "indicators.create_claim"
    CHANGE_CLAIM = "indicators.change_claim"
    SEE_READINGS = "indicators.see_readings"
    READ_ARTICLE = "indicators.read_article"
    DECIDE_PROPOSAL = "indicators.decide_proposal"
    SEE_CHECKS = "indicators.see_checks"
    DEFINE_INDICATOR = "indicators.define_indicator"
    SEE_RETURN_LIST = "indicators.see_return_list"
    CREATE_RETURN = "indicators.create_return"
    CHANGE_RETURN = "indicators.change_return"
    SUBMIT_RETURN = "indicators.submit_return"
    DECIDE_RETURN = "indicators.decide_return"
    REMOVE_RETURN = "indicators.remove_return"
    SEE_RETURNS = "indicators.see_returns"
    SEE_QUARTERS = "indicators.see_quarters"
    REMIND_RETURN = "indicators.remind_return"
    PUBLISH_TOTALS = "indicators.publish_totals"
    CHANGE_RETURN_TERMS = "indicators.change_return_terms"
    CHANGE_REPORT = "indicators.change_report"
    ISSUE_REPORT = "indicators.issue_report"
    SEE_DIFFERENCES = "indicators.see_differences"
    SEE_TEMPLATES = "indicators.see_templates"
    CHANGE_TEMPLATE = "indicators.change_template"


GRANTS = {
    Permission.CREATE_CLAIM: staff,
    Permission.CHANGE_CLAIM: staff,
    Permission.SEE_READINGS: oversight,
    Permission.READ_ARTICLE: staff,
    Permission.DECIDE_PROPOSAL: staff,
    Permission.SEE_CHECKS: oversight,
    Permission.DEFINE_INDICATOR: staff,
    Permission.SEE_RETURN_LIST: oversight | edits_some,
    Permission.CREATE_RETURN: staff | edits_some,
    # Asked of a return, or of the organisation whose return is begun.
    Permission.CHANGE_RETURN: staff | (editor & still_open),
    Permission.SUBMIT_RETURN: staff | editor,
    Permission.DECIDE_RETURN: staff,
    Permission.REMOVE_RETURN: staff,
    Permission.SEE_RETURNS: oversight,
    Permission.SEE_QUARTERS: signed_in,
    Permission.REMIND_RETURN: staff,
    Permission.PUBLISH_TOTALS: staff,
    Permission.CHANGE_RETURN_TERMS: staff,
    Permission.CHANGE_REPORT: staff,
    Permission.ISSUE_REPORT: staff,
    Permission.SEE_DIFFERENCES: oversight,
    Permission.SEE_TEMPLATES: oversight,
    Permission.CHANGE_TEMPLATE: staff,
}
grant(GRANTS)
