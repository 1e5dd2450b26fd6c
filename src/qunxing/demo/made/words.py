"""Names for a crowd: put together from parts, each number its own."""

BEGINNINGS = (
    "云星海山川风林溪岚晨曙晴朗明光辉瑞祥安宁恒远长久新创启航领腾飞跃翔鸿鹏凌骏驰迅捷智慧思睿哲博文翰墨书"
    "画琴棋清澄涵泽润沐雨露霜雪松柏竹兰菊梅荷莲枫桐榆槐柳杉"
)
MIDDLES = (
    "帆拓图景域维度量元界构筑匠工坊谷原野岸港湾桥塔台轩阁园汇聚联通达成立方圆点线面体形势能力源泉流波声"
    "音韵律律令节拍序列阵营队伍群众心脑手眼耳目舌身根基础石金银铜铁"
)
ENDS = (
    "智能", "数据", "算法", "认知", "视觉", "语音", "机器人", "信息", "软件", "网络",
    "计算", "云", "芯片", "医疗", "教育", "文化", "能源", "制造", "交通", "安全",
)  # fmt: skip
# Prime to the number of names, so that neighbours in number are not neighbours in name.
STRIDE = 7_919


def parts(text: str) -> list[str]:
    """Its characters, each once, in their order."""
    return list(dict.fromkeys(text))


FIRST, SECOND = parts(BEGINNINGS), parts(MIDDLES)
NAMES = len(FIRST) * len(SECOND) * len(ENDS)


def stem(number: int) -> tuple[str, str]:
    """Two characters and an end, told apart by a number once all have been given."""
    place, end = divmod(number * STRIDE % NAMES, len(ENDS))
    first, second = divmod(place, len(SECOND))
    again = str(number) if number > NAMES else ""
    return f"{FIRST[first]}{SECOND[second]}{again}", ENDS[end]


def firm_name(number: int) -> str:
    name, end = stem(number)
    return f"演示·{name}{end}科技有限公司"


def model_name(number: int) -> str:
    name, end = stem(number)
    return f"演示·{name}{end}"
