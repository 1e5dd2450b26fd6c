"""A list taken in is undone: as a whole, by record, once; what was edited since stays."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.cli import app
from qunxing.core.errors import Refused
from qunxing.directory.models import Organization
from qunxing.intake import actions
from qunxing.intake.jobs import start_job
from qunxing.intake.models import Batch, ForeignNumber, Proposal, StaffRow
from qunxing.ledger.actions import change
from qunxing.ledger.audit import audit_database
from qunxing.ledger.jobs import run_job
from qunxing.ledger.models import Job, LogEntry
from qunxing.ledger.recording import recording
from qunxing.registry.models import AIModel, Coverage, Filing, FilingStep, Ownership
from tests import factories as people
from tests.intake.made import LATER, OWNER, filed, sheet, take_in

pytestmark = pytest.mark.django_db
KINDS = (Organization, Filing, AIModel, Ownership, Coverage, FilingStep)
ROWS = (filed(1), filed(2, owner="上海乙智能科技有限公司"), filed(3, record="?"))


def counted():
    return [kind.objects.count() for kind in KINDS]


@pytest.fixture
def batch(tmp_path):
    return take_in(tmp_path, sheet(*ROWS), actor=people.user(Kind.STAFF))[0]


def test_list_is_undone_with_all_it_wrote(batch):
    ForeignNumber.objects.create(
        origin="x", record_kind="directory.organization", record_key=Organization.objects.first().pk, number="1"
    )
    made = actions.undo_batch(batch, actor=None, reason="错的名单")
    assert counted() == [0] * len(KINDS)
    assert (StaffRow.objects.count(), Proposal.objects.count(), ForeignNumber.objects.count()) == (0, 0, 0)
    assert (made.kind, made.undoes, made.reason, made.counts["removed"]) == (Batch.Kind.UNDO, batch, "错的名单", 10)
    assert audit_database().findings == ()


def test_list_is_undone_to_how_the_one_before_left_it(tmp_path, batch):
    before = {filing.number: (filing.state, filing.name) for filing in Filing.objects.all()}
    later, _plan = take_in(tmp_path, sheet(filed(1, title="新名"), filed(9)), day=LATER, name="later.csv")
    actions.undo_batch(later, actor=None, reason="x")
    assert {filing.number: (filing.state, filing.name) for filing in Filing.objects.all()} == before


def test_firm_that_was_edited_since_stays(batch):
    firm = Organization.objects.get(name=OWNER)
    change(firm, actor=None, values={"address": "龙台路180号"})
    made = actions.undo_batch(batch, actor=None, reason="x")
    assert [one.name for one in Organization.objects.all()] == [OWNER]
    assert (made.counts["kept"], made.counts["later"]) == (1, 1)


def test_second_undo_is_refused_clearly(batch):
    clerk = people.user(Kind.STAFF, name="李四")
    actions.undo_batch(batch, actor=clerk, reason="x")
    entries = LogEntry.objects.count()
    with pytest.raises(Refused) as told:
        actions.undo_batch(batch, actor=clerk, reason="x")
    assert (told.value.status, "was undone on" in str(told.value), str(clerk) in str(told.value)) == (409, True, True)
    assert LogEntry.objects.count() == entries


def test_chosen_records_are_undone_and_the_rest_after(batch):
    filing = Filing.objects.order_by("pk").first()
    actions.undo_batch(
        batch, actor=None, reason="x", only=[(Coverage.kind_code(), Coverage.objects.get(filing=filing).pk)]
    )
    assert (Coverage.objects.count(), Filing.objects.count()) == (1, 2)
    with pytest.raises(Refused):
        actions.undo_batch(batch, actor=None, reason="x", only=[(Coverage.kind_code(), 0)])
    actions.undo_batch(batch, actor=None, reason="x")
    assert counted() == [0] * len(KINDS)


def test_undoing_is_undone_and_the_batch_stands_again(batch):
    before, filings = counted(), list(Filing.objects.values_list("ref", "number").order_by("pk"))
    first = actions.undo_batch(batch, actor=None, reason="x")
    actions.undo_batch(first, actor=None, reason="doch nicht")
    assert (counted(), list(Filing.objects.values_list("ref", "number").order_by("pk"))) == (before, filings)
    assert actions.undone_by(batch) is None


@pytest.mark.parametrize("reason", ["", "  ", "\x00"], ids=["none", "spaces", "nothing readable"])
def test_undo_needs_a_reason(batch, reason):
    with pytest.raises(Refused) as told:
        actions.undo_batch(batch, actor=None, reason=reason)
    assert (told.value.status, Filing.objects.count()) == (422, 2)


def test_reason_is_kept_without_what_no_database_holds(batch):
    made = actions.undo_batch(batch, actor=None, reason=" 错的\x00名单" + "很长" * 300)
    version = Filing.history.latest("history_id")
    assert (made.reason[:5], len(made.reason), version.history_change_reason) == ("错的名单很", 500, made.reason)


def test_only_an_applied_batch_of_a_known_moment_is_undone(batch):
    Batch.objects.filter(pk=batch.pk).update(recorded_at=None)
    batch.refresh_from_db()
    with pytest.raises(Refused):
        actions.plan_of(batch)


def test_failure_in_the_middle_leaves_the_batch_as_it_was(batch, monkeypatch):
    before, entries = counted(), LogEntry.objects.count()
    monkeypatch.setattr(actions.undoing, "let_go", lambda *_args, **_words: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.undo_batch(batch, actor=None, reason="x")
    assert (counted(), LogEntry.objects.count(), Batch.objects.count()) == (before, entries, 1)


def test_undo_runs_as_a_job(batch):
    clerk = people.user(Kind.STAFF)
    job = start_job("undo", batch, actor=clerk, language="en", reason="x")
    run_job.call(job.pk)
    job = Job.objects.get(pk=job.pk)
    assert (job.state, counted()) == (Job.State.DONE, [0] * len(KINDS))
    assert job.result["url"] == batch.undone_by.get().get_absolute_url()


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def client(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_page_shows_what_undoing_would_do_and_does_it(client, batch):
    firm = Organization.objects.get(name=OWNER)
    change(firm, actor=people.user(Kind.STAFF, name="王五"), values={"address": "龙台路180号"})
    client.force_login(people.user(Kind.STAFF))
    address = reverse("intake:import-undo", args=[batch.ref])
    page = client.get(address).content.decode()
    assert ("Removed" in page, "Kept" in page, "address" in page, "龙台路180号" in page, "王五" in page) == (True,) * 5
    answer = client.post(address, {"what": "all", "reason": "错的名单"}, follow=True)
    assert (answer.status_code, "错的名单" in answer.content.decode(), Filing.objects.count()) == (200, True, 0)


def test_page_undoes_the_chosen_ones(client, batch):
    client.force_login(people.user(Kind.STAFF))
    cover = Coverage.objects.order_by("pk").first()
    chosen = {"what": "chosen", "record": f"registry.coverage:{cover.ref}", "reason": "x"}
    client.post(reverse("intake:import-undo", args=[batch.ref]), chosen)
    assert (Coverage.objects.filter(pk=cover.pk).exists(), Filing.objects.count()) == (False, 2)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"what": "all"},
        {"what": "chosen", "reason": "x"},
        {"what": "chosen", "reason": "x", "record": "nothing:at:all"},
        {"what": "chosen", "reason": "x", "record": "auth.group:1"},
        {"what": "else", "reason": "x"},
    ],
    ids=["nothing", "no reason", "none chosen", "no record", "no kind", "odd"],
)
def test_odd_posts_undo_nothing(client, batch, data):
    client.force_login(people.user(Kind.STAFF))
    answer = client.post(reverse("intake:import-undo", args=[batch.ref]), data)
    assert (answer.status_code in (409, 422), Filing.objects.count()) == (True, 2)


def test_page_of_an_undone_batch_says_so(client, batch):
    clerk = people.user(Kind.STAFF)
    made = actions.undo_batch(batch, actor=clerk, reason="错的名单")
    client.force_login(clerk)
    page = client.get(batch.get_absolute_url()).content.decode()
    assert made.get_absolute_url() in page
    assert client.get(reverse("intake:import-undo", args=[batch.ref])).status_code == 409
    assert "错的名单" in client.get(made.get_absolute_url()).content.decode()


def test_page_asks_the_same_number_of_queries_for_more_records(client, tmp_path):
    client.force_login(people.user(Kind.STAFF))
    asked = []
    for count in (1, 3):
        rows = [filed(10 * count + place, owner=f"上海{count}{place}科技有限公司") for place in range(count)]
        one, _plan = take_in(tmp_path, sheet(*rows), name=f"{count}.csv")
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("intake:import-undo", args=[one.ref]))
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_officers_look_and_do_not_undo(client, batch):
    client.force_login(people.user(Kind.OFFICER))
    assert (
        client.post(reverse("intake:import-undo", args=[batch.ref]), {"what": "all", "reason": "x"}).status_code == 403
    )


# --- command line -----------------------------------------------------------------------------------------------------


@pytest.fixture
def command(capsys):
    def run(*arguments):
        status = app.run(list(arguments))
        return status, capsys.readouterr().out

    return run


def test_batches_are_listed(command, batch):
    status, out = command("batches", "--json")
    found = json.loads(out)
    assert (status, [(one["ref"], one["kind"], one["undone"]) for one in found]) == (0, [(batch.ref, "list", False)])
    assert batch.ref in command("batches")[1]


def test_undo_on_the_command_line(command, batch):
    status, out = command("undo", batch.ref, "--dry-run", "--json")
    assert (status, json.loads(out)["removed"], Filing.objects.count()) == (0, 10, 2)
    status, out = command("undo", batch.ref, "--reason", "错的名单", "--json")
    told = json.loads(out)
    assert (status, told["removed"], told["kept"], Filing.objects.count()) == (0, 10, 0, 0)
    assert Batch.objects.get(ref=told["batch"]).undoes == batch
    assert command("undo", batch.ref, "--reason", "x")[0] == 2
    assert command("undo", "nothing", "--reason", "x")[0] == 2


def test_undo_that_keeps_something_says_so_by_its_status(command, batch):
    change(Organization.objects.get(name=OWNER), actor=None, values={"address": "龙台路180号"})
    status, out = command("undo", batch.ref, "--reason", "x")
    assert (status, OWNER in out) == (1, True)


def test_change_within_another_frame_keeps_its_moment(batch):
    with recording(actor=None) as frame:
        change(Organization.objects.get(name=OWNER), actor=None, values={"address": "x"})
    assert batch.recorded_at < frame.at
