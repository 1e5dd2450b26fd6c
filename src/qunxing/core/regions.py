"""Provinces and Shanghai's districts by GB/T 2260, and how published lists write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import DamerauLevenshtein

from qunxing.core.text import fold_name

CENTRAL: Final = "00"


@dataclass(frozen=True, slots=True)
class Province:
    """A province-level division; `code` is the first two digits of its divisions, `words` its other folded names.

    Central enterprises, which file through the 国资委 and not through a province, stand as one more, with code 00.
    """

    code: str
    name: str
    full_name: str
    label: Promise
    words: tuple[str, ...] = ()

    @property
    def division(self) -> str:
        """The six-digit code of the province itself; of the country for central enterprises."""
        return "100000" if self.code == CENTRAL else f"{self.code}0000"


PROVINCES: Final = (
    Province(CENTRAL, "国资委", "国务院国有资产监督管理委员会", _("central enterprises (国资委)"),
             ("中央企业", "央企", "zhongyangqiye", "guoziwei", "sasac")),
    Province("11", "北京", "北京市", _("Beijing"), ("beijing",)),
    Province("12", "天津", "天津市", _("Tianjin"), ("tianjin",)),
    Province("13", "河北", "河北省", _("Hebei"), ("hebei",)),
    Province("14", "山西", "山西省", _("Shanxi"), ("shanxi",)),
    Province("15", "内蒙古", "内蒙古自治区", _("Inner Mongolia"), ("neimenggu", "neimeng", "innermongolia", "内蒙")),
    Province("21", "辽宁", "辽宁省", _("Liaoning"), ("liaoning",)),
    Province("22", "吉林", "吉林省", _("Jilin"), ("jilin",)),
    Province("23", "黑龙江", "黑龙江省", _("Heilongjiang"), ("heilongjiang",)),
    Province("31", "上海", "上海市", _("Shanghai"), ("shanghai",)),
    Province("32", "江苏", "江苏省", _("Jiangsu"), ("jiangsu",)),
    Province("33", "浙江", "浙江省", _("Zhejiang"), ("zhejiang",)),
    Province("34", "安徽", "安徽省", _("Anhui"), ("anhui",)),
    Province("35", "福建", "福建省", _("Fujian"), ("fujian",)),
    Province("36", "江西", "江西省", _("Jiangxi"), ("jiangxi",)),
    Province("37", "山东", "山东省", _("Shandong"), ("shandong",)),
    Province("41", "河南", "河南省", _("Henan"), ("henan",)),
    Province("42", "湖北", "湖北省", _("Hubei"), ("hubei",)),
    Province("43", "湖南", "湖南省", _("Hunan"), ("hunan",)),
    Province("44", "广东", "广东省", _("Guangdong"), ("guangdong",)),
    Province("45", "广西", "广西壮族自治区", _("Guangxi"), ("guangxi", "guangxizhuangzu")),
    Province("46", "海南", "海南省", _("Hainan"), ("hainan",)),
    Province("50", "重庆", "重庆市", _("Chongqing"), ("chongqing",)),
    Province("51", "四川", "四川省", _("Sichuan"), ("sichuan",)),
    Province("52", "贵州", "贵州省", _("Guizhou"), ("guizhou",)),
    Province("53", "云南", "云南省", _("Yunnan"), ("yunnan",)),
    Province("54", "西藏", "西藏自治区", _("Tibet"), ("xizang", "tibet")),
    Province("61", "陕西", "陕西省", _("Shaanxi"), ("shaanxi",)),
    Province("62", "甘肃", "甘肃省", _("Gansu"), ("gansu",)),
    Province("63", "青海", "青海省", _("Qinghai"), ("qinghai",)),
    Province("64", "宁夏", "宁夏回族自治区", _("Ningxia"), ("ningxia", "ningxiahuizu")),
    Province("65", "新疆", "新疆维吾尔自治区", _("Xinjiang"), ("xinjiang", "xinjiangbingtuan", "新疆生产建设兵团")),
    Province("71", "台湾", "台湾省", _("Taiwan"), ("taiwan",)),
    Province("81", "香港", "香港特别行政区", _("Hong Kong"), ("xianggang", "hongkong")),
    Province("82", "澳门", "澳门特别行政区", _("Macao"), ("aomen", "macao", "macau")),
)  # fmt: skip
BY_CODE: Final = {province.code: province for province in PROVINCES}

DISTRICTS: Final[dict[str, tuple[str, Promise]]] = {
    "310101": ("黄浦区", _("Huangpu")),
    "310104": ("徐汇区", _("Xuhui")),
    "310105": ("长宁区", _("Changning")),
    "310106": ("静安区", _("Jing’an")),
    "310107": ("普陀区", _("Putuo")),
    "310109": ("虹口区", _("Hongkou")),
    "310110": ("杨浦区", _("Yangpu")),
    "310112": ("闵行区", _("Minhang")),
    "310113": ("宝山区", _("Baoshan")),
    "310114": ("嘉定区", _("Jiading")),
    "310115": ("浦东新区", _("Pudong")),
    "310116": ("金山区", _("Jinshan")),
    "310117": ("松江区", _("Songjiang")),
    "310118": ("青浦区", _("Qingpu")),
    "310120": ("奉贤区", _("Fengxian")),
    "310151": ("崇明区", _("Chongming")),
}
# Districts that were merged or changed their rank, by the code of their successor.
FORMER_DISTRICTS: Final = {"卢湾区": "310101", "闸北区": "310106", "南汇区": "310115", "崇明县": "310151"}
DIVISION = re.compile(r"[0-9]{2}(?:[0-9]{4})?")
LEAST_GUESSED = 5


def _spellings() -> Iterator[tuple[str, str]]:
    for province in PROVINCES:
        for word in (province.name, province.full_name, *province.words):
            yield fold_name(word), province.code


SPELLINGS: Final = dict(_spellings())
CHINESE = tuple(sorted((word for word in SPELLINGS if not word.isascii()), key=len, reverse=True))
PINYIN = {word: code for word, code in SPELLINGS.items() if word.isascii()}
DISTRICT_NAMES: Final = {name: code for code, (name, _label) in DISTRICTS.items()} | FORMER_DISTRICTS


@lru_cache(maxsize=5_000)
def province_of(text: str) -> str | None:
    """The two-digit code of the province a place is written with: 北京, 上海市浦东新区, 陕西-西安, ZheJiang, 310104.

    Only the beginning of a Chinese text counts; a city without its province is nobody's.
    """
    folded = fold_name(text).removeprefix("中国")
    if DIVISION.fullmatch(folded):
        return folded[:2] if folded[:2] in BY_CODE else None
    if folded.isascii():
        return PINYIN.get(folded)
    return next((SPELLINGS[word] for word in CHINESE if folded.startswith(word)), None)


def province_like(pinyin: str) -> str | None:
    """The code of the only province whose pinyin is one letter away (Shinghai is Shanghai)."""
    folded = fold_name(pinyin)
    if len(folded) < LEAST_GUESSED:
        return None
    near = {code for word, code in PINYIN.items() if DamerauLevenshtein.distance(folded, word, score_cutoff=1) <= 1}
    return near.pop() if len(near) == 1 else None


def district_of(text: str) -> str | None:
    """The code of the Shanghai district that a place is written with, Shanghai being named or nothing before it."""
    folded = fold_name(text).removeprefix("中国")
    if folded in DISTRICTS:
        return folded
    inner = folded.removeprefix("上海市").removeprefix("上海")
    return next((code for name, code in DISTRICT_NAMES.items() if inner.startswith(name)), None)


def division_name(code: str, *, chinese: bool = True) -> str | Promise:
    """What the division of a two- or six-digit code is called; the code itself where it is not known."""
    if code in DISTRICTS:
        return DISTRICTS[code][0 if chinese else 1]
    province = next((one for one in PROVINCES if code in (one.code, one.division)), None)
    if province is None:
        return code
    return province.full_name if chinese else province.label
