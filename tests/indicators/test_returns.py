"""Quarterly returns: their life, their form, what the ledger fills in, and what is refused."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from qunxing.core.duties import duties_of
from qunxing.core.errors import IllegalTransition, Problem, Refused
from qunxing.directory.models import Residency
from qunxing.indicators import duties
from qunxing.indicators.actions import returns as actions
from qunxing.indicators.engine.quarters import Quarter
from qunxing.indicators.forms.returns import ReturnForm, begun_form, thousands
from qunxing.indicators.models import Return, ReturnTerms
from qunxing.indicators.models.returns import FIGURES as NAMES
from qunxing.indicators.queries.returns.filing import lacking, prefilled, terms
from qunxing.indicators.rules import Permission
from qunxing.indicators.states.returns import RETURN, TONES, ReturnState
from qunxing.ledger.actions import change, create
from qunxing.ledger.models import LogEntry
from qunxing.matching.models import Notice
from tests import factories as people
from tests.funds import factories as funds
from tests.indicators.returning import FIGURES, return_of, tenant

pytestmark = pytest.mark.django_db

TODAY, NOW = date(2025, 4, 12), datetime(2025, 4, 12, 9, tzinfo=UTC)
FIRST = Quarter(2025, 1)
AMOUNTS = ("revenue", "profit", "rnd_expense", "tax", "financing")


def typed(**values: Any) -> dict[str, Any]:
    """The figures as the form takes them: money in thousands."""
    data = {name: thousands(value) if name in AMOUNTS else value for name, value in FIGURES.items()}
    return {"period": "2025Q1", **data, **values}


def form_for(firm: Any, user: Any = None, **values: Any) -> ReturnForm:
    data = typed(organization=firm.name, **values)
    made: ReturnForm = begun_form(user or people.user("staff"), data, organization=None, period=None, today=TODAY)
    return made


# --- its life -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ReturnState.values)
@pytest.mark.parametrize("step", [step.name for step in RETURN])
def test_step_leads_on_or_is_refused(step: str, state: str) -> None:
    row, staff = return_of(state=state), people.user("staff")
    if state in RETURN.named(step).sources:
        actions.move(row, step, actor=staff, now=NOW, reason="核对")
        assert Return.objects.get().state == RETURN.named(step).target
    else:
        with pytest.raises(IllegalTransition):
            actions.move(row, step, actor=staff, now=NOW, reason="核对")
        assert Return.objects.get().state == state


def test_every_state_can_be_left_and_has_a_tone() -> None:
    assert all(RETURN.leaving(state) for state in ReturnState.values)
    assert set(TONES) == set(ReturnState)
    assert {step.permission for step in RETURN} <= {str(permission) for permission in Permission}


def test_return_is_sent_back_with_a_reason_and_its_writers_are_told() -> None:
    row = return_of()
    writer = people.member_of(row.organization, "editor")
    with pytest.raises(Refused):
        actions.move(row, "send_back", actor=people.user("staff"), now=NOW, reason=" ")
    actions.move(row, "send_back", actor=people.user("staff"), now=NOW, reason="收入口径不符")
    assert row.history.latest("history_id").history_change_reason == "收入口径不符"
    assert [notice.digest.user for notice in Notice.objects.all()] == [writer]


def test_return_that_lacks_a_figure_is_not_submitted() -> None:
    row = return_of(state="draft", revenue=None, staff=None, staff_doctor=None)
    with pytest.raises(Problem, match=r"revenue|收入"):
        actions.move(row, "submit", actor=people.user("staff"), now=NOW)
    assert Return.objects.get().state == "draft"


def test_return_of_a_quarter_that_runs_is_not_submitted() -> None:
    row = return_of(state="draft", quarter=2)
    with pytest.raises(Problem):
        actions.move(row, "submit", actor=people.user("staff"), now=NOW)


def test_day_of_submitting_is_kept() -> None:
    row = return_of(state="draft", submitted_on=None)
    actions.move(row, "submit", actor=people.user("staff"), now=NOW)
    assert Return.objects.get().submitted_on == TODAY


# --- what is refused ------------------------------------------------------------------------------------------------


def test_money_is_typed_in_thousands_and_kept_in_yuan() -> None:
    form = form_for(tenant(), revenue="3,200.5", profit="-400")
    assert form.errors == {}
    made = form.save(commit=False)
    assert (made.revenue, made.profit, made.period) == (3_200_500, -400_000, FIRST)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"staff": 5}, "__all__"),
        ({"revenue": "-1"}, "revenue"),
        ({"revenue": "12.3456"}, "revenue"),
        ({"revenue": "lots"}, "revenue"),
        ({"revenue": "9" * 15}, "revenue"),
        ({"staff": "-1"}, "staff"),
        ({"period": "2025Q3"}, "period"),
        ({"period": "soon"}, "period"),
        ({"certificate_until": "sometime"}, "certificate_until"),
    ],
)
def test_wrong_value_is_named(values: dict[str, Any], field: str) -> None:
    assert list(form_for(tenant(), **values).errors) == [field]


def test_second_return_of_a_quarter_is_refused() -> None:
    row = return_of()
    assert list(form_for(row.organization).errors) == ["period"]
    with pytest.raises(IntegrityError), transaction.atomic():
        return_of(row.organization)


def test_firm_that_was_not_in_residence_is_refused() -> None:
    assert list(form_for(people.organization()).errors) == ["period"]
    gone = tenant()
    change(
        Residency.objects.get(organization=gone), actor=None, values={"stage": "left", "left_on": date(2024, 12, 31)}
    )
    assert list(form_for(gone).errors) == ["period"]
    assert form_for(tenant(entered=None)).errors == {}


def test_database_refuses_more_degrees_than_people() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        return_of(staff=5)


@pytest.mark.parametrize("revenue", ["3200000", "3.2"])
def test_yuan_taken_for_thousands_is_asked_about_once(revenue: str) -> None:
    firm = tenant()
    return_of(firm, year=2024, quarter=4)
    form = form_for(firm, revenue=revenue)
    assert list(form.errors) == ["revenue"]
    assert not form.fields["checked"].widget.is_hidden
    assert form_for(firm, revenue=revenue, checked="on").errors == {}


def test_ordinary_growth_is_not_asked_about() -> None:
    firm = tenant()
    return_of(firm, year=2024, quarter=4)
    assert form_for(firm, revenue="32000").errors == {}


def test_writer_files_for_no_other_firm(client: Any) -> None:
    writer = people.member_of(tenant())
    assert list(form_for(tenant(), writer).errors) == ["organization"]


def test_form_opened_and_saved_changes_nothing(client: Any) -> None:
    row = return_of()
    client.force_login(people.user("staff"))
    url = reverse("indicators:return-edit", args=[row.ref])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert client.post(url, data).status_code == 302
    assert Return.objects.get().revision == 1


def test_wrong_value_loses_nothing_that_was_typed(client: Any) -> None:
    firm = tenant()
    client.force_login(people.user("staff"))
    answer = client.post(
        reverse("indicators:return-create"), typed(organization=firm.name, revenue="3x2", note="备注一")
    )
    assert answer.status_code == 422
    assert "3x2" in answer.content.decode()
    assert "备注一" in answer.content.decode()


# --- what the ledger knows ------------------------------------------------------------------------------------------


def test_ledger_fills_in_what_it_knows() -> None:
    firm = tenant()
    until = date(2026, 12, 4)
    return_of(firm, year=2024, quarter=4, staff=31, certificate_number="GR1", certificate_until=until)
    funds.round_of(firm, closed_on=date(2025, 2, 1), amount_low=6_000_000, amount_high=6_000_000)
    found = prefilled(firm, FIRST).values
    assert (found["staff"], found["staff_master"], found["financing"]) == (31, 8, 6_000_000)
    assert (found["certificate_number"], found["certificate_until"]) == ("GR1", until)
    assert "revenue" not in found


def test_amount_that_is_not_exact_is_not_filled_in() -> None:
    firm = tenant()
    funds.round_of(firm, closed_on=date(2025, 2, 1), amount_low=6_000_000, amount_high=None)
    assert "financing" not in prefilled(firm, FIRST).values


def test_certificate_that_ran_out_is_not_filled_in() -> None:
    firm = tenant()
    return_of(firm, year=2024, quarter=4, certificate_number="GR1", certificate_until=date(2024, 12, 31))
    assert "certificate_number" not in prefilled(firm, FIRST).values


# --- who has to file ------------------------------------------------------------------------------------------------


def test_who_has_not_filed_is_told() -> None:
    scope, staff = people.scope(), people.user("staff")
    late, begun, filed = tenant(scope), tenant(scope), tenant(scope)
    return_of(begun, "draft")
    return_of(filed)
    later = tenant(scope, date(2025, 4, 1))
    tenant(scope, None)
    rows = lacking(staff, FIRST)
    assert {row.organization for row in rows} == {late, begun}
    assert later in {row.organization for row in lacking(staff, Quarter(2025, 2))}


def test_reminder_reaches_those_who_write_and_once_a_day() -> None:
    firm, staff = tenant(), people.user("staff")
    writer = people.member_of(firm, "editor")
    people.member_of(firm, "viewer")
    now = datetime.now(UTC)
    rows = lacking(staff, FIRST)
    assert actions.remind(rows, FIRST, actor=staff, now=now) == (1, 0)
    assert [notice.digest.user for notice in Notice.objects.all()] == [writer]
    assert LogEntry.objects.filter(kind="indicators.reminded", subject_ref=firm.ref).count() == 1
    assert actions.remind(lacking(staff, FIRST), FIRST, actor=staff, now=now) == (0, 0)


def test_firm_without_an_account_is_told_to_staff(client: Any) -> None:
    firm = tenant()
    client.force_login(people.user("staff"))
    url = reverse("indicators:return-remind")
    assert client.post(url, {"quarter": "2025Q1", "organization": firm.ref}).status_code == 302
    assert Notice.objects.count() == 0
    assert client.post(url, {"quarter": "2025Q1", "organization": "nobody"}).status_code == 404
    assert client.post(url, {"quarter": "later", "organization": firm.ref}).status_code == 404


def test_duties_fall_to_those_who_have_them() -> None:
    firm = tenant()
    writer, viewer, staff = people.member_of(firm), people.member_of(firm, "viewer"), people.user("staff")
    found = [duty for ask in duties.DUTIES for duty in ask(writer, TODAY)]
    assert [(duty.about, duty.due) for duty in found] == [(firm.name, date(2025, 4, 20))]
    assert [duty for duty in duties_of(viewer, TODAY) if firm.name in duty.about] == []
    row = return_of(firm)
    assert [duty.url for ask in duties.DUTIES for duty in ask(staff, TODAY)] == [row.get_absolute_url()]
    assert [duty for ask in duties.DUTIES for duty in ask(writer, TODAY)] == []


def test_terms_are_parameters(client: Any) -> None:
    assert terms().due_day == 20
    client.force_login(people.user("staff"))
    url = reverse("indicators:return-terms")
    data = {"due_day": 15, "certificate": "on", "investment_over": "", "revenue_over": 8_000_000, "stay_months": 36}
    assert client.post(url, data).status_code == 302
    assert client.post(url, data | {"revision": 1, "stay_months": 42}).status_code == 302
    stored = ReturnTerms.objects.get()
    assert (stored.due_day, stored.graduation.investment, stored.graduation.stay_months) == (15, None, 42)
    assert client.post(url, data | {"revision": 2, "due_day": 40}).status_code == 422


def test_every_figure_of_a_return_is_in_its_form() -> None:
    assert set(NAMES) <= set(ReturnForm.Meta.fields)


def test_return_is_never_open() -> None:
    row = create(Return(organization=tenant(), year=2025, quarter=1, visibility="public"), actor=None)
    assert row.visibility == "internal"
