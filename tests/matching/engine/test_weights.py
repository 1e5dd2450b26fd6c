"""Weights as files, and the words that stand for one another."""

from dataclasses import replace
from pathlib import Path

import pytest

from qunxing.matching.engine import SHIPPED, Synonyms, Weights, weights
from qunxing.matching.engine.terms import KINDS
from qunxing.matching.engine.weights import RELEASES, last_release


def test_weights_are_the_same_after_a_file(tmp_path: Path) -> None:
    SHIPPED.write(tmp_path / "w.json")
    again = Weights.read(tmp_path / "w.json")
    assert again == SHIPPED
    assert again.digest == SHIPPED.digest != Weights().digest


def test_shipped_weights_hold_numbers_alone() -> None:
    assert set(SHIPPED.usual) == set(KINDS)
    assert all(0 < share <= 1 for terms in SHIPPED.usual.values() for share in terms.values())
    assert max(len(term) for terms in SHIPPED.usual.values() for term in terms) < 12


def test_distinction_falls_from_one_to_nothing() -> None:
    told = Weights(usual={"words": {"公司": 1.0, "研发": 0.5, "影像": 0.01}}).distinctions["words"]
    assert told["公司"] == pytest.approx(0, abs=1e-9)
    assert 0 < told["研发"] < told["影像"] < 1
    assert set(Weights(usual={"words": {"公司": 1.0}}, plain=0.0).distinctions["words"].values()) == {1.0}


def test_last_release_has_the_weights_that_it_shipped() -> None:
    release = last_release()
    assert release is not None
    assert (RELEASES / f"{release[0]}.json").is_file()
    assert set(release[1].usual) == set(KINDS)


def test_last_release_is_the_newest_by_number(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(weights, "RELEASES", tmp_path)
    assert last_release() is None
    for version, plain in (("0.9.0", 0.25), ("0.10.0", 0.75)):
        replace(SHIPPED, plain=plain).write(tmp_path / f"{version}.json")
    assert last_release() == ("0.10.0", replace(SHIPPED, plain=0.75))


def test_synonyms_stand_for_one_another_in_both_languages() -> None:
    shipped = Synonyms.shipped()
    assert "机器翻译" in shipped.among("Machine Translation of contracts")
    assert "text to speech" in shipped.among("語音合成")
    assert shipped.among("※") == ()


def test_synonyms_in_letters_are_whole_words() -> None:
    synonyms = Synonyms.of([["算力", "gpu"], ["广告", "ad"]])
    assert synonyms.among("gpus for adults") == ("算力",)


def test_synonyms_of_two_sources_are_joined() -> None:
    joined = Synonyms.of([["a1", "b1"]]) | Synonyms.of([["a1", "c1"]])
    assert joined.groups["a1"] == ("b1", "c1")
    assert Synonyms.none().groups == {}
