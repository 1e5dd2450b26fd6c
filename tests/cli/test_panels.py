"""Panels on the command line: the JSON that programs rely on, and what becomes of odd tables."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils.translation import override

from qunxing.cli import app
from qunxing.ledger.canonical import digest
from qunxing.panels.drawing import Drawable, draw
from qunxing.panels.terms import PanelTerms

HEADINGS = "panel,entry_id,entry_affiliation,reviewer_id,reviewer_affiliation,score"


class Said:
    """Runs a command of panels in English; its status, what it said, and what it said on standard error."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.capsys, self.folder = capsys, folder

    def __call__(self, *arguments: str | Path) -> tuple[int, str, str]:
        self.capsys.readouterr()
        with override("en"):
            status = app.run(["panels", *map(str, arguments)])
        told = self.capsys.readouterr()
        return status, told.out, told.err

    def table(self, *lines: str, name: str = "scores.csv", encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))
        return path


@pytest.fixture
def panels(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Said:
    return Said(capsys, tmp_path)


def made_up() -> list[str]:
    """Twenty entries, five reviewers who differ, a home bias of 2."""
    chance, lines = np.random.default_rng(1), []
    for entry in range(20):
        level, home = chance.normal(80, 4), entry % 5
        for number in range(5):
            score = level + 2 * number + 2 * (number == home) + chance.normal(0, 0.5)
            lines.append(f"P,E{entry},A{home},R{number},A{number},{score:.2f}")
    return lines


def calibrated(panels: Said, *lines: str, **kept: Any) -> dict[str, Any]:
    status, out, _err = panels("calibrate", panels.table(*lines, **kept), "--json")
    assert status == 0
    return dict(json.loads(out))


# --- calibrate ------------------------------------------------------------------------------------------------------


def test_calibrate_keeps_its_contract(panels: Said) -> None:
    found = calibrated(panels, HEADINGS, *made_up())
    assert list(found)[:3] == ["entries", "reviewers", "home_bias"]
    assert list(found["entries"][0])[:6] == ["panel", "entry_id", "raw_mean", "calibrated", "low", "high"]
    assert list(found["reviewers"][0])[:4] == ["reviewer_id", "effect", "low", "high"]
    assert list(found["home_bias"])[:3] == ["estimate", "low", "high"]
    assert [one["reviewer_id"] for one in found["reviewers"]] == ["R0", "R1", "R2", "R3", "R4"]
    assert [one["entry_id"] for one in found["entries"]] == [f"E{number}" for number in range(20)]


def test_sums_of_the_contract_give_the_scores(panels: Said) -> None:
    lines = made_up()
    found = calibrated(panels, HEADINGS, *lines)
    level = {one["entry_id"]: one["calibrated"] for one in found["entries"]}
    effect = {one["reviewer_id"]: one["effect"] for one in found["reviewers"]}
    missed = []
    for line in lines:
        _panel, entry, home, reviewer, own, score = line.split(",")
        guess = level[entry] + effect[reviewer] + (found["home_bias"]["estimate"] if home == own else 0)
        missed.append(float(score) - guess)
    assert np.std(missed) < 0.6
    assert found["home_bias"]["low"] < 2 < found["home_bias"]["high"]
    assert found["home_bias"]["low"] > 0


def test_bands_name_every_entry_once(panels: Said) -> None:
    found = calibrated(panels, HEADINGS, *made_up())
    named = [entry for band in found["bands"] for entry in band["entries"]]
    ranked = sorted(found["entries"], key=lambda one: one["calibrated_rank"])
    assert named == [one["entry_id"] for one in ranked]


def test_calibrate_speaks_to_people(panels: Said) -> None:
    status, out, _err = panels("calibrate", panels.table(HEADINGS, *made_up()))
    assert status == 0
    assert "Home bias: +" in out
    assert "from 20 scores." in out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_chinese_headings_and_encodings_are_read(panels: Said, encoding: str) -> None:
    lines = ["评审组,项目编号,申报单位,专家,专家单位,评分（分）", "甲组,一号,星河公司,张老师,复旦大学,８５．５分",
        "甲组,一号,星河公司,李老师,同济大学,80", "甲组,二号,云海公司,张老师,复旦大学,90",
        "甲组,二号,云海公司,李老师,同济大学,82"]  # fmt: skip
    found = calibrated(panels, *lines, encoding=encoding)
    assert [(one["panel"], one["entry_id"], one["raw_mean"]) for one in found["entries"]] == [
        ("甲组", "一号", 82.75),
        ("甲组", "二号", 86.0),
    ]
    assert found["home_bias"]["estimate"] is None


def test_file_without_panels_is_one_panel(panels: Said) -> None:
    found = calibrated(panels, "Entry,Judge,Score", "a,x,1", "a,y,2", "b,x,3")
    assert {one["panel"] for one in found["entries"]} == {""}


def test_abstentions_and_repeated_rows_are_told(panels: Said) -> None:
    found = calibrated(panels, "entry,reviewer,score", "a,x,1", "a,y,弃权", "a,x,1.0", "b,x,3")
    assert found["notes"] == ["Rows left out as abstentions: 1.", "Repeated rows, counted once: 1."]
    assert [one["scores"] for one in found["entries"]] == [1, 1]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "The file is empty."),
        (["entry,reviewer,score"], "The table has no scores."),
        (["entry,reviewer", "a,x"], "Row 1: Headings are missing: score. Found: entry、reviewer."),
        (["entry,reviewer,score", "a,x,good"], "Row 2, column score: “good” is no number."),
        (["entry,reviewer,得分", "a,x,1", "b,x,"], "Row 3, column 得分: it is empty."),
        (["entry,reviewer,score", "a,x,nan"], "Row 2, column score: “nan” is no number."),
        (["entry,reviewer,score", "a,x,1e999"], "Row 2, column score: “1e999” is no number."),
        (["entry,reviewer,score", ",x,1"], "Row 2, column entry: it is empty."),
        (["panel,entry,reviewer,score", ",a,x,1"], "Row 2, column panel: it is empty."),
        (["entry,reviewer,score", "a,x,1", "a,x,2"], "a + x stands in rows 2 and 3 with different values."),
        (["entry,reviewer,score", "a,x,1", "合计,1"], "Row 3 holds no record: “合计 1”."),
    ],
)
def test_what_cannot_be_read_is_refused_by_row_and_column(panels: Said, lines: list[str], told: str) -> None:
    status, out, err = panels("calibrate", panels.table(*lines), "--json")
    assert (status, out, err.strip()) == (2, "", told)


