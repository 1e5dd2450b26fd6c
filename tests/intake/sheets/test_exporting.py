"""Workbooks of many rows are written by a job."""

from io import BytesIO

import pytest
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.intake.sheets import exporting
from qunxing.ledger.jobs import Cancelled, Progress, run_job
from qunxing.ledger.models import Job
from tests import factories as people
from tests.intake.sheets.made import outcomes, previewed

pytestmark = pytest.mark.django_db
EXPORT = ("intake:sheet-export", ["organizations"])


@pytest.fixture
def clerk(client, monkeypatch):
    monkeypatch.setattr(exporting, "SOON", 1)
    user = people.user(Kind.STAFF)
    client.force_login(user)
    return user


def exported(client, **query):
    """The job of an export, done."""
    url, args = EXPORT
    answer = client.get(reverse(url, args=args), query)
    job = Job.objects.get(ref=answer.url.rstrip("/").rsplit("/", 1)[-1])
    run_job.func(job.pk)
    job.refresh_from_db()
    return job


def test_many_rows_are_written_by_a_job_and_come_in_again_unchanged(client, clerk):
    firms = [people.organization(name=f"上海第{number}有限公司") for number in range(3)]
    job = exported(client)
    url = reverse("intake:sheet-file", args=[job.ref])
    assert url in client.get(job.result["url"]).content.decode()
    content = b"".join(client.get(url).streaming_content)
    batch = previewed("organizations", content, actor=clerk)
    assert outcomes(batch) == ["unchanged"] * len(firms)


def test_job_writes_the_rows_of_the_list_as_filtered(client, clerk):
    for name in ("上海甲有限公司", "上海乙有限公司", "北京丙有限公司"):
        people.organization(name=name)
    job = exported(client, list="organizations", q="上海")
    batch = previewed("organizations", exporting.file_of(job).read_bytes(), actor=clerk)
    assert sorted(batch.rows.values_list("name", flat=True)) == ["上海乙有限公司", "上海甲有限公司"]


def test_one_row_is_not_worth_a_job(client, clerk):
    people.organization(name="上海甲有限公司")
    url, args = EXPORT
    answer = client.get(reverse(url, args=args))
    assert BytesIO(b"".join(answer.streaming_content)).read(2) == b"PK"


def test_export_that_is_stopped_leaves_no_file(client, clerk, monkeypatch):
    for number in range(3):
        people.organization(name=f"上海第{number}有限公司")

    def stop(_progress, _done):
        raise Cancelled

    monkeypatch.setattr(Progress, "advance", stop)
    job = exported(client)
    assert (job.state, list(exporting.file_of(job).parent.glob(f"{job.ref}*"))) == (Job.State.CANCELLED, [])
    assert client.get(reverse("intake:sheet-file", args=[job.ref])).status_code == 404


def test_workbook_is_its_readers_own_and_goes_after_a_day(client, clerk, monkeypatch):
    for number in range(3):
        people.organization(name=f"上海第{number}有限公司")
    job = exported(client)
    client.force_login(people.user(Kind.STAFF))
    assert client.get(reverse("intake:sheet-file", args=[job.ref])).status_code == 404
    monkeypatch.setattr(exporting, "KEPT", -60)
    exporting.clear(exporting.file_of(job).parent)
    assert exporting.ready(job.ref, clerk) is None


def test_page_of_sheets_asked_for_an_odd_workbook_shows_none(client):
    client.force_login(people.user(Kind.STAFF))
    for ref in ("\x00", "x" * 300, "nothing-such"):
        answer = client.get(reverse("intake:sheet-hub"), {"ready": ref})
        assert (answer.status_code, answer.context["ready"]) == (200, None)
