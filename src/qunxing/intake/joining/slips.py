"""Letters taken one for another, because they sound alike or look alike; knows no Django models."""

import re
from functools import lru_cache

from qunxing.core.text import pinyin

SAME_SOUND, SAME_LOOK, NEAR_SOUND = 0.65, 0.6, 0.55  # what a letter is worth that stands for another
CONFUSED = (("zh", "z"), ("ch", "c"), ("sh", "s"))  # initials that many do not tell apart
LOOKS = (
    "未末 己已巳 天夭夫 大太犬 日曰 土士 干千于 人入 晴睛 侯候 戌戍戊 茶荼 折拆析 徒徙 免兔 鸟乌 王玉主 "
    "今令 白自 爪瓜 芯蕊 科料 拓柘 微徽 桔枯 恒桓 铭名 锐税 裕格 卓早 盈盁 泰秦 昊吴 钛钦 凌棱 准淮 宇字 "
    "恩思 云去 元无 开升 广厂 力刀 田由甲申 目且 石右 冰水 木本术 束柬 贝见 儿几 风凤 龙尤 治冶 洒酒 沐沭 "
    "淇湛 睿容 辰展 瑞端 喻愉 慧彗 启后 灵炅 远运 途涂 澜阑 博搏 赢羸 毫亳 崇祟 壶壸 享亨 钧钓 拔拨 暖暧 "
    "清请 蓝篮"
)
LOOK = {letter: group[0] for group in reversed(LOOKS.split()) for letter in group}
HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U000323AF]")


@lru_cache(maxsize=30_000)
def sound(letter: str) -> str:
    """The pinyin of one letter, without its tone; a polyphone is read as it mostly is."""
    return pinyin(letter)


@lru_cache(maxsize=30_000)
def rough_sound(letter: str) -> str:
    """The same for ears that do not tell zh from z, ang from an, or n from l."""
    heard = sound(letter)
    for told, rough in CONFUSED:
        heard = heard.replace(told, rough, 1) if heard.startswith(told) else heard
    if len(heard) > 1 and HAN.match(letter):
        heard = "l" + heard[1:] if heard[0] == "n" else heard
        heard = heard.removesuffix("g") if heard.endswith("ng") else heard
    return heard


def letter_likeness(one: str, other: str) -> float:
    """From 0 to 1: how easily the one is written for the other."""
    if one == other:
        return 1.0
    if not HAN.match(one) or not HAN.match(other):
        return 0.0
    if sound(one) == sound(other):
        return SAME_SOUND
    if LOOK.get(one, one) == LOOK.get(other, other):
        return SAME_LOOK
    return NEAR_SOUND if rough_sound(one) == rough_sound(other) else 0.0


def slip_likeness(one: str, other: str) -> float:
    """How alike two texts of one length are letter by letter; 0 as soon as one letter is not taken for the other."""
    if len(one) != len(other) or not one:
        return 0.0
    shares = [letter_likeness(ours, theirs) for ours, theirs in zip(one, other, strict=True)]
    return sum(shares) / len(shares) if all(shares) else 0.0


def heard(text: str) -> str:
    """What texts have in common whose letters sound alike, one by one; empty without a Chinese letter."""
    return "'".join(map(rough_sound, text)) if HAN.search(text) else ""


def seen(text: str) -> str:
    """What texts have in common whose letters look alike; empty where no letter is known to look like another."""
    return "".join(LOOK.get(letter, letter) for letter in text) if any(letter in LOOK for letter in text) else ""
