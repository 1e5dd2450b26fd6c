"""What must not grow with the rows of a sheet: queries, values of one condition, comparisons."""

import sqlite3

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from qunxing.accounts.models import Kind
from qunxing.core.errors import Refused
from qunxing.core.reasons import because
from qunxing.core.sheets import sheets
from qunxing.directory.models import Contact, OrganizationName, Product, Residency
from qunxing.funds.models import Fund
from qunxing.intake.models import SheetRow
from qunxing.intake.sheets import actions, out, pages, planning, writing
from qunxing.intake.sheets.marks import mark_of
from qunxing.intake.sheets.rows import Row, Trouble
from qunxing.ledger.actions import change, create
from tests import factories as people
from tests.funds import factories as funds
from tests.intake.sheets.made import applied, outcomes, previewed, told, uscc
from tests.registry import factories as registry
from tests.resources import factories as resources
from tests.scenarios import factories as scenarios

pytestmark = pytest.mark.django_db
SHEETS = list(sheets().values())
HEAD = ["企业名称", "统一社会信用代码"]


def hanging(model, **values):
    return create(model(organization=people.organization(), **values), actor=None)


def held_fund(number):
    return funds.fund(
        name=f"第{number}基金", parent=funds.fund(name=f"第{number}母基金"), manager=people.organization()
    )


MAKE = {
    "organizations": lambda number: people.organization(name=f"上海第{number}有限公司", uscc=uscc(number)),
    "organization-names": lambda number: hanging(OrganizationName, text=f"旧名{number}"),
    "residencies": lambda number: hanging(Residency, scope=people.scope(people.community(name=f"空间{number}"))),
    "contacts": lambda number: hanging(Contact, name=f"张{number}"),
    "products": lambda number: hanging(Product, name=f"产品{number}"),
    "models": lambda number: registry.model(
        people.organization(), name=f"模型{number}", base_model=registry.model(name=f"基座{number}")
    ),
    "model-versions": lambda number: registry.version(registry.model(people.organization(), name=f"模型{number}")),
    "filings": lambda number: registry.coverage(registry.filing(), registry.model(name=f"模型{number}")).filing,
    "funds": held_fund,
    "commitments": lambda number: funds.commitment(
        funds.fund(name=f"第{number}基金"), investor_fund=funds.fund(name=f"第{number}母基金"), investor=None
    ),
    "rounds": lambda _number: funds.round_of(stage=funds.stage("a")),
    "investments": lambda _number: funds.investment(funds.round_of(stage=funds.stage("a"))),
    "offers": lambda number: resources.offer(title=f"算力{number}"),
    "scenarios": lambda number: scenarios.scenario(title=f"场景{number}"),
}
CHANGED = {  # a column that a row changes, and what it says there
    "organizations": ("short_name", "新简称"),
    "organization-names": ("from_day", "2020-01-02"),
    "residencies": ("space", "B座"),
    "contacts": ("title", "经理"),
    "products": ("place", "C3"),
    "models": ("description", "新说明"),
    "model-versions": ("note", "新说明"),
    "filings": ("notes", "新说明"),
    "funds": ("short_name", "新简称"),
    "commitments": ("note", "新说明"),
    "rounds": ("note", "新说明"),
    "investments": ("note", "新说明"),
    "offers": ("description", "新说明"),
    "scenarios": ("location", "新地址"),
}


@pytest.fixture
def few_variables():
    """A database that takes six hundred values in one statement, as far as it can be told so."""
    connection.ensure_connection()
    if connection.vendor != "sqlite":
        yield
        return
    most = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 600)
    yield
    connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, most)


@pytest.mark.parametrize("spec", SHEETS, ids=lambda spec: spec.code)
def test_planning_asks_as_often_for_a_few_rows_as_for_twice_as_many(spec):
    """Half of the rows are about records of the ledger, of the other half nothing is there yet."""
    clerk = people.user(Kind.STAFF)
    records = [MAKE[spec.code](number) for number in range(8)]
    stored = spec.model.objects.filter(pk__in=[one.pk for one in records]).order_by("pk")
    rows = list(out.told_rows(spec, spec.columns, stored, user=clerk))
    name, text = CHANGED[spec.code]
    place = [column.name for column in spec.columns].index(name)
    changed = [[*row[:place], text, *row[place + 1 :]] for row in rows[:4]]
    bare = [[*row[:-1], ""] for row in rows[4:]]
    for record in records[4:]:
        spec.model.objects.filter(pk=record.pk).delete()
    asked = []
    for half in (2, 4):
        chosen = [out.headings(spec, spec.columns), *changed[:half], *bare[:half]]
        with CaptureQueriesContext(connection) as queries:
            batch = previewed(spec.code, chosen, actor=clerk)
        asked.append(len(queries))
        assert outcomes(batch) == ["changed"] * half + ["new"] * half
    assert asked[0] == asked[1]


def test_what_a_column_asks_of_new_records_is_found_once(monkeypatch):
    asked, required = [], planning.is_required
    monkeypatch.setattr(planning, "is_required", lambda *args: asked.append(args) or required(*args))
    previewed("organizations", [HEAD, *([f"上海第{number}有限公司", uscc(number)] for number in range(5))])
    assert len(asked) == len(sheets()["organizations"].columns)


