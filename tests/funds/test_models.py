"""What the ledger of funds refuses, however it is written."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from qunxing.core.money import MoneyRange
from qunxing.funds.models import AmountKind, CircularParent, Commitment, Fund, Investment, Round
from qunxing.funds.models.amounts import AMOUNT_KINDS
from qunxing.ledger.actions import change, change_many, create
from qunxing.ledger.recording import recording
from tests import factories as people
from tests.funds import factories

pytestmark = pytest.mark.django_db
OPEN_ENDS = [
    (5, 5, False, False),
    (5, 5, True, True),
    (5, 9, False, True),
    (5, None, True, False),
    (None, 9, False, True),
]


def line() -> list[Fund]:
    top = factories.fund(name="母基金")
    middle = factories.fund(name="子基金", parent=top)
    return [top, middle, factories.fund(name="孙基金", parent=middle)]


def test_circle_is_refused_by_the_form_s_check() -> None:
    top, _middle, low = line()
    top.parent = low
    with pytest.raises(ValidationError) as refused:
        top.full_clean()
    assert list(refused.value.message_dict) == ["parent"]


def test_circle_is_refused_by_a_change() -> None:
    top, _middle, low = line()
    with pytest.raises(CircularParent):
        change(top, actor=None, values={"parent": low})
    top.refresh_from_db()
    assert top.parent is None


def test_circle_is_refused_in_bulk() -> None:
    top, middle, low = line()
    top.parent = low
    with pytest.raises(CircularParent), recording(actor=None):
        change_many([top], ["parent"])
    first, second = Fund(pk=9001, name="甲", parent_id=9002), Fund(pk=9002, name="乙", parent_id=9001)
    with pytest.raises(CircularParent):
        Fund.objects.bulk_create([first, second])
    assert Fund.objects.filter(parent=low).count() == 0
    assert {middle.parent_id, low.parent_id} == {top.pk, middle.pk}


def test_circle_is_refused_by_the_database() -> None:
    top, _middle, low = line()
    with pytest.raises(IntegrityError), transaction.atomic():
        Fund.objects.filter(pk=top.pk).update(parent=low)
    with pytest.raises(IntegrityError), transaction.atomic():
        Fund.objects.filter(pk=top.pk).update(parent=top)
    assert Fund.objects.get(pk=top.pk).parent is None


def test_fund_moves_to_another_parent() -> None:
    top, _middle, low = line()
    change(low, actor=None, values={"parent": top})
    assert Fund.objects.get(pk=low.pk).parent == top


@pytest.mark.parametrize(("low", "high", "low_open", "high_open"), OPEN_ENDS)
def test_amount_is_kept_with_its_open_ends(low: int | None, high: int | None, low_open: bool, high_open: bool) -> None:
    money = MoneyRange(low, high, "USD", low_open, high_open)
    kept = factories.round_of(amount=money)
    assert Round.objects.get(pk=kept.pk).amount == money


@pytest.mark.parametrize(("low", "high"), [(9, 5), (-1, 5), (0, 10**15 + 1)])
def test_amount_out_of_order_is_refused_by_the_database(low: int, high: int) -> None:
    kept = factories.round_of()
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=kept.pk).update(amount_low=low, amount_high=high)


@pytest.mark.parametrize(("low", "high", "low_open", "high_open"), [*OPEN_ENDS, (None, None, False, False)])
def test_row_is_of_one_amount_kind(low: int | None, high: int | None, low_open: bool, high_open: bool) -> None:
    kept = factories.round_of(amount=MoneyRange(low, high, "CNY", low_open, high_open))
    found = [kind for kind, condition in AMOUNT_KINDS.items() if Round.objects.filter(condition).exists()]
    assert found == [kept.amount_kind]


def test_amount_kind_of_about_is_a_range() -> None:
    about = MoneyRange(5, 5, "CNY", low_open=True, high_open=True)
    assert factories.round_of(amount=about).amount_kind == AmountKind.RANGE


def test_investment_has_one_investor() -> None:
    found = factories.round_of()
    both = Investment(round=found, investor_name="某人", investor=people.organization())
    for wrong in (Investment(round=found), both):
        with pytest.raises(IntegrityError), transaction.atomic():
            create(wrong, actor=None)


def test_fund_commits_nothing_to_itself() -> None:
    fund = factories.fund()
    with pytest.raises(IntegrityError), transaction.atomic():
        create(Commitment(fund=fund, investor_fund=fund), actor=None)


def test_round_keeps_the_code_of_its_stage() -> None:
    kept = factories.round_of(stage=factories.stage("pre_a"))
    assert kept.history.get().stage_id == "pre_a"
    change(kept, actor=None, values={"stage": factories.stage("pre_a"), "note": ""})
    assert kept.history.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_writers_do_not_close_a_circle_between_them() -> None:
    first, second = factories.fund(), factories.fund()
    start = Barrier(2)

    def place(below: Fund, above: Fund) -> str:
        start.wait()
        try:
            Fund.objects.filter(pk=below.pk).update(parent=above)
        except IntegrityError:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as writers:
        answers = [writers.submit(place, *pair) for pair in ((first, second), (second, first))]
    assert sorted(answer.result() for answer in answers) == ["done", "refused"]
    assert Fund.objects.filter(parent__isnull=False).count() == 1
