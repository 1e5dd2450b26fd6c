"""Duplicates as they are kept: found by a search, followed by the log, shown on a page in a fixed number of queries."""

import json
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.cli import app
from qunxing.cli.index import Wish
from qunxing.directory.actions import rename
from qunxing.directory.models import Organization, OrganizationName
from qunxing.intake import actions
from qunxing.intake.joining import following, searching
from qunxing.intake.joining.candidates import tell_apart
from qunxing.intake.joining.finding import RULES
from qunxing.intake.joining.jobs import SEARCH, start_search
from qunxing.intake.joining.merging import merge
from qunxing.intake.joining.searching import behind, compare_again, follow, search
from qunxing.intake.models import DuplicateMark, DuplicatePair, DuplicateSearch
from qunxing.ledger.actions import change, create, remove
from qunxing.ledger.jobs import Cancelled, run_job
from qunxing.ledger.models import Job
from tests import factories as people
from tests.intake.joining.made import candidates

pytestmark = pytest.mark.django_db
ONE, OTHER, THIRD = "上海星澜智能科技有限公司", "星澜智能科技（上海）有限公司", "上海砚池软件有限公司"


@pytest.fixture
def pair():
    return people.organization(name=ONE), people.organization(name=OTHER)


def kept():
    """The pairs as they are kept, in the form of `candidates`."""
    rows = DuplicatePair.objects.order_by("-score", "first_id", "second_id")
    return [(row.first_id, row.second_id, row.score, row.ground, tuple(row.reasons)) for row in rows]


def compared():
    return [(one.first, one.second, round(one.score * 1000), one.ground, one.reasons) for one in candidates()]


def catch_up():
    while follow():
        continue


def test_search_keeps_what_is_found_and_when(pair):
    assert search() == 1
    assert kept() == compared()
    stored = DuplicateSearch.objects.get()
    assert (stored.rules, behind(), stored.searched_at is not None) == (RULES, 0, True)


def test_second_search_writes_nothing_anew(pair):
    search()
    before = [set(model.objects.values_list("pk", flat=True)) for model in (DuplicatePair, DuplicateMark)]
    search()
    assert [set(model.objects.values_list("pk", flat=True)) for model in (DuplicatePair, DuplicateMark)] == before


def test_nothing_is_followed_before_the_first_search_or_after_other_rules(pair):
    assert (follow(), behind()) == (False, 0)
    search()
    DuplicateSearch.objects.update(rules=RULES - 1)
    people.organization(name=ONE)
    assert (follow(), DuplicatePair.objects.count()) == (False, 1)


def test_new_organisation_is_found_without_a_search(pair):
    search()
    fresh = people.organization(name="上海星蓝智能科技有限公司")
    assert behind() > 0
    catch_up()
    assert (kept(), behind()) == (compared(), 0)
    assert DuplicatePair.objects.filter(second=fresh).count() == 2


def test_renamed_organisation_is_judged_again(pair):
    third = people.organization(name=THIRD)
    search()
    change(pair[1], actor=None, values={"name": "上海砚池软件股份有限公司"})
    catch_up()
    assert kept() == compared()
    assert [(row.first_id, row.second_id) for row in DuplicatePair.objects.all()] == [(pair[1].pk, third.pk)]


def test_codes_that_change_and_names_that_come_and_go_are_followed(pair):
    third = people.organization(name=THIRD)
    search()
    create(OrganizationName(organization=third, text=ONE), actor=None)
    catch_up()
    assert kept() == compared()
    remove(OrganizationName.objects.get(), actor=None, reason="x")
    for firm, code in zip(pair, ("91310104MA1FR1C41X", "91310000MA1FL5MU6G"), strict=True):
        change(firm, actor=None, values={"uscc": code})
    catch_up()
    assert (kept(), compared()) == ([], [])


def test_what_is_followed_is_what_a_search_finds():
    names = [
        ONE,
        OTHER,
        "上海星蓝智能科技有限公司",
        "星澜智能科技有限公司",
        "北京星澜智能科技有限公司",
        THIRD,
        "上海砚池科技有限公司",
    ]
    search()
    for name in names:
        people.organization(name=name)
        catch_up()
    followed = kept()
    DuplicatePair.objects.all().delete()
    search()
    assert followed == kept() == compared()
    assert len(followed) > 3


def test_merged_removed_and_told_apart_pairs_vanish_at_once(pair):
    third = people.organization(name="上海星澜智能科技股份有限公司")
    fourth = people.organization(name=THIRD)
    fifth = people.organization(name="上海砚池软件股份有限公司")
    search()
    assert DuplicatePair.objects.count() == 4
    tell_apart(pair[0], third, actor=None)
    assert DuplicatePair.objects.count() == 3
    remove(fourth, actor=None, reason="x")
    assert DuplicatePair.objects.filter(second=fifth).count() == 0
    merge(pair[0], pair[1], actor=None, reason="x")
    assert DuplicatePair.objects.count() == 0
    catch_up()
    assert DuplicatePair.objects.count() == 0


def test_undone_merge_is_found_again(pair):
    search()
    made = merge(*pair, actor=None, reason="x")
    actions.undo_batch(made, actor=None, reason="x")
    catch_up()
    assert kept() == compared()
    assert len(kept()) == 1


