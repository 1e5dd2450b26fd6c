"""The gate report as Word, on the template of the papers of challenges."""

from collections.abc import Container, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunxing.challenges.papers import Block, block, fact, paper
from qunxing.core.formats import NOTHING, show_day
from qunxing.core.money import show_money
from qunxing.races.models import GateReport
from qunxing.races.planwords import said
from qunxing.races.reads import ReportRow, report_rows
from qunxing.races.words import undefined_text


def report_paper(report: GateReport, user: Any = None) -> Block:
    """What was measured, on what, the standing, the decisions with their reasons, the dissent; for this reader, if for
    one.
    """
    stage, race = report.stage, report.stage.race
    rows = report_rows(report, user)
    return paper(
        pgettext("paper", "Gate report"),
        f"{race.number or ''} {race.title} · {stage.title}".strip(),
        [
            block(lines=[fact(_("Asked by"), str(race.organization)), fact(_("Made on"), show_day(report.made_on))]),
            block(_("What the gate fixed"), [fact(str(label), text) for label, text in said(stage.gate)]),
            block(_("Standing"), standing_lines(report), head=standing_head(), rows=[standing_row(r) for r in rows]),
            block(_("Decisions"), head=decision_head(), rows=[decision_row(row) for row in rows]),
            block(_("Reasons"), report.reasons.splitlines()),
            block(_("Dissent"), report.dissent.splitlines()),
            block(_("On what it rests"), basis_lines(report, {row.decision.lane.code for row in rows})),
        ],
        signs=[fact(_("Day"), show_day(report.confirmed_on))],
    )


def standing_lines(report: GateReport) -> list[str]:
    found = report.standing
    words = {"items": f"{found.get('items', 0):,}", "level": f"{found.get('level', 0):.0%}"}
    if not found.get("by_items"):
        return [_("Without item scores there are no intervals.")]
    return [_("Over %(items)s items; intervals at %(level)s, differences corrected for all comparisons.") % words]


def standing_head() -> list[str]:
    return [_("Rank"), _("Team"), _("Score"), _("Interval"), _("Ranks possible"), _("Group")]


def standing_row(row: ReportRow) -> list[str]:
    one = row.decision
    interval = f"{one.low:.4f} – {one.high:.4f}" if one.low is not None and one.high is not None else NOTHING
    score = f"{one.score:.4f}" if one.score is not None else undefined_text(one.undefined)
    return [str(one.rank or NOTHING), str(one.lane), score, interval, row.ranks or NOTHING, str(row.group or NOTHING)]


def decision_head() -> list[str]:
    return [_("Team"), _("By the rule"), _("Decision"), _("Money"), _("Reason")]


def decision_row(row: ReportRow) -> list[str]:
    one = row.decision
    by_rule = _("passes") if one.passes else one.veto or _("does not pass")
    if one.tied:
        by_rule += " · " + _("tied at the line")
    what = f"{one.get_follows_display()} {one.into}" if one.into is not None else str(one.get_follows_display())
    return [str(one.lane), by_rule, what, show_money(one.money), one.reason]


def basis_lines(report: GateReport, lanes: Container[str]) -> Iterator[str]:
    """Digests of everything, so that it can be checked; of entries those of these lanes."""
    measured: dict[str, Any] = report.measured
    yield fact(_("Digest of the standing"), report.standing_digest)
    yield fact(_("Digest of its plan"), measured.get("plan", ""))
    if measured.get("test_set"):
        yield fact(_("Test set"), f"v{measured['test_set']['version']} · {measured['test_set']['digest']}")
    for lane, one in sorted(measured.get("entries", {}).items()):
        by = f" · {one['by']}" if one.get("by") else ""
        if lane not in lanes:
            continue
        yield fact(f"{lane} · {_('entry')} {one['number']}", f"{one['digest']}{by}")
