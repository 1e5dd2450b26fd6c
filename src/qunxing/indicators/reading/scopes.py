"""In which circle a figure was counted, by its words: space, surroundings, district, city, nation."""

import re

SPACE, SURROUNDINGS, DISTRICT, CITY, NATION = "space", "surroundings", "district", "city", "nation"
WORDS = (
    (SURROUNDINGS, r"及其?周边|和周边|与周边"),
    (
        DISTRICT,
        r"全区|我区|本区|(?<![社园])区内(?!企)|辖区|[\u4e00-\u9fff](?![园社地小城校街景片特专新])[\u4e00-\u9fff]区(?=全区|累计|已|共|规划|拥有|集聚|备案|现有)",
    ),
    (CITY, r"全市|我市|本市|市内|全上海|上海市(?=累计|已|共)|上海(?=累计|已|共)"),
    ("province", r"全省|我省"),
    (NATION, r"全国|我国|国内"),
)
WORD = re.compile("|".join(f"(?P<{code}>{pattern})" for code, pattern in WORDS))
# 全国首个, 走在全国前列, 面向全国: of rank or reach, not of counting.
NO_CIRCLE = re.compile(
    r"^(?:首个|首家|首批|首创|唯一|第|最|领先|前列|前头|知名|人大|各地|一流|率先|范围|人工智能领域|重点|政协|乃至|性|两会|率|范围内|优秀|多)"
)
NOT_BEFORE = re.compile(r"(?:面向|辐射|走在|成为|服务|领跑|遍布|来自|位居|居|打响|在)$")


def scope_word(clause: str) -> str:
    """The last circle that a stretch names; "" for none."""
    found = ""
    for match in WORD.finditer(clause):
        if not NO_CIRCLE.match(clause[match.end() :]) and not NOT_BEFORE.search(clause[: match.start()]):
            found = match.lastgroup or ""
    return found


def scope_of_fund(name: str, districts: frozenset[str]) -> str:
    """A fund's level, by its name."""
    if re.search(r"国家|全国|中央", name):
        return NATION
    if any(stem in name for stem in districts) or re.search(r"区级|[\u4e00-\u9fff]区(?!域|块)", name):
        return DISTRICT
    return CITY if re.search(r"市|省", name) else ""
