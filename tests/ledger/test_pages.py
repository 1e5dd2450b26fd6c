"""The pages that every ledger shares: sources, evidence, the log, the working days."""

import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.core.models import CalendarDay
from qunxing.ledger.actions import change, cite, remove
from qunxing.ledger.audit import audit_database
from qunxing.ledger.models import Checkpoint, Evidence, Job, LogEntry, LogHead, Source
from qunxing.ledger.proofs import verify_file
from tests import factories

pytestmark = pytest.mark.django_db
SOURCE = {"title": "名单", "kind": "list", "day": "2025-05-07", "visibility": "public"}


@pytest.fixture
def staff(client: Client) -> Any:
    """A member of staff, signed in with `client`."""
    user = factories.user(Kind.STAFF)
    client.force_login(user)
    return user


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


# --- sources --------------------------------------------------------------------------------------------------------


def uploaded(content: bytes = b"a,b\n", name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def test_source_keeps_its_file_with_a_digest(client: Client, staff: Any) -> None:
    client.post("/sources/new/", SOURCE | {"file": uploaded()})
    source = Source.objects.get()
    assert source.digest == sha256(b"a,b\n").hexdigest()
    assert audit_database().ok


def test_new_file_has_a_new_digest_and_none_has_none(client: Client, staff: Any) -> None:
    client.post("/sources/new/", SOURCE | {"file": uploaded()})
    source = Source.objects.get()
    edit = f"/sources/{source.ref}/edit/"
    client.post(edit, SOURCE | {"revision": 1, "title": "改名"})
    assert Source.objects.get().digest == sha256(b"a,b\n").hexdigest()
    client.post(edit, SOURCE | {"revision": 2, "file": uploaded(b"c")})
    assert Source.objects.get().digest == sha256(b"c").hexdigest()
    client.post(edit, SOURCE | {"revision": 3, "file-clear": "on"})
    found = Source.objects.get()
    assert (bool(found.file), found.digest, found.revision) == (False, "", 4)
    assert audit_database().ok


def test_file_is_given_as_a_download_and_never_as_a_page(client: Client, staff: Any) -> None:
    source = factories.source(file=uploaded(b"<script>alert(1)</script>", "page.html"))
    answer = client.get(reverse("ledger:source-file", args=[source.ref]))
    assert body(answer) == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_file_of_a_hidden_source_is_not_found(client: Client) -> None:
    source = factories.source(file=uploaded(), visibility="internal")
    assert client.get(reverse("ledger:source-file", args=[source.ref])).status_code == 404


def test_file_that_is_gone_from_the_disk_is_not_found(client: Client) -> None:
    source = factories.source(file=uploaded())
    Path(source.file.path).unlink()
    assert client.get(reverse("ledger:source-file", args=[source.ref])).status_code == 404


def test_source_without_a_file_offers_none(client: Client) -> None:
    source = factories.source()
    assert client.get(reverse("ledger:source-file", args=[source.ref])).status_code == 404
    assert "/file/" not in client.get(source.get_absolute_url()).content.decode()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "not an address"])
def test_source_address_is_one_of_the_web(client: Client, staff: Any, url: str) -> None:
    answer = client.post("/sources/new/", SOURCE | {"url": url})
    assert (answer.status_code, Source.objects.count()) == (422, 0)


# --- evidence -------------------------------------------------------------------------------------------------------


def evidence_form(record: Any, **values: str) -> tuple[str, dict[str, str]]:
    source = factories.source()
    address = reverse("ledger:evidence-create", args=[record.kind_code(), record.ref])
    return address, {"field": "short_name", "value": "乙", "source": source.ref, "place": "A2"} | values


def test_evidence_is_added_beside_the_record(client: Client, staff: Any) -> None:
    firm = factories.organization(short_name="甲")
    address, form = evidence_form(firm)
    answer = client.post(address, form, follow=True)
    evidence = Evidence.objects.get()
    assert said(answer) == ["依据已添加。"]
    assert (evidence.values, evidence.place, evidence.recorded_by) == ({"short_name": "乙"}, "A2", staff)
    assert "来源不一致" in answer.content.decode()


@pytest.mark.parametrize(
    "values",
    [
        {"field": "founded_on", "value": "2023-02-30"},
        {"field": "size_class", "value": "gigantic"},
        {"field": "registered_capital", "value": "许多"},
        {"field": "uscc", "value": "91350100M000100Y4Z"},
        {"field": "nothing"},
        {"field": "visibility", "value": "public"},
        {"field": "search_key"},
        {"value": ""},
        {"source": "0" * 12},
    ],
    ids=str,
)
def test_evidence_that_says_nothing_usable_is_refused(client: Client, staff: Any, values: dict[str, str]) -> None:
    address, form = evidence_form(factories.organization(), **values)
    assert (client.post(address, form).status_code, Evidence.objects.count()) == (422, 0)


