"""Metrics give the figures of the libraries they rest on, and items whose mean is the whole."""

from typing import Any

import numpy as np
import pytest
import sacrebleu
from rouge_score.rouge_scorer import RougeScorer
from sklearn import metrics as sk

from qunxing.races.scoring import KINDS, Answers, BadMetric, Key, Metric, Scored, Undefined, read_metrics, score
from qunxing.races.scoring.metrics.texts import tokens

LABELS = np.random.default_rng(1).choice(["a", "b", "c"], 300, p=[0.6, 0.3, 0.1])
GIVEN = np.where(np.random.default_rng(2).random(300) < 0.7, LABELS, "b")
NUMBERS = np.random.default_rng(3).normal(10, 3, 300)
NEAR = NUMBERS + np.random.default_rng(4).normal(0, 1, 300)
CHANCES = np.random.default_rng(5).random(300).round(2)
TRUE_TEXTS = [
    "今天天气很好，我们去公园。",
    "模型在医院的场景里运行",
    "the quick brown fox",
    "徐汇区有 3 家企业",
    "平台",
]
TEXTS = ["今天天气好，我们去了公园。", "模型运行在医院场景", "the brown fox is quick", "徐汇有 3 家大企业", "另一个"]


def scored(name: str, given: Any, truth: Any, **more: Any) -> Scored:
    items = tuple(f"q{number}" for number in range(len(truth)))
    rule = more.pop("missing", "zero")
    answers = Answers(items, {"answer": tuple(given)})
    return score([Metric(name, **more)], answers, Key(items, {"truth": tuple(truth)}), missing=rule)


BY_LIBRARY = {
    "accuracy": (GIVEN, LABELS, {}, sk.accuracy_score(LABELS, GIVEN)),
    "f1_macro": (GIVEN, LABELS, {}, sk.f1_score(LABELS, GIVEN, average="macro")),
    "f1_micro": (GIVEN, LABELS, {}, sk.f1_score(LABELS, GIVEN, average="micro")),
    "auc": (CHANCES, LABELS, {"positive": "a"}, sk.roc_auc_score(LABELS == "a", CHANCES)),
    "mae": (NEAR, NUMBERS, {}, -sk.mean_absolute_error(NUMBERS, NEAR)),
    "rmse": (NEAR, NUMBERS, {}, -(sk.mean_squared_error(NUMBERS, NEAR) ** 0.5)),
    "mape": (NEAR, NUMBERS, {}, -sk.mean_absolute_percentage_error(NUMBERS, NEAR)),
    "bleu": (TEXTS, TRUE_TEXTS, {}, sacrebleu.corpus_bleu(TEXTS, [TRUE_TEXTS], tokenize="zh").score),
    "chrf": (TEXTS, TRUE_TEXTS, {}, sacrebleu.corpus_chrf(TEXTS, [TRUE_TEXTS]).score),
}


@pytest.mark.parametrize("name", BY_LIBRARY)
def test_the_whole_is_what_the_library_says_and_the_mean_of_its_items(name: str) -> None:
    given, truth, more, expected = BY_LIBRARY[name]
    found = scored(name, given.tolist() if isinstance(given, np.ndarray) else given, list(truth), **more)
    assert found.overall == pytest.approx(expected, rel=1e-9)
    assert float(found.scores.mean()) == pytest.approx(expected, rel=1e-9)


class OurTokens:
    def tokenize(self, text: str) -> list[str]:
        return tokens(text)


@pytest.mark.parametrize(("name", "theirs"), [("rouge1", "rouge1"), ("rouge2", "rouge2"), ("rouge_l", "rougeL")])
def test_rouge_gives_the_figures_of_rouge_score_by_item(name: str, theirs: str) -> None:
    library = RougeScorer([theirs], tokenizer=OurTokens())
    expected = [library.score(true, given)[theirs].fmeasure for given, true in zip(TEXTS, TRUE_TEXTS, strict=True)]
    assert scored(name, TEXTS, TRUE_TEXTS).scores.tolist() == pytest.approx(expected)
    english = RougeScorer([theirs]).score("the quick brown fox jumps", "a quick fox jumps over")[theirs].fmeasure
    assert scored(name, ["a quick fox jumps over"], ["the quick brown fox jumps"]).overall == pytest.approx(english)


