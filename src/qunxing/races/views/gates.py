"""Gates: the panel, the report with its decisions, notice and confirmation."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges import clock
from qunxing.challenges.papers import paper_response
from qunxing.challenges.reads import countdown
from qunxing.challenges.views.steps import done, form_page, posted, today
from qunxing.core.calendars import work_calendar
from qunxing.core.errors import Refused
from qunxing.ledger.actions import StaleRecord
from qunxing.ledger.edges import record_context, require
from qunxing.ledger.queries import visible_or_404
from qunxing.races.actions import gates, noticing, panels
from qunxing.races.forms.running import DecisionForm, NoticeForm, ReasonForm, WordsForm
from qunxing.races.models import GateReport, LaneDecision
from qunxing.races.papers import report_paper
from qunxing.races.planwords import said
from qunxing.races.reads import metric_names, report_rows, to_part
from qunxing.races.rules.running import Permission
from qunxing.races.scorewords import metric_label
from qunxing.races.states.report import ReportState
from qunxing.races.views.planning import sent_once_more, the_stage
from qunxing.races.views.races import shorten_timeline


@require_POST
def panel_plan(request: HttpRequest, ref: str) -> HttpResponse:
    stage = the_stage(request, ref)
    require(request.user, Permission.DECIDE_GATE, stage)
    made = panels.plan_panel(stage, actor=request.user, day=today())
    return done(request, _("Plan the panel"), made.panel.get_absolute_url())


@require_POST
def report_make(request: HttpRequest, ref: str) -> HttpResponse:
    stage = the_stage(request, ref)
    require(request.user, Permission.DECIDE_GATE, stage)
    made = gates.make_report(stage, actor=request.user, at=clock.now())
    return done(request, _("Decide the gate"), made.get_absolute_url())


def the_report(request: HttpRequest, ref: str) -> GateReport:
    rows = GateReport.objects.select_related("stage__race__organization", "stage__race__challenge__board", "notice")
    found: GateReport = visible_or_404(rows, request.user, ref)
    return found


@require_safe
def report_detail(request: HttpRequest, ref: str) -> HttpResponse:
    report = the_report(request, ref)
    context = record_context(request, report)
    user: Any = request.user
    rows = report_rows(report, user)
    context |= {
        "report": report,
        "stage": report.stage,
        "race": report.race,
        "rows": rows,
        "metric_names": [metric_label(name) for name in metric_names(rows)],
        "said": list(said(report.stage.gate)),
        "planned": report.stage.gate.release,
        "neighbours": to_part(report, rows),
        "countdown": countdown(report.notice, today(), work_calendar()) if report.notice is not None else None,
        "can": {permission.name.lower(): user.has_perm(permission, report) for permission in Permission},
        "may_agree": {row.decision.pk for row in rows if may_agree(row.decision, user)},
        "draft": report.state == ReportState.DRAFT,
        "noticed": report.state == ReportState.NOTICE,
        "later": report.stage.reports.exclude(pk=report.pk).exclude(state=ReportState.OVERTURNED).first(),
    }
    shorten_timeline(request, context)
    return render(request, "races/report.html", context)


def may_agree(decision: LaneDecision, user: Any) -> bool:
    return not decision.agreed and bool(user.has_perm(Permission.AGREE_TO_MERGE, decision))


@require_safe
def report_word(request: HttpRequest, ref: str) -> HttpResponse:
    report = the_report(request, ref)
    return paper_response(report_paper(report, request.user), f"{report.race.number}-gate-{report.stage.order}")


def report_words(request: HttpRequest, ref: str) -> HttpResponse:
    """Reasons and dissent."""
    report = the_report(request, ref)
    require(request.user, Permission.DECIDE_GATE, report)
    initial = {"reasons": report.reasons, "dissent": report.dissent, "expected": report.revision}
    form = WordsForm(posted(request), initial=initial)

    def do(**words: Any) -> Any:
        return gates.write_words(report, actor=request.user, **words)

    return stale_page(request, form, do, title=_("Reasons and dissent"), row=report)


def stale_page(request: HttpRequest, form: Any, do: Any, *, title: str, row: Any) -> HttpResponse:
    """A form page that tells when somebody saved the row meanwhile; sent once more, what was typed replaces it."""
    try:
        return form_page(request, form, do, title=title, row=row)
    except StaleRecord as stale:
        form.add_error(None, f"{stale} " + _("Sent once more, what stands here replaces it."))
        form.data = sent_once_more(request, {"expected": stale.current.revision})
        context = {"form": form, "title": title, "back": row.get_absolute_url(), "record": row}
        return render(request, "ledger/form.html", context, status=409)


def report_notice(request: HttpRequest, ref: str) -> HttpResponse:
    report = the_report(request, ref)
    require(request.user, Permission.DECIDE_GATE, report)

    def do(text: str) -> Any:
        return noticing.give_notice(report, actor=request.user, day=today(), text=text)

    return form_page(request, NoticeForm(posted(request)), do, title=_("Give public notice"), row=report)


@require_POST
def report_confirm(request: HttpRequest, ref: str) -> HttpResponse:
    report = the_report(request, ref)
    require(request.user, Permission.CONFIRM_GATE, report)
    noticing.confirm(report, actor=request.user, day=today())
    return done(request, _("Confirm"), report.race.get_absolute_url())


def report_again(request: HttpRequest, ref: str) -> HttpResponse:
    """Take the report back; the gate is decided anew from the page of the race, or at once where nothing waits."""
    report = the_report(request, ref)
    require(request.user, Permission.DECIDE_GATE, report)

    def do(reason: str) -> Any:
        try:
            return gates.decide_anew(report, actor=request.user, at=clock.now(), reason=reason)
        except Refused:
            return gates.take_back(report, actor=request.user, reason=reason)

    title = _("Take back and decide anew")
    return form_page(
        request, ReasonForm(posted(request)), do, title=title, row=report, back=report.race.get_absolute_url()
    )


# --- decisions ------------------------------------------------------------------------------------------------------


def the_decision(request: HttpRequest, ref: str) -> LaneDecision:
    rows = LaneDecision.objects.select_related("report__stage__race", "lane__race", "into")
    found: LaneDecision = visible_or_404(rows, request.user, ref)
    return found


def decision_edit(request: HttpRequest, ref: str) -> HttpResponse:
    decision = the_decision(request, ref)
    require(request.user, Permission.DECIDE_GATE, decision)
    gates.refuse_unless_draft(decision.report)
    others = decision.lane.race.lanes.filter(state="running").exclude(pk=decision.lane_id)
    form = DecisionForm(posted(request), decision=decision, others=others)

    def do(**words: Any) -> Any:
        return gates.decide(decision, actor=request.user, **words)

    title = _("Decide: %(lane)s") % {"lane": decision.lane}
    return stale_page(request, form, do, title=title, row=decision.report)


@require_POST
def decision_agree(request: HttpRequest, ref: str) -> HttpResponse:
    decision = the_decision_to_agree(request, ref)
    require(request.user, Permission.AGREE_TO_MERGE, decision)
    gates.agree_to_merge(decision, actor=request.user, day=today(), word=request.POST.get("reason", "")[:500])
    back = decision.report if request.user.has_perm(Permission.SEE_RUNNING, decision.report) else decision.lane
    return done(request, _("Agree to the merge"), back.get_absolute_url())


def the_decision_to_agree(request: HttpRequest, ref: str) -> LaneDecision:
    """The two teams agree before the report is told, so that they reach this row and nothing else of it."""
    rows = LaneDecision.objects.select_related("report__stage__race", "lane__race", "into")
    found: LaneDecision | None = rows.filter(ref=ref).first()
    if found is None or not request.user.has_perm(Permission.AGREE_TO_MERGE, found):
        return the_decision(request, ref)
    return found