def test_conflicts_among_many_rows_are_kept(few_variables):
    batch = previewed("organizations", [HEAD, ["上海甲有限公司", uscc(1)]])
    more = [SheetRow(batch=batch, number=number, row=number, outcome="new") for number in range(2, 702)]
    SheetRow.objects.bulk_create(more, batch_size=30)
    trouble = Trouble(because(writing.GONE_SINCE))
    writing.mark_conflicts(batch, [Row(one.number, "", one.row, {}, {}, troubles=[trouble]) for one in more])
    batch.refresh_from_db()
    assert batch.counts == {"new": 1, "conflict": 700, "rows": 701}
    assert told(batch.rows.get(number=701)) == [("", writing.GONE_SINCE)]


def test_many_rows_are_left_out_and_taken_in_again(few_variables):
    batch = previewed("organizations", [HEAD, *([f"上海第{number}有限公司", uscc(number)] for number in range(610))])
    for out_ in (True, False):
        assert actions.leave_out(batch.rows.all(), out=out_, actor=batch.owner) == 610
    batch.refresh_from_db()
    assert batch.counts == {"new": 610, "rows": 610}


def test_rows_that_wait_for_others_are_not_compared_with_each_other(monkeypatch):
    batch = previewed("funds", [["基金名称", "母基金"], ["丙基金", "乙基金"], ["乙基金", "甲基金"], ["甲基金", ""]])
    monkeypatch.setattr(SheetRow, "__eq__", lambda *_rows: pytest.fail("rows are compared"))
    actions.apply(batch, actor=batch.owner)
    assert Fund.objects.get(name="丙基金").parent.parent.name == "甲基金"


def test_code_entered_twice_in_the_preview_is_told_there():
    batch = previewed("organizations", [HEAD, ["上海甲有限公司", uscc(1)], ["上海乙有限公司", uscc(2)]])
    row = actions.edit_cells(batch.rows.get(number=2), {1: uscc(1)}, actor=batch.owner)
    assert (row.outcome, told(row)) == ("duplicate", [("", "Row 2 of the sheet is about the same record.")])
    row = actions.edit_cells(row, {1: uscc(3)}, actor=batch.owner)
    assert (row.outcome, outcomes(batch)) == ("new", ["new", "new"])


def test_sheet_is_written_under_no_savepoint_of_its_own(monkeypatch):
    """SQLite keeps a copy of each page that is written while a savepoint stands: it must be gone after each chunk."""
    standing, cite_many = [], writing.cite_many

    def noted(*args, **words):
        standing.append([one for one in connection.savepoint_ids if one])
        cite_many(*args, **words)

    monkeypatch.setattr(writing, "cite_many", noted)
    before = len([one for one in connection.savepoint_ids if one])
    applied("organizations", [HEAD, ["上海甲有限公司", uscc(1)]])
    assert [len(names) - before for names in standing] == [1]  # that of the applying itself, a transaction elsewhere


def test_page_of_a_preview_asks_as_often_for_many_changes_as_for_one():
    clerk, asked = people.user(Kind.STAFF), []
    firms = [people.organization(name=f"上海第{number}有限公司", short_name="甲") for number in range(6)]
    for firm in firms[1:]:
        change(firm, actor=clerk, values={"short_name": "乙"})
    for some in (firms[:1], firms):
        batch = previewed("organizations", [["企业名称", "简称"], *([one.name, "丙"] for one in some)], actor=clerk)
        with CaptureQueriesContext(connection) as queries:
            shown = pages.preview_of(batch, sheets()["organizations"], QueryDict(), user=clerk)
        asked.append(len(queries))
        assert [len(row.changes) for row in shown.rows] == [1] * len(some)
    assert asked[0] == asked[1]


def test_parts_of_many_rows_are_written_with_as_many_queries_as_of_one():
    asked = []
    for count in (1, 4):
        models = [registry.model(people.organization(), name=f"{count}之{number}") for number in range(count)]
        owner = people.organization()
        rows = [["记录标记", "模型名称", "开发单位"], *([mark_of(one), one.name, owner.name] for one in models)]
        batch = previewed("models", rows)
        assert outcomes(batch) == ["changed"] * count
        with CaptureQueriesContext(connection) as queries:
            actions.apply(batch, actor=batch.owner)
        asked.append([query["sql"] for query in queries if "registry_ownership" in query["sql"]])
        assert [model.ownerships.get().organization for model in models] == [owner] * count
    added = [sum('INSERT INTO "registry_ownership"' in sql for sql in some) for some in asked]
    read = [sum(sql.startswith("SELECT") for sql in some) for some in asked]
    assert added == [1, 1]
    assert read[0] + 3 >= read[1]


def test_rows_that_wait_in_vain_are_told_in_one_query():
    asked = []
    for count in (1, 5):
        rows = [
            ["基金名称", "母基金"],
            [f"{count}母基金", ""],
            *([f"{count}子{n}", f"{count}母基金"] for n in range(count)),
        ]
        batch = previewed("funds", rows)
        actions.leave_out(batch.rows.filter(number=1), out=True, actor=batch.owner)
        with CaptureQueriesContext(connection) as queries, pytest.raises(Refused):
            actions.apply(batch, actor=batch.owner)
        asked.append(sum("intake_sheetrow" in query["sql"] and query["sql"].startswith("SELECT") for query in queries))
        assert outcomes(batch)[1:] == ["conflict"] * count
    assert asked[0] == asked[1]