def test_chinese_text_is_taken_by_characters() -> None:
    assert tokens("徐汇区ＡＢ12，有3家") == ["徐", "汇", "区", "ab12", "有", "3", "家"]
    # By words there would be nothing in common, and no runs of four.
    assert scored("bleu", ["今天天气很好啊"], ["今天天气很好"]).overall == pytest.approx(80.91, abs=0.01)
    assert scored("bleu", ["今天天气很好啊"], ["今天天气很好"], tokens="13a").overall == 0.0


def test_texts_by_hand() -> None:
    assert scored("exact_match", ["a ", "B", None], ["a", "b", ""]).scores.tolist() == [1, 0, 0]
    assert scored("exact_match", ["Ａ，b", "B"], ["a b", "b"], plain=True).overall == 1.0
    assert scored("edit_similarity", ["abcd", ""], ["abxd", ""]).scores.tolist() == [0.75, 1.0]
    assert scored("character_errors", ["abcdef", "x"], ["abc", "xyzw"]).scores.tolist() == [-1.0, -0.75]


LEAVING_OUT = ["f1_macro", "f1_micro", "auc", "rmse", "bleu", "chrf"]


@pytest.mark.parametrize("name", LEAVING_OUT)
def test_items_of_a_whole_are_its_linear_parts_as_leaving_each_out_shows(name: str) -> None:
    given, truth, more, _expected = BY_LIBRARY[name]
    given, truth = list(given)[:12], list(truth)[:12]
    whole = scored(name, given, truth, **more)
    without = np.array(
        [
            scored(name, given[:i] + given[i + 1 :], truth[:i] + truth[i + 1 :], **more).overall
            for i in range(len(truth))
        ]
    )
    if name == "f1_macro":  # over the labels of the whole, even where one is gone with its only item
        assert {truth.count(label) for label in set(truth)} & {1} == set()
    expected = whole.overall + (len(truth) - 1) * (without.mean() - without)
    assert whole.scores.tolist() == pytest.approx(expected.tolist())


def test_linear_parts_spread_as_the_whole_does() -> None:
    chance = np.random.default_rng(9)
    wholes = []
    for _draw in range(300):
        picked = chance.integers(0, 300, 300)
        wholes.append(sk.f1_score(LABELS[picked], GIVEN[picked], average="macro"))
    parts = scored("f1_macro", GIVEN.tolist(), LABELS.tolist()).scores
    assert parts.std(ddof=1) / np.sqrt(300) == pytest.approx(np.std(wholes), rel=0.15)


def test_f1_is_over_the_labels_of_the_key_whatever_else_is_answered() -> None:
    found = scored("f1_macro", ["a", "b", "zzz"], ["a", "b", "b"])
    assert found.overall == pytest.approx((1 + 2 / 3) / 2)


UNDEFINED = {
    "one class": ("auc", [0.1, 0.2], ["a", "a"], {"positive": "a"}, "one_class"),
    "no class": ("auc", [0.1, 0.2], ["b", "c"], {"positive": "a"}, "one_class"),
    "no numbers": ("mae", ["x", "y"], [1.0, 2.0], {}, "no_number"),
    "true zeros": ("mape", [1.0, 2.0], [0.0, 0.0], {}, "true_value_zero"),
    "no true text": ("bleu", ["a"], [""], {}, "true_text_empty"),
    "no true texts": ("character_errors", ["a"], [""], {}, "true_text_empty"),
    "no answers": ("accuracy", [None, None], ["a", "b"], {}, "no_answers"),
    "no items": ("accuracy", [], [], {}, "no_items"),
    "no true values": ("accuracy", ["a"], [None], {}, "no_items"),
    "missing": ("rmse", [1.0, None], [1.0, 2.0], {}, "missing_without_worst"),
}


@pytest.mark.parametrize("name", UNDEFINED)
def test_an_undefined_metric_is_a_value_with_its_reason(name: str) -> None:
    metric, given, truth, more, code = UNDEFINED[name]
    found = scored(metric, given, truth, **more)
    assert (found.overall, [(reason.metric, reason.code) for reason in found.undefined]) == (None, [(metric, code)])
    assert np.isnan(found.scores).all()