@pytest.mark.parametrize("kind", ["accounts.user", "nothing.at.all", "ledger.evidence", "directory.nothing"])
def test_evidence_is_for_records_alone(client: Client, staff: Any, kind: str) -> None:
    firm = factories.organization()
    assert client.get(reverse("ledger:evidence-create", args=[kind, firm.ref])).status_code == 404


def test_evidence_is_confirmed_and_dated_today(client: Client, staff: Any) -> None:
    firm = factories.organization()
    evidence = cite(firm, actor=None, source=factories.source(), values={"short_name": "甲"}, day=date(2025, 1, 1))
    answer = client.post(reverse("ledger:evidence-confirm", args=[evidence.pk]), follow=True)
    assert said(answer) == ["已记为今日核实。"]
    assert Evidence.objects.get().confirmed_on > date(2025, 1, 1)


def test_disputed_value_is_followed_with_a_reason(client: Client, staff: Any) -> None:
    firm = factories.organization(short_name="甲")
    cite(firm, actor=None, source=factories.source(), values={"short_name": "甲"})
    other = cite(firm, actor=None, source=factories.source(), values={"short_name": "乙"})
    url = reverse("ledger:evidence-follow", args=[other.pk])
    assert client.post(url, {"field": "short_name", "reason": " \x00"}).status_code == 422
    answer = client.post(url, {"field": "short_name", "reason": "以名单为准"}, follow=True)
    firm.refresh_from_db()
    version = firm.history.latest("history_id")
    assert said(answer) == ["已改为采用这一来源。"]
    assert (firm.short_name, version.history_change_reason, version.source) == ("乙", "以名单为准", other.source)


def test_field_that_the_evidence_does_not_speak_of_is_not_found(client: Client, staff: Any) -> None:
    firm = factories.organization()
    evidence = cite(firm, actor=None, source=factories.source(), values={"short_name": "乙"})
    url = reverse("ledger:evidence-follow", args=[evidence.pk])
    assert client.post(url, {"field": "visibility", "reason": "理由"}).status_code == 404


def test_value_that_cannot_be_followed_is_explained(client: Client, staff: Any) -> None:
    firm = factories.organization()
    evidence = cite(firm, actor=None, source=factories.source(), values={"founded_on": "2023-02-30"})
    url = reverse("ledger:evidence-follow", args=[evidence.pk])
    answer = client.post(url, {"field": "founded_on", "reason": "理由"})
    assert answer.status_code == 400
    assert "记录不能采用这个值" in answer.content.decode()


def test_evidence_of_a_removed_record_is_not_found(client: Client, staff: Any) -> None:
    firm = factories.organization()
    evidence = cite(firm, actor=None, source=factories.source(), values={"short_name": "乙"})
    remove(firm, actor=staff, reason="重复")
    assert client.post(reverse("ledger:evidence-confirm", args=[evidence.pk])).status_code == 404


# --- the log --------------------------------------------------------------------------------------------------------


def test_log_shows_entries_newest_first_and_narrows_to_one_record(client: Client, staff: Any) -> None:
    firm = factories.organization()
    change(firm, actor=staff, values={"short_name": "乙"})
    factories.source()
    newest = client.get("/log/").context["page"].object_list[0]
    assert newest.index == LogEntry.objects.count() - 1
    found = client.get("/log/", {"subject": firm.ref}).context["page"].object_list
    assert [row.kind for row in found] == ["record.changed", "record.created"]


def test_log_without_entries_of_a_record_says_so(client: Client, staff: Any) -> None:
    assert "没有该记录的日志条目" in client.get("/log/", {"subject": "0" * 12}).content.decode()


def test_log_page_beyond_the_end_is_the_last(client: Client, staff: Any) -> None:
    for page in ("99999", "0", "x", "9" * 30):
        assert client.get("/log/", {"page": page}).status_code == 200


def test_exported_log_is_in_order(client: Client, staff: Any, tmp_path: Path) -> None:
    factories.organization()
    file = tmp_path / "log.jsonl"
    file.write_bytes(body(client.get("/log/export/")))
    verdict = verify_file(file, None)
    assert (verdict.ok, verdict.entries) == (True, LogEntry.objects.count())


