"""Boards: what stands on them; nothing hidden shows before the gate, on no page, API, feed or page of others."""

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.challenges import clock
from qunxing.core.errors import Problem
from qunxing.ledger.actions import change, create
from qunxing.races import itemscores
from qunxing.races.actions.baselines import keep_baseline
from qunxing.races.actions.scoring import drain
from qunxing.races.models import GateReport, LaneDecision, ScoreRun
from qunxing.races.queries.boardrows import sealed_scores, standings_of
from qunxing.races.queries.boards import Part, View, board_of, matrix_rows
from qunxing.races.queries.courses import funnel_of
from qunxing.races.queries.drawing import drawn
from qunxing.races.queries.scales import Scale
from qunxing.races.sealing import path_of
from qunxing.races.uploading import receive
from tests import factories as people
from tests.races import entrants as races

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
AFTER = races.CLOSES + timedelta(hours=1)


def raced(**parts: Any) -> tuple[Any, list[Any]]:
    """Two lanes with an entry each, one of them twice, the second time when a frozen board stands still."""
    stage, lanes = races.field(**parts)
    races.entry(lanes[0], stage, races.answers(0.6))
    races.entry(lanes[1], stage, races.answers(0.5, shift=11))
    races.entry(lanes[0], stage, races.answers(0.97), races.LATE)
    drain("test")
    return stage, lanes


def told(stage: Any, lanes: list[Any]) -> GateReport:
    """A report of the gate that notice was given of."""
    places = [
        {
            "lane": lane.code,
            "rank": number,
            "score": 0.9 - number / 10,
            "rank_low": number,
            "rank_high": number,
            "group": 1,
        }
        for number, lane in enumerate(lanes, 1)
    ]
    report = create(
        GateReport(stage=stage, made_on=races.DAY, told=True, state="notice", standing={"places": places, "items": 70}),
        actor=None,
    )
    for number, lane in enumerate(lanes, 1):
        create(
            LaneDecision(
                report=report, lane=lane, rank=number, score=0.9 - number / 10, follows="same", money=1_000_000
            ),
            actor=None,
        )
    return report


def rows(stage: Any, user: Any = NOBODY, *, part: str = "public", now: datetime = AFTER) -> dict[str, float]:
    found = board_of(stage, user, part=part, now=now)
    return {row.name: row.place.score for row in found.rows}


# --- what stands on them --------------------------------------------------------------------------------------------


def test_open_board_shows_what_the_ladder_answers() -> None:
    stage, lanes = raced(board={"mode": "open"})
    found = board_of(stage, NOBODY, part="public", now=AFTER)
    shown = {lane.name: lane.entries.order_by("number").last().runs.get().shown_public for lane in lanes}
    assert {row.name: row.place.score for row in found.rows} == {name: round(score, 6) for name, score in shown.items()}
    assert [row.place.rank for row in found.rows] == [1, 2]
    assert all(row.place.low <= row.place.score <= row.place.high for row in found.rows)
    assert (found.entries, found.lanes, found.view) == (3, 2, View.OPEN)


def test_frozen_board_stands_still() -> None:
    stage, lanes = raced(board={"mode": "frozen", "hours": 24})
    before = rows(stage, now=races.DURING + timedelta(days=1))
    found = board_of(stage, NOBODY, part="public", now=AFTER)
    assert (found.view, found.as_of) == (View.FROZEN, races.CLOSES - timedelta(hours=24))
    assert rows(stage, now=AFTER)[lanes[0].name] < 0.8 < before[lanes[0].name]
    officer = people.user(Kind.OFFICER)
    assert board_of(stage, officer, part="public", now=AFTER).before
    assert rows(stage, officer)[lanes[0].name] > 0.8


def test_blind_board_shows_how_many_and_no_more() -> None:
    stage, _lanes = raced(board={"mode": "blind"})
    found = board_of(stage, NOBODY, part="public", now=AFTER)
    assert (found.view, found.rows, found.entries, found.lanes) == (View.BLIND, (), 3, 2)


def test_sealed_part_is_for_oversight_until_notice_is_given() -> None:
    stage, lanes = raced()
    member = people.member_of(lanes[0].organization)
    for reader in (NOBODY, member, people.user(Kind.VISITOR), people.user(Kind.EXPERT)):
        assert board_of(stage, reader, part="sealed", now=AFTER).part is Part.PUBLIC
        assert board_of(stage, reader, part="final", now=AFTER).part is Part.PUBLIC
    assert board_of(stage, people.user(Kind.STAFF), part="sealed", now=AFTER).part is Part.SEALED
    report = told(stage, lanes)
    assert board_of(stage, NOBODY, part="sealed", now=AFTER).part is Part.SEALED
    final = board_of(stage, NOBODY, part="final", now=AFTER)
    assert [(row.name, row.place.rank, row.decision.money) for row in final.rows] == [
        (lanes[0].name, 1, 1_000_000),
        (lanes[1].name, 2, 1_000_000),
    ]
    change(report, actor=None, values={"state": "overturned", "told": True})
    assert board_of(stage, NOBODY, part="sealed", now=AFTER).part is Part.PUBLIC


