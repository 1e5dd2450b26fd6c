"""Items to experts: by what they know, evenly, within their loads, past conflicts; told in words when it cannot be."""

from collections import Counter

import pytest
from django.utils.translation import override

from qunxing.core.errors import Refused
from qunxing.panels import actions
from qunxing.panels.models import Review
from tests.panels import factories

pytestmark = pytest.mark.django_db


def loads(reviews: list[Review]) -> list[int]:
    return sorted(Counter(review.seat_id for review in reviews).values())


def test_items_go_to_who_knows_them() -> None:
    for words in ("医学影像 病灶分割", "合同 法律 审查", "电网 负荷 预测"):
        factories.experts(2, keywords=words)
    panel = factories.panel(size=5, reviews_per_item=1, specialists="0", outside="0")
    specs = [("影像", "病灶分割与医学影像诊断"), ("合同", "合同法律审查"), ("电网", "电网负荷预测")]
    actions.add_items(
        panel, [factories.item_spec(at, title=one, text=text) for at, (one, text) in enumerate(specs)], actor=None
    )
    factories.seated(panel)
    made = actions.assign(panel, actor=None)
    known = {review.item.title: review.seat.expert.keywords for review in made}
    assert [known[name].split()[0] for name, _text in specs] == ["医学影像", "合同", "电网"]


def test_nobody_gets_more_than_must_be() -> None:
    factories.experts(5)
    panel = factories.panel(items=7, reviews_per_item=3)
    factories.seated(panel)
    made = actions.assign(panel, actor=None)
    assert (len(made), max(loads(made))) == (21, 5)
    assert actions.assign(panel, actor=None) == []


def test_an_experts_own_cap_is_kept() -> None:
    factories.experts(4)
    factories.experts(1, load_cap=2)
    panel = factories.panel(items=6, reviews_per_item=3)
    factories.seated(panel)
    assert loads(actions.assign(panel, actor=None))[0] == 2


def test_what_cannot_be_assigned_is_told_in_words() -> None:
    factories.experts(5, load_cap=1)
    panel = factories.panel(items=4, reviews_per_item=3)
    factories.seated(panel)
    with pytest.raises(Refused) as refused, override("zh-hans"):
        actions.assign(panel, actor=None)
    with override("zh-hans"):
        assert "无法完成分配" in str(refused.value)
        assert "A001" in str(refused.value)
    assert not Review.objects.exists()


def test_everybody_reads_everything_unless_the_rules_say_otherwise() -> None:
    factories.experts(5)
    panel = factories.panel(items=3)
    factories.seated(panel)
    assert loads(actions.assign(panel, actor=None)) == [3, 3, 3, 3, 3]


def test_who_follows_takes_over_the_reviews() -> None:
    factories.experts(7)
    panel = factories.panel(items=6, reviews_per_item=3)
    seats = factories.seated(panel)
    factories.scoring(panel)
    before = set(Review.objects.filter(seat=seats[0]).values_list("item_id", flat=True))
    follower = actions.replace(seats[0], actor=None, reason="不能继续")
    actions.accept(follower, actor=None)
    made = actions.assign(panel, actor=None)
    assert {review.item_id for review in made} == before
    assert Counter(Review.objects.exclude(state="void").values_list("item_id", flat=True)).most_common()[-1][1] == 3
