"""What the codes of bids say to a reader: gaps, findings of eligibility, facts, kinds of file, refused files."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.examining import BadFile
from qunxing.challenges.gaps import Gap
from qunxing.challenges.rulewords import CATEGORIES
from qunxing.core.errors import Text
from qunxing.core.money import show_money
from qunxing.directory.models import Scope
from qunxing.matching.engine.conditions import Finding, Outcome
from qunxing.matching.wording import CLOSINGS as MATCHING_CLOSINGS
from qunxing.registry.models import Filing

SECTIONS: Final[Mapping[str, Text]] = {
    "facts": pgettext_lazy("part of a bid", "What the ledger knows"),
    "leader": pgettext_lazy("part of a bid", "Leader (挂帅人)"),
    "team": pgettext_lazy("part of a bid", "Team"),
    "lead": pgettext_lazy("part of a bid", "Lead"),
    "partners": pgettext_lazy("part of a bid", "Partners"),
    "summary": pgettext_lazy("part of a bid", "In a few sentences"),
    "background": pgettext_lazy("part of a bid", "State of the art"),
    "route": pgettext_lazy("part of a bid", "Technical route"),
    "basis": pgettext_lazy("part of a bid", "What it builds on"),
    "joint_plan": pgettext_lazy("part of a bid", "Plan of work with the issuer"),
    "answers": pgettext_lazy("part of a bid", "Answers to the core indicators"),
    "budget": pgettext_lazy("part of a bid", "Budget"),
    "total": pgettext_lazy("part of a bid", "Total cost"),
    "grant": pgettext_lazy("part of a bid", "Money asked for"),
    "attachments": pgettext_lazy("part of a bid", "Files"),
}

GAPS: Final[Mapping[str, Text]] = {
    "missing": _("Nothing is written yet."),
    "no_contact": _("Give the leader's phone or e-mail."),
    "row_without": _("Row %(row)s has no name."),
    "no_answer": _("“%(target)s” is not answered."),
    "no_number": _("“%(target)s”: %(value)s is no number."),
    "other_unit": _("“%(target)s” is asked in %(unit)s and answered in %(found)s: convert the value."),
    "not_a_percentage": _("“%(target)s”: %(value)s is no percentage from 0 to 100."),
    "below_target": _("“%(target)s”: %(value)s does not reach the target."),
    "no_proof": _("“%(target)s”: say what proves it."),
    "no_such_row": _("The rules know no category “%(category)s” in year %(year)s."),
    "total_differs": _("The total is stated as %(stated)s, the rows come to %(sum)s."),
    "grant_differs": _("The money asked for is stated as %(stated)s, the rows come to %(sum)s."),
    "own_share": _("The bidders must bring %(least)s% themselves; the rows come to %(found)s%."),
    "over_share": _("At most %(most)s% of the cost is granted; the rows ask for %(found)s%."),
    "over_amount": _("At most %(most)s is granted; the rows ask for %(found)s."),
    "too_many": _("At most %(most)s are allowed; there are %(found)s."),
    "shares": _("The parts of lead and partners come to %(sum)s%, not to 100%."),
    "no_tasks": _("%(name)s: say what it answers for."),
    "not_on_ledger": _("Partner %(row)s is not on the ledger: give its social credit code or its full name."),
    "twice": _("%(name)s stands twice in the bid."),
    "partner_invited": _("%(name)s has not confirmed its part yet."),
    "partner_unasked": _("%(name)s has not been asked yet: save the bid."),
    "partner_declined": _("%(name)s has declined: take it out, or talk to it and change its part."),
    "not_confirmed": _("Say that what the ledger knows is right, or have it corrected there."),
    "no_stamped": _("The stamped bid is missing: print, stamp, scan and add it as PDF."),
    "no_agreement": _("The agreement with the partners is missing."),
}
MONEY: Final = frozenset({"stated", "sum", "most", "found"})
MONEY_CODES: Final = frozenset({"total_differs", "grant_differs", "over_amount"})

FINDINGS: Final[Mapping[str, Text]] = {
    "relation": _("Not related to the issuer"),
    "bad_record": _("No bad record"),
    "running": _("Running projects"),
    "residency": _("In residence"),
    "filings": _("Filed"),
    "certificates": _("Certificates held"),
    "rival": _("In no other bid for the challenge"),
}
CLOSINGS: Final[Mapping[str, Text]] = {
    "relation_same": _("It is the issuer itself."),
    "bad_record": _("A bad record of the last %(years)s years stands against it."),
    "running": _("%(running)s projects are running; the rules allow %(most)s, this one included."),
    "residency_fail": _("It resides elsewhere; asked for is %(scopes)s."),
    "residency_unknown": _(
        "No residency is on record; asked for is %(scopes)s. Show the contract at the formal check."
    ),
    "filings": _("No such filing in force is on record: %(kinds)s."),
    "certificates_fail": _("Run out: %(names)s."),
    "certificates_unknown": _("Not on record: %(names)s. Enter it on the organisation's page, or add it as a file."),
    "rival": _("It is in another bid for the same challenge."),
}

FACTS: Final[Mapping[str, Text]] = {
    "name": pgettext_lazy("fact", "Registered name"),
    "uscc": pgettext_lazy("fact", "Social credit code"),
    "address": pgettext_lazy("fact", "Address"),
    "size": pgettext_lazy("fact", "Size class"),
    "founded": pgettext_lazy("fact", "Founded on"),
    "filing": pgettext_lazy("fact", "Filing in force"),
    "capability": pgettext_lazy("fact", "Capability"),
}

FILE_KINDS: Final[Mapping[str, Text]] = {
    "stamped": pgettext_lazy("kind of file", "stamped bid (PDF)"),
    "agreement": pgettext_lazy("kind of file", "agreement with the partners"),
    "proof": pgettext_lazy("kind of file", "proof of an indicator"),
    "other": pgettext_lazy("kind of file", "other"),
}

BAD_FILES: Final[Mapping[str, tuple[Text, Text]]] = {
    "empty": (_("The file is empty."), _("Choose it again.")),
    "active_pdf": (
        _("The PDF holds something that runs or opens by itself: %(found)s."),
        _("Print it to a new PDF and add that."),
    ),
    "locked": (_("The PDF is locked with a password."), _("Save it without a password.")),
    "unreadable": (_("The file cannot be read: it is damaged or cut off."), _("Save it again and add that.")),
    "too_many_objects": (_("The PDF is too intricate to be examined."), _("Print it to a new PDF and add that.")),
    "old_office": (_("Old Office files (doc, xls, ppt) are not taken."), _("Save it as docx, xlsx or PDF.")),
    "macros": (_("The file holds macros or programs: %(found)s."), _("Save it without macros, or as PDF.")),
    "outside": (
        _("The file loads something from outside when it is opened: %(found)s."),
        _("Break the links and save it again, or save it as PDF."),
    ),
    "bomb": (_("The file unpacks to %(megabytes)s MB or more."), _("Save it again, or as PDF.")),
    "archive": (_("Archives are not taken."), _("Unpack it and add the files one by one.")),
    "script": (_("This is a program or a web page, whatever its name says."), _("Add PDF, pictures or Office files.")),
    "other": (
        _("What is in the file is neither PDF nor a picture nor an Office file."),
        _("Whatever its name says, its content counts: add PDF, PNG, JPEG, docx, xlsx or pptx."),
    ),
}


def gap_text(gap: Gap) -> str:
    """What is amiss, as a sentence."""
    words = dict(gap.words)
    if gap.code in MONEY_CODES:
        words |= {name: show_money(words[name], style="one") for name in MONEY & set(words)}
    if "category" in words:
        words["category"] = str(CATEGORIES.get(words["category"], words["category"]))
    # A percent sign of the sentence itself stands alone; only what is named is filled in.
    return fill(str(GAPS[gap.code]), words)


def fill(text: str, words: Mapping[str, Any]) -> str:
    """The sentence with its named places filled; a lone percent sign stays one."""
    for name, value in words.items():
        text = text.replace(f"%({name})s", str(value))
    return text


def section_label(gap: Gap) -> Text:
    return SECTIONS.get(gap.section, gap.section)


def finding_label(code: str) -> Text:
    return FINDINGS.get(code, code)


def closing_text(finding: Finding | Any) -> str:
    """Why a rule does not pass, and what would help; empty where it passes."""
    if finding.outcome == Outcome.PASS or not finding.closing:
        return ""
    words = {name: shown_code(name, value) for name, value in dict(finding.words).items()}
    text = CLOSINGS.get(finding.closing) or MATCHING_CLOSINGS.get(finding.closing, "")
    return fill(str(text), words)


def shown_code(name: str, value: str) -> str:
    labels: dict[str, Mapping[Any, Any]] = {"scopes": dict(Scope.Code.choices), "kinds": dict(Filing.Kind.choices)}
    if name not in labels:
        return value
    return "、".join(str(labels[name].get(code, code)) for code in value.split())


def bad_file_words(error: BadFile) -> tuple[str, str]:
    """(what is wrong, what to do) in the reader's language."""
    message, advice = BAD_FILES[error.code]
    return fill(str(message), error.words), str(advice)
