"""The groups on the page of an import and on the command line, and their acceptance by one click."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from qunxing.accounts.models import Kind
from qunxing.cli import app
from qunxing.directory.models import Organization
from qunxing.intake.models import Batch, StaffRow
from qunxing.intake.reconciling.grouping import Group
from qunxing.ledger.jobs import run_job
from qunxing.ledger.models import Job
from qunxing.registry.models import Filing
from tests import factories as people
from tests.intake.made import OWNER, algorithm, algorithms, filed, sheet, take_in, traces
from tests.intake.reconciling.made import OTHER, live_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    user = people.user(Kind.STAFF)
    client.force_login(user)
    client.cookies["language"] = "en"
    return user


def upload(client, content, *, code="genai-filings"):
    data = {"list_code": code, "file": SimpleUploadedFile("list.csv", content)}
    data |= {"day": timezone.localdate().isoformat(), "title": "新名单"}
    do_job(client.post(reverse("intake:import-create"), data))
    return Batch.objects.latest("pk")


def do_job(answer):
    job = Job.objects.get(ref=answer.url.rstrip("/").rsplit("/", 1)[-1])
    run_job.func(job.pk)
    job.refresh_from_db()
    return job


def page(client, batch, group=""):
    answer = client.get(batch.get_absolute_url(), {"group": group})
    assert answer.status_code == 200
    return answer.content.decode()


def accept(client, batch, group, **values):
    return client.post(reverse("intake:import-accept", args=[batch.ref]), {"group": group, **values})


@pytest.fixture
def previewed(client, clerk, tmp_path):
    """A list with something in each group."""
    live_in(people.organization(name=OWNER, address=""), address="云锦路701号")
    people.organization(name="上海戊科技有限公司", address="徐汇区云锦路701号")
    take_in(tmp_path, sheet(filed(1), filed(2), filed(8)), day=timezone.localdate().replace(year=2025))
    rows = [filed(1, title="模型1改"), filed(2), filed(3), filed(4, owner=OTHER), filed(5, owner="上海戊科技有限公司")]
    return upload(client, sheet(*rows))


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("our_firms", [OWNER, "1 of them were in a space", "Accept this group"]),
        ("our_new", ["模型3", "1 new model comes with them."]),
        ("other_new", ["模型4", OTHER, "2 new models"]),
        ("changed", ["name as filed", "模型1改", "→"]),
        ("vanished", ["模型8", "2 of its 3 filings in force are on this list", "Confirm for all but those left"]),
        ("candidates", ["上海戊科技有限公司", "Its address is that of 模速空间.", "without a residency"]),
    ],
)
def test_each_group_is_shown(client, previewed, group, said):
    text = page(client, previewed, group)
    assert [words for words in said if words not in text] == []


def test_odd_group_shows_the_first(client, previewed):
    shown = '<a href="?group=our_firms#groups" aria-current="page">'
    assert shown in page(client, previewed, "no-such-group")


def test_group_is_accepted_by_one_click_and_the_rest_waits(client, previewed):
    job = do_job(accept(client, previewed, "our_new"))
    previewed.refresh_from_db()
    assert (job.state, previewed.state, Filing.objects.filter(name="模型3").count()) == (Job.State.DONE, "previewed", 1)
    part = Batch.objects.get(ref=previewed.summary["accepted"]["our_new"][0])
    assert part.get_absolute_url() in page(client, previewed, "our_new")
    assert previewed.get_absolute_url() in page(client, part)
    assert "Apply the rest" in page(client, previewed)
    do_job(accept(client, previewed, "other_new"))
    do_job(client.post(reverse("intake:import-apply", args=[previewed.ref])))
    assert (Filing.objects.count(), Filing.objects.filter(name="模型1改").count()) == (6, 1)


def test_group_that_was_undone_is_told_so_and_can_be_accepted_again(client, previewed):
    do_job(accept(client, previewed, "our_new"))
    part = Batch.objects.latest("pk")
    client.post(reverse("intake:import-undo", args=[part.ref]), {"what": "all", "reason": "接错了"})
    run_job.func(Job.objects.latest("pk").pk)
    text = page(client, previewed, "our_new")
    assert [words for words in ("Accepted and undone:", "模型3", "Accept this group") if words not in text] == []
    do_job(accept(client, previewed, "our_new"))
    text = page(client, previewed, "our_new")
    assert ("Accepted and undone:" in text, "Accepted:" in text) == (True, True)


def test_rest_is_given_up_and_what_was_accepted_stays(client, previewed):
    do_job(accept(client, previewed, "our_new"))
    part = Batch.objects.latest("pk")
    client.post(reverse("intake:import-drop", args=[previewed.ref]))
    previewed.refresh_from_db()
    assert "what was accepted stays" in page(client, previewed)
    file = client.get(reverse("intake:import-file", args=[part.ref]))
    assert b"".join(file.streaming_content).startswith("序号".encode())
    assert (Filing.objects.count(), accept(client, previewed, "other_new").status_code) == (4, 409)


def test_vanished_filings_are_confirmed_with_a_reason(client, previewed):
    assert accept(client, previewed, "vanished", way="withdrawn").status_code == 422
    do_job(accept(client, previewed, "vanished", way="withdrawn", reason="公告已注销"))
    assert list(Filing.objects.filter(state="withdrawn").values_list("name", flat=True)) == ["模型8"]


def test_candidates_are_asked_of_staff(client, previewed):
    do_job(accept(client, previewed, "candidates"))
    assert (StaffRow.objects.get().cells, Organization.objects.count()) == ({"organization": "上海戊科技有限公司"}, 2)


@pytest.mark.parametrize(
    "values",
    [{}, {"group": ""}, {"group": "no-such"}, {"group": "vanished", "way": "burn", "reason": "x"}],
    ids=["none", "empty", "unknown", "unknown way"],
)
def test_odd_acceptance_is_refused(client, previewed, values):
    before = traces()
    answer = client.post(reverse("intake:import-accept", args=[previewed.ref]), values)
    assert (answer.status_code, traces()) == (422, before)


@pytest.mark.parametrize("kind", [Kind.OFFICER, Kind.MEMBER, Kind.VISITOR, Kind.EXPERT, Kind.MANAGER])
def test_only_staff_accept(client, previewed, kind):
    client.force_login(people.user(kind))
    answers = {accept(client, previewed, group, reason="x").status_code for group in Group}
    assert answers == {403}


def test_officer_sees_the_groups_without_the_buttons(client, previewed):
    client.force_login(people.user(Kind.OFFICER))
    text = page(client, previewed, "vanished")
    assert ("模型8" in text, reverse("intake:import-accept", args=[previewed.ref]) in text) == (True, False)


def test_import_of_before_the_groups_is_shown_without_them(client, previewed):
    Batch.objects.filter(pk=previewed.pk).update(summary={})
    assert "What this list means for us" not in page(client, previewed)


def test_page_asks_no_more_for_more_firms(client, clerk):
    live_in(people.organization(name=OWNER))
    few = upload(client, sheet(filed(1)))
    many = upload(client, sheet(*(filed(number) for number in range(40))))
    counts = []
    for batch in (few, many):
        with CaptureQueriesContext(connection) as counted:
            page(client, batch)
        counts.append(len(counted))
    assert counts[0] == counts[1]


# --- the command line ------------------------------------------------------------------------------------------------


def test_dry_run_tells_the_groups_as_json(tmp_path, capsys):
    live_in(people.organization(name=OWNER, entity_key="3101041234567"))
    path = tmp_path / "list.csv"
    path.write_bytes(algorithms(algorithm(1), algorithm(2, owner=OTHER)))
    before = traces()
    app.run(["import", "algorithm-filings", str(path), "--dry-run", "--json"])
    groups = json.loads(capsys.readouterr().out)["groups"]
    assert {code: data["count"] for code, data in groups.items()} == {
        "our_firms": 1,
        "our_new": 1,
        "other_new": 1,
        "changed": 0,
        "vanished": 0,
        "candidates": 1,
    }
    assert groups["candidates"]["items"][0]["signs"][0]["reason"].startswith("It files under the entity key")
    assert traces() == before


def test_dry_run_tells_the_groups_as_a_table(tmp_path, capsys):
    live_in(people.organization(name=OWNER))
    path = tmp_path / "list.csv"
    path.write_bytes(sheet(filed(1), filed(2, owner=OTHER)))
    app.run(["import", "genai-filings", str(path), "--dry-run"])
    told = capsys.readouterr().out
    assert [title for title in ("Our firms on it", "New of others", "Perhaps ours") if title not in told] == []
