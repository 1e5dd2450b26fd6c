"""Races on the command line: the JSON that programs rely on, and what becomes of odd tables."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils.translation import override

from qunxing.challenges.rehearsal.playing import Report
from qunxing.cli import app, challenge
from qunxing.ledger.models import LogHead
from qunxing.races.rehearsal.coverage import RaceCoverage
from qunxing.races.rehearsal.size import RaceSize

KEYS = [
    "contestant",
    "rank",
    "score",
    "low",
    "high",
    "rank_low",
    "rank_high",
    "group",
    "passes",
    "tied_at_line",
    "flags",
]


class Said:
    """Runs `race standing` in English over a table that is written for it; its status and what it said."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.capsys, self.folder = capsys, folder

    def __call__(self, content: str | bytes, *more: str, name: str = "scores.csv") -> tuple[int, str, str]:
        path = self.put(content, name)
        self.capsys.readouterr()
        with override("en"):
            status = app.run(["race", "standing", str(path), *more])
        told = self.capsys.readouterr()
        return status, told.out, told.err

    def put(self, content: str | bytes, name: str) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def rows(self, content: str | bytes, *more: str, **words: Any) -> list[dict[str, Any]]:
        status, out, err = self(content, *more, "--json", **words)
        assert (status, err) == (0, "")
        return list(json.loads(out)["standing"])


@pytest.fixture
def race(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Said:
    return Said(capsys, tmp_path)


def made_up(teams: int = 12, items: int = 120) -> str:
    chance = np.random.default_rng(1)
    level, hard = np.linspace(1, -1, teams), chance.normal(0, 1, items)
    scores = 1 / (1 + np.exp(-(level[:, None] + hard + chance.normal(0, 0.5, (teams, items)))))
    head = ",".join(["contestant", *(f"q{number}" for number in range(items))])
    return "\n".join([head, *(f"T{team}," + ",".join(f"{one:.4f}" for one in row) for team, row in enumerate(scores))])


@pytest.mark.parametrize("method", ["analytic", "bootstrap"])
def test_standing_keeps_its_contract(race: Said, method: str) -> None:
    status, out, _err = race(made_up(), "--gate", "top:4", "--method", method, "--seed", "3", "--json")
    told = json.loads(out)
    assert (status, told["method"], told["draws"]) == (0, method, 2_000 if method == "bootstrap" else 0)
    assert [list(row) for row in told["standing"]] == [KEYS] * 12
    assert [row["contestant"] for row in told["standing"]][:3] == ["T0", "T1", "T2"]
    assert [row["passes"] for row in told["standing"]][:4] == [True] * 4


def test_gates_by_score_and_by_threshold(race: Said) -> None:
    passed = [row["passes"] for row in race.rows(made_up(), "--gate", "top:4", "--tied", "cut")]
    assert passed == [True] * 4 + [False] * 8
    rows = race.rows(made_up(), "--gate", "threshold:0.5")
    assert [row["passes"] for row in rows] == [row["score"] >= 0.5 for row in rows]
    assert [row["passes"] for row in race.rows(made_up())] == [True] * 12


@pytest.mark.parametrize("gate", ["top:0", "top:x", "best", "threshold:", "top:-1", ""])
def test_gate_that_is_none_is_refused(race: Said, gate: str) -> None:
    status, out, err = race(made_up(), "--gate", gate)
    assert (status, out) == (2, "")
    assert "top:10" in err


def test_blank_is_an_item_without_a_score(race: Said) -> None:
    table = "contestant,a,b\nA,1,\nB,0.5,0.25\n"
    assert [row["score"] for row in race.rows(table)] == [0.5, 0.375]
    assert [row["score"] for row in race.rows(table, "--missing", "own")] == [1.0, 0.375]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("contestant,a,b\nA,1,good\n", "Row 2: column b: “good” is no score."),
        ("contestant,a,b\nA,1,inf\n", "Row 2: column b: “inf” is no score."),
        ("contestant,a,b\nA,1,0\nA,1,1\n", "Row 3: A stands in it twice."),
        ("contestant,a,b\n,1,0\n", "Row 2: the contestant has no name."),
        ("contestant,a,a\nA,1,0\n", "The item a stands in scores.csv twice."),
        ("contestant,a,b\n", "scores.csv holds no scores."),
        ("contestant\nA\n", "scores.csv needs headings: contestant, then a column for each item."),
        ("contestant,a\nA,\n", "The table holds no score."),
        ("contestant,a\nA,1,0\n", "Row 2: there are more cells than headings."),
        ("contestant,a,b\nA,1,1e308\n", "Row 2: column b: “1e308” is no score."),
        ("contestant,item,score\nA,a,1\nA,a,0\n", "Row 3: A has a score for a already."),
        ("contestant,item,score\nA,a,good\n", "Row 2: column a: “good” is no score."),
    ],
)
def test_table_that_cannot_be_read_says_where(race: Said, table: str, said: str) -> None:
    status, out, err = race(table)
    assert (status, out, err.strip()) == (2, "", said)


