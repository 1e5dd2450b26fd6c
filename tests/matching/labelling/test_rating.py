"""Who gets which pair, what counts in the end."""

from typing import Any

import pytest

from qunxing.core.errors import Refused
from qunxing.ledger.models import LogEntry
from qunxing.matching.labelling import actions, queries
from qunxing.matching.labelling.models import RatingPair
from qunxing.matching.models import Label
from tests import factories as people
from tests.matching.labelling.factories import DAY, pair, rated
from tests.scenarios.factories import scenario

pytestmark = pytest.mark.django_db


def test_pair_that_lacks_a_second_rater_comes_first() -> None:
    rater, half = people.user("staff"), pair()
    for _number in range(3):
        pair()
    rated(half, 3)
    assert queries.work_of(rater).next == half


def test_nobody_gets_a_pair_twice_nor_one_that_is_done() -> None:
    rater, mine, done = people.user("staff"), pair(), pair()
    rated(mine, 2, raters=[rater])
    rated(done, 1, 1)
    found = queries.work_of(rater)
    assert (found.next, found.left, found.done) == (None, 0, 1)


def test_order_is_each_raters_own() -> None:
    made = [pair() for _number in range(12)]
    raters = [people.user("staff") for _number in range(2)]
    orders = []
    for rater in raters:
        order = sorted(made, key=lambda one, rater=rater: queries.shuffled(one, rater))  # type: ignore[misc]
        assert queries.work_of(rater).next == order[0]
        orders.append([one.pk for one in order])
    assert orders[0] != orders[1]
    assert sorted(orders[0]) != orders[0]


def test_pair_passed_over_goes_to_another() -> None:
    rater, other, made = people.user("staff"), people.user("expert"), pair()
    actions.skip(made, actor=rater, day=DAY)
    assert queries.work_of(rater).next is None
    assert queries.work_of(other).next == made


def test_rater_gets_no_pair_of_their_own_house() -> None:
    firm = people.organization()
    rater = people.member_of(firm, kind="expert")
    pair(firm=firm)
    pair(need=scenario("published", organization=firm))
    assert queries.work_of(rater).next is None


def test_rater_gets_no_pair_they_may_not_see() -> None:
    rater = people.user("expert")
    pair(firm=people.organization(visibility="internal"))
    pair(need=scenario("published", visibility="internal"))
    assert queries.work_of(rater).next is None


def test_second_grade_of_a_rater_is_a_version_of_the_first() -> None:
    rater, made = people.user("staff"), pair()
    rated(made, 2, raters=[rater])
    rated(made, 4, raters=[rater])
    label = Label.objects.get()
    assert (label.grade, label.history.count(), label.visibility) == (4, 2, "internal")


@pytest.mark.parametrize("grade", [0, 5, -1])
def test_grade_out_of_range_is_refused(grade: int) -> None:
    with pytest.raises(Refused):
        actions.rate(pair(), actor=people.user("staff"), grade=grade, day=DAY)


def test_standing_counts_and_names_disputes() -> None:
    agreed, apart, once = pair(), pair(), pair()
    raters = rated(agreed, 3, 3)
    rated(apart, 1, 4, raters=raters)
    rated(once, 2, raters=raters[:1])
    pair()
    found = queries.standing()
    assert (found.pairs, found.once, found.twice, found.settled) == (4, 1, 2, 0)
    assert [(one.pair, one.grades) for one in found.disputed] == [(apart, [1, 4])]
    assert found.together.share == 0.5
    assert found.of_raters[0][:2] == (str(raters[0]), str(raters[1]))
    assert found.spread == {1: 1, 2: 1, 3: 2, 4: 1}


def test_settled_grade_counts_and_is_logged() -> None:
    made = pair()
    rated(made, 1, 3)
    assert queries.final_grades() == ({}, 1)
    actions.settle(made, actor=people.user("staff"), grade=3, reason="产品页确有此功能", day=DAY)
    assert queries.final_grades() == ({queries.key_of(made): 3}, 0)
    assert LogEntry.objects.filter(kind="labels.settled", subject_ref=made.ref).exists()
    assert queries.standing().disputed == []


def test_second_who_settles_a_pair_is_told() -> None:
    made = pair()
    rated(made, 1, 3)
    actions.settle(made, actor=people.user("staff"), grade=3, reason="产品页确有此功能", day=DAY)
    with pytest.raises(Refused):
        actions.settle(made, actor=people.user("staff"), grade=2, reason="看法不同", day=DAY)
    made.refresh_from_db()
    assert made.settled == 3


@pytest.mark.parametrize(("grades", "reason"), [((1, 3), " "), ((1,), "单人")])
def test_settling_needs_two_grades_and_a_reason(grades: tuple[int, ...], reason: str) -> None:
    made = pair()
    rated(made, *grades)
    with pytest.raises(Refused):
        actions.settle(made, actor=people.user("staff"), grade=2, reason=reason, day=DAY)


def test_blind_grades_count_above_what_staff_did() -> None:
    made, other = pair(), pair()
    for one in (made, other):
        sides = {"scenario": one.scenario, "organization": one.organization}
        Label.objects.create(**sides, grade=4, origin="accepted", day=DAY)
    rated(made, 2, 2)
    assert queries.final_grades()[0] == {queries.key_of(made): 2, queries.key_of(other): 4}


def test_pairs_are_drawn_once_and_never_with_the_owner() -> None:
    need = scenario("published")
    scenario("draft")
    for _number in range(8):
        people.organization()
    staff = people.user("staff")
    assert actions.draw_pairs(actor=staff, day=DAY) == actions.OTHERS
    assert actions.draw_pairs(actor=staff, day=DAY) == 0
    drawn = RatingPair.objects.all()
    assert {one.scenario_id for one in drawn} == {need.pk}
    assert need.organization_id not in {one.organization_id for one in drawn}


def test_work_asks_the_same_for_one_pair_and_for_many(django_assert_max_num_queries: Any) -> None:
    rater = people.user("staff")
    for count in (1, 5):
        for _number in range(count):
            rated(pair(), 1)
        with django_assert_max_num_queries(4):
            queries.work_of(rater)
