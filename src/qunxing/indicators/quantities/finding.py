"""Quantities in running text: where each stands, what it says, in which unit. The text is folded already."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qunxing.core.bounds import parse_bounds
from qunxing.indicators.quantities.parsing import parse_share
from qunxing.indicators.quantities.ranges import Quantity
from qunxing.indicators.quantities.units import COUNT, SHARE, TIME, UNIT, Unit, unit_named

HIDDEN: Final = "\ue000"
LARGEST: Final = Decimal(10) ** 17
LOWER: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}

DIG = r"(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)"
HAN = "零〇一二两三四五六七八九十百千万亿"
NUMBER = (
    rf"(?:{DIG}(?:[十百千万亿]{DIG}(?=[十百千万亿]))*[十百千万亿]{{0,3}}[几余多]?[十百千万亿]{{0,3}}(?![0-9])"
    rf"|(?:好几|数|几)[十百千万亿]+|[{HAN}]+(?:几|余|多)?[万亿]*)"
)
HEAD = (
    "不低于|不少于|不小于|大于等于|至少|最低|最少|起码|上(?=[百千万亿])|≥|不超过|不高于|不多于|不大于|至多|最高|最多|≤|"
    "超过|超出|超|逾|突破|大于|多于|高于|>|低于|少于|小于|不足|不到|未满|未达|接近|将近|近|<|大约|约为|大概|约|≈|介于"
)
TAIL = "(?:及?以上|及?以下|及?以内|之内|左右|上下|之间|多(?![数样种元地边方])|余(?![额款])|不到|起(?![来步源到]))"
JOINT = r"(?:-|–|—|~|至(?!少|多|今)|到(?!位|期|场|达))"
SHARE_WORDS = (
    rf"(?:{HEAD})?百分之[{HAN}0-9.]+(?:左右|以上)?"
    rf"|(?:{HEAD})?(?:[一二两三四五六七八九]|[0-9](?:\.[0-9])?)成[一二三四五六七八九半]?(?:多|左右|以上)?(?![为立果功长员熟本交就])"
    rf"|(?:{HEAD})?[{HAN}0-9]+分之[{HAN}0-9]+(?:多|左右|以上)?|过半数?(?=[,。;、企])"
)
MENTION: Final = re.compile(
    rf"(?P<share>{SHARE_WORDS})"
    rf"|(?P<head>{HEAD})?(?P<number>{NUMBER}(?:%?{JOINT}{NUMBER})?)(?:[ ]?(?P<unit>{UNIT}))?(?P<tail>{TAIL})?"
)
# What looks like a number and counts nothing.
NOTHING: Final = re.compile(
    r"第[0-9零〇一二两三四五六七八九十百千]+[0-9.]*"
    r"|十[一二三四五六七]五|[一二三]?十[一二三四五六七八九]?(?:大(?=[以报精召,。])|届)|[0-9零一二三四五六七八九十]+届"
    r"|[0-9]+(?:[-+*/×x][0-9]+)+=[0-9]*|[0-9]+[×x*][0-9]+小时"
    r"|(?:\+?[0-9]{2,4}-)?[0-9]{3,4}-[0-9]{7,8}|(?<![0-9.,])1[3-9][0-9]{9}(?![0-9])|(?:https?://|www\.)[!-~]+|[!-~]+@[!-~]+"
    r"|[〔\[(][0-9]{4}[〕\])]|[0-9一二三四五六七八九十]+(?:号楼|号(?=[,。;院馆线])|楼|层|室|岁|月份|时[0-9]+分|点[0-9]+分|路(?!演|径))"
    r"|[A-Za-z][A-Za-z]*[-_ .]?[0-9][0-9A-Za-z.\-]*(?<![0-9]E)"
    r"(?=[^0-9A-Za-z万亿余多家个款项件张块台名人位户只支场次种类所座处条篇部套颗枚%元]|$)|[0-9]+[DdGg](?![A-Za-z])"
    r"|一[带流体般些样起定直致旦点线面批系]|三[位资农]一?体?|千家万户|百家争鸣|千方百计|万众|四梁八柱|七上八下|五一|十一黄金|双十一|两会|百度|千问"
    r"|[0-9]+:[0-9]+(?::[0-9]+)?"
)
# A day, a month or a year; what is read of it is the business of the reader.
DATE: Final = re.compile(
    r"[12][0-9]{3}[-/.][01]?[0-9][-/.][0-3]?[0-9](?![0-9])"
    r"|(?:[12][0-9]{3}|[二一][零〇九一二三四五六七八]{3})(?:-[12][0-9]{3})?年(?:度|[0-1]?[0-9]月(?:[0-3]?[0-9][日号])?|[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}[日号])?)?"
    r"|(?<![0-9.])[01]?[0-9]月(?:[0-3]?[0-9][日号]|(?=[底末初中上下,。;、至起份以]|$))?|(?<![0-9.个])[0-3]?[0-9][日号](?![元])"
    r"|(?<=[今去前明上本当年])[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日)?"
)
NOT_COUNTED_IN_TENS = re.compile(r"[模学会赛厦道街桥型楼众量数小多约幅家力战类]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A quantity and its place in the text; `word` is the unit as it is written, kind "" where there is none."""

    start: int
    end: int
    quantity: Quantity
    kind: str
    word: str = ""
    rough: bool = False


