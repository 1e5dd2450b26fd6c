"""Places within names of firms: which city lies in which province, which quarter in which city."""

import re
from functools import lru_cache

from qunxing.core.regions import district_of, province_of
from qunxing.intake.registering.likeness import CITIES

HOMES = {
    "广东": "广州|深圳|东莞|佛山|珠海", "浙江": "杭州|宁波|温州|嘉兴|绍兴", "江苏": "南京|苏州|无锡|常州",
    "四川": "成都", "湖北": "武汉", "陕西": "西安", "安徽": "合肥", "福建": "厦门|福州|泉州", "山东": "青岛|济南",
    "湖南": "长沙", "河南": "郑州", "辽宁": "大连|沈阳", "云南": "昆明", "贵州": "贵阳", "广西": "南宁",
    "江西": "南昌", "山西": "太原", "河北": "石家庄", "黑龙江": "哈尔滨", "吉林": "长春", "海南": "海口",
    "甘肃": "兰州", "宁夏": "银川", "青海": "西宁", "新疆": "乌鲁木齐", "内蒙古": "呼和浩特", "西藏": "拉萨",
}  # fmt: skip
QUARTERS = {
    "上海": ("徐汇|黄浦|长宁|静安|普陀|虹口|杨浦|闵行|宝山|嘉定|浦东新|浦东|金山|松江|青浦|奉贤|崇明|临港|张江|漕河泾"),
    "北京": "海淀|朝阳|东城|西城|丰台|石景山|通州",
    "深圳": "南山|福田|前海",
    "杭州": "余杭|滨江|西湖",
    "广州": "天河|黄埔|番禺",
}
DISTRICTS = "|".join(QUARTERS.values())
PROVINCE_OF_CITY = {city: province for province, cities in HOMES.items() for city in cities.split("|")}
CITY_OF_QUARTER = {quarter: city for city, quarters in QUARTERS.items() for quarter in quarters.split("|")}
CITY = re.compile("|".join(PROVINCE_OF_CITY))
LEADING = re.compile(rf"^({DISTRICTS}|{CITIES})(?:区|市|县|自贸区|新区)?")


@lru_cache(maxsize=5_000)
def where(place: str) -> tuple[str, str]:
    """(province, city) as far as the words tell: 广东深圳, 深圳市南山区, 徐汇区, 310104."""
    told = province_of(place) or (district_of(place) or "")[:2]
    city = CITY.search(place)
    home = province_of(PROVINCE_OF_CITY[city[0]]) if city else None
    if city and home and told in {"", home}:
        return home, city[0]
    return told, ""


def within(inner: str, outer: str) -> bool:
    """Whether the quarter or city lies in the city or province: 徐汇 in 上海, 深圳 in 广东, 南山 in 广东."""
    while inner and inner != outer:
        inner = CITY_OF_QUARTER.get(inner) or PROVINCE_OF_CITY.get(inner, "")
    return bool(inner)
