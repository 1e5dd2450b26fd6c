"""Measuring and training on the command line: the JSON that programs rely on, and files as people have them."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils.translation import override

from qunxing.cli import app
from qunxing.matching.engine import SHIPPED, Weights
from qunxing.matching.tuning import read_weights, weights_in_use

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SENTENCES = Path(__file__).resolve().parents[1] / "matching" / "retrieval" / "sentences.tsv"
THEMES = (
    "影像诊断",
    "语音识别",
    "机器翻译",
    "钢材价格",
    "水泥配方",
    "韭菜种植",
    "基金投研",
    "客服质检",
    "数控机床",
    "污水处理",
    "电池回收",
    "遥感测绘",
)
MEASURES = ["ndcg_at_10", "map", "recall_at_50"]
Files = dict[str, Path]


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with override("en"):
        yield


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights and vectors are kept in a folder of the test's own."""
    monkeypatch.setattr(settings, "ENV", replace(settings.ENV, data_dir=tmp_path))


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Twelve needs, each with one strong, one weak and two useless offers."""
    needs, supplies, labels = ["need_id,title,content"], ["supply_id,keywords"], ["need_id,supply_id,level"]
    for n, theme in enumerate(THEMES):
        needs.append(f"n{n},{theme}技术研究,公司希望合作研发{theme}。公司希望合作研发{theme}。")
        supplies += [f"s{n},{theme} 系统", f"w{n},{theme[:2]} 材料", f"u{n},合作 研发 公司", f"v{n},其他{n}"]
        labels += [f"n{n},s{n},4", f"n{n},w{n},2", f"n{n},u{n},1", f"n{n},v{n},1"]
    return {
        name: write(tmp_path / f"{name}.csv", "\n".join(lines))
        for name, lines in {"needs": needs, "supplies": supplies, "labels": labels}.items()
    }


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def run(capsys: pytest.CaptureFixture[str], command: str, files: Files, *more: str | Path) -> tuple[int, str, str]:
    options = [text for name, path in files.items() for text in (f"--{name}", str(path))]
    status = app.run(["matching", command, *options, *map(str, more)])
    told = capsys.readouterr()
    return status, told.out, told.err


def test_evaluate_keeps_its_contract(capsys: pytest.CaptureFixture[str], files: Files) -> None:
    status, out, err = run(capsys, "evaluate", files, "--json")
    told = json.loads(out)
    assert (status, err) == (0, "")
    assert list(told)[:6] == [*MEASURES, "needs", "seconds", "intervals"]
    assert [told[name] for name in MEASURES] == [1.0, 1.0, 1.0]
    assert told["intervals"] == {name: [1.0, 1.0] for name in MEASURES}
    assert (told["needs"], told["supplies"], told["labels"], told["embeddings"]) == (12, 48, 48, None)
    assert list(told["baseline"]) == [*MEASURES, "intervals", "gain"]
    assert set(told["without"]) == {"words", "pairs", "characters", "text of the need", "what needs often say"}
    assert list(told["others"]) == ["release 0.1.0"]
    assert told["others"]["release 0.1.0"]["gain"]["ndcg_at_10"] == 0.0


def test_evaluate_shows_a_table(capsys: pytest.CaptureFixture[str], files: Files) -> None:
    status, out, _err = run(capsys, "evaluate", files)
    assert status == 0
    assert "12 needs, 48 offers, 48 labels" in out
    assert "plain BM25" in out


def test_evaluate_reads_other_encodings_and_spare_columns(capsys: pytest.CaptureFixture[str], files: Files) -> None:
    text = files["needs"].read_text(encoding="utf-8")
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        write(files["needs"], text, encoding)
        assert run(capsys, "evaluate", files, "--json")[0] == 0
    write(files["needs"], text.replace("need_id,title,content", "Need_ID,标题,描述2,text").replace(",公司", ",x,公司"))
    assert run(capsys, "evaluate", files, "--json")[0] == 0


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "needs",
            "need_id",
            "number",
            "needs.csv, row 1: the column need_id is missing; found: number, title, content.",
        ),
        ("labels", "n1,s1,4", "n1,s1,5", "labels.csv, row 6, column level: The level is 1, 2, 3 or 4, not 5."),
        ("labels", "n1,s1,4", "n1,s1,", "labels.csv, row 6, column level: The level is 1, 2, 3 or 4, not ∅."),
        (
            "labels",
            "n1,s1,4",
            "n0,s0,3",
            "labels.csv, row 6, column level: The same pair has another level in an earlier row.",
        ),
        (
            "supplies",
            "w0,",
            "s0,",
            "supplies.csv, row 3, column supply_id: s0 stands in an earlier row with other values.",
        ),
        ("supplies", "w0,", ",", "supplies.csv, row 3, column supply_id: The id is missing."),
    ],
)
def test_evaluate_names_what_is_wrong(
    capsys: pytest.CaptureFixture[str], files: Files, name: str, old: str, new: str, message: str
) -> None:
    write(files[name], files[name].read_text(encoding="utf-8").replace(old, new, 1))
    status, out, err = run(capsys, "evaluate", files, "--json")
    assert (status, out, err) == (2, "", f"{message}\n")


def test_evaluate_refuses_empty_and_missing_files(
    capsys: pytest.CaptureFixture[str], files: Files, tmp_path: Path
) -> None:
    assert run(capsys, "evaluate", {**files, "needs": tmp_path / "none.csv"})[0] == 2
    for text in ("", "need_id,title,content\n", "\x00\x01\x02"):
        assert run(capsys, "evaluate", {**files, "needs": write(tmp_path / "bad.csv", text)})[0] == 2


def test_evaluate_passes_over_labels_of_the_unknown(capsys: pytest.CaptureFixture[str], files: Files) -> None:
    text = files["labels"].read_text(encoding="utf-8")
    write(files["labels"], f"{text}\nn0,ghost,4\nnobody,s0,4\nn0,s0,4")
    status, out, err = run(capsys, "evaluate", files, "--json")
    assert status == 0
    assert json.loads(out)["labels"] == 48
    assert "2 rows name a need or an offer that is not there (first in row 50)" in err
    write(files["labels"], "need_id,supply_id,level\nnobody,ghost,4")
    assert run(capsys, "evaluate", files, "--json")[0] == 2


def test_evaluate_takes_any_text(capsys: pytest.CaptureFixture[str], files: Files) -> None:
    rows = (
        "x1,,",
        "x2,※※※,！！",
        f"x3,{'长' * 50_000},{'文。' * 25_000}",
        "x4,English only,needs a robot",
        "x5,醫學影像診斷,繁體",
    )
    write(files["needs"], "\n".join((files["needs"].read_text(encoding="utf-8"), *rows)))
    labels = "\n".join(f"x{n},s0,4\nx{n},s1,1" for n in range(1, 6))
    write(files["labels"], f"{files['labels'].read_text(encoding='utf-8')}\n{labels}")
    status, out, _err = run(capsys, "evaluate", files, "--json")
    assert (status, json.loads(out)["needs"]) == (0, 17)


def test_evaluate_goes_on_when_the_service_is_away(capsys: pytest.CaptureFixture[str], files: Files) -> None:
    status, out, err = run(capsys, "evaluate", files, "--json", "--embeddings", "http://127.0.0.1:1", "--model", "m")
    assert status == 0
    assert "The embedding service http://127.0.0.1:1 cannot be used: it does not answer" in err
    told = json.loads(out)
    assert (told["embeddings"], told["ndcg_at_10"], len(told["warnings"])) == (None, 1.0, 1)


def test_evaluate_uses_weights_of_a_file(capsys: pytest.CaptureFixture[str], files: Files, tmp_path: Path) -> None:
    Weights(kinds={"words": 1.0, "pairs": 0.0, "characters": 0.0}).write(tmp_path / "w.json")
    told = json.loads(run(capsys, "evaluate", files, "--json", "--weights", tmp_path / "w.json")[1])
    assert set(told["without"]) == {"words", "text of the need", "what needs often say"}
    assert list(told["others"]) == ["shipped", "release 0.1.0"]
    status, _out, err = run(capsys, "evaluate", files, "--weights", write(tmp_path / "bad.json", "{"))
    assert status == 2
    assert "holds no weights" in err


def test_train_refuses_to_switch_when_it_is_not_better(
    capsys: pytest.CaptureFixture[str], files: Files, tmp_path: Path
) -> None:
    status, out, _err = run(capsys, "train", files, "--json")
    told = json.loads(out)
    assert status == 1
    assert list(told) == ["better", "switched", "needs", "present", "trained", "gain", "weights", "file"]
    assert (told["better"], told["switched"], told["file"], told["needs"]) == (False, False, "", 12)
    assert not (tmp_path / "matching" / "weights.json").exists()
    assert "nothing was changed" in run(capsys, "train", files)[1]


def test_train_writes_weights_that_are_better_and_the_program_uses_them(
    capsys: pytest.CaptureFixture[str], files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = Weights(
        kinds={"words": 0.0, "pairs": 0.0, "characters": 0.0}, need={"title": 0.0, "text": 0.0, "history": 0.0}
    )
    monkeypatch.setattr("qunxing.matching.tuning.SHIPPED", bad)
    # Without any weight offers come by their ids; give the good ones the last ids.
    for name in ("supplies", "labels"):
        write(files[name], re.sub(r"(?<=[\n,])s(?=\d)", "z", files[name].read_text(encoding="utf-8")))
    status, out, _err = run(capsys, "train", files, "--json")
    told = json.loads(out)
    assert (status, told["switched"]) == (0, True)
    assert told["gain"]["intervals"]["ndcg_at_10"][0] > 0
    assert told["file"] == str(tmp_path / "matching" / "weights.json")
    assert weights_in_use() == read_weights(Path(told["file"])) != bad


def test_train_asks_for_enough_needs(capsys: pytest.CaptureFixture[str], files: Files) -> None:
    lines = files["labels"].read_text(encoding="utf-8").splitlines()
    write(files["labels"], "\n".join(lines[:9]))
    status, _out, err = run(capsys, "train", files)
    assert (status, err) == (2, "Only 2 needs are judged; 10 are the least to train on.\n")


def test_weights_in_use_are_those_shipped_at_first() -> None:
    assert weights_in_use() is SHIPPED


def test_the_engine_beats_the_plain_formula_on_real_needs(capsys: pytest.CaptureFixture[str]) -> None:
    paths = {"needs": DATA / "needs.csv", "supplies": DATA / "supplies.csv", "labels": DATA / "need_supply_labels.csv"}
    if not all(path.exists() for path in paths.values()):
        pytest.skip("the judged needs are not beside this checkout")
    told = json.loads(run(capsys, "evaluate", paths, "--json")[1])
    gain = told["baseline"]["gain"]
    assert gain["ndcg_at_10"] > 0.02
    assert gain["intervals"]["ndcg_at_10"][0] > 0.02
    assert told["needs"] == 118


def test_sentences_are_sixty_in_two_languages() -> None:
    rows = [line.split("\t") for line in SENTENCES.read_text(encoding="utf-8").splitlines()[1:]]
    assert [sum(row[1] == language for row in rows) for language in ("zh", "en")] == [40, 20]
    assert len({row[2] for row in rows}) == 60


def test_find_filings_on_real_ones(capsys: pytest.CaptureFixture[str]) -> None:
    filings = DATA / "algorithm_filings.csv"
    if not filings.exists():
        pytest.skip("the published filings are not beside this checkout")
    status, out, _err = run(capsys, "find-filings", {"filings": filings, "sentences": SENTENCES}, "--json")
    told = json.loads(out)
    assert status == 0
    assert list(told)[:3] == ["mrr", "hit_at_10", "intervals"]
    assert (told["sentences"], len(told["places"])) == (60, 60)
    assert set(told["languages"]) == {"zh", "en"}
    assert told["hit_at_10"] > 0.45
    purposes = filings.read_text(encoding="utf-8-sig")
    copied = [
        line.split("\t")[2]
        for line in SENTENCES.read_text(encoding="utf-8").splitlines()[1:]
        if line.split("\t")[2] in purposes
    ]
    assert copied == []


def test_find_filings_hides_the_filing_and_finds_by_the_others(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = ["recordNumber,entityName,algorithmName,algorithmClass,product,purpose"]
    rows += [f"1{n},{theme}公司,甲,合成,{theme}助手,用于{theme}" for n, theme in enumerate(THEMES)]
    rows += [f"2{n},{theme}公司,乙,合成,--,用于{theme}的第二项" for n, theme in enumerate(THEMES)]
    files = {
        "filings": write(tmp_path / "f.csv", "\n".join(rows)),
        "sentences": write(
            tmp_path / "s.tsv", "filing\tlanguage\tsentence\n11\tzh\t想做语音识别\n21\ten\tspeech recognition"
        ),
    }
    status, out, _err = run(capsys, "find-filings", files, "--json")
    told = json.loads(out)
    assert (status, told["mrr"], told["hit_at_10"], told["firms"]) == (0, 1.0, 1.0, 12)
    assert run(capsys, "find-filings", files)[0] == 0
    write(files["sentences"], "filing\tlanguage\tsentence\n99\tzh\t想做语音识别")
    status, _out, err = run(capsys, "find-filings", files)
    assert (status, err) == (2, "s.tsv, sentence 1: no entity with two filings has 99.\n")
