"""A gate's result before the public, by the clock of challenges; confirmed once nothing stands against it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from qunxing.challenges.actions.awarding import check_passed
from qunxing.challenges.actions.common import follow, locked, require, take, tell
from qunxing.challenges.actions.noticing import LETTERS, tell_notice
from qunxing.challenges.models import Notice
from qunxing.challenges.noticeclock import window
from qunxing.challenges.states import notice as notices
from qunxing.challenges.states.notice import NoticeState
from qunxing.challenges.terms import Notice as Rule
from qunxing.core.calendars import work_calendar
from qunxing.core.errors import Refused
from qunxing.core.masking import mask_name
from qunxing.ledger.actions import change, create
from qunxing.ledger.canonical import plain
from qunxing.ledger.numbers import next_number
from qunxing.ledger.recording import recording
from qunxing.races.actions.finishing import settle_gate
from qunxing.races.models import GateReport, LaneDecision
from qunxing.races.models.reports import GOES_ON
from qunxing.races.rules.running import Permission
from qunxing.races.states import report as reports
from qunxing.races.states.lane import LaneState
from qunxing.races.states.report import ReportState

LANGUAGES = ("zh-hans", "en")


def give_notice(report: GateReport, *, actor: Any, day: date, text: str = "") -> GateReport:
    """Put what the gate decides before the public, for as long as the gate says; Refused while something is missing."""
    require(actor, Permission.DECIDE_GATE, report)
    with recording(actor=actor):
        stored = locked(report)
        rows = list(stored.decisions.select_related("lane__organization", "lane__route", "into").order_by("rank", "pk"))
        take(stored, "give_notice", reports.LIFE, actor=actor)
        check_complete(rows)
        check_budget(stored, rows)
        notice = create(notice_of(stored, rows, day, text), actor=actor)
        change(stored, actor=None, values={"notice": notice, "told": True})
        tell_notice("notice.given", notice)
    report.refresh_from_db()
    return report


def check_complete(rows: Sequence[LaneDecision]) -> None:
    """Every lane still runs, each merge is agreed to and leads to a lane that goes on."""
    for row in rows:
        if row.lane.state != LaneState.RUNNING:
            words = {"lane": row.lane}
            raise Refused(_("%(lane)s does not run any more.") % words, _("Take the report back and decide anew."), 409)
        if not row.agreed:
            raise Refused(_("The merge of %(lane)s is not agreed to by both teams.") % {"lane": row.lane}, "", 409)
    on = {row.lane_id for row in rows if row.follows in GOES_ON}
    for row in rows:
        if row.into is not None and row.into_id not in on:
            words = {"lane": row.lane, "into": row.into}
            raise Refused(_("%(lane)s merges into %(into)s, which does not go on.") % words, "", 409)


def check_budget(report: GateReport, rows: Sequence[LaneDecision]) -> None:
    """More for one lane comes out of what the others do not get: a gate has what it releases, for each of its lanes."""
    total, most = sum(row.money for row in rows), report.stage.gate.release * len(rows)
    if total > most:
        words = {"total": f"{total:,}", "most": f"{most:,}"}
        raise Refused(_("The decisions release %(total)s yuan; the gate has %(most)s.") % words, "", 409)


def notice_of(report: GateReport, rows: Sequence[LaneDecision], day: date, text: str) -> Notice:
    race, appeal = report.stage.race, report.stage.gate.appeal
    rule = Rule(days=appeal.days, mode=appeal.mode, reply_days=appeal.reply_days)
    shown = window(day, rule, work_calendar())
    clock = {"days": rule.days, "mode": rule.mode, "include_start": rule.include_start, "roll": rule.roll}
    words = {"race": race.title, "stage": report.stage.title}
    return Notice(
        challenge=race.challenge,
        issuer=race.organization,
        number=next_number(Notice, LETTERS, day),
        title=(_("Gate decided: %(race)s · %(stage)s") % words)[:250],
        text=text.replace("\x00", "").strip(),
        lines=plain([line_of(row) for row in rows]),
        clock={**clock, "reply_days": rule.reply_days},
        first_day=shown.first,
        last_day=shown.last,
        certain=shown.certain,
        visibility=race.visibility,
        demo=race.demo,
    )


def line_of(row: LaneDecision) -> dict[str, Any]:
    """What is published of a lane; persons are masked."""
    lane = row.lane
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = decision_text(row)
    return {
        "place": row.rank,
        "lane": lane.code,
        "organization": f"{lane.name}（{lane.organization}）" if lane.name != str(lane.organization) else lane.name,
        "partners": [party.organization.name for party in lane.parties.select_related("organization")],
        "leader": mask_name(lane.route.leader),
        "money": row.money,
        "what": said,
    }


def decision_text(row: LaneDecision) -> str:
    """What follows for a lane, in the language that is active."""
    label = str(row.get_follows_display())
    return f"{label}：{row.into}" if row.into is not None else label


def confirm(report: GateReport, *, actor: Any, day: date) -> GateReport:
    """Let the decisions hold once the notice has passed and no objection is open: money, lanes, the next stage."""
    require(actor, Permission.CONFIRM_GATE, report)
    with recording(actor=actor):
        stored = locked(report)
        if stored.state == ReportState.NOTICE and stored.notice is not None:
            check_notice(locked(stored.notice), day)
        take(stored, "confirm", reports.LIFE, actor=actor, confirmed_on=day)
        follow(stored.notice, "pass", notices.LIFE)
        tell("gate.confirmed", stored, {"number": stored.number, "day": day.isoformat()})
        settle_gate(stored, day=day)
    report.refresh_from_db()
    return report


def check_notice(notice: Notice, day: date) -> None:
    if notice.state == NoticeState.SUSPENDED:
        raise Refused(_("The notice is suspended."), _("Let it go on, or take the report back and decide anew."), 409)
    check_passed(notice, day)