def test_scores_one_a_row_are_the_same_table(race: Said) -> None:
    wide, long = "contestant,a,b\nA,1,0\nB,0.5,\n", "item,contestant,score\na,A,1\na,B,0.5\nb,A,0\n"
    assert race.rows(long, "--missing", "own") == race.rows(wide, "--missing", "own")


def test_answers_of_others_are_refused(race: Said) -> None:
    others = race.put("contestant,q0\n别队,a\n", "answers.csv")
    status, out, err = race(made_up(), "--answers", str(others))
    assert (status, out, err.strip()) == (2, "", "answers.csv names none of the contestants.")


def test_table_may_be_written_as_people_write_it(race: Said) -> None:
    rows = race.rows("队伍,题1,题2\n甲队,50%,１\n乙队,0.25,0\n".encode("gb18030"))
    assert [(row["contestant"], row["score"]) for row in rows] == [("甲队", 0.75), ("乙队", 0.125)]


@pytest.mark.parametrize("form", ["long.csv", "wide.csv", "lines.jsonl", "whole.json"])
def test_constant_answers_are_told_by_the_file_of_answers(race: Said, form: str) -> None:
    """T0 answers the same to everything; the others do not."""
    pairs = [
        (f"T{team}", f"q{item}", "1" if team == 0 else f"{team}x{item}") for team in range(12) for item in range(40)
    ]
    lines = [json.dumps({"contestant": who, "item": item, "answer": said}) for who, item, said in pairs]
    written = {
        "long.csv": "contestant,item,answer\n" + "".join(f"{','.join(pair)}\n" for pair in pairs),
        "wide.csv": "contestant,"
        + ",".join(f"q{item}" for item in range(40))
        + "".join(
            f"\nT{team}," + ",".join(said for who, _item, said in pairs if who == f"T{team}") for team in range(12)
        ),
        "lines.jsonl": "\n".join(lines),
        "whole.json": f"[{','.join(lines)}]",
    }[form]
    answers = race.put(written, form)
    rows = race.rows(made_up(), "--answers", str(answers))
    assert {row["contestant"]: [flag["sign"] for flag in row["flags"]] for row in rows if row["flags"]} == {
        "T0": ["constant"]
    }


def test_people_read_a_table_with_what_it_means(race: Said) -> None:
    _status, out, _err = race(made_up(), "--gate", "top:4")
    assert out.count(" yes") == 4
    assert "120 items." in out


def test_shared_scores_flag_no_honest_contestant(race: Said) -> None:
    path = Path(__file__).parents[3] / "shared" / "data" / "race_item_scores.csv"
    if not path.is_file():
        pytest.skip("shared data is absent")
    rows = race.rows(path.read_bytes(), "--gate", "top:10")
    assert [row["flags"] for row in rows] == [[]] * 20
    assert rows[0]["contestant"] == "claude-2.1"


@pytest.mark.django_db
def test_rehearsed_race_plays_elsewhere(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUNXING_LANG", "en")
    before = LogHead.objects.count()
    with override("en"):
        status = app.run(["race", "rehearse", "--seeds", "10..10", "--lanes", "2", "--entries", "1", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (status, told["ok"], told["seeds"], told["broken"]) == (0, True, [10], [])
    assert told["size"] == {"bids": 3, "experts": 22, "lanes": 2, "entries": 1}
    assert told["invariants"]["log"] == {"checked": 2, "broken": 0}
    assert LogHead.objects.count() == before


@pytest.mark.django_db
def test_rehearsed_race_refuses_a_ledger(capsys: pytest.CaptureFixture[str]) -> None:
    with override("en"):
        status = app.run(["race", "rehearse", "--here"])
    assert status == 2
    assert "empty database" in capsys.readouterr().err


def test_rehearsed_race_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with override("en"):
        challenge.show(Report(RaceSize(), coverage=RaceCoverage()))
    assert f"0 of {len(RaceCoverage().missing_states())} states seen" in capsys.readouterr().out
