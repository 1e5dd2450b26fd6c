"""Two who work at once: one of them wins, the other is told so in words, and nothing is half done."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils.translation import activate

from qunxing.accounts.models import Kind
from qunxing.core.errors import Problem
from qunxing.directory.models import Organization
from qunxing.intake import actions
from qunxing.intake.actions import undoing
from qunxing.intake.models import Batch
from qunxing.intake.reconciling.accepting import Verdict, accept_group
from qunxing.intake.reconciling.grouping import Group
from qunxing.intake.reconciling.vanishing import Way
from qunxing.intake.sheets import actions as sheet_actions
from qunxing.ledger.actions import change, create
from qunxing.ledger.audit import audit_database
from qunxing.registry.models import Filing
from tests import factories as people
from tests.intake.made import DAY, OWNER, filed, sheet, take_in
from tests.intake.reconciling.made import previewed
from tests.intake.sheets import made as sheets

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time anyway"),
]


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """How each of them fared, begun together: ``done``, its words, or for what nobody foresaw the name of the error."""
    start, got = threading.Barrier(len(acts)), list[str]()

    def run(act: Callable[[], Any]) -> None:
        activate("en")
        try:
            start.wait()
            act()
            got.append("done")
        except Problem as told:
            got.append(f"{told.status} {told.message}")
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            got.append(f"{type(error).__name__} {error}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(got, key=lambda words: words != "done")


def elsewhere(act: Callable[[], Any]) -> str:
    """How somebody else fares in the middle of it, who waits for no lock."""

    def hurried() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        act()

    return at_once(hurried)[0]


@pytest.fixture
def clerk() -> Any:
    return people.user(Kind.STAFF)


@pytest.fixture
def batch(tmp_path: Any, clerk: Any) -> Batch:
    return take_in(tmp_path, sheet(filed(1), filed(2, owner="上海乙智能科技有限公司")), actor=clerk)[0]


# --- undoing ----------------------------------------------------------------------------------------------------------


def test_batch_that_two_undo_is_undone_once(batch: Batch, clerk: Any) -> None:
    got = at_once(*[lambda: actions.undo_batch(batch, actor=clerk, reason="x")] * 3)
    assert (got[0], [words[:20] for words in got[1:]]) == ("done", ["409 This was undone "] * 2)
    assert (Filing.objects.count(), batch.undone_by.count(), audit_database().ok) == (0, 1, True)


def test_batch_that_two_undo_from_their_pages_is_undone_once(batch: Batch, clerk: Any) -> None:
    address, answers = reverse("intake:import-undo", args=[batch.ref]), []

    def undo() -> None:
        client = Client()
        client.force_login(clerk)
        answers.append(client.post(address, {"what": "all", "reason": "x"}).status_code)

    assert (at_once(undo, undo), sorted(answers), batch.undone_by.count()) == (["done", "done"], [302, 409], 1)


@pytest.mark.parametrize("moment", ["plan_of", "write_undo"], ids=["before the plan", "after the plan"])
def test_edit_during_an_undo_is_not_lost(
    batch: Batch, clerk: Any, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Edited before the plan the record stays with its edit; edited after it nothing at all is undone."""
    firm, plain = Organization.objects.get(name=OWNER), getattr(undoing, moment)

    def edit() -> None:
        change(firm, actor=clerk, values={"address": "龙台路180号"})

    def interrupted(*args: Any, **words: Any) -> Any:
        assert elsewhere(edit) == "done"
        return plain(*args, **words)

    monkeypatch.setattr(undoing, moment, interrupted)
    got = at_once(lambda: actions.undo_batch(batch, actor=clerk, reason="x"))[0]
    firm.refresh_from_db()
    late = moment == "write_undo"
    assert (firm.address, got.startswith("409 Somebody") if late else got) == ("龙台路180号", True if late else "done")
    assert (Filing.objects.count(), audit_database().ok) == (2 if late else 0, True)