def test_told_apart_pair_stays_away_when_one_is_changed(pair):
    search()
    tell_apart(*pair, actor=None)
    rename(pair[0], actor=None, name="上海星澜智能有限公司", from_day=pair[0].created_at.date())
    catch_up()
    assert kept() == []


def test_what_two_searches_at_once_kept_twice_is_kept_once_again(pair):
    search()
    rows = DuplicateMark.objects.values("organization_id", "mark")
    DuplicateMark.objects.bulk_create([DuplicateMark(**row) for row in list(rows)])
    compare_again([pair[0].pk])
    assert kept() == compared()
    search()
    marks = list(DuplicateMark.objects.values_list("organization_id", "mark"))
    assert (kept(), len(marks)) == (compared(), len(set(marks)))


class Stopping:
    """Progress that stops the work when what was found is to be kept."""

    def stage(self, name, total=0):
        if name == searching.KEEPING:
            self.advance = self.stop

    def advance(self, _done):
        return None

    def stop(self, _done):
        raise Cancelled


def test_stopped_search_counts_as_unfinished_and_is_done_anew(pair):
    with pytest.raises(Cancelled):
        search(Stopping())
    assert (DuplicateSearch.objects.get().log_size, follow()) == (None, False)
    search()
    assert kept() == compared()


def test_search_is_a_job_and_one_at_a_time(pair, django_capture_on_commit_callbacks):
    staff = people.user(Kind.STAFF)
    first, second = (start_search(actor=staff, language="en") for _time in range(2))
    assert (first.pk, Job.objects.filter(kind=SEARCH).count()) == (second.pk, 1)
    run_job.func(first.pk)
    first.refresh_from_db()
    assert (first.state, first.result["url"]) == (Job.State.DONE, reverse("intake:duplicates"))
    assert len(kept()) == 1


def test_following_goes_on_after_an_error(pair, monkeypatch):
    steps = iter([True, RuntimeError("broken"), False])

    def step():
        found = next(steps)
        if isinstance(found, Exception):
            raise found
        return found

    pauses = []
    monkeypatch.setattr(following, "follow", step)
    following.run(lambda: len(pauses) == 3, pauses.append)
    assert pauses == [0, following.REST, following.PAUSE]


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def staff_page(client):
    client.force_login(people.user(Kind.STAFF))

    def read(**query):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(reverse("intake:duplicates"), query)
        return SimpleNamespace(status=answer.status_code, text=answer.content.decode(), queries=len(asked))

    return read


def test_page_asks_the_same_number_of_queries_for_one_pair_and_for_many(pair, staff_page):
    search()
    staff_page()
    few = staff_page()
    for form in ("股份有限公司", "有限责任公司", "集团有限公司"):
        people.organization(name=f"上海星澜智能科技{form}")
    catch_up()
    many = staff_page()
    assert DuplicatePair.objects.count() == 10
    assert (few.queries, few.queries < 25) == (many.queries, True)


def test_page_says_how_far_it_can_be_relied_on(pair, staff_page):
    assert "还没有查找过" in staff_page().text
    search()
    assert "也已比对在内" in staff_page().text
    people.organization(name="上海星蓝智能科技有限公司")
    assert "处变动尚未比对" in staff_page().text
    DuplicateSearch.objects.update(log_size=None)
    assert "没有做完" in staff_page().text
    DuplicateSearch.objects.update(log_size=0, rules=RULES - 1)
    assert "比对方法已更新" in staff_page().text


def test_page_is_filtered_by_words_ground_and_likeness(pair, staff_page):
    people.organization(name=THIRD)
    people.organization(name="上海砚池软件股份有限公司")
    people.organization(name="云帆科技有限公司", entity_key="3101041234567")
    people.organization(name="海图数据有限公司", entity_key="3101041234567")
    search()

    def named(**query):
        text = staff_page(**query).text
        return [name in text for name in (ONE, THIRD, "云帆科技")]

    assert named() == [True, True, True]
    assert named(q="yanchi") == [False, True, False]
    assert named(ground="key") == [False, False, True]
    assert named(score="90") == [True, False, True]


def test_officer_sees_pairs_but_compares_none(pair, client):
    search()
    client.force_login(people.user(Kind.OFFICER))
    text = client.get(reverse("intake:duplicates")).content.decode()
    assert (ONE in text, reverse("intake:duplicate", args=[pair[0].ref, pair[1].ref]) in text) == (True, False)
    assert client.post(reverse("intake:duplicate-search")).status_code == 403


# --- the command line -------------------------------------------------------------------------------------------------


def test_command_searches_and_lists(pair, capsys):
    assert app.run(["duplicates", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    found = told["pairs"][0]
    assert (told["total"], found["first"]["name"], found["second"]["ref"]) == (1, ONE, pair[1].ref)
    assert (found["ground"], found["reasons"][:2], bool(told["searched"])) == ("near", ["trade", "place"], True)
    Organization.objects.filter(pk=pair[1].pk).delete()
    assert app.run(["duplicates", "--kept"]) == 0
    assert "Pairs: 0" in capsys.readouterr().out


def test_wish_to_end_that_is_told_twice_ends_a_pause_at_once():
    wish = Wish()
    wish.pause(0)
    assert wish.asked() is False
    wish.stop(15, None)
    wish.stop(15, None)
    wish.pause(60)
    assert wish.asked() is True
