"""The pages of imports, from the upload to the last row for staff."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from qunxing.accounts.models import Kind
from qunxing.intake.models import Batch, StaffRow
from qunxing.ledger.jobs import run_job
from qunxing.ledger.models import Job
from qunxing.registry.models import Filing
from tests import factories as people
from tests.intake.made import filed, sheet

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