def test_disqualified_entry_leaves_the_board() -> None:
    stage, lanes = raced(board={"mode": "open"})
    for entry in lanes[1].entries.all():
        change(entry, actor=None, values={"disqualified": True})
    assert set(rows(stage)) == {lanes[0].name}


def test_dry_runs_stand_on_no_board() -> None:
    stage, (lane, _other) = races.field()
    races.scored(lane, stage, races.answers(), kind="dry_run")
    assert board_of(stage, people.user(Kind.STAFF), part="sealed", now=AFTER).rows == ()
    assert rows(stage, now=races.DURING) == {}


def test_baseline_is_a_row_without_a_rank() -> None:
    stage, _lanes = raced(board={"mode": "open"})
    file = receive(stage.race, races.answers(0.55, shift=3))
    row = keep_baseline(stage, actor=None, day=races.DAY, name="现用系统", file=file)
    found = board_of(stage, NOBODY, part="public", now=AFTER)
    line = next(one for one in found.rows if one.baseline)
    assert (line.name, line.place.rank, line.place.score) == ("现用系统", 0, row.overall_public)
    assert "现用系统" not in [one.name for one in matrix_rows(found)]


def test_lane_that_is_hidden_shows_to_nobody_else() -> None:
    stage, lanes = raced(board={"mode": "open"})
    change(lanes[1], actor=None, values={"visibility": "internal"})
    assert set(rows(stage)) == {lanes[0].name}
    assert set(rows(stage, people.user(Kind.OFFICER))) == {lane.name for lane in lanes}


def test_matrix_holds_every_pair_with_its_interval() -> None:
    stage, _lanes = raced()
    found = board_of(stage, people.user(Kind.STAFF), part="sealed", now=AFTER)
    first, second = matrix_rows(found)
    assert (first.cells[0], second.cells[1]) == (None, None)
    there, back = first.cells[1], second.cells[0]
    assert there is not None
    assert back is not None
    assert (there.value, there.apart) == (-back.value, back.apart)
    assert there.low <= there.value <= there.high


def test_error_is_shown_in_its_own_figures() -> None:
    stage = races.stage(metrics=[{"name": "mae", "direction": "lower"}], board={"mode": "open"})
    truth = {item: str(number) for number, item in enumerate(races.ITEMS)}
    number = races.Field("answer", "number")
    races.answer_key(
        stage,
        races.table(truth),
        entry_schema=races.Schema((number,)),
        key_schema=races.Schema((races.Field("truth", "number"),)),
    )
    for wrong in (2, 1):
        lane = races.lane(stage.race)
        told_answers = {item: str(float(value) + wrong) for item, value in truth.items()}
        races.scored(lane, stage, races.table(told_answers, "answer"))
    found = board_of(stage, NOBODY, part="public", now=AFTER)
    assert [(row.name, found.scale.show(row.place.score)) for row in found.rows] == [
        ("第2队", "1.0000"),
        ("第1队", "2.0000"),
    ]
    assert str(found.scale.better) != ""


def test_standing_is_computed_once_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, _lanes = raced()
    scores = sealed_scores(stage)
    found = standings_of(stage, scores, sealed=True)
    monkeypatch.setattr("qunxing.races.queries.boardrows.computed", lambda *_a, **_k: pytest.fail("computed again"))
    assert standings_of(stage, scores, sealed=True) == found
    assert found.places[0].low is not None


def test_page_waits_for_no_long_standing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qunxing.races.queries.boardrows.AT_ONCE", 1)
    stage, _lanes = raced(board={"mode": "open"})
    found = board_of(stage, NOBODY, part="public", now=AFTER)
    assert [row.place.low for row in found.rows] == [None, None]


# --- nothing leaks --------------------------------------------------------------------------------------------------


def places(stage: Any) -> dict[str, str]:
    race = stage.race.ref
    ways = {name: reverse(f"races:{name}", args=[race]) for name in ("board", "board-wall", "board-embed", "board-csv")}
    return {
        **{f"{name} {part}": f"{address}?stage=1&part={part}" for name, address in ways.items() for part in Part},
        "feed": reverse("races:board-feed", args=[race]),
        "api": reverse("api-1:race_boards", args=[race]),
        "api sealed": reverse("api-1:race_board", args=[race, 1]) + "?part=sealed",
    }


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def figures(stage: Any) -> set[str]:
    """Every sealed score, and the public ones of entries that came after the board froze, as they could be written."""
    found = set()
    for lane in stage.race.lanes.all():
        for entry in lane.entries.all():
            for run in entry.runs.all():
                found |= forms(run.overall_sealed)
                if entry.received_at == races.LATE:
                    found |= forms(run.shown_public)
    return found