def test_missing_file_is_refused(panels: Said) -> None:
    status, _out, err = panels("calibrate", panels.folder / "none.csv")
    assert status == 2
    assert "There is no file" in err


# --- assign ---------------------------------------------------------------------------------------------------------

FITS = ["bid,expert,score", "A,x,0.9", "A,y,0.5", "A,z,0.1", "B,x,0.8", "B,y,0.7", "B,z,0.2", "C,x,0.3", "C,z,0.9"]


def assigned(panels: Said, *wishes: str, per_bid: int = 1, fits: list[str] = FITS, **files: list[str]) -> Any:
    given = [part for name, lines in files.items() for part in (f"--{name}", panels.table(*lines, name=name))]
    scores = panels.table(*fits, name="fits")
    status, out, err = panels("assign", "--scores", scores, "--per-bid", str(per_bid), *given, *wishes, "--json")
    return status, json.loads(out) if out else err.strip()


def test_assign_keeps_its_contract(panels: Said) -> None:
    status, found = assigned(panels, conflicts=["bid,expert", "A,x"], loads=["expert,load", "x,1", "y,1", "z,1"])
    assert status == 0
    assert list(found)[:4] == ["status", "objective", "pairs", "reason"]
    assert found == {"status": "optimal", "objective": 2.2, "pairs": [["A", "y"], ["B", "x"], ["C", "z"]], "reason": ""}


