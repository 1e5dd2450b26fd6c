"""Ranking: parts add up, hits add up to parts, and what comes first."""

import gc
import random
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunxing.matching.engine import (
    PARTS,
    Engine,
    Profile,
    Synonyms,
    Vectors,
    Weights,
    candidates,
    diversify,
    mmr,
    ranking,
)
from qunxing.matching.engine.profiles import Ranked

FIRMS = (
    Profile("imaging", "医学影像公司", "肺结节CT影像辅助诊断系统", "为三家医院交付影像平台", ("field.medical",)),
    Profile("service", "智能客服公司", "面向银行的对话机器人", "", ("field.language",)),
    Profile("compute", "算力平台公司", "GPU 集群租用"),
)
NEED = Profile("need", "医院影像辅助诊断", "需要读懂肺部CT影像的模型。公司合作研发。", codes=("field.medical",))
TEXT = st.text(alphabet="医学影像诊断模型智能客服银行算力平台数据公司研发的 abcGPT。，\n", max_size=40)
PROFILE = st.builds(
    Profile,
    key=st.just("x"),
    title=TEXT,
    text=TEXT,
    history=TEXT,
    codes=st.lists(st.sampled_from("abc"), max_size=2).map(tuple),
)


def keys(ranked: list[Ranked]) -> list[str]:
    return [one.key for one in ranked]


def numbered(profiles: list[Profile]) -> list[Profile]:
    return [Profile(str(n), one.title, one.text, one.history, one.codes) for n, one in enumerate(profiles)]


def unit_vectors(profiles: list[Profile]) -> Vectors:
    chance = np.random.default_rng(1)
    return Vectors.of("model", {one.key: chance.normal(size=8).tolist() for one in profiles})


def test_rank_puts_the_answer_first() -> None:
    ranked = Engine(FIRMS).rank(NEED)
    assert keys(ranked)[0] == "imaging"
    assert {part.name for part in ranked[0].parts} == {"title", "text", "history", "pairs", "characters", "codes"}


def test_rank_without_anything_in_common_is_empty() -> None:
    assert Engine(FIRMS).rank(Profile("n", "zzz")) == []
    assert Engine(FIRMS).rank(Profile("n", "※※")) == []
    assert Engine([]).rank(NEED) == []


def test_rank_among_gives_all_that_are_asked_for() -> None:
    engine = Engine(FIRMS)
    assert keys(engine.rank(Profile("n", "GPU"), among=["service", "compute", "unknown"])) == ["compute", "service"]
    assert keys(engine.rank(Profile("n", "GPU"), among=np.array([True, False, True]))) == ["compute", "imaging"]
    assert engine.rank(NEED, among=[]) == []


def test_rank_breaks_ties_by_key() -> None:
    twins = [Profile(key, "医学影像") for key in ("b", "c", "a")]
    assert keys(Engine(twins).rank(Profile("n", "影像"))) == ["a", "b", "c"]
    assert keys(Engine(twins).rank(Profile("n", "影像"), limit=2)) == ["a", "b"]


def test_rank_many_asks_who_is_allowed() -> None:
    allowed = {"need": ["service"], "other": None}
    found = Engine(FIRMS).rank_many([NEED, Profile("other", "算力")], allowed=lambda need: allowed[need.key])
    assert [keys(one) for one in found] == [["service"], ["compute"]]


def test_two_supplies_of_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="one key"):
        Engine([FIRMS[0], FIRMS[0]])


def test_usual_words_count_less() -> None:
    engine = Engine([Profile("plain", "合作研发"), Profile("rare", "影像")], weights=Weights())
    need = Profile("n", "影像合作研发")
    assert keys(engine.rank(need)) == ["plain", "rare"]
    told = {
        "words": {"合作": 1.0, "研发": 1.0},
        "pairs": {"合作": 1.0, "研发": 1.0, "作研": 1.0},
        "characters": dict.fromkeys("合作研发", 1.0),
    }
    assert keys(engine.weighed(Weights(usual=told)).rank(need)) == ["rare"]


def test_synonyms_are_looked_for_and_told_by_the_needs_field() -> None:
    synonyms = Synonyms.of([["语音识别", "speech recognition", "ASR"]])
    engine = Engine([Profile("asr", "语音识别引擎"), Profile("tts", "文字合成")], synonyms=synonyms)
    need = Profile("n", "Speech recognitions for call centres")
    assert keys(engine.rank(need)) == ["asr"]
    assert {hit.need_field for hit in engine.explain(need, "asr").hits} == {"title"}
    assert Engine([Profile("asr", "语音识别引擎")], synonyms=synonyms).rank(Profile("n", "nasrin")) == []


def test_two_thousand_synonyms_are_taken() -> None:
    synonyms = Synonyms.of([[f"词{n}", f"名{n}", f"word{n}"] for n in range(2_000)])
    assert len(synonyms.groups) == 6_000
    assert Engine(FIRMS, synonyms=synonyms).rank(Profile("n", "影像" * 25_000))[0].key == "imaging"


def test_meaning_ranks_what_shares_no_word() -> None:
    vectors = Vectors.of("m", {"need": [1, 0], "imaging": [0, 1], "service": [0.1, 1], "compute": [1, 0.1]})
    engine = Engine(FIRMS, vectors=vectors)
    ranked = engine.rank(Profile("need", "zzz"))
    assert keys(ranked) == ["compute"]
    assert [part.name for part in ranked[0].parts] == ["meaning"]
    assert engine.rank(Profile("without a vector", "zzz")) == []


