"""Lists, pages and forms of funds and rounds."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from qunxing.core.money import MoneyRange
from qunxing.directory.models import TechnicalField
from qunxing.funds.actions import plant_stages
from qunxing.funds.models import Commitment, Fund, Investment, Round, Stage
from qunxing.funds.sheets import ROUNDS
from qunxing.funds.vocabulary import STAGES
from qunxing.intake.sheets.values import reader_of
from qunxing.ledger.actions import add_many, change, create
from qunxing.ledger.recording import recording
from tests import factories as people
from tests.funds import factories
from tests.funds.factories import yuan

pytestmark = pytest.mark.django_db
FUND = {"name": "徐汇资本", "status": "raising", "level": "district", "visibility": "public"}
ROUND = {"stage": "a", "closed_precision": "month", "closed_on": "2025-03-01", "visibility": "public"}


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(people.user("staff"))
    return client


def url(name: str, *rows: Any) -> str:
    return reverse(f"funds:{name}", args=[row.ref for row in rows])


def text_of(answer: Any) -> str:
    return answer.content.decode()


# --- lists ----------------------------------------------------------------------------------------------------------


def test_fund_list_says_totals_and_what_is_left_out(staff: Client) -> None:
    top = factories.fund(yuan(200), level="district", name="徐汇资本")
    factories.fund(yuan(20), level="district", name="徐汇科创子基金", parent=top)
    factories.fund(level="city", name="规模不详基金")
    page = text_of(staff.get(url("fund-list")))
    assert "200亿元" in page
    assert "220亿元" not in page
    lead = page[page.index('id="totals"') : page.index('id="list"')]
    assert all(name in lead for name in ("徐汇科创子基金", "规模不详基金"))


def test_fragment_of_the_list_holds_rows_only(staff: Client) -> None:
    factories.fund(name="某基金")
    for name in ("fund-list", "round-list"):
        page = text_of(staff.get(url(name), HTTP_HX_REQUEST="true"))
        assert 'id="list"' in page
        assert "<html" not in page


def test_round_list_shows_as_much_of_the_day_as_is_known(staff: Client) -> None:
    factories.round_of(closed_on=date(2025, 3, 1), closed_precision="month")
    page = text_of(staff.get(url("round-list")))
    assert "2025-03" in page
    assert "2025-03-01" not in page


def test_round_list_of_one_organisation_counts_its_rounds_only(staff: Client) -> None:
    wanted = factories.round_of(amount=yuan(1))
    factories.round_of(amount=yuan(5))
    answer = staff.get(url("round-list"), {"organization": wanted.organization.ref})
    assert answer.context["page"].total == 1
    lead = text_of(answer)
    assert "1亿元" in lead
    assert "6亿元" not in lead


def test_round_list_of_one_fund(staff: Client) -> None:
    fund, wanted = factories.fund(), factories.round_of()
    factories.investment(wanted, investor_fund=fund)
    factories.round_of()
    assert staff.get(url("round-list"), {"fund": fund.ref}).context["page"].total == 1


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"level": "city"}, ["甲"]),
        ({"status": "raising"}, ["乙"]),
        ({"kind": "debt"}, ["乙"]),
        ({"stage": ["a", "seed"]}, ["甲", "乙"]),
        ({"field": "nlp"}, ["甲"]),
        ({"region": "310000"}, ["甲"]),
        ({"vintage": "2024"}, ["乙"]),
        ({"vintage": "x"}, ["甲", "乙"]),
        ({"q": "jia"}, ["甲"]),
    ],
)
def test_fund_list_filters(staff: Client, query: dict[str, Any], names: list[str]) -> None:
    plant_stages(actor=None)
    factories.fund(name="甲", level="city", stages=("a",), fields=("nlp",), regions=("310000",))
    factories.fund(name="乙", status="raising", kinds=("debt",), stages=("seed",), vintage=2024)
    technical_field("nlp")
    rows = staff.get(url("fund-list"), query).context["page"].rows
    assert sorted(row.cells[0].text for row in rows) == sorted(names)


def technical_field(code: str) -> None:
    create(TechnicalField(code=code, name_zh=code, name_en=code), actor=None)


@pytest.mark.parametrize(("told", "count"), [("exact", 1), ("range", 2), ("undisclosed", 1)])
def test_round_list_filters_by_how_the_amount_was_told(staff: Client, told: str, count: int) -> None:
    for money in (yuan(1), yuan(1, 2), MoneyRange(5, None, "CNY"), None):
        factories.round_of(amount=money)
    assert staff.get(url("round-list"), {"told": told}).context["page"].total == count


def test_export_holds_text_and_plain_numbers(staff: Client) -> None:
    factories.fund(yuan(2, 3), name="=甲")
    columns = {"col": ["name", "size", "size_low", "size_high", "currency"], "format": "xlsx"}
    answer = staff.get(url("fund-list"), columns)
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    row = [cell.value for cell in sheet[2]]
    assert row[1:] == ["2亿元至3亿元", "CNY", 200_000_000, 300_000_000]
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize("count", [1, 3])
def test_pages_take_a_constant_number_of_queries(staff: Client, django_assert_max_num_queries: Any, count: int) -> None:
    top = factories.fund(yuan(9), name="母基金", manager=people.organization())
    for _row in range(count):
        child = factories.fund(yuan(2), parent=top, manager=people.organization(), stages=("a",))
        factories.commitment(child, investor_fund=top)
        factories.commitment(top, investor=people.organization())
        deal = factories.round_of(amount=yuan(1))
        factories.investment(deal, investor_fund=top)
        factories.investment(deal, investor=people.organization())
        last = factories.investment(deal, investor_name="某人").round
    for address, limit in (
        (url("fund-list"), 18),
        (url("round-list"), 16),
        (top.get_absolute_url(), 28),
        (last.get_absolute_url(), 22),
    ):
        with django_assert_max_num_queries(limit):
            staff.get(address)


# --- pages ----------------------------------------------------------------------------------------------------------


def test_fund_page_shows_family_mandate_commitments_and_investments(staff: Client) -> None:
    plant_stages(actor=None)
    top = factories.fund(yuan(225), level="city", name="上海市母基金")
    fund = factories.fund(
        yuan(10), name="子基金", parent=top, stages=("seed", "a"), regions=("310104",),
        ticket_low=5_000_000, ticket_high=30_000_000,
    )  # fmt: skip
    factories.fund(name="孙基金", parent=fund)
    factories.commitment(fund, investor_fund=top)
    deal = factories.round_of(amount=yuan(1))
    factories.investment(deal, investor_fund=fund, lead=True)
    page = text_of(staff.get(fund.get_absolute_url()))
    shown = ["上海市母基金", "孙基金", "种子轮、A轮", "徐汇区", "500万元至3,000万元", deal.organization.name]
    assert [text for text in shown if text not in page] == []
    made = text_of(staff.get(top.get_absolute_url()))
    assert 'id="made"' in made


def test_family_ends_at_a_hidden_fund(client: Client) -> None:
    top = factories.fund(name="顶层")
    middle = factories.fund(name="中间", parent=top, visibility="internal")
    low = factories.fund(name="底层", parent=middle)
    assert client.get(low.get_absolute_url()).context["family"] is None
    assert client.get(top.get_absolute_url()).context["family"] is None


def test_fund_page_as_it_was_known(staff: Client) -> None:
    fund = factories.fund(yuan(2))
    assert staff.get(fund.get_absolute_url(), {"known_at": "2999-01-01"}).status_code == 200
    assert staff.get(fund.get_absolute_url(), {"known_at": "2001-01-01"}).status_code == 404


# --- forms ----------------------------------------------------------------------------------------------------------


def test_fund_is_added_from_text_as_it_was_told(staff: Client) -> None:
    manager, top = people.organization(), factories.fund(name="母基金")
    typed = FUND | {"size": "200亿元规模", "ticket": "500万-3000万", "manager": manager.name, "parent": "母基金"}
    assert staff.post(url("fund-create"), typed).status_code == 422
    assert staff.post(url("fund-create"), typed | {"size": "超200亿元", "kinds": ["equity", "debt"]}).status_code == 302
    fund = Fund.objects.get(name="徐汇资本")
    assert fund.size == MoneyRange(200 * 10**8, None, "CNY", low_open=True)
    assert (fund.ticket_low, fund.ticket_high, fund.manager, fund.parent) == (5_000_000, 30_000_000, manager, top)
    assert fund.kinds == ("debt", "equity")


@pytest.mark.parametrize(
    ("size", "ticket", "kept"),
    [("1亿美元", "100万美元", ("USD", 1_000_000)), ("", "100万美元", ("USD", 1_000_000)), ("", "", ("CNY", None))],
)
def test_fund_and_ticket_share_a_currency(staff: Client, size: str, ticket: str, kept: tuple[str, int | None]) -> None:
    assert staff.post(url("fund-create"), FUND | {"size": size, "ticket": ticket}).status_code == 302
    fund = Fund.objects.get()
    assert (fund.currency, fund.ticket_low) == kept


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "星" * 5000}, "name"),
        ({"size": "很多钱"}, "size"),
        ({"size": "9" * 17 + "元"}, "size"),
        ({"size": "1亿元", "ticket": "100万美元"}, "ticket"),
        ({"parent": "不在台账上的基金"}, "parent"),
        ({"manager": "不在台账上的企业"}, "manager"),
        ({"vintage": "1066"}, "vintage"),
        ({"level": "galactic"}, "level"),
        ({"regions": ["999999"]}, "regions"),
        ({"website": "javascript:alert(1)"}, "website"),
    ],
)
def test_wrong_value_is_named_and_nothing_typed_is_lost(staff: Client, values: dict[str, Any], field: str) -> None:
    answer = staff.post(url("fund-create"), FUND | {"description": "写了很久的说明"} | values)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "写了很久的说明" in text_of(answer)
    assert Fund.objects.count() == 0


def test_circle_is_named_at_its_field(staff: Client) -> None:
    top = factories.fund(name="母基金")
    factories.fund(name="子基金", parent=top)
    answer = staff.post(url("fund-edit", top), FUND | {"parent": "子基金", "revision": 1})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["parent"])


def test_form_opened_and_saved_changes_nothing(staff: Client) -> None:
    money = MoneyRange(10_000_000, 100_000_000, "USD", low_open=False, high_open=True)
    fund = factories.fund(money, manager=people.organization(), parent=factories.fund(), ticket_low=123_456_789)
    form = staff.get(url("fund-edit", fund)).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", [], ())}
    assert staff.post(url("fund-edit", fund), typed).status_code == 302
    assert fund.history.count() == 1
    deal = factories.round_of(amount=money)
    form = staff.get(url("round-edit", deal)).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", [], ())}
    assert staff.post(url("round-edit", deal), typed).status_code == 302
    assert deal.history.count() == 1


def test_conflict_shows_both_and_the_choice_is_kept(staff: Client) -> None:
    fund = factories.fund(yuan(2), name="某基金", website="https://a.example/")
    change(fund, actor=None, values={"size_low": 5 * 10**8, "size_high": 5 * 10**8})
    typed = FUND | {"name": "某基金", "size": "3亿元", "revision": 1}
    answer = staff.post(url("fund-edit", fund), typed)
    assert answer.status_code == 409
    clash = next(one for one in answer.context["clashes"] if one.name == "size")
    assert (clash.opened, clash.theirs, clash.mine) == ("2亿元", "5亿元", "3亿元")
    answer = staff.post(url("fund-edit", fund), typed | {"revision": 2, "keep_size": "theirs"})
    fund.refresh_from_db()
    assert (answer.status_code, fund.size.amount, fund.level) == (302, 5 * 10**8, "district")


def test_fund_that_others_speak_of_is_not_removed(staff: Client) -> None:
    top = factories.fund(name="母基金")
    factories.fund(parent=top)
    answer = staff.post(url("fund-remove", top))
    assert (answer.status_code, Fund.objects.count()) == (409, 2)


def test_round_is_added_and_its_amount_stays_as_told(staff: Client) -> None:
    factories.stage()
    firm = people.organization(uscc="91350100M000100Y43")
    typed = ROUND | {"organization": "91350100m000100y43", "amount": "数千万美元"}
    assert staff.post(url("round-create"), typed).status_code == 302
    found = Round.objects.get()
    assert (found.organization, found.stage_id, found.closed_precision) == (firm, "a", "month")
    assert found.amount == MoneyRange(10_000_000, 100_000_000, "USD", low_open=True, high_open=True)
    typed = ROUND | {"organization": firm.name, "amount": "未披露"}
    assert staff.post(url("round-create"), typed).status_code == 302
    assert Round.objects.latest("pk").amount.undisclosed


def test_round_form_begins_with_the_organisation_one_comes_from(staff: Client) -> None:
    firm = people.organization(name="稀宇科技")
    assert 'value="稀宇科技"' in text_of(staff.get(url("round-create"), {"organization": firm.ref}))


def test_two_organisations_of_one_name_are_told_apart_by_reference(staff: Client) -> None:
    factories.stage()
    first, second = people.organization(name="同名企业"), people.organization(name="同名企业")
    answer = staff.post(url("round-create"), ROUND | {"organization": "同名企业"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["organization"])
    assert staff.post(url("round-create"), ROUND | {"organization": second.ref}).status_code == 302
    assert Round.objects.get().organization == second != first


def test_editor_names_no_hidden_organisation(client: Client) -> None:
    hidden = people.organization(name="内部企业", visibility="internal")
    firm = people.organization()
    deal = factories.round_of(firm)
    client.force_login(people.member_of(firm, "editor"))
    values = {"investor": hidden.name}
    answer = client.post(url("investment-create", deal), values)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["investor"])


@pytest.mark.parametrize("investors", [{}, {"investor_name": "某人", "investor_fund": "某基金"}])
def test_investment_names_exactly_one_investor(staff: Client, investors: dict[str, str]) -> None:
    factories.fund(name="某基金")
    deal = factories.round_of()
    answer = staff.post(url("investment-create", deal), investors | {"visibility": "public"})
    assert (answer.status_code, Investment.objects.count()) == (422, 0)
    assert list(answer.context["form"].errors) == ["__all__"]
    assert len(answer.context["form"].errors["__all__"]) == 1


def test_commitment_is_added_edited_and_removed_with_versions(staff: Client) -> None:
    fund, parent = factories.fund(), factories.fund(name="母基金")
    typed = {"investor_fund": "母基金", "amount": "3亿元", "committed_on": "2025-02-01", "visibility": "public"}
    assert staff.post(url("commitment-create", fund), typed).status_code == 302
    row = Commitment.objects.get()
    assert (row.investor_fund, row.amount.amount) == (parent, 3 * 10**8)
    assert staff.post(url("commitment-edit", fund, row), typed | {"amount": "4亿元", "revision": 1}).status_code == 302
    assert staff.post(url("commitment-remove", fund, row), {"reason": "录错"}).status_code == 302
    assert list(Commitment.history.order_by("history_id").values_list("history_type", flat=True)) == ["+", "~", "-"]


def test_part_of_another_fund_is_not_found(staff: Client) -> None:
    row = factories.commitment()
    assert staff.get(url("commitment-edit", factories.fund(), row)).status_code == 404


def test_record_removed_meanwhile_is_not_found(staff: Client) -> None:
    fund = factories.fund()
    address = url("fund-edit", fund)
    fund.delete()
    assert staff.post(address, FUND).status_code == 404


def test_expired_form_is_answered_in_words() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.user("staff"))
    answer = strict.post(url("fund-create"), FUND)
    assert (answer.status_code, Fund.objects.count()) == (403, 0)


# --- vocabulary -----------------------------------------------------------------------------------------------------


def test_planting_stages_keeps_what_staff_changed() -> None:
    plant_stages(actor=None)
    Stage.objects.filter(code="seed").update(name_zh="种子期")
    Stage.objects.get(code="merger").delete()
    assert plant_stages(actor=None) == []
    assert Stage.objects.get(code="seed").name_zh == "种子期"
    assert Stage.objects.count() == len(STAGES) - 1


def test_stages_added_later_stand_where_they_belong() -> None:
    """In an installation that has the others already, in the order of a new one."""
    later = ("c_plus", "neeq", "post_ipo")
    first = [Stage(code=code, name_zh=zh, name_en=en, position=at) for code, zh, en, at in STAGES if code not in later]
    with recording(actor=None):
        add_many(first)
    assert [stage.code for stage in plant_stages(actor=None)] == list(later)
    assert list(Stage.objects.values_list("code", flat=True)) == [code for code, *_words in STAGES]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C+轮", "c_plus"), ("新三板", "neeq"), ("新三板定增", "placement"), ("IPO上市", "ipo"),
        ("IPO上市后", "post_ipo"), ("F轮", "e"),
    ],
)  # fmt: skip
def test_stages_are_read_as_tables_of_deals_write_them(text: str, code: str) -> None:
    plant_stages(actor=None)
    assert reader_of(ROUNDS, ROUNDS.column("stage"))(text) == code


def test_retired_stage_is_kept_where_it_is_used_and_not_offered(staff: Client) -> None:
    old = factories.stage("old")
    deal = factories.round_of(stage=old)
    change(old, actor=None, values={"retired": True})
    assert "OLD轮" in text_of(staff.get(url("round-edit", deal)))
    assert "OLD轮" not in text_of(staff.get(url("round-create")))


# --- API ------------------------------------------------------------------------------------------------------------


def test_api_gives_fund_and_round(client: Client) -> None:
    fund = factories.fund(yuan(2), manager=people.organization(), parent=factories.fund())
    factories.commitment(fund, investor_fund=fund.parent, committed_on=date(2025, 2, 1))
    deal = factories.round_of(amount=yuan(1), closed_on=date(2025, 3, 1))
    factories.investment(deal, investor_fund=fund, lead=True)
    answer = client.get(f"/api/v1/funds/{fund.ref}").json()
    assert (answer["manager"], answer["parent"]) == (fund.manager.ref, fund.parent.ref)
    assert answer["size"] == {
        "low": 2 * 10**8,
        "high": 2 * 10**8,
        "low_open": False,
        "high_open": False,
        "currency": "CNY",
    }
    assert answer["commitments"][0]["investor"]["ref"] == fund.parent.ref
    assert client.get(f"/api/v1/funds/{fund.parent.ref}").json()["children"] == [fund.ref]
    answer = client.get(f"/api/v1/rounds/{deal.ref}").json()
    assert (answer["organization"], answer["closed_on"]) == (deal.organization.ref, "2025-03-01")
    assert answer["investments"][0]["lead"] is True
    assert client.get("/api/v1/funds/totals").json()["totals"][0]["funds"] == 1
    assert client.get("/api/v1/rounds/totals").json()["currencies"][0]["exact"]["rounds"] == 1
    assert client.get("/api/v1/rounds").json()["total"] == 1


def test_api_keeps_hidden_manager_and_parent_to_itself(client: Client) -> None:
    manager, parent = people.organization(visibility="internal"), factories.fund(visibility="internal")
    answer = client.get(f"/api/v1/funds/{factories.fund(manager=manager, parent=parent).ref}").json()
    assert (answer["manager"], answer["parent"]) == (None, None)
