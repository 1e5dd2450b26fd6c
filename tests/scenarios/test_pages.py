"""The pages of scenarios, over HTTP."""

import re

import pytest
from django.urls import reverse

from qunxing.directory.models import Contact
from qunxing.ledger.actions import change, create
from qunxing.ledger.models import Visibility
from qunxing.scenarios.actions import change_scenario, move
from qunxing.scenarios.models import Scenario
from qunxing.scenarios.states import State
from tests import factories
from tests.scenarios.factories import DAY, bare, scenario

pytestmark = pytest.mark.django_db
NEW = "/scenarios/new/"


def edit_url(row):
    return reverse("scenarios:scenario-edit", args=[row.ref])


def opened(client, url):
    """What a browser would post of the form at this address, as it stands."""
    form = client.get(url).context["form"]
    from qunxing.ledger.forms import raw_values

    data = {name: raw_values(form, name) for name in form.fields}
    data["revision"] = [str(form.initial.get("revision") or "")]
    return {name: values for name, values in data.items() if values}


def post(client, url, data, **values):
    """Post what was opened, with these values typed."""
    return client.post(url, data | values)


def cell(row, column):
    return f"core_{row.core_indicators.get().ref}_{column}"


# --- writing ----------------------------------------------------------------------------------------------------------


def test_editor_writes_a_scenario_with_core_indicators(client):
    hospital = factories.organization(roles=("demand_owner",))
    client.force_login(factories.member_of(hospital, "editor"))
    data = opened(client, NEW)
    answer = post(
        client, NEW, data, title="影像辅助诊断", budget="300万-500万元", apply_by="2026-06-30", on_site="on",
        core_new1_name="敏感度", core_new1_target="95", core_new1_unit="%", core_new1_tested_how="回顾性测试集",
        core_new3_name="单例耗时", core_new3_operator="between", core_new3_target="0.5", core_new3_target_high="2",
        core_new3_unit="秒",
    )  # fmt: skip
    row = Scenario.objects.get()
    assert (answer.status_code, row.organization, row.state) == (302, hospital, State.DRAFT)
    assert (row.budget_low, row.budget_high, row.on_site) == (3_000_000, 5_000_000, True)
    assert [(core.position, core.name, core.goal) for core in row.core_indicators.all()] == [
        (1, "敏感度", "≥ 95 %"),
        (2, "单例耗时", "0.5–2 秒"),
    ]
    assert row.indicators_text == "敏感度 ≥ 95 % (回顾性测试集)\n单例耗时 0.5–2 秒"


def test_member_of_one_organisation_writes_for_no_other(client):
    other = factories.organization()
    client.force_login(factories.member_of(factories.organization(), "editor"))
    answer = client.post(
        NEW, {"organization": other.ref, "title": "甲", "mechanism": "direct", "security_level": "none"}
    )
    assert (answer.status_code, Scenario.objects.count()) == (422, 0)


def test_staff_write_for_any_organisation_by_its_name(client):
    hospital = factories.organization(name="市立医院")
    client.force_login(factories.user("staff"))
    data = {
        "organization": "市立医院",
        "title": "甲",
        "mechanism": "race",
        "security_level": "3",
        "visibility": "public",
    }
    assert client.post(NEW, data).status_code == 302
    assert Scenario.objects.get().organization == hospital


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "场" * 5_000}, "title"),
        ({"budget": "很多钱"}, "budget"),
        ({"budget": "500万美元"}, "budget"),
        ({"budget": "约500万"}, "budget"),
        ({"apply_by": "2023-02-30"}, "apply_by"),
        ({"core_new1_name": "准确率"}, "core_new1_target"),
        ({"core_new1_target": "95"}, "core_new1_name"),
        ({"core_new1_name": "准确率", "core_new1_target": "九十"}, "core_new1_target"),
        ({"core_new1_name": "准", "core_new1_target": "9", "core_new1_target_high": "10"}, "core_new1_target_high"),
        ({"core_new1_name": "准", "core_new1_target": "9", "core_new1_operator": "between"}, "core_new1_target_high"),
        (
            {
                "core_new1_name": "准",
                "core_new1_target": "9",
                "core_new1_operator": "between",
                "core_new1_target_high": "9",
            },
            "core_new1_target_high",
        ),
    ],
)
def test_bad_input_is_named_and_what_was_typed_is_kept(client, values, field):
    client.force_login(factories.member_of(factories.organization(), "owner"))
    answer = post(client, NEW, opened(client, NEW), **({"title": "可留下的标题", "location": "漕河泾"} | values))
    assert (answer.status_code, Scenario.objects.count()) == (422, 0)
    assert list(answer.context["form"].errors) == [field]
    assert "漕河泾" in answer.content.decode()


