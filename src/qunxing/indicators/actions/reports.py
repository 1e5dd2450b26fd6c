"""Writes of reports: drafts, by hand or when they are due; issuing, which freezes; reissuing."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.core.errors import Refused
from qunxing.core.states import advance
from qunxing.directory.models import Scope
from qunxing.indicators.models import Every, Report, ReportContent, ReportTemplate
from qunxing.indicators.queries.reports import ISSUED, asked_of, faults_of, last_period
from qunxing.indicators.reports.content import Content, compose
from qunxing.indicators.reports.faults import fault_text
from qunxing.indicators.reports.keeping import digest_of, written
from qunxing.indicators.states.reports import REPORT, ReportState
from qunxing.ledger.actions import create
from qunxing.ledger.numbers import next_number
from qunxing.ledger.reasons import reason_for
from qunxing.ledger.recording import Entry, note, recording

LETTERS = "RP"


def issue(report: Report, *, actor: Any, reason: str, at: datetime) -> Report:
    """Number the report, freeze what it says as known at this moment, and put the digest of it into the log."""
    reason = reason_for(REPORT.named("issue"), reason)
    check_sound(report)
    with recording(actor=actor, reason=reason):
        stored = Report.objects.select_for_update().select_related("template", "scope__community").get(pk=report.pk)
        # Numbering takes the lock of the log, which every change of a ledger needs before it is there for others: from
        # here to the end all queries see one state, in every database.
        number = next_number(Report, LETTERS, timezone.localdate(at))
        content = written(frozen_content(stored, number, at))
        values = {
            "number": number, "issued_at": at, "issued_by": actor, "issued_why": reason, "digest": digest_of(content),
        }  # fmt: skip
        advance(stored, "issue", actor=actor, machine=REPORT, **values)
        ReportContent.objects.create(report=stored, kept=content)
        replace(stored, actor=actor)
        tell_log(stored)
    report.refresh_from_db()
    return report


def check_sound(report: Report) -> None:
    """Refused where the template cannot be filled in whole."""
    _body, faults = faults_of(report.template.body)
    if faults:
        words = {"template": report.template, "fault": fault_text(faults[0])}
        raise Refused(_("“%(template)s” cannot be issued. %(fault)s") % words, _("Mend the template first."), 422)


def frozen_content(report: Report, number: str, at: datetime) -> Content:
    """Everything the report says, with what it rests on; known at this moment, unless a day was chosen."""
    asked = asked_of(report)
    body, _faults = faults_of(report.template.body)
    template = report.template
    found = compose(asked, body, title=template.title, all_names=True, said_at=asked.known_at or at)
    reissue = report.replaces.number if report.replaces is not None else ""
    told = {"code": template.code, "revision": template.revision, "body": template.body, "period": template.period}
    more = {"number": number, "reissue_of": reissue, "audience": report.visibility, "issued_at": at, "template": told}
    return found | more


def replace(report: Report, *, actor: Any) -> None:
    """The report that this one is a reissue of gives way to it."""
    old = report.replaces
    if old is not None and old.state == ReportState.ISSUED:
        advance(old, "supersede", actor=actor, machine=REPORT)


def tell_log(report: Report) -> None:
    """Say in the log what anyone may hold the report against."""
    said = {
        "number": report.number,
        "content": report.digest,
        "template": report.template.code,
        "as_of": report.as_of,
        "replaces": report.replaces.number if report.replaces is not None else "",
    }
    note(Entry(ISSUED, Report.kind_code(), report.ref, said))


def drop(report: Report, *, actor: Any, reason: str) -> Report:
    """Give a draft up; it stays on record, so that it is not made again."""
    reason = reason_for(REPORT.named("drop"), reason)
    with recording(actor=actor, reason=reason):
        advance(report, "drop", actor=actor, machine=REPORT)
    return report


def reissue(report: Report, *, actor: Any) -> Report:
    """A draft of the same report with today's knowledge; the one that waits already where there is one."""
    with recording(actor=actor, reason=_("Reissue of %(number)s") % {"number": report.number}):
        # Who asks twice at once waits here for the draft of the first.
        old: Report = Report.objects.select_for_update().get(pk=report.pk)
        if old.state != ReportState.ISSUED:
            raise Refused(_("Only an issued report that was not replaced can be reissued."), "", 409)
        waiting: Report | None = old.reissues.filter(state=ReportState.DRAFT).first()
        words = {"template": old.template, "scope": old.scope, "as_of": old.as_of, "visibility": old.visibility}
        return waiting or create(Report(**words, replaces=old), actor=actor)


def draft_due(today: date, *, actor: Any = None) -> list[Report]:
    """Drafts of the month and the quarter that ended last, one for each template and community; never twice."""
    return [made for template, scope in wanted() if (made := draft(template, scope, today, actor)) is not None]


def wanted() -> Iterator[tuple[ReportTemplate, Scope]]:
    templates = ReportTemplate.objects.filter(retired=False).exclude(period=Every.NONE).order_by("pk")
    scopes = list(Scope.objects.order_by("pk"))
    return ((template, scope) for template in templates for scope in scopes if scope.code == template.scope)


def draft(template: ReportTemplate, scope: Scope, today: date, actor: Any) -> Report | None:
    """The draft that is due; None where there is a report of that day already, or somebody else was faster."""
    as_of, period = last_period(today, template.period)
    if Report.objects.filter(template=template, scope=scope, as_of=as_of).exists():
        return None
    made = Report(template=template, scope=scope, as_of=as_of, due_for=period, visibility=template.audience)
    try:
        return create(made, actor=actor, reason=_("Due for %(period)s") % {"period": period})
    except IntegrityError:
        return None
