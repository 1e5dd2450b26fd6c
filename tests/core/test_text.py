import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunxing.core.text import (
    KEY_LIMIT,
    TERMS_LIMIT,
    fold,
    fold_name,
    initials,
    pinyin,
    search_key,
    search_terms,
    shorten,
    simplify,
    tidy,
)

ANY = st.text(max_size=60)
CHINESE = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=20)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("  MiniMax \t 稀宇\n科技 ", "minimax 稀宇 科技"),
        ("ＡＢＣ１２３", "abc123"),
        ("上海臺灣龍騰", "上海台湾龙腾"),
        ("智谱（华章）", "智谱(华章)"),
        ("智谱【华章】〔二〕［三］", "智谱(华章)(二)(三)"),
        ("model[1]{2}", "model(1)(2)"),
        ("全角\u3000空格\xa0硬", "全角 空格 硬"),
        ("零\u200b宽\ufeff字\u2060", "零宽字"),
        ("\u202e从右\u202c到\u200f左", "从右到左"),
        ("软\xad连\u180e字", "软连字"),
        ("Straße İ", "strasse i̇"),
        ("𠮷野家", "𠮷野家"),
        ("星\ufe0f★", "星★"),
        ("a\x00b\x07c", "abc"),
        ("a\ud800b", "ab"),
        ("㈱①", "(株)1"),
        ("豈", "岂"),
    ],
)
def test_fold_unifies(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_tidy_keeps_case_and_script() -> None:
    assert tidy(" 上海\u200b臺灣　ＭｉｎｉMax（一）\n") == "上海臺灣 MiniMax(一)"


def test_fold_keeps_an_emoji() -> None:
    assert fold("🚀 群星") == "🚀 群星"


@given(ANY)
def test_fold_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_fold_can_always_be_stored(text: str) -> None:
    folded = fold(text)
    assert folded.encode() and "\0" not in folded if folded else folded == ""


@given(CHINESE, CHINESE, CHINESE)
def test_fold_of_a_part_is_part_of_the_folded_text(before: str, part: str, after: str) -> None:
    assert fold(part) in fold(before + part + after)


@given(CHINESE)
def test_fold_does_not_tell_width_or_case(text: str) -> None:
    assert fold(f"ＡＩ{text}") == fold(f"ai{text}")


@given(CHINESE)
def test_fold_equals_for_traditional_and_simplified(text: str) -> None:
    assert fold("".join(map(simplify, text))) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京智谱（华章）科技", "北京智谱(华章)科技"),
        ("北京智谱（华章）科技", "北京智谱华章 科技"),
        ("北京智譜華章科技", "北京智谱华章科技"),
        ("MiniMax", "Mini-Max"),
        ("Mini·Max", "mini_max"),
        ("商汤-日日新", "商汤・日日新"),
        ("书生·浦语", "书生•浦语"),
        ("\u200f百川\u200e", "百川"),
        ("讯飞星火®", "讯飞星火"),
        ("《群星》", "群星"),
        ("１,０００号", "1000号"),
    ],
)
def test_fold_name_equals(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Qwen2.5", "Qwen25"),
        ("GLM-4-9B", "GLM-49B"),
        ("GLM-4.9B", "GLM-4-9B"),
        ("C++", "C"),
        ("—", "..."),
        ("🚀", "🛰"),
        ("北京甲", "北京乙"),
    ],
)
def test_fold_name_tells_apart(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@given(ANY)
def test_fold_name_is_stable(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)


@given(ANY)
def test_fold_name_follows_fold(text: str) -> None:
    assert fold_name(fold(text)) == fold_name(text)


@pytest.mark.parametrize(
    ("text", "full", "short"),
    [
        ("群星", "qunxing", "qx"),
        ("群星 AI-2.0", "qunxingai2.0", "qxai2.0"),
        ("重庆银行", "chongqingyinhang", "cqyh"),
        ("重慶銀行", "chongqingyinhang", "cqyh"),
        ("乾隆", "qianlong", "ql"),
        ("上海有乾網絡", "shanghaiyouqianwangluo", "shyqwl"),
        ("吕", "lv", "l"),
        ("（上海）", "shanghai", "sh"),
        ("MiniMax", "minimax", "minimax"),
        ("···", "", ""),
        ("", "", ""),
        ("群\u200b星", "qunxing", "qx"),
    ],
)
def test_pinyin_and_initials(text: str, full: str, short: str) -> None:
    assert (pinyin(text), initials(text)) == (full, short)


@given(ANY)
def test_pinyin_never_fails(text: str) -> None:
    assert pinyin(text) == pinyin(text)
    assert len(initials(text)) <= len(pinyin(text))


def test_search_key_holds_each_way_to_type_a_name() -> None:
    assert search_key("北京智谱（华章）科技", "ChatGLM").split("\n") == [
        "北京智谱(华章)科技",
        "chatglm",
        "北京智谱华章科技",
        "beijingzhipuhuazhangkeji",
        "bjzphzkj",
    ]


def test_search_key_drops_doubles_and_blanks() -> None:
    assert search_key("群星", "", "群星", "群 星") == "群星\n群 星\nqunxing\nqx"


def test_search_key_is_bounded() -> None:
    key = search_key(*(f"{index}" * 5000 + "长名" for index in range(50)))
    assert len(key) <= KEY_LIMIT


@given(st.lists(ANY, max_size=4))
def test_search_key_can_be_stored(parts: list[str]) -> None:
    key = search_key(*parts)
    assert "\0" not in key
    assert len(key) <= KEY_LIMIT
    assert key.encode().decode() == key


@given(CHINESE.filter(bool))
def test_search_key_holds_the_terms_of_its_part(text: str) -> None:
    assert all(term in search_key(text) for term in search_terms(text))


def test_search_terms_are_folded_words() -> None:
    assert search_terms(" ＡＩ　智譜 ai ") == ("ai", "智谱")
    assert len(search_terms(" ".join(map(str, range(100))))) == TERMS_LIMIT


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("群星", 2, "群星"),
        ("群星闪耀", 3, "群星…"),
        ("ab cdef", 4, "ab…"),
        ("群星", 1, "…"),
        ("群星", 0, ""),
        ("cafe\u0301s are", 5, "caf…"),
        ("👨\u200d👩\u200d👧x", 3, "…"),
    ],
)
def test_shorten_cuts(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@given(ANY, st.integers(min_value=0, max_value=70))
def test_shorten_keeps_within_its_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit
    assert shorten(text, limit) == text or len(text) > limit


def test_a_long_name_is_folded_whole() -> None:
    name = "龍（騰）" * 1250
    assert fold(name) == "龙(腾)" * 1250
    assert fold_name(name) == "龙腾" * 1250
    assert unicodedata.is_normalized("NFKC", pinyin(name))


def test_folding_is_quick() -> None:
    names = [f"上海群星第{index}人工智能（科技）有限公司" for index in range(5000)]
    search_key(names[0])
    start = time.process_time()
    for name in names:
        fold_name(name)
        search_key(name)
    assert (time.process_time() - start) / len(names) < 0.001