def test_exported_proof_is_in_order_and_of_that_entry(client: Client, staff: Any, tmp_path: Path) -> None:
    firm = factories.organization()
    index = LogEntry.objects.get(subject_ref=firm.ref).index
    answer = client.get(reverse("ledger:log-proof", args=[index]))
    file = tmp_path / "proof.json"
    file.write_bytes(body(answer))
    entry = json.loads(json.loads(file.read_text(encoding="utf-8"))["entry"])
    assert (verify_file(file, None).ok, entry["subject"]) == (True, ["directory.organization", firm.ref])
    assert answer.headers["Content-Disposition"] == f'attachment; filename="log-proof-{index}.json"'


def test_proof_of_an_entry_that_is_not_there_is_refused_in_words(client: Client, staff: Any) -> None:
    factories.organization()
    answer = client.get(reverse("ledger:log-proof", args=[10**6]))
    assert answer.status_code in {400, 404}
    assert "日志中没有条目" in answer.content.decode()


def test_empty_log_is_shown_and_its_export_refused_in_words(client: Client, staff: Any) -> None:
    for kind in (LogEntry, Checkpoint, LogHead):
        kind.objects.all().delete()
    assert client.get("/log/").status_code == 200
    answer = client.get("/log/export/")
    assert (answer.status_code, "日志中还没有条目" in answer.content.decode()) == (400, True)


@pytest.mark.parametrize("kind", [Kind.MEMBER, Kind.MANAGER, Kind.EXPERT, Kind.VISITOR])
@pytest.mark.parametrize("path", ["/log/", "/log/export/", "/log/0/proof/"])
def test_log_is_for_oversight(client: Client, kind: str, path: str) -> None:
    client.force_login(factories.user(kind))
    assert client.get(path).status_code == 403


# --- working days ---------------------------------------------------------------------------------------------------


def test_day_is_set_used_and_taken_back(client: Client, staff: Any) -> None:
    day = date(2031, 1, 1)
    assert day.weekday() < 5
    client.post("/calendar/", {"day": "2031-01-01", "note": "元旦"})
    kept = CalendarDay.objects.get()
    assert (kept.day, kept.working, kept.note) == (day, False, "元旦")
    assert [row.kind for row in LogEntry.objects.filter(subject_ref="2031-01-01")] == ["calendar.set"]
    client.post("/calendar/2031-01-01/remove/")
    assert CalendarDay.objects.count() == 0
    assert LogEntry.objects.order_by("-index").first().kind == "calendar.unset"


def test_day_is_corrected_by_removing_it_first(client: Client, staff: Any) -> None:
    client.post("/calendar/", {"day": "2031-01-01"})
    answer = client.post("/calendar/", {"day": "2031-01-01", "working": "on"})
    assert (answer.status_code, CalendarDay.objects.get().working) == (422, False)


@pytest.mark.parametrize("day", ["2031-02-30", "", "morgen", "31.12.2031"])
def test_day_that_is_none_is_refused(client: Client, staff: Any, day: str) -> None:
    assert (client.post("/calendar/", {"day": day}).status_code, CalendarDay.objects.count()) == (422, 0)


@pytest.mark.parametrize("day", ["2031-02-30", "2031-13-01", "2031-01-02"])
def test_day_that_is_not_kept_cannot_be_removed(client: Client, staff: Any, day: str) -> None:
    assert client.post(f"/calendar/{day}/remove/").status_code == 404


@pytest.mark.parametrize("kind", [Kind.OFFICER, Kind.MEMBER, Kind.VISITOR])
def test_calendar_is_for_staff(client: Client, kind: str) -> None:
    client.force_login(factories.user(kind))
    assert client.get("/calendar/").status_code == 403
    assert client.post("/calendar/", {"day": "2031-01-01"}).status_code == 403


# --- jobs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "seen", "stopped"),
    [(Kind.STAFF, 200, 302), (Kind.OFFICER, 200, 403), (Kind.MEMBER, 403, 403), (Kind.VISITOR, 403, 403)],
)
def test_job_of_another(client: Client, kind: str, seen: int, stopped: int) -> None:
    job = Job.objects.create(kind="test", title="工作", owner=factories.user(Kind.STAFF))
    client.force_login(factories.user(kind))
    page, stop = reverse("ledger:job-detail", args=[job.ref]), reverse("ledger:job-cancel", args=[job.ref])
    answer = client.get(page)
    assert (answer.status_code, stop in answer.content.decode()) == (seen, stopped == 302)
    assert client.post(stop).status_code == stopped


def test_job_of_ones_own(client: Client) -> None:
    owner = factories.user(Kind.MEMBER)
    job = Job.objects.create(kind="test", title="工作", owner=owner)
    client.force_login(owner)
    assert client.get(reverse("ledger:job-detail", args=[job.ref])).status_code == 200
    assert client.post(reverse("ledger:job-cancel", args=[job.ref])).status_code == 302
