"""The pages of entries: handing in by the browser, what comes back, who reads what, the receipt."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.challenges import clock
from qunxing.directory.models import Membership
from qunxing.races import uploading
from qunxing.races.actions.scoring import drain
from qunxing.races.models import Baseline, Entry, Flag, ScoreRun, TestingBody, TestSet
from qunxing.races.receipts import ENTRY_RECEIPT
from qunxing.races.sealing import folder_of
from tests import factories as people
from tests.races import entrants as races

pytestmark = pytest.mark.django_db
GOOD = races.answers(0.9)


@pytest.fixture(autouse=True)
def _during(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: races.DURING)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def upload(data: bytes, name: str = "answers.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def place(stage: Any, lane: Any) -> str:
    return reverse("races:entry-create", args=[lane.ref, stage.ref])


def put(stage: Any, lane: Any, data: bytes, user: Any = None, **words: Any) -> Any:
    client = client_of(user or people.member_of(lane.organization))
    return client.post(place(stage, lane), {"kind": "answers", "file": upload(data)} | words)


def files_of(stage: Any) -> int:
    return len(list((folder_of(stage.race) / "files").glob("*")))


def test_upload_is_sealed_scored_and_proven() -> None:
    stage, (lane, _other) = races.field()
    answer = put(stage, lane, GOOD, remark="第一版")
    entry = Entry.objects.get()
    assert answer.headers["Location"] == entry.get_absolute_url()
    assert (entry.state, entry.note, entry.received_at) == ("queued", "第一版", races.DURING)
    drain()
    client = client_of(people.member_of(lane.organization, Membership.Role.VIEWER))
    file = b"".join(client.get(reverse("races:entry-file", args=[entry.ref])).streaming_content)
    assert file == GOOD
    receipt = json.loads(client.get(reverse("races:entry-receipt", args=[entry.ref])).content)
    assert ENTRY_RECEIPT.verify(receipt).ok
    assert not ENTRY_RECEIPT.verify(receipt | {"digest": "0" * 64}).ok
    told = Client().post(reverse("races:receipt-check"), {"text": json.dumps(receipt)})
    assert told.status_code == 200
    assert client.get(entry.get_absolute_url()).status_code == 200


def test_faults_are_shown_by_row_and_column() -> None:
    stage, (lane, _other) = races.field()
    member = people.member_of(lane.organization)
    put(stage, lane, GOOD.replace(b"q004,benign", b"q004,maybe").replace(b"q004,malignant", b"q004,maybe"), member)
    text = client_of(member).get(Entry.objects.get().get_absolute_url()).content.decode()
    assert [word in text for word in ("q004", "maybe", "answer", "<td>6</td>")] == [True] * 4


def test_nobody_else_reads_an_entry() -> None:
    stage, (lane, other) = races.field()
    entry = races.entry(lane, stage, GOOD)
    names = ("entry-detail", "entry-file", "entry-receipt")
    rival, expert = people.member_of(other.organization), people.user(Kind.EXPERT)
    for reader in (rival, expert, people.user(Kind.VISITOR)):
        answers = [client_of(reader).get(reverse(f"races:{name}", args=[entry.ref])).status_code for name in names]
        assert answers == [404] * 3
        assert client_of(reader).get(reverse("races:entry-list")).context["page"].total == 0
        assert client_of(reader).get(reverse("api-1:entry", args=[entry.ref])).status_code == 404
    for reader in (people.user(Kind.OFFICER), people.member_of(lane.organization)):
        assert client_of(reader).get(reverse("races:entry-list")).context["page"].total == 1


def test_late_upload_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, (lane, _other) = races.field()
    member = people.member_of(lane.organization)
    monkeypatch.setattr(clock, "now", lambda: races.CLOSES + timedelta(seconds=1))
    assert put(stage, lane, GOOD, member).status_code == 409
    assert (Entry.objects.count(), files_of(stage)) == (0, 0)
    assert client_of(member).get(place(stage, lane)).status_code == 200


def test_large_file_is_dropped_while_it_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gigabyte is only a matter of the limit: what is beyond it is never held."""
    monkeypatch.setattr("qunxing.races.views.entering.MEGABYTE", 100)
    stage, (lane, _other) = races.field(entries={"megabytes": 1})
    written: list[int] = []
    write = uploading.Writer.write
    monkeypatch.setattr(uploading.Writer, "write", lambda self, data: (written.append(len(data)), write(self, data))[1])
    assert put(stage, lane, b"x" * 5_000_000).status_code == 413
    assert (sum(written), Entry.objects.count(), files_of(stage)) == (0, 0, 0)


@pytest.mark.parametrize(
    "words", [{"file": ""}, {"kind": "nothing"}, {"kind": "table"}], ids=["no file", "kind", "table"]
)
def test_form_that_lacks_something_is_shown_again(words: dict[str, Any]) -> None:
    stage, (lane, _other) = races.field()
    assert put(stage, lane, GOOD, **words).status_code == 422
    assert files_of(stage) == 0


