"""Notice, award, contract, commitment and acceptance as Word; the template is made by tools/challenge_papers.py."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from docxtpl import DocxTemplate

from qunxing.challenges.about import about
from qunxing.challenges.models import Acceptance, Contract, Notice, Proposal
from qunxing.core.formats import NOTHING, show_day
from qunxing.core.money import show_money

TEMPLATE: Final = Path(__file__).parent / "data" / "paper.docx"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Block = dict[str, Any]


def written(words: dict[str, Any]) -> bytes:
    """The document in the reader's language."""
    document = DocxTemplate(TEMPLATE)
    document.render(words, autoescape=True)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def paper_response(words: dict[str, Any], name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.docx"'}
    return HttpResponse(written(words), content_type=DOCX, headers=headers)


def paper(title: str, subtitle: str, blocks: Iterable[Block], signs: Sequence[str] = (), closing: str = "") -> Block:
    return {"title": title, "subtitle": subtitle, "blocks": list(blocks), "signs": list(signs), "closing": closing}


def block(
    heading: str = "", lines: Iterable[str] = (), head: Sequence[str] = (), rows: Iterable[Sequence[str]] = ()
) -> Block:
    return {
        "heading": heading,
        "lines": [line for line in lines if line],
        "head": head,
        "rows": [list(r) for r in rows],
    }


def fact(label: str, value: Any) -> str:
    return _("%(label)s: %(value)s") % {"label": label, "value": value or NOTHING}


def notice_paper(notice: Notice) -> Block:
    """The public notice as it hangs on the wall; persons are masked in what it was made of."""
    rule = notice.rule
    words = {"first": show_day(notice.first_day), "last": show_day(notice.last_day), "reply": rule.reply_days}
    head, lines = notice_table(notice)
    how = _(
        "The notice runs from %(first)s to the end of %(last)s. Whoever has reasons against it objects within these "
        "days, in writing and by real name; who objects is kept confidential. An answer is given within %(reply)s "
        "working days."
    )
    return paper(
        notice.title,
        notice.number,
        [
            block(lines=[*about_lines(notice), fact(_("Issuer"), str(notice.issuer))]),
            block(lines=notice.text.splitlines()),
            block(_("Proposed for the award") if notice.proposal_id else _("Decided"), head=head, rows=lines),
            block(_("How to object"), [how % words]),
        ],
    )


def about_lines(notice: Notice) -> list[str]:
    """The challenge, or whatever else the notice is of."""
    found = about(notice)
    if notice.challenge is not None:
        return [fact(_("Challenge"), str(notice.challenge))]
    return [fact(_("About"), str(found))] if found is not None else []


def notice_table(notice: Notice) -> tuple[list[str], list[list[str]]]:
    """(heading, rows) of what is published; a gate of a race says of each team what was decided."""
    head = [pgettext("in an order", "Place"), _("Bidder"), _("Partners"), _("Leader in person"), _("Money")]
    rows = [
        [str(line["place"] or NOTHING), line["organization"], "、".join(line["partners"]), line["leader"],
         show_money(line["money"])]
        for line in notice.lines
    ]  # fmt: skip
    if notice.proposal_id is not None:
        return head, rows
    head = [head[0], _("Team"), *head[2:], _("Decision")]
    return head, [[*row, in_language(line.get("what", {}))] for row, line in zip(rows, notice.lines, strict=True)]


def in_language(said: Mapping[str, str]) -> str:
    """What was published in both languages, in the reader's."""
    return said.get((get_language() or "").lower(), next(iter(said.values()), ""))


def award_paper(proposal: Proposal) -> Block:
    """The award with every place, raw and calibrated side by side: for the file, not for the wall."""
    rows = proposal.places.select_related("bid__organization")
    head = [pgettext("in an order", "Place"), _("Bidder"), _("Standing"), _("Raw"), _("Raw rank")]
    head += [_("Calibrated"), _("Calibrated rank"), _("Money")]
    lines = [
        [
            str(row.place),
            str(row.bid.organization),
            str(row.get_standing_display()),
            points(row.raw),
            str(row.raw_rank or NOTHING),
            points(row.calibrated),
            str(row.calibrated_rank or NOTHING),
            show_money(row.money),
        ]
        for row in rows
    ]
    challenge = proposal.challenge
    decides = _("The calibrated order decides.") if proposal.decides == "calibrated" else _("The raw order decides.")
    return paper(
        _("Award"),
        f"{challenge.number} {challenge}",
        [
            block(
                lines=[fact(_("Proposed on"), show_day(proposal.made_on)), fact(_("State"), proposal_state(proposal))]
            ),
            block(lines=[decides, proposal.reason]),
            block(_("Bidders in their order"), head=head, rows=lines),
        ],
        closing=_("Digest of the panel's result: %(digest)s.") % {"digest": proposal.result_digest or NOTHING},
    )


def proposal_state(proposal: Proposal) -> str:
    return str(proposal.get_state_display())


def points(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"


def contract_paper(contract: Contract) -> Block:
    """The contract: parties, money, milestones and tranches, targets."""
    return paper(
        _("Contract"),
        f"{contract.number} · {contract.title}",
        [
            block(lines=contract_lines(contract)),
            block(_("Partners and their tasks"), head=[_("Partner"), _("Tasks")], rows=partner_rows(contract)),
            block(_("Committed targets"), head=target_head(), rows=target_rows(contract)),
            block(
                _("Milestones"), head=[_("Milestone"), _("Due on"), _("What shall be shown")], rows=stop_rows(contract)
            ),
            block(_("Payments"), head=[_("Payment"), _("Falls due with"), _("Amount")], rows=payment_rows(contract)),
            block(_("Terms"), term_lines(contract)),
        ],
        signs=sign_lines(contract),
    )


def contract_lines(contract: Contract) -> list[str]:
    return [
        fact(_("Issuer"), str(contract.issuer)),
        fact(_("Contractor"), str(contract.organization)),
        fact(_("Who pays"), str(contract.payer)),
        fact(_("Leader in person"), contract.leader),
        fact(_("Cost of the project"), show_money(contract.cost)),
        fact(pgettext("contract", "Grant"), show_money(contract.grant)),
        fact(_("Time"), f"{show_day(contract.starts_on)} – {show_day(contract.ends_on)}"),
    ]


def partner_rows(contract: Contract) -> list[list[str]]:
    rows = contract.parties.filter(left_on__isnull=True).select_related("organization")
    return [[str(row.organization), row.tasks] for row in rows]


def target_head() -> list[str]:
    return [_("Indicator"), _("Committed"), _("Asked for"), _("How tested")]


def target_rows(contract: Contract) -> list[list[str]]:
    return [[row.name, row.goal, row.asked, row.tested_how] for row in contract.commitments.all()]


def stop_rows(contract: Contract) -> list[list[str]]:
    return [[row.name, show_day(row.due_on), row.shows] for row in contract.milestones.all()]


def payment_rows(contract: Contract) -> list[list[str]]:
    signature = _("the signature")
    rows = contract.payments.select_related("milestone")
    lines = [[str(row.position), str(row.milestone or signature), show_money(row.amount)] for row in rows]
    return [*lines, [pgettext("sum", "Total"), "", show_money(sum(row.amount for row in rows))]]


def term_lines(contract: Contract) -> list[str]:
    rules = contract.terms
    return [
        _("What falls due is paid within %(days)s days.") % {"days": contract.pay_days},
        _("Extensions: %(count)s at most, of %(months)s months at most together.")
        % {"count": rules.funding.extensions, "months": rules.funding.extension_months},
        _("Accepted when %(percent)s%% of the targets are met; rectifications: %(count)s, within %(months)s months.")
        % {
            "percent": rules.acceptance.pass_percent,
            "count": rules.acceptance.rectifications,
            "months": rules.acceptance.rectify_months,
        },
        _(
            "False data fails the acceptance at once. Whoever was diligent by the record is exempt when the work "
            "must end."
        ),
    ]


def sign_lines(contract: Contract) -> list[str]:
    return [
        fact(_("For the issuer"), show_day(contract.issuer_signed_on)),
        fact(_("For the contractor"), show_day(contract.bidder_signed_on)),
    ]


def pledge_paper(contract: Contract) -> Block:
    """The commitment (军令状): what the leader in person answers for."""
    pledge = contract.pledge or _("To be pledged with the signature.")
    opening = _("I lead this project in person and answer for reaching the targets below by %(day)s.")
    return paper(
        pgettext("paper", "Performance commitment"),
        f"{contract.number} · {contract.title}",
        [
            block(lines=[opening % {"day": show_day(contract.ends_on)}, *pledge.splitlines()]),
            block(_("Committed targets"), head=target_head(), rows=target_rows(contract)),
        ],
        signs=[
            fact(_("Leader in person"), contract.leader),
            fact(_("Contractor"), str(contract.organization)),
            fact(_("Day"), show_day(contract.bidder_signed_on)),
        ],
    )


def acceptance_paper(acceptance: Acceptance) -> Block:
    """The acceptance: each target with who measured it and how, the user's word, the decision."""
    contract = acceptance.contract
    head = [_("Indicator"), _("Committed"), _("Measured"), _("Met"), _("Measured by"), _("How")]
    rows = [
        [row.commitment.name, row.commitment.goal, str(row), _("yes") if row.met else _("no"), row.measured_by, row.how]
        for row in acceptance.measurements.select_related("commitment").in_order()
    ]
    word = f"{acceptance.get_word_display()} {acceptance.word_text}".strip()
    return paper(
        pgettext("paper", "Acceptance"),
        f"{contract.number} · {contract.title}",
        [
            block(lines=[fact(_("Contractor"), str(contract.organization)), fact(_("Attempt"), acceptance.attempt)]),
            block(_("Report"), acceptance.report.splitlines()),
            block(_("Targets"), head=head, rows=rows),
            block(_("The user's word"), [word or NOTHING]),
            block(_("Decision"), [decision_line(acceptance), acceptance.finding]),
        ],
        signs=[fact(_("Decided on"), show_day(acceptance.decided_on))],
    )


def decision_line(acceptance: Acceptance) -> str:
    line = str(acceptance.get_state_display())
    if acceptance.rectify_by is not None:
        line += " · " + _("to be rectified by %(day)s") % {"day": show_day(acceptance.rectify_by)}
    return line
