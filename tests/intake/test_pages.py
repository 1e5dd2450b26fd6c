"""The pages of imports, from the upload to the last row for staff."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from qunxing.accounts.models import Kind
from qunxing.directory.models import Organization
from qunxing.intake.models import Batch, Proposal, StaffRow
from qunxing.ledger.jobs import run_job
from qunxing.ledger.models import Job
from qunxing.registry.models import Filing
from tests import factories as people
from tests.intake.made import algorithm, algorithms, filed, sheet

pytestmark = pytest.mark.django_db
RENAME = "主体名称由“上海甲智能科技有限公司”变更为“上海乙智能科技有限公司”"


@pytest.fixture
def clerk(client):
    user = people.user(Kind.STAFF)
    client.force_login(user)
    client.cookies["language"] = "en"
    return user


def upload(client, content, *, name="list.csv", code="genai-filings", **values):
    """Post the form and do the job; the batch that came of it."""
    file = SimpleUploadedFile(name, content)
    data = {"list_code": code, "file": file, "day": timezone.localdate().isoformat(), **values}
    answer = client.post(reverse("intake:import-create"), data)
    assert answer.status_code == 302, answer.content.decode()
    do_job(answer)
    return Batch.objects.latest("pk")


def do_job(answer):
    job = Job.objects.get(ref=answer.url.rstrip("/").rsplit("/", 1)[-1])
    run_job.func(job.pk)
    job.refresh_from_db()
    return job


def page(client, batch, **query):
    answer = client.get(batch.get_absolute_url(), query)
    assert answer.status_code == 200
    return answer.content.decode()


def act(client, name, batch):
    return client.post(reverse(f"intake:import-{name}", args=[batch.ref]))


def test_upload_is_shown_before_it_is_applied(client, clerk):
    batch = upload(client, sheet(filed(1), filed(2, record="nonsense")))
    assert (batch.state, batch.counts) == (
        Batch.State.PREVIEWED,
        {"rows": 2, "added": 1, "updated": 0, "unchanged": 0, "for_staff": 1},
    )
    assert (Filing.objects.count(), StaffRow.objects.count()) == (0, 0)
    text = page(client, batch)
    assert "Nothing is changed until it is applied." in text
    assert "does not have the shape of a 备案 or 登记 number" in text
    assert "模型1" in page(client, batch, rows="added")
    assert "utf-8" in text
    job = do_job(act(client, "apply", batch))
    assert (job.state, job.result) == (Job.State.DONE, {"url": batch.get_absolute_url()})
    batch.refresh_from_db()
    assert (batch.state, Filing.objects.count(), batch.staff_rows.count()) == (Batch.State.APPLIED, 1, 1)
    assert batch.source.get_absolute_url() in page(client, batch)


# --- states ----------------------------------------------------------------------------------------------------------


def test_applied_twice_the_second_is_told(client, clerk):
    batch = upload(client, sheet(filed(1)))
    do_job(act(client, "apply", batch))
    answer = act(client, "apply", batch)
    assert answer.status_code == 409
    assert "This step is not possible any more." in answer.content.decode()


def test_applied_while_the_first_waits_the_second_is_told(client, clerk):
    batch = upload(client, sheet(filed(1)))
    assert act(client, "apply", batch).status_code == 302
    assert [act(client, name, batch).status_code for name in ("apply", "drop", "read")] == [409, 409, 409]
    assert Job.objects.filter(kind="intake.apply").count() == 1
    text = page(client, batch)
    assert "Look at the work, or stop it" in text
    assert reverse("intake:import-apply", args=[batch.ref]) not in text


def test_given_up_the_file_goes_and_nothing_else_can_be_done(client, clerk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    batch = upload(client, sheet(filed(1)))
    assert act(client, "drop", batch).url == reverse("intake:import-list")
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []
    assert [act(client, name, batch).status_code for name in ("apply", "drop", "read")] == [409, 409, 409]
    assert "This import was given up" in page(client, batch)
    assert client.get(reverse("intake:import-file", args=[batch.ref])).status_code == 404


def test_stopped_reading_can_be_begun_again(client, clerk):
    batch = upload(client, sheet(filed(1)))
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.UPLOADED, counts={})
    Job.objects.update(state=Job.State.CANCELLED)
    text = page(client, batch)
    assert "The work was stopped; nothing was changed." in text
    assert reverse("intake:import-read", args=[batch.ref]) in text
    do_job(act(client, "read", batch))
    batch.refresh_from_db()
    assert (batch.state, batch.counts["added"]) == (Batch.State.PREVIEWED, 1)


def test_import_whose_worker_was_killed_can_be_applied_again(client, clerk):
    batch = upload(client, sheet(filed(1)))
    act(client, "apply", batch)
    Job.objects.filter(kind="intake.apply").update(state=Job.State.RUNNING)
    assert "The worker ended before the work did" in page(client, batch)
    do_job(act(client, "apply", batch))
    batch.refresh_from_db()
    assert (batch.state, Filing.objects.count()) == (Batch.State.APPLIED, 1)


def test_ledger_decides_when_it_is_applied_not_when_it_was_shown(client, clerk):
    first, second = upload(client, sheet(filed(1))), upload(client, sheet(filed(1)) + b"\r\n")
    for batch in (first, second):
        do_job(act(client, "apply", batch))
        batch.refresh_from_db()
    assert [batch.counts["added"] for batch in (first, second)] == [1, 0]


# --- what is left to people ------------------------------------------------------------------------------------------


@pytest.fixture
def applied(client, clerk):
    """An import that leaves a row and a proposal."""
    people.organization(name="上海甲智能科技有限公司")
    rows = [algorithm(1, remark=RENAME), [*algorithm(2)[:5], "不成编号", ""]]
    batch = upload(client, algorithms(*rows), code="algorithm-filings")
    do_job(act(client, "apply", batch))
    batch.refresh_from_db()
    return batch


def test_left_row_is_settled_with_a_note(client, clerk, applied):
    row = StaffRow.objects.get()
    text = page(client, applied)
    assert (row.get_absolute_url() in text, "不成编号" in text) == (True, True)
    url = reverse("intake:staff-row-settle", args=[row.ref])
    assert client.post(url, {"state": "done", "reason": "已手工补录"}).url == f"{applied.get_absolute_url()}#for-staff"
    row.refresh_from_db()
    assert (row.state, row.note, row.settled_by) == ("done", "已手工补录", clerk)
    assert client.post(url, {"state": "dismissed"}).status_code == 409
    assert "None of this import is open." in page(client, applied)
    assert "已手工补录" in client.get(row.get_absolute_url()).content.decode()


@pytest.mark.parametrize("state", ["", "open", "nonsense"])
def test_left_row_is_settled_in_a_known_way_or_not_at_all(client, clerk, applied, state):
    row = StaffRow.objects.get()
    assert client.post(reverse("intake:staff-row-settle", args=[row.ref]), {"state": state}).status_code == 400
    row.refresh_from_db()
    assert row.state == "open"


def test_proposal_is_accepted_on_its_page(client, clerk, applied):
    proposal = Proposal.objects.get()
    text = client.get(proposal.get_absolute_url()).content.decode()
    assert ("Nobody in the directory bears this name." in text, RENAME in text) == (True, True)
    answer = client.post(reverse("intake:proposal-accept", args=[proposal.ref]) + "?from=list", follow=True)
    assert answer.redirect_chain[0][0] == reverse("intake:proposals")
    assert "Renamed to 上海乙智能科技有限公司." in answer.content.decode()
    assert Organization.objects.get().name == "上海乙智能科技有限公司"
    assert client.post(reverse("intake:proposal-accept", args=[proposal.ref])).status_code == 409


def test_proposal_is_dismissed_and_not_made_again(client, clerk, applied):
    proposal = Proposal.objects.get()
    client.post(reverse("intake:proposal-dismiss", args=[proposal.ref]))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.settled_by) == ("dismissed", clerk)
    again = upload(client, algorithms(algorithm(1, remark=RENAME)), code="algorithm-filings")
    assert again.summary["proposals"] == 0


def test_second_import_of_a_bad_row_does_not_ask_again(client, clerk, applied):
    batch = upload(client, algorithms([*algorithm(2)[:5], "不成编号", ""]), code="algorithm-filings")
    do_job(act(client, "apply", batch))
    batch.refresh_from_db()
    assert (batch.counts["for_staff"], StaffRow.objects.count()) == (1, 1)
    assert "1 row was handed over by an earlier import already." in page(client, batch)


# --- lists and the form ----------------------------------------------------------------------------------------------


def test_lists_show_what_is_open_first(client, clerk, applied):
    text = client.get(reverse("intake:import-list")).content.decode()
    assert (reverse("intake:staff-rows") in text, reverse("intake:proposals") in text) == (True, True)
    first = StaffRow.objects.get()
    upload_of_second = upload(client, algorithms([*algorithm(3)[:5], "也不成编号", ""]), code="algorithm-filings")
    do_job(act(client, "apply", upload_of_second))
    second = StaffRow.objects.exclude(pk=first.pk).get()
    client.post(reverse("intake:staff-row-settle", args=[second.ref]), {"state": "done"})
    text = client.get(reverse("intake:staff-rows")).content.decode()
    assert text.index(first.ref) < text.index(second.ref)
    assert second.ref not in client.get(reverse("intake:staff-rows"), {"state": "open"}).content.decode()


@pytest.mark.parametrize(
    ("name", "value"), [("list_code", "no-such-list"), ("day", "2150-01-01"), ("day", "2023-02-30"), ("file", "")]
)
def test_form_says_what_is_wrong(client, clerk, name, value):
    file = SimpleUploadedFile("list.csv", sheet(filed(1)))
    data = {"list_code": "genai-filings", "file": file, "day": "2025-06-01", "title": "保留的标题", name: value}
    answer = client.post(reverse("intake:import-create"), data)
    text = answer.content.decode()
    assert (answer.status_code, Batch.objects.count(), "保留的标题" in text) == (422, 0, True)


def test_title_and_publisher_are_filled_in(client, clerk):
    batch = upload(client, sheet(filed(1)), name="六月.csv")
    assert (batch.title, batch.publisher) == (
        "Generative AI services filed (备案) or registered (登记) · 六月.csv",
        "国家互联网信息办公室",
    )


@pytest.mark.parametrize("name", ["import-list", "staff-rows", "proposals"])
def test_list_asks_as_much_for_three_rows_as_for_one(client, clerk, applied, name):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (10, 20, 30):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse(f"intake:{name}"))
        counts.append(len(queries))
        remark = RENAME.replace("甲", f"甲{number}").replace("乙", f"乙{number}")
        rows = [algorithm(number, remark=remark), [*algorithm(number + 1)[:5], f"不成编号{number}", ""]]
        batch = upload(client, algorithms(*rows), code="algorithm-filings")
        do_job(act(client, "apply", batch))
    assert len(set(counts)) == 1


def test_page_of_an_import_asks_as_much_for_many_rows_as_for_few(client, clerk):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for many in (1, 30):
        rows = [algorithm(many + number, remark=RENAME.replace("甲", f"甲{many}{number}")) for number in range(many)]
        rows += [[*algorithm(900)[:5], f"不成编号{many}{number}", ""] for number in range(many)]
        batch = upload(client, algorithms(*rows), code="algorithm-filings")
        do_job(act(client, "apply", batch))
        page(client, batch)
        with CaptureQueriesContext(connection) as queries:
            page(client, batch)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_pages_work_without_a_script(client, clerk, applied):
    """Every step is a form that posts; nothing is reached by script alone."""
    text = page(client, applied)
    row, proposal = StaffRow.objects.get(), Proposal.objects.get()
    steps = [("staff-row-settle", row.ref), ("proposal-accept", proposal.ref), ("proposal-dismiss", proposal.ref)]
    assert all(f'action="{reverse(f"intake:{name}", args=[ref])}"' in text for name, ref in steps)
    assert ("onclick" in text, "style=" in text) == (False, False)
