"""Reports: what they say, issuing, which freezes, reissuing, drafts that are due."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qunxing.core.duties import duties_of
from qunxing.core.errors import IllegalTransition, Refused
from qunxing.directory.models import Scope
from qunxing.indicators.actions import reports as actions
from qunxing.indicators.actions.templates import BROUGHT, body_of, plant_templates
from qunxing.indicators.figures.periods import Span
from qunxing.indicators.models import Definition, Every, Report, ReportContent, ReportTemplate
from qunxing.indicators.queries import reports as queries
from qunxing.indicators.reports.body import parse
from qunxing.indicators.reports.composing import Asked
from qunxing.indicators.reports.content import compose, figures_of_all
from qunxing.indicators.reports.exchange import contract
from qunxing.indicators.reports.keeping import Unreadable, digest_of, plain, read, written
from qunxing.indicators.reports.readers import reader_of
from qunxing.indicators.rounds import make_drafts
from qunxing.indicators.states.reports import REPORT, ReportState
from qunxing.ledger.actions import change, create, remove
from qunxing.ledger.models import LogEntry
from tests import factories
from tests.funds import factories as funds
from tests.indicators import reporting
from tests.indicators.reporting import AT, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def scope() -> Scope:
    return factories.scope()


def said(text: str, scope: Scope | None, day: date = DAY, **more: Any) -> str:
    """The one paragraph of a template, filled in."""
    more.setdefault("language", "zh-hans")
    content = compose(Asked(day, scope, **more), parse(f"# A\n{text}"), title="月报")
    [block] = content["sections"][0]["blocks"]
    return "".join(part["text"] for part in block["parts"])


def figure_of(report: Report, key: str) -> dict[str, Any]:
    return next(item for item in queries.content_of(report)["figures"] if item["key"] == key)


# --- what is said ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{resident_firms}}", "3家"),
        ("{{resident_firms|count}}", "3"),
        ("{{resident_firms|previous}}", "2家"),
        ("{{resident_firms|year_before}}", "1家"),
        ("{{resident_firms|change}}", "增加1家"),
        ("{{resident_firms|change_year}}", "增加2家"),
        ("{{resident_firms|growth}}", "增长50%"),
        ("{{resident_firms|growth_year}}", "增长200%"),
        ("{{firms_left|growth}}", "无法得出"),
        ("{{core_firms|change}}", "持平"),
        ("{{resident_firms@surroundings}}", "4家"),
        ("{{as_of}}、{{period}}、{{first_day}}、{{title}}", "2025年5月7日、2025年5月、2025年5月1日、月报"),
        ("{{community}}、{{scope}}、{{known_at}}", "模速空间、空间、签发时"),
    ],
    ids=lambda value: value if "{" in value else "",
)
def test_sentences_are_filled_in(scope: Scope, text: str, expected: str) -> None:
    change(scope, actor=None, values={"name_zh": "空间"})
    wider = factories.scope(scope.community, Scope.Code.SURROUNDINGS)
    for entered in (date(2024, 3, 1), date(2025, 2, 1), date(2025, 5, 3)):
        reporting.stay(scope, entered_on=entered)
    reporting.stay(wider, entered_on=date(2025, 1, 1))
    scope.refresh_from_db()
    assert said(text, scope) == expected


def test_a_report_in_english_speaks_english(scope: Scope) -> None:
    reporting.stay(scope)
    assert (
        said("{{resident_firms}}, {{resident_firms|growth_year}}", scope, language="en") == "1 organisations, unchanged"
    )


def test_growth_from_nothing_says_that_it_cannot_be_told(scope: Scope) -> None:
    reporting.stay(scope, entered_on=date(2025, 5, 1))
    content = compose(Asked(DAY, scope), parse("# A\n{{resident_firms|growth}}"), title="x")
    [item] = content["figures"]
    assert (item["value"], item["text"]) == (None, "无法得出")


def test_an_indicator_made_of_itself_cannot_be_told(scope: Scope) -> None:
    for code, base in (("one", "two"), ("two", "one")):
        made = Definition(code=code, name_zh=code, name_en=code, operation="growth_year", base=base)
        create(made, actor=None)
    assert said("{{one}}", scope) == "无法得出"
    _body, faults = queries.faults_of("# A\n{{one}}")
    assert [(fault.line, fault.code) for fault in faults] == [(2, "circular")]


def test_a_scope_without_rows_gives_zeros_and_says_so(scope: Scope) -> None:
    content = compose(Asked(DAY, scope), parse("# A\n!table resident_firms, firms_left, financing"), title="x")
    assert [item["value"] for item in content["figures"] if not item["form"]] == [0, 0, 0]
    assert content["remarks"] == ["该日该口径范围内没有记录：各项均为零。"]


def test_a_moment_before_anything_was_kept_says_so(scope: Scope) -> None:
    reporting.stay(scope)
    asked = Asked(DAY, scope, known_at=datetime(2020, 1, 1, tzinfo=UTC))
    content = compose(asked, parse("# A\n{{resident_firms}}"), title="x")
    assert (content["figures"][0]["value"], len(content["remarks"])) == (0, 2)


def test_nothing_is_kept_and_every_figure_is_still_told() -> None:
    content = plain(figures_of_all(Asked(DAY, None), whole=True))
    assert {item["value"] for item in content["figures"] if not item["form"]} <= {0, None}
    assert contract(content)["scope"] is None


def test_every_indicator_is_told_and_named_in_the_contract(scope: Scope) -> None:
    stay = reporting.stay(scope)
    found = contract(plain(figures_of_all(Asked(DAY, scope), whole=False)))
    assert set(found) == {"as_of", "known_at", "scope", "digest", "indicators"}
    codes = [one["code"] for one in found["indicators"]]
    assert codes == sorted(codes)
    one = next(one for one in found["indicators"] if one["code"] == "resident_firms")
    assert one == {"code": "resident_firms", "name": "入驻企业", "value": 1, "unit": "家", "rows": [stay.ref]}


def test_rows_that_count_perhaps_make_a_range(scope: Scope) -> None:
    reporting.stay(scope, entered_on=None)
    [item] = compose(Asked(DAY, scope), parse("# A\n{{resident_firms}}"), title="x")["figures"]
    assert item["value"] == {"low": 0, "high": 1, "low_open": False, "high_open": False}
    assert (item["rows"], len(item["perhaps"])) == ([], 1)


def test_money_is_told_in_parts_and_in_thousands(scope: Scope) -> None:

    stay = reporting.stay(scope)
    for currency, amount in (("CNY", 5_000_000), ("USD", 2_000_000)):
        funds.round_of(stay.organization, closed_on=DAY, currency=currency, amount_low=amount, amount_high=amount)
    assert said("{{financing}}", scope) == "500万元；200万美元"
    assert said("{{financing.CNY|thousands}}", scope) == "5,000千元"
    content = compose(Asked(DAY, scope), parse("# A\n!table financing|thousands"), title="x")
    lines = [[cell["text"] for cell in line] for line in content["sections"][0]["blocks"][0]["lines"]]
    zero = ["0千元", "无法得出", "0千元", "无法得出"]
    assert lines[0] == ["融资额（CNY）", "5,000千元", *zero]


def test_trends_and_breakdowns_carry_their_numbers(scope: Scope) -> None:
    reporting.stay(scope, tier="core")
    reporting.stay(scope, tier="star", entered_on=date(2025, 4, 10))
    body = parse("# A\n!trend resident_firms for 3 months\n!breakdown resident_firms by tier")
    content = compose(Asked(DAY, scope), body, title="x")
    chart, table = content["sections"][0]["blocks"]
    assert chart["chart"]["labels"] == ["2025-03", "2025-04", "2025-05"]
    assert chart["chart"]["series"][0]["data"] == [1, 2, 2]
    assert [[cell["text"] for cell in line] for line in table["lines"]][-1] == ["合计", "2家"]
    assert [item["value"] for item in content["figures"] if item["form"] == "by_tier"] == [1, 1]


@pytest.mark.parametrize(("audience", "expected"), [("public", 1), ("community", 2), ("internal", 3)])
def test_figures_count_what_the_audience_may_see(scope: Scope, audience: str, expected: int) -> None:
    for level in ("public", "community", "internal"):
        reporting.stay(scope, firm=factories.organization(visibility=level))
    asked = Asked(DAY, scope, reader_of(audience))
    [item] = compose(asked, parse("# A\n{{resident_firms}}"), title="x", all_names=True)["figures"]
    assert (item["value"], len(item["rows"])) == (expected, expected)


def filtered(access: str) -> None:
    """An indicator of star firms, of which readers get no more than this."""
    words = {"code": f"{access}-one", "name_zh": access, "name_en": access, "operation": "filter"}
    made = Definition(**words, base="resident_firms", where={"tier": ["star"]}, access=access)
    create(made, actor=None)


def test_what_is_closed_to_the_audience_is_not_told(scope: Scope) -> None:
    reporting.stay(scope)
    words = {
        "name_zh": "封闭",
        "name_en": "Closed",
        "operation": "filter",
        "base": "resident_firms",
        "access": "closed",
    }
    create(Definition(code="closed-one", where={"tier": ["star"]}, **words), actor=None)
    asked = Asked(DAY, scope, reader_of("public"))
    content = compose(asked, parse("# A\n{{closed-one}}\n!trend closed-one\n!breakdown closed-one by tier"), title="x")
    assert [item["value"] for item in content["figures"]] == [None]
    assert (content["figures"][0]["text"], content["definitions"]) == ("不公布", {})


def test_a_report_for_the_public_neither_tells_nor_names_an_internal_figure(scope: Scope) -> None:
    words = {"name_zh": "内部口径", "name_en": "Inner", "operation": "growth_year", "base": "resident_firms"}
    create(Definition(code="inner", visibility="internal", **words), actor=None)
    told = compose(Asked(DAY, scope, reader_of("public")), parse("# A\n{{inner}}\n!trend inner"), title="x")
    assert (told["figures"][0]["text"], told["definitions"]) == ("不公布", {})
    assert "内部口径" not in str(told)


def test_banded_totals_leave_no_number_and_no_rows(scope: Scope) -> None:
    for _number in range(3):
        reporting.stay(scope, firm=factories.organization(visibility="internal"))
    words = {
        "name_zh": "分档",
        "name_en": "Banded",
        "operation": "filter",
        "base": "resident_firms",
        "access": "banded",
    }
    create(Definition(code="banded-one", where={"tier": ["star"]}, **words), actor=None)
    asked = Asked(DAY, scope, reader_of("public"))
    content = compose(asked, parse("# A\n{{banded-one}}、{{banded-one|change}}"), title="x", all_names=True)
    assert {(item["value"], tuple(item["rows"])) for item in content["figures"]} == {(None, ())}
    assert content["rows"] == {}


def test_true_totals_for_others_are_told_of_the_end_of_a_quarter(scope: Scope) -> None:
    for _number in range(5):
        reporting.stay(scope, firm=factories.organization(visibility="internal"))
    filtered("protected")
    content = compose(Asked(DAY, scope, reader_of("public")), parse("# A\n{{protected-one}}"), title="x")
    [item] = content["figures"]
    assert (item["value"], item["day"], item["rows"]) == (5, "2025-03-31", [])
    assert len(item["remarks"]) == 1


# --- issuing --------------------------------------------------------------------------------------------------------


def test_issuing_numbers_freezes_and_tells_the_log(scope: Scope) -> None:
    reporting.stay(scope)
    found = reporting.issued(scope=scope)
    assert (found.number, found.state, found.issued_at) == ("RP-2025-001", ReportState.ISSUED, AT)
    entry = LogEntry.objects.get(kind="report.issued", subject_ref=found.ref)
    assert json.loads(entry.body)["facts"]["content"] == found.digest
    assert queries.prove(found).ok
    content = queries.content_of(found)
    assert (content["number"], content["known_at"]) == ("RP-2025-001", "2025-05-08T02:00:00.000000Z")
    assert content["template"]["body"] == found.template.body
    assert "resident_firms" in content["definitions"]


def test_an_issued_report_stays_whatever_the_ledger_says(scope: Scope) -> None:
    stay = reporting.stay(scope, name="稀宇科技有限公司")
    found = reporting.issued(scope=scope)
    before = queries.content_of(found)
    remove(stay, actor=None, reason="误录")
    change(found.template, actor=None, values={"body": "# 别的\n{{firms_left}}", "name_zh": "别的"})
    found = Report.objects.get(pk=found.pk)
    assert queries.content_of(found) == before
    [item] = before["rows"]["directory.residency"].values()
    assert item["name"].startswith("稀宇科技有限公司")
    assert queries.paper_of(found, factories.user("staff")).title == before["title"]


def test_issuing_needs_a_reason_and_a_draft(scope: Scope) -> None:
    draft = reporting.report(scope=scope)
    with pytest.raises(Refused):
        actions.issue(draft, actor=None, reason=" ", at=AT)
    actions.issue(draft, actor=None, reason="核对", at=AT)
    with pytest.raises(IllegalTransition):
        actions.issue(draft, actor=None, reason="再来", at=AT)
    assert ReportContent.objects.count() == 1


def test_a_draft_whose_template_names_what_is_gone_is_not_issued(scope: Scope) -> None:
    draft = reporting.report(reporting.template(body="# A\n{{gone_firms}}"), scope)
    with pytest.raises(Refused, match="gone_firms"):
        actions.issue(draft, actor=None, reason="核对", at=AT)
    assert queries.content_now(draft)["figures"][0]["text"] == "无法得出"


@pytest.mark.parametrize("step", list(REPORT), ids=lambda step: step.name)
@pytest.mark.parametrize("state", list(ReportState), ids=str)
def test_steps_lead_only_from_their_states(scope: Scope, step: Any, state: str) -> None:
    row = reporting.issued(scope=scope)
    Report.objects.filter(pk=row.pk).update(state=state)
    row.refresh_from_db()
    moves: dict[str, Any] = {
        "issue": lambda: actions.issue(row, actor=None, reason="核对", at=AT),
        "drop": lambda: actions.drop(row, actor=None, reason="重复"),
        "supersede": lambda: actions.replace(Report(replaces=row), actor=None),
    }
    if state in step.sources and step.name == "drop":
        moves[step.name]()
        assert Report.objects.get(pk=row.pk).state == step.target
    elif state not in step.sources and step.name != "supersede":
        with pytest.raises(IllegalTransition):
            moves[step.name]()


def test_only_staff_issue(scope: Scope) -> None:
    for kind in ("officer", "member", "visitor"):
        with pytest.raises(PermissionDenied):
            actions.issue(reporting.report(scope=scope), actor=factories.user(kind), reason="核对", at=AT)
    assert actions.issue(reporting.report(scope=scope), actor=factories.user("staff"), reason="核对", at=AT).number


@pytest.mark.parametrize("harm", ["content", "row", "gone", "bytes"])
def test_what_was_changed_behind_the_program_is_found(scope: Scope, harm: str) -> None:
    reporting.stay(scope)
    found = reporting.issued(scope=scope)
    rows = ReportContent.objects.filter(report=found)
    if harm == "content":
        rows.update(kept=written({**queries.content_of(found), "title": "另一个"}))
    elif harm == "row":
        Report.objects.filter(pk=found.pk).update(digest="0" * 64)
    elif harm == "gone":
        rows.delete()
    else:
        rows.update(kept=b"no report")
    assert not queries.prove(Report.objects.get(pk=found.pk)).ok


def test_what_is_kept_is_the_same_for_the_same_content() -> None:
    content = {"b": [1, 2.5, None], "a": "模速空间"}
    assert written(content) == written(dict(reversed(content.items())))
    assert read(written(content)) == content
    assert len(digest_of(written(content))) == 64
    for harmed in (b"", written(content)[:-6], b"x" * 10):
        assert digest_of(harmed) == ""
        with pytest.raises(Unreadable):
            read(harmed)


# --- reissuing ------------------------------------------------------------------------------------------------------


def test_a_reissue_shows_corrections_row_by_row(scope: Scope) -> None:
    gone = reporting.stay(scope, name="早退科技有限公司")
    kept = reporting.stay(scope, name="常驻科技有限公司")
    first = reporting.issued(scope=scope)
    change(gone, actor=None, values={"stage": "left", "left_on": date(2025, 3, 31)}, reason="实际三月底已迁出")
    change(kept, actor=None, values={"space": "5 层"}, reason="补录")
    late = reporting.stay(scope, name="补录科技有限公司")
    again = actions.reissue(first, actor=None)
    assert actions.reissue(first, actor=None) == again
    live = {one.key: one for one in queries.Difference(first, again).changes}
    actions.issue(again, actor=None, reason="更正入驻", at=AT + timedelta(days=30))
    first.refresh_from_db()
    frozen = {one.key: one for one in queries.Difference(first, again).changes}
    assert live.keys() == frozen.keys()
    one = frozen["resident_firms"]
    assert (one.old, one.new) == ("2家", "2家")
    assert (one.corrected_in, one.corrected_out, one.corrected) == ([late.ref], [gone.ref], [kept.ref])
    assert (one.came, one.left, one.names[gone.ref][:6]) == ([], [], "早退科技有限")
    assert (first.state, again.number, again.replaces) == (ReportState.SUPERSEDED, "RP-2025-002", first)


def test_without_a_correction_nothing_differs(scope: Scope) -> None:
    reporting.stay(scope)
    first = reporting.issued(scope=scope)
    assert queries.Difference(first, None).changes == []


def test_a_report_that_was_replaced_meanwhile_is_not_reissued(scope: Scope) -> None:
    first = reporting.issued(scope=scope)
    seen_before = Report.objects.get(pk=first.pk)
    actions.issue(actions.reissue(first, actor=None), actor=None, reason="更正", at=AT)
    with pytest.raises(Refused):
        actions.reissue(seen_before, actor=None)


def test_only_an_issued_report_is_reissued(scope: Scope) -> None:
    with pytest.raises(Refused):
        actions.reissue(reporting.report(scope=scope), actor=None)


# --- drafts that are due --------------------------------------------------------------------------------------------


def test_last_periods_are_those_that_ended() -> None:
    assert queries.last_period(date(2026, 3, 1), Every.MONTH) == (date(2026, 2, 28), "2026-02")
    assert queries.last_period(date(2026, 3, 31), Every.QUARTER) == (date(2025, 12, 31), "2025Q4")
    assert queries.last_period(date(2026, 4, 1), Every.QUARTER) == (date(2026, 3, 31), "2026Q1")


def test_due_drafts_are_made_once(scope: Scope) -> None:
    monthly = reporting.template(period=Every.MONTH)
    reporting.template(period=Every.QUARTER, scope=Scope.Code.CITY)
    reporting.template(period=Every.MONTH, retired=True)
    [made] = actions.draft_due(date(2025, 6, 2))
    assert (made.template, made.as_of, made.due_for, made.due) == (
        monthly, date(2025, 5, 31), "2025-05", date(2025, 6, 10),
    )  # fmt: skip
    assert actions.draft_due(date(2025, 6, 3)) == []
    actions.drop(made, actor=None, reason="本月不出")
    assert actions.draft_due(date(2025, 6, 30)) == []
    assert len(actions.draft_due(date(2025, 7, 1))) == 1


def test_nobody_makes_a_due_draft_twice_at_the_same_time(scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    reporting.template(period=Every.MONTH)
    actions.draft_due(date(2025, 6, 2))
    monkeypatch.setattr(Report.objects, "filter", lambda **_words: Report.objects.none())
    assert actions.draft_due(date(2025, 6, 2)) == []


def test_the_clock_makes_drafts_and_staff_are_told(scope: Scope) -> None:
    template = reporting.template(period=Every.MONTH)
    assert make_drafts(now=datetime(2025, 6, 1, 1, tzinfo=UTC)) == 1
    made = Report.objects.get(template=template)
    duties = [
        duty for duty in duties_of(factories.user("staff"), date(2025, 6, 2)) if duty.url == made.get_absolute_url()
    ]
    assert [(duty.due, str(duty.about)) for duty in duties] == [(date(2025, 6, 10), str(made))]
    for kind in ("officer", "member"):
        found = duties_of(factories.user(kind), date(2025, 6, 2))
        assert [duty for duty in found if duty.url == made.get_absolute_url()] == []


# --- templates that come with the program ---------------------------------------------------------------------------


def test_templates_of_the_program_are_planted_once() -> None:
    assert plant_templates(actor=None) == len(BROUGHT)
    change(ReportTemplate.objects.get(code="monthly"), actor=None, values={"body": "# 我们的"})
    assert plant_templates(actor=None) == 0
    assert ReportTemplate.objects.get(code="monthly").body == "# 我们的"


@pytest.mark.parametrize(("name", "language"), [(row[1], row[6]) for row in BROUGHT])
def test_templates_of_the_program_have_no_fault(scope: Scope, name: str, language: str) -> None:
    body, faults = queries.faults_of(body_of(name, language))
    assert faults == []
    for code in (Scope.Code.SURROUNDINGS, Scope.Code.DISTRICT):
        factories.scope(scope.community, code)
    content = compose(Asked(DAY, scope, span=Span.QUARTER, language=language), body, title="x")
    unknown = {"没有这个指标，或当时尚未定义。", "There is no such indicator, or it was not defined yet."}
    assert [item["key"] for item in content["figures"] if unknown.intersection(item["remarks"])] == []


def test_a_report_asks_as_many_questions_for_three_rows_as_for_one(scope: Scope) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            compose(Asked(DAY, scope), parse(body_of("monthly", "zh-hans")), title="x", all_names=True)
        return len(questions)

    reporting.stay(scope)
    once = asked()
    reporting.stay(scope)
    reporting.stay(scope)
    assert asked() == once