@settings(max_examples=60, deadline=None)
@given(supplies=st.lists(PROFILE, min_size=1, max_size=6).map(numbered), need=PROFILE)
def test_scores_are_the_sum_of_parts_and_parts_of_hits(supplies: list[Profile], need: Profile) -> None:
    engine = Engine(supplies, synonyms=Synonyms.of([["医学", "gpt"]]), vectors=unit_vectors([*supplies, need]))
    ranked = engine.rank(need, limit=10, among=[one.key for one in supplies])
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
    for one in ranked:
        assert [part.name for part in one.parts] == [name for name in PARTS if name in {p.name for p in one.parts}]
        assert one.score == pytest.approx(sum(part.value for part in one.parts), abs=1e-9)
        explained = engine.explain(need, one.key)
        assert explained.ranked == one
        sums: dict[str, float] = defaultdict(float)
        for hit in explained.hits:
            sums[hit.part] += hit.value
        told = {part.name: part.value for part in one.parts if part.name != "meaning"}
        assert dict(sums) == pytest.approx(told, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(supplies=st.lists(PROFILE, min_size=1, max_size=6).map(numbered), need=PROFILE)
def test_a_score_does_not_depend_on_who_else_is_ranked(supplies: list[Profile], need: Profile) -> None:
    engine = Engine(supplies)
    whole = {one.key: one for one in engine.rank(need, among=[one.key for one in supplies])}
    for key, one in whole.items():
        assert engine.rank(need, among=[key]) == [one]


def test_the_quick_way_gives_the_same_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    supplies = [Profile(f"{n:03}", f"影像{chr(0x4E00 + n)}", "医学诊断" * (n % 3), "", ("a",)) for n in range(400)]
    need = Profile("n", f"医学影像{chr(0x4E00 + 7)}诊断", codes=("a",))
    full = Engine(supplies).rank(need, limit=400)
    monkeypatch.setattr(ranking, "EXACT", 0)
    monkeypatch.setattr(ranking, "LEAST", 50)
    (quick,) = Engine(supplies).rank_many([need], limit=20)
    assert {one.key: one for one in quick} == {one.key: one for one in full if one.key in keys(quick)}
    assert quick[0] == full[0]
    mask = np.arange(400) % 2 == 0
    (even,) = Engine(supplies).rank_many([need], limit=20, allowed=lambda _need: mask)
    assert [int(key) % 2 for key in keys(even)] == [0] * 20
    assert Engine(supplies).rank(need, limit=400) == full


def test_the_quick_way_misses_nothing_when_it_reads_all(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(3)
    letters = [chr(0x4E00 + n) for n in range(60)]
    supplies = [Profile(f"{n:04}", *("".join(chance.choices(letters, k=20)) for _ in range(3))) for n in range(600)]
    needs = [Profile(f"n{n}", "".join(chance.choices(letters, k=12))) for n in range(5)]
    engine = Engine(supplies)
    full = engine.rank_many(needs, limit=20)
    monkeypatch.setattr(ranking, "EXACT", 0)
    assert engine.rank_many(needs, limit=20) == full
    monkeypatch.setattr(candidates, "BUDGET", 3_000)
    monkeypatch.setattr(candidates, "READ", 0)
    quick = Engine(supplies).rank_many(needs, limit=20)
    shares = [len({*keys(some)} & {*keys(all_)}) / 20 for some, all_ in zip(quick, full, strict=True)]
    assert min(shares) >= 0.5


def test_the_quick_way_counts_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "EXACT", 0)
    monkeypatch.setattr(ranking, "LEAST", 1)
    vectors = Vectors.of("m", {"need": [1, 0], "imaging": [0, 1], "service": [0.1, 1], "compute": [1, 0.1]})
    (found,) = Engine(FIRMS, vectors=vectors).rank_many([Profile("need", "zzz")], limit=1)
    assert keys(found) == ["compute"]


def test_ranking_many_leaves_the_collector_as_it_was() -> None:
    Engine(FIRMS).rank_many([NEED])
    assert gc.isenabled()


def test_save_and_load_give_the_same_ranking(tmp_path: Path) -> None:
    engine = Engine(FIRMS)
    engine.save(tmp_path / "kept")
    again = Engine.load(tmp_path / "kept")
    assert again.rank(NEED) == engine.rank(NEED)
    assert again.explain(NEED, "imaging") == engine.explain(NEED, "imaging")


def test_an_engine_of_nothing_is_kept_too(tmp_path: Path) -> None:
    Engine([]).save(tmp_path)
    assert Engine.load(tmp_path).rank(NEED) == []


def test_load_refuses_another_version(tmp_path: Path) -> None:
    Engine(FIRMS).save(tmp_path)
    (tmp_path / "terms.json").write_text('{"format": 0}', encoding="utf-8")
    with pytest.raises(ValueError, match="another version"):
        Engine.load(tmp_path)
    with pytest.raises(OSError, match="No such file"):
        Engine.load(tmp_path / "none")


def test_diversify_keeps_the_cap_and_everybody() -> None:
    ranked = [Ranked(key, float(9 - n), ()) for n, key in enumerate("abcd")]
    assert keys(diversify(ranked, {"a": "x", "b": "x", "c": "x"}, 1)) == ["a", "d", "b", "c"]


def test_mmr_moves_the_alike_down() -> None:
    ranked = [Ranked(key, score, ()) for key, score in (("a", 3.0), ("b", 2.9), ("c", 2.0))]
    alike = {frozenset("ab"): 1.0}
    assert keys(mmr(ranked, lambda one, two: alike.get(frozenset((one, two)), 0.0), share=0.5)) == ["a", "c", "b"]
    assert mmr([], lambda _one, _two: 0.0) == []