def test_dates_the_wrong_way_round_are_refused(client):
    client.force_login(factories.member_of(factories.organization(), "owner"))
    answer = post(client, NEW, opened(client, NEW), title="甲", starts_on="2026-05-01", ends_on="2026-04-01")
    assert (answer.status_code, Scenario.objects.count()) == (422, 0)


def test_saving_an_untouched_form_changes_nothing(client):
    row = scenario(budget_low=None, budget_high=None, budget_undisclosed=True)
    client.force_login(factories.member_of(row.organization))
    assert client.post(edit_url(row), opened(client, edit_url(row))).status_code == 302
    row.refresh_from_db()
    assert (row.revision, row.budget_undisclosed) == (1, True)
    assert row.core_indicators.get().revision == 1


def test_core_indicator_is_changed_added_and_removed_in_one_version(client):
    row = scenario()
    client.force_login(factories.member_of(row.organization))
    data = opened(client, edit_url(row)) | {
        cell(row, "target"): "97.5",
        "core_new1_name": "召回率",
        "core_new1_target": "90",
    }
    assert client.post(edit_url(row), data).status_code == 302
    row.refresh_from_db()
    assert (row.revision, row.indicators_text) == (2, "识别准确率 ≥ 97.5 % (抽检1000例)\n召回率 ≥ 90")
    first = row.core_indicators.first()
    data = opened(client, edit_url(row)) | {f"core_{first.ref}_drop": "on"}
    assert client.post(edit_url(row), data).status_code == 302
    row.refresh_from_db()
    assert (row.revision, row.indicators_text) == (3, "召回率 ≥ 90")


def test_contact_of_another_organisation_is_refused(client):
    row, other = scenario(), factories.organization()
    stranger = create(Contact(organization=other, name="王五"), actor=None)
    client.force_login(factories.user("staff"))
    answer = client.post(edit_url(row), opened(client, edit_url(row)) | {"contact": stranger.ref})
    assert answer.status_code == 422


# --- conflicts --------------------------------------------------------------------------------------------------------


def test_conflict_shows_each_cell_and_keeps_all_that_was_typed(client):
    row = scenario(title="旧")
    client.force_login(factories.member_of(row.organization))
    data = opened(client, edit_url(row)) | {
        "title": "甲",
        cell(row, "unit"): "百分比",
        "core_new1_name": "召回率",
        "core_new1_target": "9",
    }
    other = dict(opened(client, edit_url(row))) | {"title": "乙", cell(row, "target"): "99"}
    assert client.post(edit_url(row), other).status_code == 302
    answer = client.post(edit_url(row), data)
    assert answer.status_code == 409
    kept = {clash.name: clash.keep for clash in answer.context["clashes"]}
    assert kept == {
        "title": "mine",
        cell(row, "target"): "theirs",
        cell(row, "unit"): "mine",
        "core_new1_name": "mine",
        "core_new1_target": "mine",
    }
    again = dict(answer.context["untouched"]) | {f"keep_{name}": keep for name, keep in kept.items()} | {"revision": 2}
    assert client.post(edit_url(row), again).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.indicators_text) == ("甲", "识别准确率 ≥ 99 百分比 (抽检1000例)\n召回率 ≥ 9")


def test_row_added_by_somebody_else_survives_a_conflict(client):
    row = scenario(title="旧")
    client.force_login(factories.member_of(row.organization))
    mine = opened(client, edit_url(row)) | {"title": "甲"}
    theirs = opened(client, edit_url(row)) | {"core_new1_name": "召回率", "core_new1_target": "9"}
    client.post(edit_url(row), theirs)
    answer = client.post(edit_url(row), mine)
    kept = {f"keep_{clash.name}": clash.keep for clash in answer.context["clashes"]}
    client.post(edit_url(row), dict(answer.context["untouched"]) | kept | {"revision": 2})
    row.refresh_from_db()
    assert (row.title, row.core_indicators.count()) == ("甲", 2)


