"""The pages of alerts."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from qunxing.accounts.models import SavedView
from qunxing.ledger.actions import change
from qunxing.matching.alerts import actions
from qunxing.matching.alerts.mailing import send_waiting
from qunxing.matching.alerts.models import Digest, Feed, Watch, Wishes
from qunxing.matching.alerts.queries import unread_count
from tests import factories as people
from tests.matching.alerts.factories import TUESDAY, at, digest_of, look, watch
from tests.matching.alerts.test_mailing import broken
from tests.resources.factories import offer

pytestmark = pytest.mark.django_db
__all__ = ["broken"]


def url(name: str, *args: Any) -> str:
    return reverse(f"matching:alerts:{name}", args=args)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_inbox_shows_what_is_new_and_the_head_counts_it() -> None:
    user = people.user()
    watch(user, name="算力上新")
    offer(title="新卡时")
    look()
    client = signed_in(user)
    shown = text(client.get(url("inbox")))
    assert ("新卡时" in shown, "算力上新" in shown) == (True, True)
    assert "1 份未读摘要" in text(client.get("/"))
    assert client.get(digest_of(user).get_absolute_url()).status_code == 200
    assert unread_count(user) == 0
    assert "未读摘要" not in text(client.get("/"))


def test_all_is_marked_read() -> None:
    user = people.user()
    watch(user)
    offer()
    look()
    assert signed_in(user).post(url("read-all")).status_code == 302
    assert unread_count(user) == 0


def test_inbox_asks_the_same_for_one_row_and_for_three() -> None:
    counts = []
    for rows in (1, 3):
        user = people.user()
        watch(user)
        for _row in range(rows):
            offer()
        look()
        client = signed_in(user)
        client.get(url("inbox"))
        with CaptureQueriesContext(connection) as found:
            client.get(url("inbox"))
        counts.append(len(found))
        Watch.objects.all().delete()
    assert counts[0] == counts[1]


def test_digest_of_another_is_not_found() -> None:
    user = people.user()
    watch(user)
    offer()
    look()
    assert signed_in(people.user()).get(digest_of(user).get_absolute_url()).status_code == 404


def test_list_offers_the_alert_with_its_filters() -> None:
    page = text(signed_in(people.user()).get("/offers/?kind=compute&q=卡"))
    assert f"{url('watch-create')}?kind=list&amp;target=offers&amp;query=kind%3Dcompute%26q%3D%25E5%258D%25A1" in page
    assert url("watch-create") not in text(Client().get("/offers/"))


def test_watch_is_made_from_a_list() -> None:
    user = people.user()
    client = signed_in(user)
    asked = {"kind": "list", "target": "offers", "query": "kind=compute"}
    form = client.get(url("watch-create"), asked)
    assert "类别: 算力" in text(form)
    answer = client.post(url("watch-create"), {**asked, "name": "", "every": "weekly"})
    assert answer.status_code == 302
    made = Watch.objects.get(user=user)
    assert (made.name, made.every, made.looked_on) == ("资源供给 · 类别: 算力", "weekly", timezone.localdate())


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": "no-such-list"},
        {"kind": "nothing"},
        {"kind": "match", "target": "scenarios/unknown"},
        {"kind": "match", "target": "nonsense"},
        {"kind": "search", "target": "offers"},
        {"every": "hourly"},
        {"query": "q=" + "长" * 5_000},
    ],
)
def test_nothing_unknown_is_watched(wrong: dict[str, str]) -> None:
    user = people.user()
    right = {"kind": "list", "target": "offers", "query": "", "name": "", "every": "daily"}
    answer = signed_in(user).post(url("watch-create"), right | wrong)
    assert answer.status_code == 422
    assert not Watch.objects.exists()


@pytest.mark.parametrize("query", ["kind=nothing", "until=x", "organization=abc", "nothing=1", "kind=compute&kind=x"])
def test_filter_that_would_be_left_out_is_refused(query: str) -> None:
    asked = {"kind": "list", "target": "offers", "query": query, "name": "", "every": "daily"}
    assert signed_in(people.user()).post(url("watch-create"), asked).status_code == 422


def test_odd_words_and_empty_filters_break_nothing() -> None:
    client = signed_in(people.user())
    asked = {
        "kind": "list",
        "target": "offers",
        "query": "kind=&q=%00%25&page=x",
        "name": "",
        "every": "daily",
    }
    assert client.post(url("watch-create"), asked).status_code == 302
    assert client.get(url("watch-list")).status_code == 200


def test_there_is_an_end_to_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_WATCHES", 1)
    user = people.user()
    watch(user)
    asked = {"kind": "list", "target": "funds", "query": "", "name": "", "every": "daily"}
    assert signed_in(user).post(url("watch-create"), asked).status_code == 400


def test_watch_is_changed_rested_and_removed() -> None:
    user = people.user()
    mine, client = watch(user), signed_in(user)
    assert client.post(url("watch-edit", mine.ref), {"name": "改名", "every": "weekly"}).status_code == 302
    client.post(url("watch-rest", mine.ref))
    mine.refresh_from_db()
    assert (mine.name, mine.every, mine.paused) == ("改名", "weekly", True)
    client.post(url("watch-rest", mine.ref))
    mine.refresh_from_db()
    assert not mine.paused
    client.post(url("watch-remove", mine.ref))
    assert not Watch.objects.exists()


@pytest.mark.parametrize("name", ["watch-edit", "watch-rest", "watch-remove"])
def test_watch_of_another_is_not_found(name: str) -> None:
    mine = watch(people.user())
    assert signed_in(people.user()).post(url(name, mine.ref)).status_code == 404


def test_digest_outlives_its_watch() -> None:
    user = people.user()
    watch(user, name="算力上新")
    offer(title="新卡时")
    look()
    Watch.objects.all().delete()
    shown = text(signed_in(user).get(url("inbox")))
    assert ("新卡时" in shown, "算力上新" in shown) == (True, True)


def test_saved_views_are_offered() -> None:
    user = people.user()
    SavedView.objects.create(user=user, list_code="offers", name="我的算力", query="kind=compute&sort=-valid_until")
    client = signed_in(user)
    assert "我的算力" in text(client.get(url("watch-list")))
    watch(user, query="kind=compute", name="别名")
    assert "我的算力" not in text(client.get(url("watch-list")))


def test_late_mail_is_said_on_the_page(broken: list[int]) -> None:
    user = people.user()
    watch(user)
    offer()
    look()
    send_waiting(now=at(TUESDAY, 10))
    client = signed_in(user)
    for page in (url("wishes"), digest_of(user).get_absolute_url()):
        assert "Connection refused" in text(client.get(page))


def test_wishes_are_kept_and_the_address_is_masked() -> None:
    user = people.user(email="reader@example.org")
    client = signed_in(user)
    shown = text(client.get(url("wishes")))
    assert ("r***@example.org" in shown, "reader@example.org" in shown) == (True, False)
    assert not Wishes.objects.exists()
    assert client.post(url("wishes"), {"language": "en"}).status_code == 302
    assert not Wishes.objects.get(user=user).by_mail
    assert client.post(url("wishes"), {"language": "fr"}).status_code == 422


# --- stopping the mails ---------------------------------------------------------------------------------------------


def test_link_stops_the_mails_without_signing_in() -> None:
    user = people.user(email="reader@example.org")
    watch(user)
    offer()
    look()
    address = url("unsubscribe", actions.unsubscribe_token(user))
    client = Client(enforce_csrf_checks=True)
    assert "r***@example.org" in text(client.get(address))
    assert not Wishes.objects.filter(by_mail=False).exists()
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Wishes.objects.get(user=user).by_mail
    assert Digest.objects.get().mail == "none"


def test_expired_link_is_refused_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    token = actions.unsubscribe_token(people.user())
    moment = timezone.now() + timedelta(days=actions.UNSUBSCRIBE_DAYS + 1)
    monkeypatch.setattr(signing.time, "time", moment.timestamp)
    answer = Client().get(url("unsubscribe", token))
    assert (answer.status_code, "登录" in text(answer)) == (410, True)


@pytest.mark.parametrize("token", ["x", "a:b:c"])
def test_wrong_link_is_not_found(token: str) -> None:
    assert Client().post(url("unsubscribe", token)).status_code == 404


def test_link_of_nobody_is_not_found() -> None:
    token = signing.dumps("nobody", salt=actions.UNSUBSCRIBING)
    assert Client().post(url("unsubscribe", token)).status_code == 404


def test_link_for_something_else_does_not_stop_mails() -> None:
    user = people.user()
    token = signing.dumps(user.username, salt="other")
    assert Client().post(url("unsubscribe", token)).status_code == 404


# --- feeds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_list_feed_is_what_everybody_may_see(form: str) -> None:
    offer(title="人人可见")
    offer(title="不可外传", visibility="internal")
    offer(title="社区可见", visibility="community")
    answer = signed_in(people.user("staff")).get(url("list-feed", "offers", form))
    shown = text(answer)
    assert [name in shown for name in ("人人可见", "不可外传", "社区可见")] == [True, False, False]
    assert "xml" in answer.headers["Content-Type"]


def test_list_feed_takes_the_filters_of_the_list() -> None:
    offer(title="算力", kind="compute")
    offer(title="场地", kind="space")
    shown = text(Client().get(url("list-feed", "offers", "atom"), {"kind": "compute"}))
    assert ("算力" in shown, "场地" in shown) == (True, False)


def test_list_feed_is_not_sent_again_when_nothing_changed() -> None:
    offer()
    first = Client().get(url("list-feed", "offers", "atom"))
    again = Client().get(url("list-feed", "offers", "atom"), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_feed_survives_signs_that_xml_cannot_hold() -> None:
    offer(title="坏\x0b字")
    assert Client().get(url("list-feed", "offers", "rss")).status_code == 200


@pytest.mark.parametrize("args", [("nothing", "atom"), ("offers", "json")])
def test_unknown_feed_is_not_found(args: tuple[str, str]) -> None:
    assert Client().get(url("list-feed", *args)).status_code == 404


def private_feed(user: Any, **values: Any) -> str:
    _feed, secret = actions.open_feed(actor=user, name="阅读器", **{"watch": None} | values)
    return url("feed", secret, "atom")


def test_private_feed_reads_out_what_was_told() -> None:
    user = people.user()
    watch(user)
    hidden = offer(title="将隐藏")
    offer(title="新卡时")
    address = private_feed(user)
    look()
    assert "新卡时" in text(Client().get(address))
    change(hidden, actor=None, values={"visibility": "internal"})
    answer = Client().get(address)
    assert "将隐藏" not in text(answer)
    assert "private" in answer.headers["Cache-Control"]


def test_private_feed_of_one_watch_tells_of_that_alone() -> None:
    user = people.user()
    mine = watch(user)
    watch(user, target="organizations")
    offer(title="新卡时", provider=people.organization(name="新企业"))
    look()
    shown = text(Client().get(private_feed(user, watch=mine)))
    assert ("新卡时" in shown, "<title>新企业" in shown) == (True, False)


def test_revoked_feed_answers_no_more() -> None:
    user = people.user()
    address = private_feed(user)
    assert Client().get(address).status_code == 200
    feed = Feed.objects.get()
    assert signed_in(people.user()).post(url("feed-revoke", feed.ref)).status_code == 404
    assert signed_in(user).post(url("feed-revoke", feed.ref)).status_code == 302
    assert Client().get(address).status_code == 404


def test_feed_of_a_closed_account_answers_no_more() -> None:
    user = people.user()
    address = private_feed(user)
    user.is_active = False
    user.save()
    assert Client().get(address).status_code == 404


def test_secret_is_shown_once_and_not_kept() -> None:
    user = people.user()
    client = signed_in(user)
    shown = text(client.post(url("feed-list"), {"name": "阅读器", "watch": ""}))
    secret = shown.split("/alerts/feeds/of/")[1].split("/")[0]
    assert Client().get(url("feed", secret, "rss")).status_code == 200
    assert secret not in text(client.get(url("feed-list")))
    assert secret not in str(Feed.objects.values().get())


def test_feed_of_anothers_watch_is_refused() -> None:
    theirs = watch(people.user())
    answer = signed_in(people.user()).post(url("feed-list"), {"name": "阅读器", "watch": theirs.ref})
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["inbox", "watch-list", "watch-create", "feed-list", "wishes"])
def test_visitor_who_is_not_signed_in_is_asked_to(name: str) -> None:
    assert Client().get(url(name)).headers["Location"].startswith("/accounts/login/")
