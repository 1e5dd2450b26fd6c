"""Checks shared by form, API and import."""

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from stdnum.cn import uscc

from qunxing.core.text import shorten, tidy

LENGTH: Final = 18
OLD_NUMBER_LENGTH: Final = 15
ORGANISATION_CODE_LENGTH: Final = 9
SHOWN = 30
LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REGION: Final = range(2, 8)
# Never part of a code, for they are taken for others.
TAKEN_FOR: Final = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U"}
SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−·.,'’\"“”]+")
POWER_OF_TEN = re.compile(r"[0-9](?:[.,][0-9]+)?E[+]?[0-9]{1,3}", re.IGNORECASE)

EXCEL = _("“%(text)s” is what Excel made of the code, whose last digits are lost. "
          "Give the column the format Text and enter the 18 characters again.")  # fmt: skip
EMPTY = _("The unified social credit code is missing.")
OLD_NUMBER = _("“%(text)s” has 15 characters, like a registration number of before 2015. "
               "Give the unified social credit code of 18.")  # fmt: skip
ORGANISATION_CODE = _("“%(text)s” has 9 characters, like an organisation code. "
                      "Give the unified social credit code of 18.")  # fmt: skip
WRONG_LENGTH = _("“%(text)s” has %(length)s characters; a unified social credit code has 18.")
NEVER_USED = _("Character %(position)s of “%(text)s” is %(character)s, which the code never uses; perhaps %(meant)s.")
NOT_ALLOWED = _("Character %(position)s of “%(text)s” is %(character)s; the code has digits and capital letters only.")
NOT_A_DIGIT = _("Character %(position)s of “%(text)s” is %(character)s; characters 3 to 8, the region, are digits.")
WRONG_CHECK = _("The last character of “%(text)s” does not fit the others; one or more characters are mistyped.")


def clean_uscc(text: str) -> str:
    """The 统一社会信用代码 (GB 32100-2015) in its one form: 18 characters, half width, capitals, nothing between.

    ValidationError with what is wrong and where. Not as strict as stdnum on the first two characters,
    which are letters for some bodies (N for village collectives).
    """
    written = tidy(text[: 10 * LENGTH]).upper()
    if POWER_OF_TEN.fullmatch(written):
        raise _invalid(EXCEL, "excel", written)
    code = SEPARATORS.sub("", written)
    _check_length(code, text)
    _check_characters(code)
    if uscc.calc_check_digit(code) != code[-1]:
        raise _invalid(WRONG_CHECK, "check_digit", code)
    return code


def _check_length(code: str, text: str) -> None:
    if not code:
        raise _invalid(EMPTY, "missing", code)
    if len(code) == LENGTH and len(text) <= 10 * LENGTH:
        return
    lengths = {OLD_NUMBER_LENGTH: OLD_NUMBER, ORGANISATION_CODE_LENGTH: ORGANISATION_CODE}
    length = max(len(code), len(text)) if len(text) > 10 * LENGTH else len(code)
    raise _invalid(lengths.get(length, WRONG_LENGTH), "length", code, length=length)


def _check_characters(code: str) -> None:
    for index, character in enumerate(code):
        found = {"position": index + 1, "character": character}
        if index in REGION and character not in "0123456789":
            raise _invalid(NOT_A_DIGIT, "region", code, **found)
        if character in TAKEN_FOR:
            raise _invalid(NEVER_USED, "character", code, meant=TAKEN_FOR[character], **found)
        if character not in LETTERS:
            raise _invalid(NOT_ALLOWED, "character", code, **found)


def _invalid(msgid: str, code: str, text: str, **params: object) -> ValidationError:
    return ValidationError(gettext_lazy(msgid), code=code, params={"text": shorten(text, SHOWN), **params})
