"""Made-up reports: one for everybody, one that was said otherwise once and reissued, one that waits as a draft."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from qunxing.demo.desk import Desk
from qunxing.directory.models import Residency, Scope
from qunxing.indicators.actions.reports import issue
from qunxing.indicators.figures.periods import Span, before
from qunxing.indicators.models import Every, Report, ReportTemplate
from qunxing.indicators.queries.reports import last_period
from qunxing.ledger.models import Visibility

# A firm that graduated some months ago, and as staff found later some weeks earlier than they had written down.
CORRECTED = "zhuoyue"
EARLIER, AFTER_MONTH, AGO = 20, 5, 9


def add_reports(desk: Desk) -> None:
    stay = desk.find(Residency, CORRECTED)
    stay.refresh_from_db()  # it left after the desk had put it down
    month = before(stay.left_on or desk.day, Span.MONTH)
    first = add(desk, "first", month, Visibility.COMMUNITY)
    issue(first, actor=desk.clerk, reason="月度例行报告", at=morning(month + timedelta(days=AFTER_MONTH)))
    following = before(month + timedelta(days=40), Span.MONTH)
    second = add(desk, "second", following, Visibility.PUBLIC)
    issue(second, actor=desk.clerk, reason="月度例行报告", at=morning(following + timedelta(days=AFTER_MONTH)))
    values = {"left_on": month - timedelta(days=EARLIER)}
    desk.change(stay, CORRECTED, values, reason="核对毕业协议：签署日早于登记的离开日")
    again = add(desk, "again", month, Visibility.COMMUNITY, replaces=first)
    issue(again, actor=desk.clerk, reason="一家企业的毕业日期有更正，重发", at=morning(desk.ago(AGO)))


def add_draft(desk: Desk) -> None:
    """The report of the month that ended last, as the clock drafts it."""
    as_of, period = last_period(desk.day, Every.MONTH)
    add(desk, "draft", as_of, Visibility.INTERNAL, due_for=period)


def add(desk: Desk, key: str, as_of: date, audience: str, **more: object) -> Report:
    template = ReportTemplate.objects.get(code="monthly")
    scope = desk.find(Scope, "mosu-space")
    made = Report(template=template, scope=scope, as_of=as_of, visibility=audience, **more)
    return desk.add(made, f"report-{key}", reason="起草月报")


def morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))
