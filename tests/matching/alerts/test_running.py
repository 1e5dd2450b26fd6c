"""What is new is told once, to whoever may see it."""

from typing import Any

import pytest

from qunxing.accounts.models import Kind
from qunxing.ledger.actions import change, remove
from qunxing.matching.alerts import actions
from qunxing.matching.alerts.models import Digest, Notice, Watch
from qunxing.matching.alerts.queries import shown_notices
from tests import factories as people
from tests.matching.alerts.factories import MONDAY, NEXT_MONDAY, TUESDAY, WEDNESDAY, digest_of, look, watch
from tests.registry.factories import filing
from tests.resources.factories import offer

pytestmark = pytest.mark.django_db


def told(user: Any) -> list[str]:
    """Everything the user was ever told, oldest first."""
    digests = Digest.objects.filter(user=user).order_by("pk")
    notices = [notice for digest in digests for notice in shown_notices(digest, user=user)]
    return [str(row) for notice in notices for group in notice.groups for row in group.rows]


def test_what_was_there_is_not_told() -> None:
    user = people.user()
    offer(title="旧")
    watch(user)
    assert look().digests == []
    assert told(user) == []


def test_new_rows_are_told_once() -> None:
    user = people.user()
    watch(user)
    offer(title="新")
    assert look().rows == 1
    assert look().digests == []
    assert look(WEDNESDAY).digests == []
    assert told(user) == ["新"]


def test_row_that_left_and_came_back_is_not_told_again() -> None:
    user = people.user()
    watch(user, query="kind=compute")
    made = offer(title="新", kind="compute")
    look()
    change(made, actor=None, values={"kind": "space"})
    look(WEDNESDAY)
    change(made, actor=None, values={"kind": "compute"})
    look(NEXT_MONDAY)
    assert told(user) == ["新"]


def test_filters_hold() -> None:
    user = people.user()
    watch(user, query="kind=compute&sort=-valid_until&page=3&col=title")
    offer(title="算力", kind="compute")
    offer(title="场地", kind="space")
    look()
    assert told(user) == ["算力"]


def test_row_that_becomes_visible_is_news() -> None:
    user = people.user()
    watch(user, target="filings")
    row = filing("submitted", name="星图")
    look()
    assert told(user) == []
    row.state = "granted"
    row.save()
    look(WEDNESDAY)
    assert [name.split()[0] for name in told(user)] == ["星图"]


@pytest.mark.parametrize("kind", [Kind.VISITOR, Kind.EXPERT, Kind.MEMBER])
def test_hidden_rows_are_not_told(kind: str) -> None:
    user, staff = people.user(kind), people.user(Kind.STAFF)
    watch(user)
    watch(staff)
    offer(title="内部", visibility="internal")
    look()
    assert told(user) == []
    assert told(staff) == ["内部"]


def test_row_that_was_hidden_since_shows_no_more_in_the_digest() -> None:
    user = people.user()
    watch(user)
    made, kept = offer(title="将隐藏"), offer(title="仍公开")
    look()
    change(made, actor=None, values={"visibility": "internal"})
    notice = shown_notices(digest_of(user), user=user)[0]
    assert (notice.total, told(user)) == (1, ["仍公开"])
    remove(kept, actor=None, reason="测试")
    assert shown_notices(digest_of(user), user=user) == []


def test_search_over_everything_finds_every_kind() -> None:
    user = people.user()
    watch(user, kind="search", target="", query="q=星图")
    people.organization(name="星图科技有限公司")
    filing(name="星图大模型")
    offer(title="别的")
    look()
    assert sorted(name[:4] for name in told(user)) == ["星图大模", "星图科技"]


def test_weekly_watch_waits_for_the_week() -> None:
    user = people.user()
    watch(user, every="weekly")
    offer(title="新")
    assert look(WEDNESDAY).watches == 0
    assert look(NEXT_MONDAY).rows == 1


def test_paused_watch_tells_nothing_and_goes_on_from_where_it_is_woken() -> None:
    user = people.user()
    mine = watch(user)
    actions.pause(mine)
    offer(title="其间")
    assert look().watches == 0
    actions.resume(Watch.objects.get(pk=mine.pk), actor=user, day=TUESDAY)
    offer(title="之后")
    look(WEDNESDAY)
    assert told(user) == ["之后"]


def test_closed_account_is_not_told() -> None:
    user = people.user()
    watch(user)
    user.is_active = False
    user.save()
    offer()
    assert look().watches == 0


def test_list_that_is_gone_tells_nothing() -> None:
    user = people.user()
    mine = watch(user)
    Watch.objects.filter(pk=mine.pk).update(target="no-such-list")
    offer()
    assert look().rows == 0


def test_flood_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Notice, "MOST", 2)
    user = people.user()
    watch(user)
    for number in range(3):
        offer(title=f"第{number}")
    look()
    notice = shown_notices(digest_of(user), user=user)[0]
    assert (notice.total, notice.cut) == (2, True)
    assert told(user) == ["第2", "第1"]
    assert look(WEDNESDAY).rows == 0


def test_several_watches_make_one_digest() -> None:
    user = people.user()
    watch(user, name="甲")
    watch(user, name="乙", target="organizations")
    offer(title="新")
    assert len(look().digests) == 1
    assert [notice.heading for notice in shown_notices(digest_of(user), user=user)] == ["甲", "乙"]


def test_same_watch_twice_is_one() -> None:
    user = people.user()
    first = watch(user, query="kind=compute&page=2")
    second = watch(user, query="kind=compute", name="改名", every="weekly")
    assert (second.pk, second.name, second.every) == (first.pk, "改名", "weekly")


def test_name_is_made_from_what_is_looked_for() -> None:
    assert watch(people.user(), query="kind=compute&q=卡").name == "资源供给 · 类别: 算力 · 关键词：卡"


def test_looking_asks_the_same_for_one_row_and_for_three(django_assert_max_num_queries: Any) -> None:
    for number in (1, 3):
        user = people.user()
        watch(user, day=MONDAY)
        for _row in range(number):
            offer()
        with django_assert_max_num_queries(16):
            look()
        Watch.objects.all().delete()
