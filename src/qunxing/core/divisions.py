"""Divisions of GB/T 2260 that an offer or a mandate names: the provinces, and the districts of Shanghai."""

from django.utils.translation import get_language

# Code: (Chinese name, English name).
DIVISIONS: dict[str, tuple[str, str]] = {
    "110000": ("北京市", "Beijing"),
    "120000": ("天津市", "Tianjin"),
    "130000": ("河北省", "Hebei"),
    "140000": ("山西省", "Shanxi"),
    "150000": ("内蒙古自治区", "Inner Mongolia"),
    "210000": ("辽宁省", "Liaoning"),
    "220000": ("吉林省", "Jilin"),
    "230000": ("黑龙江省", "Heilongjiang"),
    "310000": ("上海市", "Shanghai"),
    "310101": ("上海市黄浦区", "Huangpu, Shanghai"),
    "310104": ("上海市徐汇区", "Xuhui, Shanghai"),
    "310105": ("上海市长宁区", "Changning, Shanghai"),
    "310106": ("上海市静安区", "Jing'an, Shanghai"),
    "310107": ("上海市普陀区", "Putuo, Shanghai"),
    "310109": ("上海市虹口区", "Hongkou, Shanghai"),
    "310110": ("上海市杨浦区", "Yangpu, Shanghai"),
    "310112": ("上海市闵行区", "Minhang, Shanghai"),
    "310113": ("上海市宝山区", "Baoshan, Shanghai"),
    "310114": ("上海市嘉定区", "Jiading, Shanghai"),
    "310115": ("上海市浦东新区", "Pudong, Shanghai"),
    "310116": ("上海市金山区", "Jinshan, Shanghai"),
    "310117": ("上海市松江区", "Songjiang, Shanghai"),
    "310118": ("上海市青浦区", "Qingpu, Shanghai"),
    "310120": ("上海市奉贤区", "Fengxian, Shanghai"),
    "310151": ("上海市崇明区", "Chongming, Shanghai"),
    "320000": ("江苏省", "Jiangsu"),
    "330000": ("浙江省", "Zhejiang"),
    "340000": ("安徽省", "Anhui"),
    "350000": ("福建省", "Fujian"),
    "360000": ("江西省", "Jiangxi"),
    "370000": ("山东省", "Shandong"),
    "410000": ("河南省", "Henan"),
    "420000": ("湖北省", "Hubei"),
    "430000": ("湖南省", "Hunan"),
    "440000": ("广东省", "Guangdong"),
    "450000": ("广西壮族自治区", "Guangxi"),
    "460000": ("海南省", "Hainan"),
    "500000": ("重庆市", "Chongqing"),
    "510000": ("四川省", "Sichuan"),
    "520000": ("贵州省", "Guizhou"),
    "530000": ("云南省", "Yunnan"),
    "540000": ("西藏自治区", "Tibet"),
    "610000": ("陕西省", "Shaanxi"),
    "620000": ("甘肃省", "Gansu"),
    "630000": ("青海省", "Qinghai"),
    "640000": ("宁夏回族自治区", "Ningxia"),
    "650000": ("新疆维吾尔自治区", "Xinjiang"),
    "710000": ("台湾省", "Taiwan"),
    "810000": ("香港特别行政区", "Hong Kong"),
    "820000": ("澳门特别行政区", "Macao"),
}


def division_name(code: str) -> str:
    """The name in the reader's language; an unknown code stands for itself."""
    names = DIVISIONS.get(code)
    if names is None:
        return code
    return names[0] if (get_language() or "zh").startswith("zh") else names[1]


def division_options(_user: object = None) -> list[tuple[str, str]]:
    return [(code, division_name(code)) for code in DIVISIONS]