def forms(score: float) -> set[str]:
    """As it could be written; what is as short as a number of anything else tells nothing."""
    return {form for form in (f"{score:.4f}", str(score), str(round(score, 6))) if len(form) > len("0.65")}


READERS: dict[str, Callable[[Any], Any]] = {
    "nobody": lambda _lanes: None,
    "rival": lambda lanes: people.member_of(lanes[1].organization),
    "team": lambda lanes: people.member_of(lanes[0].organization),
}


def client_of(user: Any) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.mark.parametrize("mode", ["frozen", "blind"])
@pytest.mark.parametrize("reader", READERS)
def test_hidden_scores_show_nowhere_before_the_gate(reader: str, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    stage, lanes = raced(board={"mode": mode})
    hidden = figures(stage)
    if mode == "blind":
        runs = ScoreRun.objects.filter(entry__stage=stage)
        hidden |= {form for run in runs for form in forms(run.shown_public)}
    else:
        hidden -= {form for score in rows(stage).values() for form in forms(score)}
    client = client_of(READERS[reader](lanes))
    said = {name: body(client, address) for name, address in places(stage).items()}
    assert [(name, form) for name, text in said.items() for form in hidden if form in text] == []


def test_staff_and_officers_do_not_leak_on_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    stage, _lanes = raced(board={"mode": "blind"})
    client = client_of(people.user(Kind.STAFF))
    hidden, every = figures(stage), places(stage)
    open_to_all = [name for name in every if name.startswith(("board-wall", "board-embed", "feed"))]
    said = {name: body(client, every[name]) for name in open_to_all}
    assert [name for name, text in said.items() if any(form in text for form in hidden)] == []
    assert any(form in body(client, every["board sealed"]) for form in hidden)


def test_team_reads_its_guarded_score_and_no_sealed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    stage, lanes = raced()
    entry = lanes[0].entries.order_by("number").last()
    run = entry.runs.get()
    text = body(client_of(people.member_of(lanes[0].organization)), entry.get_absolute_url())
    assert f"{run.shown_public:.4f}" in text
    assert f"{run.overall_sealed:.4f}" not in text
    told(stage, lanes)
    text = body(client_of(people.member_of(lanes[0].organization)), entry.get_absolute_url())
    assert f"{run.overall_sealed:.4f}" in text


# --- the ways to look -----------------------------------------------------------------------------------------------


def test_only_the_embedded_page_lets_itself_be_framed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    stage, _lanes = raced(board={"mode": "open"})
    answers = {
        name: Client().get(reverse(f"races:{name}", args=[stage.race.ref]))
        for name in ("board", "board-wall", "board-embed")
    }
    framed = {
        name: ("frame-ancestors *" in answer.headers["Content-Security-Policy"], "X-Frame-Options" in answer.headers)
        for name, answer in answers.items()
    }
    assert framed == {"board": (False, True), "board-wall": (False, True), "board-embed": (True, False)}
    assert "<script" not in answers["board-embed"].content.decode()
    assert 'http-equiv="refresh"' in answers["board-wall"].content.decode()


def test_feed_tells_what_the_board_showed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    stage, lanes = raced(board={"mode": "open"})
    text = body(Client(), reverse("races:board-feed", args=[stage.race.ref]))
    assert (text.count("<entry>"), lanes[0].name in text) == (3, True)
    told(stage, lanes)
    assert body(Client(), reverse("races:board-feed", args=[stage.race.ref])).count("<entry>") == 4


def test_race_that_is_not_open_has_no_board_for_others() -> None:
    stage, _lanes = raced()
    change(stage.race, actor=None, values={"visibility": "internal"})
    for name in ("board", "board-wall", "board-embed", "board-feed", "board-csv"):
        assert Client().get(reverse(f"races:{name}", args=[stage.race.ref])).status_code == 404


@pytest.mark.parametrize("query", ["stage=99", "stage=x&part=final", "part=%00", "stage=-1&part=sealed"])
def test_odd_questions_get_the_board(query: str) -> None:
    stage, _lanes = raced()
    assert Client().get(f"{reverse('races:board', args=[stage.race.ref])}?{query}").status_code == 200


def test_lane_with_a_dry_run_stands_on_the_board() -> None:
    stage, lanes = raced(board={"mode": "open"})
    races.scored(lanes[0], stage, races.answers(0.9), kind="dry_run")
    assert set(rows(stage)) == {lane.name for lane in lanes}


def test_interval_ends_where_the_scale_does() -> None:
    stage, (lane, _other) = races.field(board={"mode": "open"})
    races.scored(lane, stage, races.answers(0.9))
    scale = board_of(stage, NOBODY, part="public", now=AFTER).scale
    assert (scale.ends, scale.span(0.9, 1.07), scale.span(-0.2, 0.3)) == (
        (0.0, 1.0),
        "0.9000 – 1.0000",
        "0.0000 – 0.3000",
    )
    assert Scale("", lower=True).span(-2.0, -1.0) == "1.0000 – 2.0000"


# --- what does not grow, what is left out ---------------------------------------------------------------------------

EDGES = {
    "page": lambda race: reverse("races:board", args=[race.ref]),
    "wall": lambda race: reverse("races:board-wall", args=[race.ref]),
    "embedded": lambda race: reverse("races:board-embed", args=[race.ref]),
    "csv": lambda race: reverse("races:board-csv", args=[race.ref]),
    "feed": lambda race: reverse("races:board-feed", args=[race.ref]),
    "api": lambda race: reverse("api-1:race_boards", args=[race.ref]),
    "sealed": lambda race: reverse("races:board", args=[race.ref]) + "?part=sealed",
}


def questions(client: Client, address: str) -> int:
    body(client, address)  # what is held in memory from then on
    with CaptureQueriesContext(connection) as asked:
        body(client, address)
    return len(asked)


def test_lanes_add_no_questions_to_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    stage, lanes = races.field(lanes=3, board={"mode": "open"})
    client = client_of(people.user(Kind.STAFF))
    races.scored(lanes[0], stage, races.answers(0.6))
    one = {name: questions(client, address(stage.race)) for name, address in EDGES.items()}
    for place, lane in enumerate(lanes):
        races.scored(lane, stage, races.answers(0.7, shift=11 * place))
    assert {name: questions(client, address(stage.race)) for name, address in EDGES.items()} == one


def test_totals_tell_of_no_hidden_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    stage, lanes = raced(board={"mode": "open"})
    change(lanes[0], actor=None, values={"visibility": "internal"})
    found = board_of(stage, NOBODY, part="public", now=AFTER)
    assert (found.entries, found.lanes, found.left_out, [row.place.rank for row in found.rows]) == (1, 1, True, [2])
    assert [(stop.came, stop.money) for stop in funnel_of(stage.race, NOBODY)] == [(1, 0)]
    told(stage, lanes)
    assert [(stop.came, stop.money) for stop in funnel_of(stage.race, NOBODY)] == [(1, 1_000_000)]
    assert [(stop.came, stop.money) for stop in funnel_of(stage.race, people.user(Kind.OFFICER))] == [(2, 2_000_000)]
    for part in ("sealed", "final"):
        board = board_of(stage, NOBODY, part=part, now=AFTER)
        assert (board.entries, board.lanes, board.left_out) == (1, 1, True)
    assert not board_of(stage, people.user(Kind.OFFICER), part="final", now=AFTER).left_out
    assert "left-out" in body(Client(), EDGES["page"](stage.race))


def test_lane_it_merges_into_is_named_to_whoever_sees_that_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    stage, lanes = raced()
    report = told(stage, lanes)
    change(report.decisions.get(lane=lanes[0]), actor=None, values={"follows": "merge", "into": lanes[1]})
    address = EDGES["page"](stage.race) + "?part=final"
    assert f"→ {lanes[1].name}" in body(Client(), address)
    change(lanes[1], actor=None, values={"visibility": "internal"})
    assert lanes[1].name not in body(Client(), address)


def test_lane_without_a_score_is_blank_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    stage, lanes = raced()
    report = told(stage, lanes)
    change(report.decisions.get(lane=lanes[1]), actor=None, values={"rank": None, "score": None})
    found = board_of(stage, NOBODY, part="final", now=AFTER)
    assert [(row.name, row.place.score) for row in found.rows] == [(lanes[0].name, 0.8), (lanes[1].name, None)]
    assert [row.score for row in drawn(found).rows] == ["0.8000", "—"]
    table = list(csv.reader(StringIO(body(Client(), EDGES["csv"](stage.race) + "?part=final").lstrip("\ufeff"))))
    assert [row[3] for row in table] == ["score", "0.8", ""]
    (told_by_api,) = Client().get(EDGES["api"](stage.race)).json()
    assert [row["score"] for row in told_by_api["rows"]] == [0.8, None]


def test_item_scores_lie_sealed(settings: Any) -> None:
    stage, lanes = raced()
    run = ScoreRun.objects.filter(entry__lane=lanes[0]).latest("pk")
    folder = settings.ENV.data_dir / "races"
    kept = itemscores.read(stage.race, run.items_digest).packed()
    assert [path for path in folder.rglob("*") if path.is_file() and kept[:64] in path.read_bytes()] == []
    path = path_of(stage.race, itemscores.name_of(run.items_digest))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Problem):
        itemscores.read(stage.race, run.items_digest)
