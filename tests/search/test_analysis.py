"""How text and queries are cut."""

import pytest

from qunxing.search.analysis import cut, grams, spelt, spelt_code
from qunxing.search.marking import Piece, excerpt, marked
from qunxing.search.wording import read


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("稀宇极智", "稀宇 宇极 极智 智"),
        ("智", "智"),
        ("階躍星辰", "阶跃 跃星 星辰 辰"),
        ("MiniMax 稀宇", "minimax 稀宇 宇"),
        ("ＡＢＣ－１２３", "abc 123"),
        ("GPT-4o（大模型）", "gpt 4o 大模 模型 型"),
        ("", ""),
        ("?!()", ""),
        ("カナと한글", "カナ ナと と한 한글 글"),
    ],
)
def test_text_is_cut_into_pairs_and_words(text: str, tokens: str) -> None:
    assert cut(text) == tokens


def test_names_are_spelt_in_pinyin_and_initials() -> None:
    assert spelt("稀宇极智") == (
        " ".join(grams("^xiyujizhi")),
        " ".join(grams("^xyjz")),
    )
    assert spelt("MiniMax") == (" ".join(grams("^minimax")),)


def test_numbers_are_spelt_without_their_marks() -> None:
    assert spelt_code("网信算备310104号") == " ".join(grams("^310104"))
    assert spelt_code("Beijing-A-2023") == " ".join(grams("^beijinga2023"))


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("稀宇极智", [("稀宇", "极智")]),
        ("医学影像分割", [("医学影像", "分割")]),
        ("稀宇jz", [("稀宇",), ("jz",)]),
        ("智", [("智",)]),
        ("我想找一家能做医学影像的公司", [("医学影像", "公司")]),
        ("的", [("的",)]),
        ("AND OR NOT minimax", [("not",), ("minimax",)]),
    ],
)
def test_query_is_read_into_telling_parts(query: str, parts: list[tuple[str, ...]]) -> None:
    assert [run.parts for run in read(query).runs] == parts


@pytest.mark.parametrize("query", ["", " ", "\x00", '+-&&||!(){}[]^"~*?:\\/', "。，！", "🎉🎉"])
def test_query_of_signs_alone_is_empty(query: str) -> None:
    assert read(query).empty


def test_long_query_is_cut_short_and_says_so() -> None:
    wording = read("长词 " * 5_000)
    assert (wording.cut_short, len(wording.given) <= 200, len(wording.words) <= 16) == (True, True, True)


def test_marks_stand_where_the_words_are() -> None:
    assert marked("上海稀宇科技", ["稀宇"]) == [Piece("上海"), Piece("稀宇", marked=True), Piece("科技")]
    assert marked("階躍星辰", ["阶跃"]) == [Piece("階躍", marked=True), Piece("星辰")]
    assert marked("A chair of AI", ["ai"]) == [Piece("A chair of "), Piece("AI", marked=True)]
    assert marked("ﬁnance", ["fin"]) == [Piece("ﬁn", marked=True), Piece("ance")]


def test_excerpt_is_the_stretch_around_the_first_mark() -> None:
    found = excerpt("前" * 200 + "影像" + "后" * 200, ["影像"])
    assert ([piece.text for piece in found if piece.marked], found[0].text, found[-1].text) == (["影像"], "…", "…")
    assert len("".join(piece.text for piece in found)) < 150
    assert excerpt("", ["影像"]) == []