def test_row_removed_by_somebody_else_does_not_break_a_conflict(client):
    row = scenario(title="旧")
    client.force_login(factories.member_of(row.organization))
    mine = opened(client, edit_url(row)) | {"title": "甲"}
    client.post(edit_url(row), opened(client, edit_url(row)) | {cell(row, "drop"): "on"})
    answer = client.post(edit_url(row), mine)
    kept = {f"keep_{clash.name}": clash.keep for clash in answer.context["clashes"]}
    assert answer.status_code == 409
    assert client.post(edit_url(row), dict(answer.context["untouched"]) | kept | {"revision": 2}).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.core_indicators.count()) == ("甲", 0)


# --- after publication ------------------------------------------------------------------------------------------------


def test_owner_changes_terms_of_a_published_scenario_with_a_reason_only(client):
    row = scenario(State.PUBLISHED)
    client.force_login(factories.member_of(row.organization))
    data = opened(client, edit_url(row)) | {"apply_by": "2026-08-01"}
    assert client.post(edit_url(row), data).status_code == 422
    assert client.post(edit_url(row), data | {"reason": "应揭榜单位要求延期"}).status_code == 302
    row.refresh_from_db()
    assert row.apply_by.isoformat() == "2026-08-01"


def test_owner_cannot_touch_the_core_of_a_published_scenario(client):
    row = scenario(State.PUBLISHED)
    client.force_login(factories.member_of(row.organization))
    data = opened(client, edit_url(row)) | {
        "reason": "改",
        "title": "另一题",
        cell(row, "target"): "10",
        "budget": "1元",
    }
    assert client.post(edit_url(row), data).status_code == 302
    stored = Scenario.objects.get()
    assert (stored.title, stored.indicators_text, stored.budget_low) == (row.title, row.indicators_text, row.budget_low)


def test_staff_change_core_indicators_of_a_published_scenario_with_a_reason(client):
    row = scenario(State.PUBLISHED)
    client.force_login(factories.user("staff"))
    data = opened(client, edit_url(row)) | {cell(row, "target"): "96"}
    assert client.post(edit_url(row), data).status_code == 422
    assert client.post(edit_url(row), data | {"reason": "论证后更正"}).status_code == 302
    latest = row.history.latest("history_id")
    assert (latest.history_change_reason, latest.indicators_text) == ("论证后更正", "识别准确率 ≥ 96 % (抽检1000例)")


def test_core_is_guarded_below_the_form_too():
    from django.core.exceptions import PermissionDenied

    from qunxing.core.errors import Refused

    row = scenario(State.PUBLISHED)
    owner, staff = factories.member_of(row.organization), factories.user("staff")
    with pytest.raises(PermissionDenied):
        change_scenario(row, actor=owner, values={"title": "改"}, reason="改")
    with pytest.raises(Refused):
        change_scenario(row, actor=staff, values={"title": "改"})


# --- the page ---------------------------------------------------------------------------------------------------------


def test_page_shows_conditions_indicators_and_way(client):
    row = scenario(
        State.PUBLISHED,
        on_site=True,
        domestic_chips=True,
        security_level="3",
        serves_public_generated=True,
        mechanism="race",
    )
    page = client.get(row.get_absolute_url())
    assert [condition.code for condition in page.context["conditions"]] == [
        "on_site", "domestic_chips", "security_level", "filing",
    ]  # fmt: skip
    text = page.content.decode()
    assert all(part in text for part in [row.number, "识别准确率", "≥ 95 %", "抽检1000例", 'aria-current="step"'])
    assert [step.status for step in page.context["steps"]] == ["done"] * 3 + ["here"] + ["ahead"] * 3


@pytest.mark.parametrize(
    ("state", "values", "here"),
    [
        (State.RETURNED, {}, 0),
        (State.WITHDRAWN, {"published_on": None, "number": None}, 1),
        (State.WITHDRAWN, {"published_on": None}, 2),
        (State.WITHDRAWN, {}, 4),
        (State.CLOSED, {}, 6),
    ],
)
def test_stepper_stands_where_the_scenario_is(state, values, here):
    from qunxing.scenarios.queries import steps_of

    assert [step.status for step in steps_of(scenario(state, **values))].index("here") == here