def test_who_may_not_hand_in_sends_nothing() -> None:
    stage, (lane, other) = races.field()
    for user in (people.member_of(other.organization), people.user(Kind.STAFF), people.user(Kind.VISITOR)):
        assert put(stage, lane, GOOD, user).status_code == 403
    assert files_of(stage) == 0
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.member_of(lane.organization))
    assert strict.post(place(stage, lane), {"kind": "answers", "file": upload(GOOD)}).status_code == 403
    assert (Entry.objects.count(), files_of(stage)) == (0, 0)


def test_stage_of_another_race_is_not_found() -> None:
    stage, _lanes = races.field()
    _other_stage, (lane, _other) = races.field()
    assert client_of(people.member_of(lane.organization)).get(place(stage, lane)).status_code == 404


# --- the bench ------------------------------------------------------------------------------------------------------


def bench(name: str, *args: str) -> str:
    return reverse(f"races:{name}", args=args)


def form_of(**words: Any) -> dict[str, Any]:
    base = {"name": "判读", "item": "item", "truth": "truth", "answer": "answer", "labels": "benign，malignant"}
    return base | {"truth_kind": "label", "answer_kind": "label"} | words


def test_staff_register_a_test_set_with_a_list_of_public_items() -> None:
    stage, staff = races.stage(), client_of(people.user(Kind.STAFF))
    listed = upload("\n".join(["item", *races.ITEMS[:10]]).encode(), "public.txt")
    words = form_of(file=upload(races.table(races.TRUTH)), public=listed, questions=upload(b"q", "q.csv"))
    answer = staff.post(bench("testset-create", stage.ref), words)
    assert answer.headers["Location"] == bench("bench", stage.ref)
    made = TestSet.objects.get()
    assert (made.items, made.public_items, made.schema["entry"]["fields"][0]["labels"]) == (
        100,
        10,
        ["benign", "malignant"],
    )
    assert staff.get(bench("bench", stage.ref)).status_code == 200


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "422"),
        (b"item,truth\n", "422"),
        (b"item,truth\nq1,benign\nq1,benign\n", "q1"),
        (b"item,truth\nq1,other\n", "other"),
        ("item,truth\nq1,良性\n".encode("gb18030"), "GB18030"),
    ],
    ids=["empty", "no item", "double", "label", "encoding"],
)
def test_file_that_is_no_test_set_is_told(data: bytes, said: str) -> None:
    stage, staff = races.stage(), client_of(people.user(Kind.STAFF))
    answer = staff.post(bench("testset-create", stage.ref), form_of(file=upload(data)))
    assert (answer.status_code, TestSet.objects.count()) == (422, 0)
    assert said in answer.content.decode() or said == str(answer.status_code)


def test_test_set_is_replaced_only_before_the_first_entry() -> None:
    stage, (lane, _other) = races.field()
    staff = client_of(people.user(Kind.STAFF))
    words = form_of(file=upload(races.table(races.TRUTH | {"q000": "malignant"})))
    races.entry(lane, stage, GOOD, kind="dry_run")
    assert staff.post(bench("testset-create", stage.ref), words).status_code == 302
    assert list(stage.test_sets.order_by("version").values_list("version", "in_force")) == [(1, False), (2, True)]
    races.entry(lane, stage, GOOD)
    words = form_of(file=upload(races.table(races.TRUTH)))
    assert staff.post(bench("testset-create", stage.ref), words).status_code == 409
    assert stage.test_sets.count() == 2


def test_answers_stand_neither_in_the_database_nor_on_the_disk() -> None:
    stage = races.stage()
    races.answer_key(stage, races.table({item: f"{truth}" for item, truth in races.TRUTH.items()}))
    row = TestSet.objects.values().get()
    assert "q000,benign" not in str(row)
    for path in folder_of(stage.race).rglob("*.sealed"):
        assert b"q000" not in path.read_bytes()


def test_staff_keep_bodies_baselines_and_scorers() -> None:
    stage, _lanes = races.field()
    staff, firm = client_of(people.user(Kind.STAFF)), people.organization()
    key = races.Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    assert staff.post(bench("body-create", stage.ref), {"organization": firm.ref, "key": "zz"}).status_code == 422
    staff.post(bench("body-create", stage.ref), {"organization": firm.ref, "key": key})
    body = TestingBody.objects.get()
    staff.post(bench("body-revoke", body.ref), {"reason": "换钥"})
    body.refresh_from_db()
    assert body.revoked_why == "换钥"
    staff.post(bench("baseline-create", stage.ref), {"name": "现用系统", "file": upload(GOOD)})
    assert Baseline.objects.get().overall_public is not None
    bad = staff.post(bench("baseline-create", stage.ref), {"name": "坏", "file": upload(b"x")})
    assert (bad.status_code, Baseline.objects.count()) == (422, 1)
    scorer = {
        "name": "评分",
        "seconds": 5,
        "megabytes": 256,
        "file": upload(b"def score_item(a, t):\n    return 1\n", "s.py"),
    }
    made = staff.post(bench("scorer-create"), scorer)
    assert "score_item" in staff.get(made.headers["Location"]).content.decode()


