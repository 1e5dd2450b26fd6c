"""Who filed: one organisation, or several in one cell."""

import re

from qunxing.core.text import fold

SEPARATORS = "、，,；;/\n"
BRACKETED = re.compile(r"\([^()]*\)")
ENDINGS = (
    "公司|集团|厂|商行|经营部|工作室|事务所|合作社|研究院|研究所|研究中心|科学院|大学|学院|学校|医院|中心|实验室|银行|"
    "协会|学会|联盟|基金会|报社|出版社|通讯社|杂志社|电视台|广播台|总台|台|局|委员会|办公室|政府|图书馆|博物馆|院|所|店|部"
)
ORGANIZATION = re.compile(rf".{{2,}}(?:{ENDINGS})$")
FOREIGN = re.compile(r"\b(?:inc|ltd|llc|corp|corporation|company|limited|gmbh|university|institute)\.?$")


def split_owners(text: str) -> tuple[str, ...]:
    """The organisations of a cell, each once; a cell is cut only where every piece looks like an organisation."""
    whole = " ".join(text.split())
    pieces = [piece for piece in _pieces(text) if piece]
    if len(pieces) > 1 and all(map(looks_like_organization, pieces)):
        return tuple(dict.fromkeys(pieces))
    return (whole,) if whole else ()


def looks_like_organization(text: str) -> bool:
    """Whether the name ends as organisations' names do, what stands in brackets left aside."""
    bare = fold(text)
    while "(" in bare and (shorter := BRACKETED.sub("", bare)) != bare:
        bare = shorter.strip()
    return bool(ORGANIZATION.match(bare) or FOREIGN.search(bare))


def _pieces(text: str) -> list[str]:
    """The text cut at separators that stand outside brackets."""
    pieces, depth, start = [], 0, 0
    for position, character in enumerate(text):
        depth = max(0, depth + (character in "（([") - (character in "）)]"))
        if character in SEPARATORS and not depth:
            pieces.append(text[start:position])
            start = position + 1
    return [" ".join(piece.split()) for piece in [*pieces, text[start:]]]