def hide(text: str, pattern: re.Pattern[str]) -> str:
    """The text, as long as it was, with what the pattern finds made unreadable."""
    return pattern.sub(lambda found: HIDDEN * len(found[0]), text)


def lowered(text: str) -> str:
    """Latin letters in lower case, the length unchanged."""
    return text.translate(LOWER)


def find_quantities(text: str) -> list[Mention]:
    """The quantities of a folded text in their order; days, ordinals, names and idioms are none."""
    bare = lowered(hide(hide(text, DATE), NOTHING))
    return list(mentions_in(bare))


def mentions_in(bare: str) -> Iterator[Mention]:
    place = 0
    while found := MENTION.search(bare, place):
        place = found.end()
        mention = share_of(found) if found["share"] else quantity_of(found, bare)
        if mention is not None:
            place = mention.end
            yield mention


def share_of(found: re.Match[str]) -> Mention | None:
    quantity = parse_share(found[0])
    return Mention(found.start(), found.end(), quantity, SHARE, "%", quantity.open) if quantity else None


def quantity_of(found: re.Match[str], bare: str) -> Mention | None:
    """What one match says; None for what no one counts with."""
    number, word = found["number"], found["unit"] or ""
    if glued(found, bare) or (number in {"一", "几", "数"} and not is_time(word)):
        return None
    unit = unit_named(word) if word else Unit("", "")
    if unit is None or (word == "大" and NOT_COUNTED_IN_TENS.match(bare, found.end("unit"))):
        return None
    if word == "大" and found["head"]:
        return None
    bounds = bounds_of(found)
    if bounds is None or any(end is not None and end > LARGEST for end in bounds[:2]):
        return None
    quantity = Quantity(*bounds).scaled(unit.factor, unit.name)
    tail_end = found.end() if found["tail"] else found.end("unit") if word else found.end("number")
    rough = quantity.open or (quantity.low != quantity.high and number[:1] in HAN and "-" not in number)
    return Mention(start_of(found), tail_end, quantity, unit.kind, word, rough)


def is_time(word: str) -> bool:
    unit = unit_named(word) if word else None
    return unit is not None and unit.kind == TIME


def start_of(found: re.Match[str]) -> int:
    return found.start("head") if found["head"] else found.start("number")


def glued(found: re.Match[str], bare: str) -> bool:
    """Whether the digits belong to a name, a version or a sum."""
    start, end = found.start("number"), found.end()
    before, after = bare[start - 1 : start], bare[end : end + 1]
    if before == "-" and bare[start - 2 : start - 1].isalnum():
        return True
    latin = before.isascii() and before.isalpha()
    return latin or before in {".", "第", "#", "/"} or (after in {"=", "/"} and not found["unit"])


EITHER = re.compile(r"^([一二两三四五六七八九])([二两三四五六七八九])$")
DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2}


def bounds_of(found: re.Match[str]) -> tuple[Decimal | None, Decimal | None, bool, bool] | None:
    number = (found["number"]).replace("%", "")
    if either := EITHER.match(number):
        number = f"{DIGITS[either[1]]}-{DIGITS[either[2]]}"
    head, tail = (found["head"] or "").replace("≈", "约"), found["tail"] or ""
    if tail in {"多", "余"}:
        head, tail = ("超", "") if not head else (head, "")
    if head in {"约", "大约", "大概"} and number.rstrip("十百千万亿")[-1:] in {"余", "多"}:
        head = ""
    if head == "介于" or tail == "之间":
        head, tail = ("介于", "之间") if re.search(JOINT, number) else ("", "")
    return parse_bounds(head + number + tail) or parse_bounds(head + number)


__all__ = ["COUNT", "DATE", "HIDDEN", "Mention", "find_quantities", "hide", "lowered"]
