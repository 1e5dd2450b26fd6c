"""Words, pairs and characters of texts as people write them."""

from hypothesis import given
from hypothesis import strategies as st

from qunxing.matching.engine.terms import LONGEST, analyse, stem


def test_kinds_of_a_chinese_text() -> None:
    found = analyse("数字化管理")
    assert dict(found.words) == {"数字": 1, "数字化": 1, "管理": 1}
    assert set(found.pairs) == {"数字", "字化", "化管", "管理"}
    assert set(found.characters) == set("数字化管理")


def test_traditional_and_full_width_are_the_same() -> None:
    assert analyse("醫學影像，ＣＴ") == analyse("医学影像,ct")


def test_letters_are_words_of_every_kind() -> None:
    assert [dict(count) for count in analyse("C++ and GPT-4.5 models")] == [{"c++": 1, "gpt-4.5": 1, "model": 1}] * 3


def test_repeated_sentences_count_once() -> None:
    assert analyse("研发电池。要安全。研发电池。") == analyse("研发电池。要安全。")


def test_pairs_do_not_reach_over_a_mark() -> None:
    assert "池安" not in analyse("电池，安全").pairs


def test_symbols_hold_nothing() -> None:
    assert [len(count) for count in analyse("，。！？——~~ ※ \n ")] == [0, 0, 0]


def test_fifty_thousand_characters_are_read_and_no_more() -> None:
    assert "末尾" not in analyse("研" * LONGEST + "末尾").words
    assert analyse("研究。" * 20_000).characters == analyse("研究").characters


def test_stem_takes_the_plural_off() -> None:
    words = ("batteries", "models", "classes", "glass", "gas", "analysis", "gpt-4s", "电池s")
    assert [stem(word) for word in words] == [
        "battery",
        "model",
        "class",
        "glass",
        "gas",
        "analysis",
        "gpt-4s",
        "电池s",
    ]


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert all(number > 0 for count in analyse(text) for number in count.values())