def test_steps_of_staff_need_their_reasons() -> None:
    stage, (lane, _other) = races.field()
    entry = races.scored(lane, stage, GOOD)
    staff = client_of(people.user(Kind.STAFF))
    for step in ("disqualify", "reinstate", "rerun"):
        address = bench("entry-step", entry.ref, step)
        assert staff.post(address, {"reason": ""}).status_code == 422
        assert staff.post(address, {"reason": "核对"}).status_code == 302
    assert staff.post(bench("entry-step", entry.ref, "nothing"), {"reason": "核对"}).status_code == 404
    drain()
    assert ScoreRun.objects.count() == 2


def test_sign_is_closed_with_what_was_found() -> None:
    stage, (lane, _other) = races.field()
    flag = races.create(Flag(stage=stage, lane=lane, sign="gap", figure=0.3, bar=0.1, raised_on=races.DAY), actor=None)
    officer = client_of(people.user(Kind.OFFICER))
    assert officer.post(bench("flag-look", flag.ref), {"found": "no", "looked": ""}).status_code == 422
    assert officer.post(bench("flag-look", flag.ref), {"found": "yes", "looked": "答案一致"}).status_code == 302
    flag.refresh_from_db()
    assert (flag.state, flag.looked) == ("found", "答案一致")


def test_questions_are_handed_out_when_the_window_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = races.stage()
    races.answer_key(stage, questions=races.receive(stage.race, b"q000", "q.csv"))
    lane = races.lane(stage.race)
    member = client_of(people.member_of(lane.organization))
    address = bench("questions", lane.ref, stage.ref)
    assert b"".join(member.get(address).streaming_content) == b"q000"
    monkeypatch.setattr(clock, "now", lambda: races.OPENS - timedelta(seconds=1))
    assert member.get(address).status_code == 409


@pytest.mark.parametrize("name", ["entry-list", "bench"])
def test_page_asks_as_much_for_three_as_for_one(name: str, django_assert_max_num_queries: Any) -> None:
    stage, (lane, _other) = races.field(entries={"a_day": 9})
    officer = client_of(people.user(Kind.OFFICER))
    address = bench(name) if name == "entry-list" else bench(name, stage.ref)
    races.scored(lane, stage, GOOD)
    officer.get(address)
    with django_assert_max_num_queries(60) as one:
        officer.get(address)
    for _each in range(2):
        races.scored(lane, stage, GOOD)
    officer.get(address)  # counts are kept until the log goes on
    with django_assert_max_num_queries(60) as three:
        officer.get(address)
    assert len(three) == len(one)


def test_lane_page_leads_its_team_to_handing_in() -> None:
    stage, (lane, other) = races.field()
    address = place(stage, lane)
    assert address in client_of(people.member_of(lane.organization)).get(lane.get_absolute_url()).content.decode()
    for reader in (people.member_of(other.organization), people.user(Kind.STAFF)):
        assert address not in client_of(reader).get(lane.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("metric", "words", "said"),
    [
        ("accuracy", {"answer": "pick"}, "answer"),
        ("accuracy", {"truth": "label"}, "truth"),
        ("mae", {"labels": ""}, "answer"),
        ("exact_match", {"answer_kind": "number", "truth_kind": "number", "labels": ""}, "answer"),
    ],
)
def test_test_set_that_the_gate_cannot_score_by_is_refused(metric: str, words: dict[str, str], said: str) -> None:
    direction = "lower" if metric == "mae" else "higher"
    stage, staff = races.stage(metrics=[{"name": metric, "direction": direction}]), client_of(people.user(Kind.STAFF))
    heading = words.get("truth", "truth")
    sent = form_of(file=upload(races.table(races.TRUTH, heading))) | words
    answer = staff.post(bench("testset-create", stage.ref), sent)
    assert (answer.status_code, TestSet.objects.count()) == (422, 0)
    assert f"“{said}”" in answer.content.decode()


def test_what_is_wrong_stands_above_what_was_typed() -> None:
    stage, staff, firm = races.stage(), client_of(people.user(Kind.STAFF)), people.organization()
    body = staff.post(bench("body-create", stage.ref), {"organization": firm.name, "key": "zz"})
    assert (body.status_code, 'value="zz"' in body.content.decode()) == (422, True)
    words = {"name": "逐题评分", "seconds": 5, "megabytes": 256, "file": upload(b"def other(): pass", "s.py")}
    scorer = staff.post(bench("scorer-create"), words)
    assert (scorer.status_code, "逐题评分" in scorer.content.decode()) == (422, True)
