"""A list taken in is undone: as a whole, by record, once; what was edited since stays."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from qunxing.accounts.models import Kind
from qunxing.cli import app
from qunxing.core.errors import Refused
from qunxing.directory.models import Contact, Link, Organization
from qunxing.intake import actions
from qunxing.intake.jobs import start_job
from qunxing.intake.models import Batch, ForeignNumber, Proposal, StaffRow
from qunxing.intake.registering import Quiet
from qunxing.intake.views import undoing
from qunxing.ledger.actions import change, create
from qunxing.ledger.audit import audit_database
from qunxing.ledger.desks import Desk
from qunxing.ledger.jobs import Cancelled, run_job
from qunxing.ledger.models import Job, LogEntry
from qunxing.ledger.recording import recording
from qunxing.registry.models import AIModel, Coverage, Filing, FilingStep, Ownership
from tests import factories as people
from tests.intake.made import DAY, LATER, OWNER, filed, sheet, take_in

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


class Heard(Quiet):
    """Progress that is written down, and asks to stop at some stage."""

    def __init__(self, stop_at: str = "") -> None:
        self.stages: list[str] = []
        self.stop_at = stop_at

    def stage(self, name: str, total: int = 0) -> None:
        self.stages.append(f"{name} {total}")
        if name == self.stop_at:
            raise Cancelled


def test_undo_tells_how_far_it_is(batch):
    heard = Heard()
    actions.undo_batch(batch, actor=None, reason="x", progress=heard)
    assert heard.stages == ["Looking at what was written 10", "Undoing 10", "Writing the log 0"]


@pytest.mark.parametrize("stage", ["Looking at what was written", "Undoing", "Writing the log"])
def test_undo_that_is_stopped_leaves_everything(batch, stage):
    before, entries = counted(), LogEntry.objects.count()
    with pytest.raises(Cancelled):
        actions.undo_batch(batch, actor=None, reason="x", progress=Heard(stage))
    assert (counted(), LogEntry.objects.count(), batch.undone_by.count()) == (before, entries, 0)


def test_job_that_is_asked_to_stop_undoes_nothing(batch, monkeypatch):
    job = start_job("undo", batch, actor=people.user(Kind.STAFF), language="en", reason="x")
    monkeypatch.setattr(Desk, "asked_to_stop", property(lambda desk: bool(desk.told().stage)))
    run_job.call(job.pk)
    job.refresh_from_db()
    assert (job.state, Filing.objects.count()) == (Job.State.CANCELLED, 2)


def test_undo_of_another_batch_on_the_same_firm_keeps_what_the_later_one_changed(tmp_path, batch):
    """The name comes from the first list, the day from the second: each undoing takes its own."""
    later, _plan = take_in(tmp_path, sheet(filed(1, day="2024/2/2"), filed(2)), day=LATER, name="later.csv")
    with pytest.raises(Refused):
        actions.undo_batch(batch, actor=None, reason="x", only=[(Filing.kind_code(), Filing.objects.first().pk)])
    actions.undo_batch(later, actor=None, reason="x")
    actions.undo_batch(batch, actor=None, reason="x")
    assert counted() == [0] * len(KINDS)


# --- pages ------------------------------------------------------------------------------------------------------------


def do_job(answer):
    job = Job.objects.get(ref=answer.url.rstrip("/").rsplit("/", 1)[-1])
    run_job.func(job.pk)
    job.refresh_from_db()
    return job


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


def test_page_names_what_rests_on_a_record_that_stays(client, batch):
    """A later record of another batch or of a person: the firm is kept, and the reader is led to what rests on it."""
    made = people.organization(name="上海丁科技有限公司")
    firm = Organization.objects.get(name=OWNER)
    stay = create(Link(from_organization=firm, to_organization=made, kind=Link.Kind.FORMER), actor=None)
    client.force_login(people.user(Kind.STAFF))
    page = client.get(reverse("intake:import-undo", args=[batch.ref]), {"rows": "kept"}).content.decode()
    assert (f'href="{stay.get_absolute_url()}"' in page, str(stay) in page) == (True, True)
    client.post(reverse("intake:import-undo", args=[batch.ref]), {"what": "all", "reason": "x"})
    page = client.get(batch.undone_by.get().get_absolute_url()).content.decode()
    assert (str(stay) in page, "later records rest on it" in page) == (True, True)


def test_page_of_an_undoing_speaks_the_language_of_its_reader(client, batch, settings):
    change(Organization.objects.get(name=OWNER), actor=None, values={"address": "龙台路180号"})
    with override("zh-hans"):
        made = actions.undo_batch(batch, actor=None, reason="x")
    client.force_login(people.user(Kind.STAFF))
    page = client.get(made.get_absolute_url()).content.decode()
    assert [words for words in ("changed since", "address", "organisation") if words not in page] == []


def test_undoing_is_undone_from_its_page_once(client, batch):
    clerk = people.user(Kind.STAFF)
    made = actions.undo_batch(batch, actor=clerk, reason="错的名单")
    client.force_login(clerk)
    address = reverse("intake:import-undo", args=[made.ref])
    assert f'href="{address}"' in client.get(made.get_absolute_url()).content.decode()
    page = client.get(address).content.decode()
    assert ("Brought back" in page, OWNER in page) == (True, True)
    client.post(address, {"what": "all", "reason": "没有错"})
    assert (Filing.objects.count(), actions.undone_by(batch)) == (2, None)
    assert client.post(address, {"what": "all", "reason": "再来"}).status_code == 409
    page = client.get(made.get_absolute_url()).content.decode()
    assert ("没有错" in page, f'href="{address}"' in page) == (True, False)


def test_large_batch_is_looked_at_and_undone_as_long_work(client, batch, monkeypatch):
    monkeypatch.setattr(undoing, "LARGE", 1)
    clerk = people.user(Kind.STAFF)
    client.force_login(clerk)
    address = reverse("intake:import-undo", args=[batch.ref])
    assert "Look at what it would do" in client.get(address).content.decode()
    url = do_job(client.post(address, {"what": "look"})).result["url"]
    page = client.get(url).content.decode()
    assert (Filing.objects.count(), page.count('name="record"')) == (2, 10)
    client.force_login(people.user(Kind.STAFF))
    assert 'name="record"' not in client.get(url).content.decode()
    assert client.post(address, {"what": "all", "reason": " "}).status_code == 422
    job = do_job(client.post(address, {"what": "all", "reason": "错\x00的名单"}))
    assert (Filing.objects.count(), batch.undone_by.get().reason, job.state) == (0, "错的名单", Job.State.DONE)


def test_work_on_a_batch_is_begun_once(client, batch, monkeypatch):
    monkeypatch.setattr(undoing, "LARGE", 1)
    client.force_login(people.user(Kind.STAFF))
    address = reverse("intake:import-undo", args=[batch.ref])
    answers = [client.post(address, {"what": "all", "reason": "x"}).status_code for _time in range(2)]
    assert answers == [302, 409]


@pytest.mark.parametrize("look", ["", "nothing", "\x00", "../../x"])
def test_odd_look_shows_nothing_of_it(client, batch, monkeypatch, look):
    monkeypatch.setattr(undoing, "LARGE", 1)
    client.force_login(people.user(Kind.STAFF))
    answer = client.get(reverse("intake:import-undo", args=[batch.ref]), {"look": look})
    assert (answer.status_code, 'name="record"' in answer.content.decode()) == (200, False)


# --- what a reader may not see ----------------------------------------------------------------------------------------


@pytest.fixture
def people_batch():
    """A batch that changed a contact, who was edited since, with the page of its undoing to come."""
    firm = people.organization()
    contact = create(Contact(organization=firm, name="王小明", phone="13800001111"), actor=None)
    with recording(actor=None, reason="x") as frame:
        change(contact, actor=None, values={"phone": "13900002222", "title": "经理"})
    change(contact, actor=None, values={"title": "总经理"})
    words = {"kind": Batch.Kind.SHEET, "list_code": "contacts", "title": "联系人", "day": DAY}
    return Batch.objects.create(**words, state=Batch.State.APPLIED, recorded_at=frame.at)


def test_personal_data_is_told_by_stars(client, people_batch):
    client.force_login(people.user(Kind.STAFF))
    address = reverse("intake:import-undo", args=[people_batch.ref])
    pages = client.get(address).content.decode()
    made = actions.undo_batch(people_batch, actor=None, reason="x")
    pages += client.get(made.get_absolute_url()).content.decode()
    hidden = [word for word in ("王小明", "13800001111", "13900002222", "经理") if word in pages]
    assert (hidden, "王**" in pages, "***" in pages) == ([], True, True)
    assert "13800001111" not in json.dumps(made.preview, ensure_ascii=False)


@pytest.fixture
def half_hidden(monkeypatch, batch):
    """A kind of which even staff see only some: here the filings, and of these the second."""
    hidden = Filing.objects.order_by("pk").first()
    see = lambda rows, user: rows.exclude(pk=hidden.pk)  # noqa: E731
    monkeypatch.setattr(type(Filing.objects.all()), "visible_to", see)
    return hidden


def test_record_that_the_reader_may_not_see_is_not_in_the_plan(client, batch, half_hidden):
    client.force_login(people.user(Kind.STAFF))
    address = reverse("intake:import-undo", args=[batch.ref])
    page, mark = client.get(address).content.decode(), f"registry.filing:{half_hidden.ref}"
    assert (mark in page, page.count('value="registry.filing:'), ">9<" in page) == (False, 1, True)
    assert client.post(address, {"what": "chosen", "record": mark, "reason": "x"}).status_code == 422
    assert Filing.objects.filter(pk=half_hidden.pk).exists()


def test_record_that_the_reader_may_not_see_is_not_among_what_was_kept(client, batch, half_hidden):
    change(half_hidden, actor=None, values={"notes": "机密"})
    made = actions.undo_batch(batch, actor=None, reason="x")
    assert "机密" in json.dumps(made.preview, ensure_ascii=False)
    client.force_login(people.user(Kind.STAFF))
    page = client.get(made.get_absolute_url()).content.decode()
    assert ("机密" in page, OWNER in page) == (False, True)


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


def test_records_are_undone_one_by_one_on_the_command_line(command, batch):
    first, second = Coverage.objects.order_by("pk")
    mark = f"registry.coverage:{first.ref}"
    status, out = command("undo", batch.ref, "--record", mark, "--dry-run", "--json")
    assert (status, json.loads(out)["removed"], Coverage.objects.count()) == (0, 1, 2)
    assert command("undo", batch.ref, "--record", mark, "--reason", "x")[0] == 0
    assert list(Coverage.objects.all()) == [second]
    assert command("undo", batch.ref, "--record", "registry.coverage:nothing", "--reason", "x")[0] == 2


def test_undo_that_keeps_something_says_so_by_its_status(command, batch):
    change(Organization.objects.get(name=OWNER), actor=None, values={"address": "龙台路180号"})
    status, out = command("undo", batch.ref, "--reason", "x")
    assert (status, OWNER in out) == (1, True)


def test_change_within_another_frame_keeps_its_moment(batch):
    with recording(actor=None) as frame:
        change(Organization.objects.get(name=OWNER), actor=None, values={"address": "x"})
    assert batch.recorded_at < frame.at
