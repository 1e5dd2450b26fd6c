"""What the pages of every ledger do alike: save, refuse, and settle between two who saved the same record."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from qunxing.accounts.models import Kind
from qunxing.ledger.actions import change, remove
from qunxing.ledger.models import Evidence, Source
from tests import factories

pytestmark = pytest.mark.django_db
FORM = {"title": "名单", "kind": "list", "publisher": "网信办", "day": "2025-05-07", "visibility": "public"}


@pytest.fixture
def desk(client: Client) -> Client:
    """The browser of a member of staff."""
    client.force_login(factories.user(Kind.STAFF))
    return client


def a_source(**values: Any) -> Source:
    return factories.source(**{"title": "名单", "kind": "list", "publisher": "网信办"} | values)


def save(client: Client, row: Source, **values: Any) -> Any:
    return client.post(f"/sources/{row.ref}/edit/", {**FORM, "revision": 1, **values})


def stored(row: Source) -> Source:
    return Source.objects.get(pk=row.pk)


def test_saved_record_leads_to_its_page_and_says_so(desk: Client) -> None:
    row = a_source()
    answer = desk.post(f"/sources/{row.ref}/edit/", {**FORM, "revision": 1, "title": "新名单"}, follow=True)
    assert answer.redirect_chain == [(f"/sources/{row.ref}/", 302)]
    assert [str(message) for message in answer.context["messages"]] == ["“新名单”已保存。"]


def test_new_record_is_made_once_and_has_a_version_with_its_reason(desk: Client) -> None:
    answer = desk.post("/sources/new/", {**FORM, "reason": "新发布"})
    row = Source.objects.get()
    assert answer.headers["Location"] == f"/sources/{row.ref}/"
    assert row.history.get().history_change_reason == "新发布"


def test_the_like_kept_a_moment_before_is_told_and_nothing_typed_is_lost(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(*_args: Any, **_words: Any) -> Source:
        raise IntegrityError("UNIQUE constraint failed")

    monkeypatch.setattr("qunxing.ledger.edges.create", too_late)
    answer = desk.post("/sources/new/", {**FORM, "publisher": "新单位"})
    assert answer.status_code == 422
    assert "别人刚刚保存了同样的记录" in answer.text
    assert "新单位" in answer.text


def test_form_with_mistakes_is_shown_again_with_what_was_typed(desk: Client) -> None:
    row = a_source()
    answer = save(desk, row, title="", publisher="新单位", day="2023-02-30")
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == ["day", "title"]
    assert "新单位" in answer.content.decode()
    assert stored(row).revision == 1


def test_record_saved_meanwhile_is_shown_beside_what_was_typed(desk: Client) -> None:
    row = a_source()
    change(row, actor=None, values={"title": "他人的题目", "publisher": "他人的单位"})
    answer = save(desk, row, title="我的题目", note="我的备注")
    clashes = {clash.name: (clash.opened, clash.theirs, clash.mine, clash.keep) for clash in answer.context["clashes"]}
    assert answer.status_code == 409
    assert clashes == {
        "title": ("名单", "他人的题目", "我的题目", "mine"),
        "publisher": ("网信办", "他人的单位", "网信办", "theirs"),
        "note": ("", "", "我的备注", "mine"),
    }
    assert (stored(row).title, stored(row).revision) == ("他人的题目", 2)


def test_conflict_page_sends_all_that_was_typed_along(desk: Client) -> None:
    row = a_source()
    change(row, actor=None, values={"title": "他人的题目"})
    answer = save(desk, row, title="我的题目", reason="更正")
    kept = dict(answer.context["untouched"])
    assert (kept["title"], kept["reason"], kept["day"]) == ("我的题目", "更正", "2025-05-07")
    assert f'name="revision" value="{stored(row).revision}"' in answer.content.decode()


def test_choice_is_saved_with_its_version(desk: Client) -> None:
    row = a_source()
    change(row, actor=None, values={"title": "他人的题目", "publisher": "他人的单位"})
    kept = dict(save(desk, row, title="我的题目", reason="更正").context["untouched"])
    answer = desk.post(
        f"/sources/{row.ref}/edit/", {**kept, "revision": 2, "keep_title": "mine", "keep_publisher": "theirs"}
    )
    found = stored(row)
    assert answer.status_code == 302
    assert (found.title, found.publisher, found.revision) == ("我的题目", "他人的单位", 3)
    assert found.history.latest("history_id").history_change_reason == "更正"


def test_conflict_during_a_conflict_is_shown_again(desk: Client) -> None:
    row = a_source()
    change(row, actor=None, values={"title": "第二"})
    change(row, actor=None, values={"title": "第三"})
    answer = save(desk, row, revision=2, title="我的题目", keep_title="mine")
    clash = answer.context["clashes"][0]
    assert (answer.status_code, clash.opened, clash.theirs, clash.mine) == (409, "第二", "第三", "我的题目")


def test_both_wrote_the_same(desk: Client) -> None:
    row = a_source()
    change(row, actor=None, values={"title": "新题目"})
    answer = save(desk, row, title="新题目")
    assert (answer.status_code, answer.context["clashes"]) == (409, [])
    assert "双方填写的内容相同" in answer.content.decode()


@pytest.mark.parametrize("revision", ["7", "0", "99999999999999999999999999"])
def test_revision_that_never_was_is_a_conflict(desk: Client, revision: str) -> None:
    row = a_source()
    assert save(desk, row, revision=revision, title="我的题目").status_code == 409
    assert stored(row).title == "名单"


@pytest.mark.parametrize("revision", ["", "x", "-1"])
def test_form_that_does_not_say_what_it_was_opened_at_writes_nothing_over(desk: Client, revision: str) -> None:
    row = a_source()
    change(row, actor=None, values={"title": "他人的题目"})
    assert save(desk, row, revision=revision, title="我的题目").status_code in {409, 422}
    assert stored(row).title == "他人的题目"


def test_record_removed_meanwhile_is_not_found(desk: Client) -> None:
    row = a_source()
    remove(row, actor=None, reason="重复")
    answer = save(desk, row, title="我的题目")
    assert answer.status_code == 404
    assert "找不到页面" in answer.content.decode()


def test_staff_cite_a_source_with_a_change(desk: Client) -> None:
    firm, basis = factories.organization(name="群星公司"), factories.source()
    form = {"name": "群星公司", "short_name": "群星", "visibility": "public", "roles": ["firm"], "revision": 1}
    answer = desk.post(
        f"/organizations/{firm.ref}/edit/", form | {"source": basis.ref, "place": "A2", "reason": "补录"}
    )
    evidence = Evidence.objects.get(source=basis)
    assert answer.status_code == 302
    assert (evidence.place, evidence.values["short_name"], evidence.record_id) == ("A2", "群星", firm.pk)
    assert firm.history.latest("history_id").source == basis


def test_members_are_not_asked_for_sources_nor_for_visibility(client: Client) -> None:
    firm, basis = factories.organization(name="群星公司"), factories.source()
    client.force_login(factories.member_of(firm, "editor"))
    fields = client.get(f"/organizations/{firm.ref}/edit/").context["form"].fields
    assert {"source", "place", "visibility"}.isdisjoint(fields)
    form = {"name": "群星公司", "short_name": "群星", "revision": 1, "visibility": "internal", "source": basis.ref}
    assert client.post(f"/organizations/{firm.ref}/edit/", form).status_code == 302
    firm.refresh_from_db()
    assert (firm.visibility, firm.short_name, Evidence.objects.count()) == ("public", "群星", 0)


@pytest.mark.parametrize("length", ["", "x", "-5", "0", "99999", "9" * 30])
def test_timeline_length_is_bounded(desk: Client, length: str) -> None:
    assert desk.get(f"/sources/{a_source().ref}/?timeline={length}").status_code == 200