def test_an_item_may_be_undefined_alone() -> None:
    found = scored("mape", [1.0, 3.0], [0.0, 2.0])
    assert (found.overall, found.items) == (-0.5, {"q0": None, "q1": -0.5})
    assert found.undefined == (Undefined("mape", "true_value_zero", "0.0", "q0"),)


WORST = {
    "accuracy": (["a", None], ["a", "a"], {}, [1.0, 0.0]),
    "exact_match": (["a", None], ["a", ""], {}, [1.0, 0.0]),
    "edit_similarity": (["a", None], ["a", "b"], {}, [1.0, 0.0]),
    "mae": ([1.0, None], [1.0, 2.0], {"worst": 8.0}, [1.0, 0.0]),
    "character_errors": (["a", None], ["a", "b"], {"worst": 2.0}, [1.0, 0.0]),
    "cost": ([2.0, None], [None, None], {"worst": 4.0}, [0.5, 0.0]),
}


@pytest.mark.parametrize("name", WORST)
def test_a_missing_answer_counts_as_badly_as_can_be(name: str) -> None:
    given, truth, more, expected = WORST[name]
    assert scored(name, given, truth, **more).scores.tolist() == expected


def test_missing_answers_lower_every_metric_of_the_whole() -> None:
    labels, texts = ["a", "b", "a", "b"], TRUE_TEXTS[:4]
    for name in ("f1_macro", "f1_micro"):
        assert scored(name, ["a", "b", "a", None], labels).overall < scored(name, labels, labels).overall
    chances = [0.9, 0.1, 0.8, 0.2]
    assert scored("auc", chances, labels, positive="a").overall == 1.0
    assert scored("auc", [0.9, 0.1, None, 0.2], labels, positive="a").overall == 0.5
    for name in ("bleu", "chrf"):
        assert scored(name, [*texts[:3], None], texts).overall < 100


@pytest.mark.parametrize("rule", ["own", "drop"])
def test_missing_answers_may_be_left_out(rule: str) -> None:
    found = scored("accuracy", ["a", None], ["a", "a"], missing=rule)
    assert (found.overall, found.items) == (1.0, {"q0": 1.0, "q1": None})


def test_latency_and_cost_are_read_from_a_table() -> None:
    times = [float(number) for number in range(1, 101)]
    assert scored("latency", times, [None] * 100).overall == -50.5
    found = scored("latency", times, [None] * 100, at=0.95)
    assert (found.overall, found.items) == (pytest.approx(-95.05), {})


def test_every_kind_works() -> None:
    for name in KINDS:
        more = {"positive": "1"} if name == "auc" else {}
        found = scored(name, [1.0, 2.0, 1.0], [1.0, 2.0, 2.0], **more)
        assert found.overall is not None, name
        assert len(found.items) == 3, name


BAD = {
    "none": ([], "metrics"),
    "text": ("accuracy", "metrics"),
    "no metric": ([1], "metrics.1"),
    "unknown": ([{"name": "nope"}], "metrics.1.name"),
    "unknown option": ([{"name": "mae", "wurst": 1}], "metrics.1.wurst"),
    "weight": ([{"name": "mae", "weight": 0}], "metrics.1.weight"),
    "weight text": ([{"name": "mae", "weight": "x"}], "metrics.1.weight"),
    "worst": ([{"name": "mae", "worst": float("nan")}], "metrics.1.worst"),
    "wrong way": ([{"name": "mae", "worst": -1}], "metrics.1.best"),
    "no way": ([{"name": "accuracy", "best": 0}], "metrics.1.best"),
    "auc": ([{"name": "auc"}], "metrics.1.positive"),
    "quantile": ([{"name": "latency", "at": 1.0}], "metrics.1.at"),
    "quantile of what": ([{"name": "cost", "at": 0.5}], "metrics.1.at"),
    "tokens": ([{"name": "bleu", "tokens": "ja"}], "metrics.1.tokens"),
    "column": ([{"name": "mae", "answer": 7}], "metrics.1.answer"),
    "open end": ([{"name": "accuracy"}, {"name": "mae"}], "metrics.2.worst"),
}


@pytest.mark.parametrize("name", BAD)
def test_metrics_that_cannot_stand_are_named(name: str) -> None:
    listed, where = BAD[name]
    with pytest.raises(BadMetric) as caught:
        read_metrics(listed)
    assert caught.value.where == where
