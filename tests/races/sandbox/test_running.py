"""What a scorer is given, what it may give back, and how its failures are told."""

from pathlib import Path
from typing import Any

import pytest

from qunxing.races import sandbox
from qunxing.races.sandbox import Kind, Limits
from qunxing.races.scoring import Answers, Key
from tests.races.sandbox.places import ANSWERS, HONEST, KEY, QUICK, run


def test_a_scorer_of_items_gives_each_its_score_and_their_mean() -> None:
    found = run(HONEST)
    assert (found.kind, found.overall, dict(found.items)) == (Kind.OK, 2 / 3, {"a": 1.0, "b": 1.0, "c": 0.0})


def test_a_scorer_of_the_whole_gets_all_items_and_may_name_the_whole_itself() -> None:
    whole = (
        "def score(answers, truths): return {'items': {i: int(answers[i] == truths[i]) for i in answers}, 'overall': 7}"
    )
    plain = "def score(answers, truths): return {i: float(len(truths)) for i in answers}"
    assert (run(whole).overall, dict(run(plain).items)) == (7.0, {"a": 3.0, "b": 3.0, "c": 3.0})


def test_several_columns_come_by_name() -> None:
    answers = Answers(("a",), {"label": ("x",), "chance": (0.25,)})
    key = Key(("a",), {"label": ("x",), "weight": (8.0,)})
    scorer = b"def score_item(a, t): return a['chance'] * t['weight'] * (a['label'] == t['label'])"
    assert sandbox.run(scorer, answers, key).overall == 2.0


def test_numbers_of_numpy_are_numbers() -> None:
    text = "import numpy as np\ndef score_item(a, t): return np.float64(a == t)"
    assert run(text, limits=Limits()).overall == 2 / 3


def test_a_scorer_is_read_from_its_file(tmp_path: Any) -> None:
    path = tmp_path / "own.py"
    path.write_text(HONEST, encoding="utf-8")
    found = sandbox.run(path, ANSWERS, KEY)
    assert (found.kind, found.scorer_digest) == (Kind.OK, run(HONEST).scorer_digest)


@pytest.mark.parametrize(("rule", "overall"), [("zero", 0.5), ("own", 1.0), ("drop", 1.0)])
def test_items_without_an_answer_have_no_score_and_count_by_the_rule(rule: Any, overall: float) -> None:
    key = Key(("a", "b", "x", "y"), {"truth": ("1", "2", "5", "6")})
    found = sandbox.run(HONEST.encode(), Answers(("a", "b"), {"answer": ("1", "2")}), key, missing=rule)
    assert (found.overall, dict(found.items)) == (overall, {"a": 1.0, "b": 1.0, "x": None, "y": None})


def test_the_scorer_gets_no_more_of_the_key_than_the_answered_items() -> None:
    key = Key(("a", "hidden"), {"truth": ("1", "the secret")})
    text = b"def score(answers, truths): return {'items': dict.fromkeys(answers, 0), 'overall': len(truths)}"
    assert sandbox.run(text, Answers(("a",), {"answer": ("1",)}), key).overall == 1.0


def test_an_item_may_have_no_score() -> None:
    found = run("def score_item(a, t): return None if t == '4' else 1")
    assert (found.kind, found.overall, found.items["c"]) == (Kind.OK, 1.0, None)


def test_a_scorer_that_fails_on_one_item_keeps_the_others_and_is_no_good_verdict() -> None:
    found = run("def score_item(a, t):\n    return 1 / (int(t) - 4)")
    assert (found.kind, found.overall) == (Kind.CRASHED, None)
    assert dict(found.items) == {"a": -1 / 3, "b": -0.5, "c": None}
    assert dict(found.faults) == {"c": "scorer.py, line 2: ZeroDivisionError: division by zero"}
    assert found.words.startswith("failed on 1 of 3 items: c ")


CRASHES = {
    "syntax": ("x =", "scorer.py, line 1: SyntaxError"),
    "no scorer": ("x = 1", "NoScorer: neither score_item"),
    "at import": ("import nowhere_at_all", "scorer.py, line 1: ModuleNotFoundError"),
    "exit": ("import sys\nsys.exit(0)", "scorer.py, line 2: SystemExit: 0"),
    "gone": ("import os\nos._exit(0)", "ended without a result"),
    "gone badly": ("import os\nos._exit(3)", "ended with an error"),
    "abort": ("import os\nos.abort()", "ended by SIGABRT"),
    "segfault": ("import ctypes\nctypes.string_at(1)", "ended by SIGSEGV"),
    "recursion": ("def f(): f()\nf()", "scorer.py, line 1: RecursionError"),
    "no dictionary": ("def score(a, t): return 1", "TypeError: score() gave int"),
}


@pytest.mark.parametrize("name", CRASHES)
def test_a_crash_is_told_with_its_line(name: str) -> None:
    text, words = CRASHES[name]
    found = run(text)
    assert (found.kind, words in found.words, dict(found.items)) == (Kind.CRASHED, True, {})


