import random

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from qunxing.directory.validators import LETTERS, TAKEN_FOR, clean_uscc

VALID = "91350100M000100Y43"


@st.composite
def codes(draw: st.DrawFn) -> str:
    """Any code that the standard allows."""
    head = draw(st.text(alphabet=LETTERS, min_size=2, max_size=2))
    region = draw(st.text(alphabet="0123456789", min_size=6, max_size=6))
    body = draw(st.text(alphabet=LETTERS, min_size=9, max_size=9))
    return head + region + body + uscc.calc_check_digit(head + region + body)


def complaint(text: str) -> tuple[str, str]:
    with override("en"):
        with pytest.raises(ValidationError) as caught:
            clean_uscc(text)
        return caught.value.code, caught.value.messages[0]


@pytest.mark.parametrize(
    "text",
    [
        VALID,
        "91350100m000100y43",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        " 9135 0100 M000 100Y 43\n",
        "91350100-M000100Y-4-3",
        "91350100—M000100Y43",
        "\u200b91350100M000100Y43\ufeff",
        "'91350100M000100Y43",
    ],
)
def test_clean_uscc_folds(text: str) -> None:
    assert clean_uscc(text) == VALID


def test_clean_uscc_takes_letters_in_front() -> None:
    code = "N2310104MF0000000"
    assert clean_uscc(code + uscc.calc_check_digit(code)) == code + uscc.calc_check_digit(code)


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("", "missing", "The unified social credit code is missing."),
        (" - ", "missing", "The unified social credit code is missing."),
        (
            "91350100M000100Y4Z",
            "character",
            "Character 18 of “91350100M000100Y4Z” is Z, which the code never uses; perhaps 2.",
        ),
        (
            "9135O100M000100Y43",
            "region",
            "Character 5 of “9135O100M000100Y43” is O; characters 3 to 8, the region, are digits.",
        ),
        (
            "91350100MO00100Y43",
            "character",
            "Character 10 of “91350100MO00100Y43” is O, which the code never uses; perhaps 0.",
        ),
        (
            "91350100M00010码Y43",
            "character",
            "Character 15 of “91350100M00010码Y43” is 码; the code has digits and capital letters only.",
        ),
        (
            "91350100M000100Y44",
            "check_digit",
            "The last character of “91350100M000100Y44” does not fit the others; one or more characters are mistyped.",
        ),
        ("91350100M000100Y4", "length", "“91350100M000100Y4” has 17 characters; a unified social credit code has 18."),
        (
            "350100100000043",
            "length",
            (
                "“350100100000043” has 15 characters, like a registration number of before 2015. "
                "Give the unified social credit code of 18."
            ),
        ),
        (
            "M000100Y-4",
            "length",
            "“M000100Y4” has 9 characters, like an organisation code. Give the unified social credit code of 18.",
        ),
        (
            "9.13501E+17",
            "excel",
            (
                "“9.13501E+17” is what Excel made of the code, whose last digits are lost. "
                "Give the column the format Text and enter the 18 characters again."
            ),
        ),
    ],
)
def test_clean_uscc_says_what_is_wrong(text: str, code: str, message: str) -> None:
    assert complaint(text) == (code, message)


@pytest.mark.parametrize("text", ["9.13501e+17", "9E+17", "9,13501E+17", "９.13501Ｅ＋17"])
def test_clean_uscc_knows_what_excel_does(text: str) -> None:
    assert complaint(text)[0] == "excel"


def test_clean_uscc_counts_the_characters_of_a_long_text() -> None:
    code, message = complaint("9" * 5000)
    assert code == "length"
    assert message == f"“{'9' * 29}…” has 5000 characters; a unified social credit code has 18."


@given(codes())
def test_every_code_of_the_standard_is_taken(code: str) -> None:
    assert clean_uscc(code) == code
    assert clean_uscc(code.lower()) == code


@given(codes(), st.randoms(use_true_random=False))
def test_one_wrong_character_is_always_found(code: str, chance: random.Random) -> None:
    index = chance.randrange(18)
    other = chance.choice([letter for letter in LETTERS if letter != code[index]])
    with pytest.raises(ValidationError):
        clean_uscc(code[:index] + other + code[index + 1 :])


@given(codes(), st.integers(min_value=8, max_value=16))
def test_two_swapped_characters_are_found(code: str, index: int) -> None:
    swapped = code[:index] + code[index + 1] + code[index] + code[index + 2 :]
    if swapped != code:
        with pytest.raises(ValidationError):
            clean_uscc(swapped)


@given(st.text(max_size=40) | st.text(alphabet=LETTERS + "".join(TAKEN_FOR), min_size=18, max_size=18))
def test_clean_uscc_fails_in_one_way_only(text: str) -> None:
    try:
        code = clean_uscc(text)
    except ValidationError:
        return
    assert uscc.calc_check_digit(code) == code[-1]