def test_draft_tells_its_owner_what_is_missing_with_links(client):
    row = bare()
    client.force_login(factories.member_of(row.organization))
    page = client.get(row.get_absolute_url()).content.decode()
    assert f'href="{edit_url(row)}#id_problem"' in page
    assert f'href="{edit_url(row)}#id_core"' in page


def test_refused_submission_lists_everything_with_links(client):
    row = bare()
    client.force_login(factories.member_of(row.organization))
    answer = client.post(reverse("scenarios:scenario-move", args=[row.ref, "submit"]))
    assert answer.status_code == 422
    links = re.findall(rf'href="{edit_url(row)}#id_(\w+)"', answer.content.decode())
    assert links == ["problem", "fields", "budget", "apply_by", "starts_on", "ends_on", "contact_name", "core"]
    edit = client.get(edit_url(row)).content.decode()
    assert all(re.search(rf'id="id_{name}(_field)?"', edit) for name in links)


def test_page_as_it_was_known_shows_the_indicators_of_then(client):
    row = scenario()
    staff = factories.user("staff")
    first = row.history.latest("history_id").history_date
    client.force_login(staff)
    client.post(edit_url(row), opened(client, edit_url(row)) | {cell(row, "target"): "80"})
    page = client.get(row.get_absolute_url(), {"known_at": first.isoformat()})
    assert [core.goal for core in page.context["indicators"]] == ["≥ 95 %"]


def test_outsider_reads_nothing_from_before_publication(client):
    row = scenario(State.IN_APPRAISAL, title="内部讨论稿")
    before = row.history.latest("history_id").history_date
    staff = factories.user("staff")
    change(row, actor=staff, values={"title": "公开题目"}, reason="内部意见")
    move(row, "publish", actor=staff, day=DAY)
    for user in [factories.user("visitor"), factories.member_of(factories.organization())]:
        client.force_login(user)
        page = client.get(row.get_absolute_url()).content.decode()
        assert "内部讨论稿" not in page
        assert "内部意见" not in page
        assert client.get(row.get_absolute_url(), {"known_at": before.isoformat()}).status_code == 404
    client.force_login(factories.member_of(row.organization, "viewer"))
    assert "内部讨论稿" in client.get(row.get_absolute_url()).content.decode()


def test_personal_data_is_kept_out_of_timeline_and_evidence(client):
    source = factories.source()
    row = scenario(State.PUBLISHED)
    change(row, actor=None, values={"contact_phone": "13900001111"}, source=source)
    client.force_login(factories.user("visitor"))
    page = client.get(row.get_absolute_url()).content.decode()
    assert "139****1111" in page
    assert all(text not in page for text in ["13900001111", "李明华", "li@example.org"])


@pytest.mark.parametrize(("consent", "shown"), [(None, False), (DAY, True)])
def test_contact_on_the_ledger_is_masked_without_consent(client, consent, shown):
    row = scenario(State.PUBLISHED)
    contact = create(
        Contact(organization=row.organization, name="赵敏", phone="13700002222", consent_on=consent), actor=None
    )
    change(row, actor=None, values={"contact": contact})
    assert ("13700002222" in client.get(row.get_absolute_url()).content.decode()) is shown


def test_removed_scenario_is_not_found(client):
    row = scenario()
    url = edit_url(row)
    row.delete()
    client.force_login(factories.user("staff"))
    assert client.post(url, {}).status_code == 404


def test_expired_form_is_answered(client):
    from django.test import Client

    row = scenario()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(factories.user("staff"))
    assert strict.post(edit_url(row), {"title": "甲"}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_list_and_page_take_a_constant_number_of_queries(client, django_assert_max_num_queries, count):
    rows = [scenario(State.PUBLISHED, visibility=Visibility.PUBLIC) for _ in range(count)]
    client.force_login(factories.user("staff"))
    with django_assert_max_num_queries(10):
        client.get(reverse("scenarios:scenario-list"))
    with django_assert_max_num_queries(22):
        client.get(rows[0].get_absolute_url())