def test_record_that_is_made_to_rest_on_what_an_undo_removes_stops_it(
    batch: Batch, clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm, plain = Organization.objects.get(name=OWNER), undoing.write_undo

    def add() -> None:
        create(Filing(organization=firm, name="新的备案"), actor=clerk)

    def interrupted(*args: Any, **words: Any) -> Any:
        assert elsewhere(add) == "done"
        return plain(*args, **words)

    monkeypatch.setattr(undoing, "write_undo", interrupted)
    got = at_once(lambda: actions.undo_batch(batch, actor=clerk, reason="x"))[0]
    assert (got[:3], Filing.objects.count(), audit_database().ok) == ("409", 3, True)


def test_many_edits_beside_an_undo_leave_whole_records(batch: Batch, clerk: Any) -> None:
    """However they fall, each edit is kept or refused because its record is gone."""
    firms = list(Organization.objects.order_by("pk"))
    edits = [lambda firm=firm: change(firm, actor=clerk, values={"address": "龙台路180号"}) for firm in firms]
    got = at_once(lambda: actions.undo_batch(batch, actor=clerk, reason="x"), *edits)
    odd = [words for words in got if words != "done" and not words.startswith(("409", "DoesNotExist"))]
    assert (odd, audit_database().findings) == ([], ())
    assert set(Organization.objects.values_list("address", flat=True)) <= {"龙台路180号", ""}


def test_page_of_a_record_that_an_undo_takes_away_meanwhile_is_not_found(batch: Batch, clerk: Any) -> None:
    firm, answers = Organization.objects.get(name=OWNER), []

    def edit() -> None:
        client = Client(raise_request_exception=False)
        client.force_login(clerk)
        words = {"name": OWNER, "roles": ["firm"], "visibility": "public", "revision": "1"}
        answers.append(client.post(reverse("directory:organization-edit", args=[firm.ref]), words).status_code)

    at_once(lambda: actions.undo_batch(batch, actor=clerk, reason="x"), edit)
    assert (answers[0] in {302, 404, 409, 422}, audit_database().ok) == (True, True)


# --- sheets -----------------------------------------------------------------------------------------------------------


def firms_sheet(clerk: Any, address: str, **words: Any) -> Batch:
    rows = [["统一社会信用代码", "名称", "地址"], [sheets.uscc(1), "测试甲科技有限公司", address]]
    return sheets.previewed("organizations", rows, actor=clerk, **words)


def test_sheets_that_overlap_are_not_both_taken_over(clerk: Any) -> None:
    people.organization(name="测试甲科技有限公司", uscc=sheets.uscc(1), address="旧址")
    batches = [firms_sheet(clerk, "甲路1号"), firms_sheet(clerk, "乙路2号")]
    got = at_once(*[lambda one=one: sheet_actions.apply(one, actor=clerk) for one in batches])
    assert (got[0], got[1][:40]) == ("done", "409 1 row is about a record that was cha")
    states = sorted(Batch.objects.filter(pk__in=[one.pk for one in batches]).values_list("state", flat=True))
    assert (states, Organization.objects.get().address in {"甲路1号", "乙路2号"}) == (["applied", "previewed"], True)
    left = Batch.objects.get(state=Batch.State.PREVIEWED)
    assert sheets.outcomes(left) == ["conflict"]


def test_new_firm_that_two_sheets_bring_is_added_once(clerk: Any) -> None:
    batches = [firms_sheet(clerk, "甲路1号", name=name) for name in ("a.xlsx", "b.xlsx")]
    got = at_once(*[lambda one=one: sheet_actions.apply(one, actor=clerk) for one in batches])
    assert (got[0], got[1][:3], Organization.objects.count()) == ("done", "409", 1)


def test_sheet_that_two_apply_is_written_once(clerk: Any) -> None:
    one = firms_sheet(clerk, "甲路1号")
    got = at_once(*[lambda: sheet_actions.apply(Batch.objects.get(pk=one.pk), actor=clerk)] * 2)
    assert (got[0], got[1][:3], Organization.objects.count()) == ("done", "409", 1)


# --- groups -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", [Group.OTHER_NEW, Group.CHANGED, Group.VANISHED])
def test_group_that_two_accept_is_accepted_once(tmp_path: Any, settings: Any, clerk: Any, group: Group) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    take_in(tmp_path, sheet(filed(1), filed(2), filed(8)), day=DAY)
    waiting = previewed(sheet(filed(1, title="模型1改"), filed(2), filed(3)), actor=clerk)

    def accept() -> None:
        verdict = Verdict(Way.WITHDRAWN, "公告已注销")
        accept_group(Batch.objects.get(pk=waiting.pk), group, actor=clerk, verdict=verdict)

    got = at_once(accept, accept)
    waiting.refresh_from_db()
    assert (got[0], got[1][:3], len(waiting.summary["accepted"][group])) == ("done", "409", 1)
    assert (Batch.objects.count(), audit_database().ok) == (3, True)


def test_groups_that_two_accept_are_both_remembered(tmp_path: Any, settings: Any, clerk: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    take_in(tmp_path, sheet(filed(1), filed(2), filed(8)), day=DAY)
    waiting = previewed(sheet(filed(1, title="模型1改"), filed(2), filed(3)), actor=clerk)
    groups = (Group.OTHER_NEW, Group.CHANGED)
    acts = [lambda one=one: accept_group(Batch.objects.get(pk=waiting.pk), one, actor=clerk) for one in groups]
    assert at_once(*acts) == ["done", "done"]
    waiting.refresh_from_db()
    assert sorted(waiting.summary["accepted"]) == sorted(groups)