BAD_RESULTS = {
    "nan": ("def score_item(a, t): return float('nan')", "the score of a is no number: {'not a number': 'NaN'}"),
    "infinity": (
        "def score_item(a, t): return float('inf')",
        "the score of a is no number: {'not a number': 'Infinity'}",
    ),
    "huge": ("def score_item(a, t): return 10 ** 400", "the score of a is no number"),
    "text": ("def score_item(a, t): return 'good'", "the score of a is no number: {'not a number': 'str'}"),
    "missing items": ("def score(a, t): return {'a': 1}", "items without a score: ['b', 'c']"),
    "unknown items": ("def score(a, t): return {**dict.fromkeys(a, 1), 'z': 2}", "unknown items: ['z']"),
    "forged kind": (
        "import os\nos.write(int(__import__('sys').argv[1]), b'{\"kind\": \"fine\"}\\n')",
        "nothing of its kind",
    ),
    "forged list": ("import os\nos.write(int(__import__('sys').argv[1]), b'[]\\n')", "the result is no dictionary"),
    "forged text": ("import os\nos.write(int(__import__('sys').argv[1]), b'\\xff{\\n')", "the result cannot be read"),
    "forged depth": ("import os\nos.write(int(__import__('sys').argv[1]), b'[' * 60000 + b'\\n')", "cannot be read"),
}


@pytest.mark.parametrize("name", BAD_RESULTS)
def test_a_result_that_is_none_is_told(name: str) -> None:
    text, words = BAD_RESULTS[name]
    found = run(text)
    assert (found.kind, words in found.words, found.overall) == (Kind.BAD_RESULT, True, None)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"x = '\0'", "holds a NUL"),
        (b"#" * ((1 << 20) + 1), "more than 1048576"),
    ],
    ids=["encoding", "nul", "size"],
)
def test_a_file_that_is_no_scorer_is_not_run(data: bytes, words: str) -> None:
    found = sandbox.run(data, ANSWERS, KEY)
    assert (found.kind, words in found.words, found.layers) == (Kind.BAD_RESULT, True, ())


def test_the_same_entry_always_gives_the_same_score() -> None:
    text = "import random, time, os\ndef score_item(a, t): return random.random() + hash(t) % 7 + len(time.tzname[0])"
    first, second = run(text), run(text)
    assert (first.good, first.digest) == (True, second.digest)


def test_the_chance_of_numpy_is_the_same_at_every_run() -> None:
    text = "import numpy as np\ndef score_item(a, t): return np.random.random()"
    assert sandbox.check(text.encode(), ANSWERS, KEY).kind is Kind.OK


def test_a_scorer_that_does_not_give_the_same_twice_is_found() -> None:
    chance = b"import os\ndef score_item(a, t): return int.from_bytes(os.urandom(4), 'big')"
    assert sandbox.check(chance, ANSWERS, KEY).kind is Kind.BAD_RESULT
    assert sandbox.check(HONEST.encode(), ANSWERS, KEY).kind is Kind.OK


def test_what_is_printed_is_kept_to_its_end() -> None:
    found = run("for n in range(2000): print(n)\n" + HONEST)
    assert (found.kind, found.printed.endswith("1998\n1999\n"), len(found.printed) <= 8_000) == (Kind.OK, True, True)


def test_a_scorer_may_write_in_its_folder_which_is_gone_afterwards() -> None:
    text = "import os\nopen('own.txt', 'w').write('x')\nprint(os.getcwd())\n"
    text += "def score_item(a, t): return len(open('own.txt').read())"
    found = run(text)
    assert (found.overall, Path(found.printed.strip()).exists()) == (1.0, False)


def test_a_scorer_may_use_files_without_a_name() -> None:
    text = "import tempfile\nwith tempfile.TemporaryFile() as file: file.write(b'x')\n"
    assert run(text + "with tempfile.NamedTemporaryFile() as file: file.write(b'x')\n" + HONEST).kind is Kind.OK


def test_nothing_of_the_environment_reaches_the_scorer(monkeypatch: Any) -> None:
    monkeypatch.setenv("QUNXING_SECRET_KEY", "hush")
    found = run("import os\nprint(sorted(os.environ))\n" + HONEST)
    assert (found.kind, "QUNXING_SECRET_KEY" in found.printed, "PYTHONHASHSEED" in found.printed) == (
        Kind.OK,
        False,
        True,
    )


def test_a_hundred_thousand_items_go_through() -> None:
    items = tuple(f"q{number}" for number in range(100_000))
    values = tuple(str(number % 3) for number in range(100_000))
    found = sandbox.run(HONEST.encode(), Answers(items, {"answer": values}), Key(items, {"truth": values}))
    assert (found.kind, found.overall, len(found.items)) == (Kind.OK, 1.0, 100_000)


def test_an_empty_entry_has_no_score() -> None:
    found = sandbox.run(HONEST.encode(), Answers((), {"answer": ()}), KEY, QUICK, missing="own")
    assert (found.kind, found.overall) == (Kind.OK, None)
