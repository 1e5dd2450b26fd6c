"""The numbers of filings as published: what they say, and what looks odd about them.

Their parts were read off published lists and are promised by nobody, so that an odd part is a warning and
only another shape is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext_noop as _

from qunxing.core.reasons import Reason, Unreadable, because
from qunxing.core.regions import BY_CODE, CENTRAL, province_like, province_of
from qunxing.core.text import fold, shorten, tidy

LONGEST = 200
SHOWN = 60
EARLIEST_YEAR = 2020
LATEST_YEAR = 2099
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−⁃﹘ー", "-"))

GENAI: Final = re.compile(r"([A-Za-z]+)-(.+)-([0-9]{8})([Ss]?)([0-9]{4})?")
# Letters that are read as digits: the same shape, with at least LEAST_TRUE_DIGITS in the date.
POSING: Final = {
    "O": "0",
    "o": "0",
    "Q": "0",
    "D": "0",
    "I": "1",
    "l": "1",
    "i": "1",
    "|": "1",
    "Z": "2",
    "z": "2",
    "B": "8",
}
POSED = str.maketrans(POSING)
GENAI_POSED: Final = re.compile(GENAI.pattern.replace("[0-9]", f"[0-9{''.join(POSING)}]"))
LEAST_TRUE_DIGITS = 5
ALGORITHM: Final = re.compile(r"网信算备([0-9]{21,22})号")
ALGORITHM_DIGITS = 21
# Types as inferred from the classes they were published with.
ALGORITHM_TYPES: Final = {
    "01": "synthesis",
    "02": "push",
    "03": "ranking",
    "04": "retrieval",
    "05": "filtering",
    "06": "scheduling",
}

NOT_GENAI = _(
    "“%(text)s” does not have the shape of a 备案 or 登记 number, "
    "like Beijing-WenXinYiYan-20230821 or Beijing-BianYing-20240428S0001."
)
NOT_ALGORITHM = _(
    "“%(text)s” is not shaped like an algorithm filing number: 网信算备, 21 digits, 号. It has %(count)s digits."
)
MISSPELT_PROVINCE = _("“%(prefix)s” is not how a province is written; %(province)s may be meant.")
UNKNOWN_PROVINCE = _("“%(prefix)s” is no province that is known.")
IMPOSSIBLE_DATE = _("%(digits)s, inside the number, is no day of the calendar.")
UNLIKELY_DATE = _("%(digits)s, inside the number, is an unlikely day.")
LETTERS_AS_DIGITS = _("A letter stands for a digit in %(found)s; it was read as %(read)s.")
SERIAL_MISSING = _("The S of a 登记 stands without the four digits that follow it.")
TOO_MANY_DIGITS = _("The number has %(count)s digits; %(usual)s are usual.")
UNKNOWN_DISTRICT = _("The number begins with %(district)s, which is no known district.")
UNKNOWN_TYPE = _("The type of algorithm %(type)s in the number is not known.")
UNLIKELY_YEAR = _("The year %(year)s in the number is unlikely.")


class NumberShapeError(Unreadable):
    """Text without the shape of a filing number."""


@dataclass(frozen=True, slots=True)
class GenAINumber:
    """A 备案号, or with `registered` the 上线编号 of a 登记: province, middle, day, serial.

    `province` is the prefix as written, `region` the two-digit code it means. `day` is None where
    the digits are no day, and is not the day of the filing.
    """

    raw: str
    folded: str
    province: str
    region: str | None
    middle: str
    day: date | None
    registered: bool
    serial: str | None
    warnings: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class AlgorithmNumber:
    """An 算法备案号: district, entity (seven digits), type, year, serial and a last digit of unknown meaning.

    `entity_key`, the first 13 digits, goes with one organisation through its renames. `year` is the full year.
    """

    raw: str
    folded: str
    district: str
    entity_key: str
    type_code: str
    year: int
    serial: str
    check: str
    warnings: tuple[Reason, ...] = ()

    @property
    def algorithm_class(self) -> str:
        """The class of algorithm that the type stands for, by its code; empty where it is not known."""
        return ALGORITHM_TYPES.get(self.type_code, "")


def fold_number(text: str) -> str:
    """The form in which two writings of one number are equal: width, case, spaces, every kind of dash."""
    return fold(_written(text)).replace(" ", "").upper()


def _written(text: str) -> str:
    """The number in half width with plain dashes and no spaces, its letters as they are."""
    return tidy(text).translate(DASHES).replace(" ", "")


def parse_genai_number(text: str) -> GenAINumber:
    """The parts of a 备案 or 登记 number; NumberShapeError when it has none."""
    province, middle, written, registered, serial = _genai_parts(text)
    digits = written.translate(POSED)
    day = _day(digits)
    warnings = [
        *_province_warnings(province),
        *_posing_warnings(written + (serial or "")),
        *_day_warnings(digits, day),
        *([because(SERIAL_MISSING)] if registered and not serial else []),
    ]
    return GenAINumber(
        raw=text,
        folded=fold_number(text),
        province=province,
        region=province_of(province) or province_like(province),
        middle=middle,
        day=day,
        registered=bool(registered),
        serial=serial.translate(POSED) if serial else None,
        warnings=tuple(warnings),
    )


def _genai_parts(text: str) -> tuple[str, str, str, str, str | None]:
    written = _written(text[:LONGEST])
    found = GENAI.fullmatch(written) or GENAI_POSED.fullmatch(written)
    if not found or len(text) > LONGEST or sum(map(str.isdigit, found[3])) < LEAST_TRUE_DIGITS:
        raise NumberShapeError(because(NOT_GENAI, text=shorten(text.strip(), SHOWN)))
    return found[1], found[2], found[3], found[4], found[5]


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _province_warnings(prefix: str) -> list[Reason]:
    if province_of(prefix):
        return []
    meant = province_like(prefix)
    if meant:
        return [because(MISSPELT_PROVINCE, prefix=prefix, province=BY_CODE[meant].name)]
    return [because(UNKNOWN_PROVINCE, prefix=prefix)]


def _posing_warnings(written: str) -> list[Reason]:
    read = written.translate(POSED)
    return [because(LETTERS_AS_DIGITS, found=written, read=read)] if read != written else []


def _day_warnings(digits: str, day: date | None) -> list[Reason]:
    if day is None:
        return [because(IMPOSSIBLE_DATE, digits=digits)]
    return [] if EARLIEST_YEAR <= day.year <= LATEST_YEAR else [because(UNLIKELY_DATE, digits=digits)]


@lru_cache(maxsize=1_000)
def parse_algorithm_number(text: str) -> AlgorithmNumber:
    """The parts of an algorithm filing number; NumberShapeError unless it has 21 digits, or 22 as one published has.

    With 22 digits the type is read from the left and year, serial and last digit from the right.
    """
    folded = fold_number(text[:LONGEST])
    found = ALGORITHM.fullmatch(folded)
    if not found or len(text) > LONGEST:
        count = sum(character in "0123456789" for character in folded)
        raise NumberShapeError(because(NOT_ALGORITHM, text=shorten(text.strip(), SHOWN), count=count))
    digits = found[1]
    return AlgorithmNumber(
        raw=text,
        folded=folded,
        district=digits[:6],
        entity_key=digits[:13],
        type_code=digits[13:15],
        year=2000 + int(digits[-6:-4]),
        serial=digits[-4:-1],
        check=digits[-1],
        warnings=tuple(_algorithm_warnings(digits)),
    )


def _algorithm_warnings(digits: str) -> Iterator[Reason]:
    if len(digits) != ALGORITHM_DIGITS:
        yield because(TOO_MANY_DIGITS, count=len(digits), usual=ALGORITHM_DIGITS)
    if digits[:2] == CENTRAL or province_of(digits[:6]) is None:
        yield because(UNKNOWN_DISTRICT, district=digits[:6])
    if digits[13:15] not in ALGORITHM_TYPES:
        yield because(UNKNOWN_TYPE, type=digits[13:15])
    year = 2000 + int(digits[-6:-4])
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        yield because(UNLIKELY_YEAR, year=str(year))