def test_order_of_rows_changes_nothing(panels: Said) -> None:
    one = assigned(panels, "--load", "2", per_bid=2)
    other = assigned(panels, "--load", "2", per_bid=2, fits=[FITS[0], *reversed(FITS[1:])])
    assert one == other


def test_impossible_assignment_says_why_and_what_could_be(panels: Said) -> None:
    status, found = assigned(panels, per_bid=2, loads=["专家,上限", "x,1", "y,2", "z,2"])
    assert status == 1
    assert (found["status"], found["objective"], found["pairs"]) == ("infeasible", None, [])
    assert "places wanted in all: 6, to be filled at most: 5" in found["reason"]
    assert len(found["partial"]["pairs"]) == 5


def test_specialists_are_had(panels: Said) -> None:
    _status, found = assigned(panels, "--at-least", "1", per_bid=2, specialists=["expert", "z"])
    assert {bid for bid, expert in found["pairs"] if expert == "z"} == {"A", "B", "C"}


def test_assign_speaks_to_people(panels: Said) -> None:
    scores, loads = panels.table(*FITS, name="fits"), panels.table("expert,load", "x,0", "y,0", "z,0", name="loads")
    status, out, _err = panels("assign", "--scores", scores, "--loads", loads, "--per-bid", "1")
    assert status == 1
    assert "Not every place can be filled." in out


@pytest.mark.parametrize(
    ("wishes", "files", "told"),
    [
        (
            (),
            {"loads": ["expert,load", "x,1"]},
            "The table of loads lacks y、z. Add them, or say --load for all others.",
        ),
        ((), {"loads": ["expert,load", "x,1.5"]}, "Row 2, column load: a whole number from 0 was expected."),
        ((), {"loads": ["expert,load", "x,1", "x,2"]}, "x stands in rows 2 and 3 with different values."),
        ((), {"conflicts": ["bid,expert", "A,"]}, "Row 2, column expert: it is empty."),
        (
            ("--at-least", "1"),
            {},
            "--at-least asks for a table of --specialists and for no more than --per-bid.",
        ),
    ],
)
def test_odd_wishes_are_refused(panels: Said, wishes: tuple[str, ...], files: dict[str, list[str]], told: str) -> None:
    assert assigned(panels, *wishes, **files) == (2, told)


# --- redraw ---------------------------------------------------------------------------------------------------------


def a_draw() -> dict[str, Any]:
    """Nine in the pool, five seats, as it is published."""
    pool = [{"code": f"{number:016x}", "specialist": True, "outside": number % 2 == 0} for number in range(9)]
    terms = PanelTerms(size=5)
    drawn = draw([Drawable(row["code"], row["specialist"], row["outside"]) for row in pool], terms, "种子:0713")
    return {
        "terms": {"size": 5, "minimum": 5, "odd": True, "specialists": "2/3", "outside": "1/2"},
        "pool": pool,
        "pool_digest": digest(pool),
        "seed_digest": sha256("种子".encode()).hexdigest(),
        "seed": "种子",
        "word": "0713",
        "struck": [],
        "seats": [one.ref for one in drawn.seats],
        "reserves": [one.ref for one in drawn.reserves],
    }


def test_redraw_repeats_a_published_draw(panels: Said) -> None:
    file = panels.table(json.dumps(a_draw()), name="draw.json")
    status, out, _err = panels("redraw", file, "--json")
    assert (status, json.loads(out)["repeats"]) == (0, True)
    assert panels("redraw", file)[1] == "The draw repeats: the same pool and seed bring the same 5 seats.\n"


def test_redraw_says_what_differs(panels: Said) -> None:
    told = a_draw() | {"seed": "另一个"}
    status, out, _err = panels("redraw", panels.table(json.dumps(told), name="draw.json"))
    assert status == 1
    assert "its digest differs" in out


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"terms": {}, "pool": 3}', "[" * 100_000])
def test_redraw_refuses_what_is_no_draw(panels: Said, text: str) -> None:
    status, out, err = panels("redraw", panels.table(text, name="draw.json"))
    assert (status, out) == (2, "")
    assert "draw" in err
