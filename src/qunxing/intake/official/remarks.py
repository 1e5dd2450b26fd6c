"""What the remarks of the algorithm list say: renames, cancellations, products that came and went.

A remark is cut into parts; what is not understood stays as it stands in a part of kind OTHER, never dropped.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class PartKind(StrEnum):
    """What one part of a remark tells."""

    CANCELLED = "cancelled"
    ORGANIZATION_RENAMED = "organization_renamed"
    TITLE_RENAMED = "title_renamed"
    PRODUCT_RENAMED = "product_renamed"
    PRODUCTS_ADDED = "products_added"
    PRODUCTS_REMOVED = "products_removed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RemarkPart:
    """One statement; old and new for a rename (new may be untold), names for products, the words as published."""

    kind: PartKind
    text: str
    old: str = ""
    new: str = ""
    names: tuple[str, ...] = ()


SUBJECT = r"原?(?:关联|备案)?(?P<subject>主体名称|主体|算法名称|产品名称|产品)"
QUOTED = re.compile(rf'(?:{SUBJECT}[由原]?)?[“"](?P<old>[^“”"]+)[”"]变更为[“"](?P<new>[^“”"]+)[”"]')
UNQUOTED = re.compile(rf"{SUBJECT}[由原]?(?P<old>[^，、；。：“”\"]+?)变更为(?P<new>[^，、；。“”\"《]+)")
FORMER = re.compile(r'原(?P<subject>算法名称)[“"](?P<old>[^“”"]+)[”"](?!变更)')
ADDED = re.compile(r"^新增(?:关联|算法使用)?(?:产品)?[：:]?(?P<names>.+)$")
REMOVED = re.compile(r"^删除(?:关联)?(?:产品)?[：:]?(?P<names>.+)$")
CANCELLED = re.compile(r"^(?:该算法|算法)?已?(?:注销|取消|撤销)(?:备案)?$")
# A product is told by its channel in brackets: 飞书(APP).
CHANNEL = re.compile(r"[（(](?:APP|网站|小程序|公众账号|公众号|其他|快应用)[^）)]*[）)]", re.IGNORECASE)
PREAMBLE = re.compile(r"^(?:\d{4}年\d{1,2}月(?:、\d{1,2}月)*[，,]?)?(?:变更内容[：:])?\s*原?$")
LEADING = re.compile(r"^(?:\d{4}年\d{1,2}月(?:、\d{1,2}月)*[，,]?)?(?:变更内容[：:])?\s*")
KINDS = {"主": PartKind.ORGANIZATION_RENAMED, "算": PartKind.TITLE_RENAMED, "产": PartKind.PRODUCT_RENAMED}
PAUSES = "，；。,;"
OPENING, CLOSING = "“（(《[", "”）)》]"


def read_remark(text: str) -> tuple[RemarkPart, ...]:
    """All that a remark says, in order."""
    stripped = text.strip()
    renames = list(_renames(stripped))
    parts: list[tuple[int, RemarkPart]] = [(start, part) for start, _end, part in renames]
    for start, clause in _clauses(_masked(stripped, renames)):
        parts.append((start, _read_clause(clause)))
    return tuple(part for _start, part in sorted(parts, key=lambda item: item[0]))


def _renames(text: str) -> Iterator[tuple[int, int, RemarkPart]]:
    """Renames with where they stand; a pair without a subject goes on with the one before it."""
    found = [*QUOTED.finditer(text)]
    covered = [match.span() for match in found]
    for pattern in (UNQUOTED, FORMER):
        found += [
            m for m in pattern.finditer(text) if not any(m.start() < end and start < m.end() for start, end in covered)
        ]
    kind = PartKind.PRODUCT_RENAMED
    for match in sorted(found, key=re.Match.start):
        kind = KINDS[match["subject"][0]] if match["subject"] else kind
        old, new = match["old"].strip(), (match.groupdict().get("new") or "").strip()
        if match["subject"] is None and CHANNEL.search(old):
            kind = PartKind.PRODUCT_RENAMED
        yield match.start(), match.end(), RemarkPart(kind, match[0], old, new)


def _masked(text: str, renames: list[tuple[int, int, RemarkPart]]) -> str:
    """The text with pauses in place of the renames, so that every other word keeps its position."""
    for start, end, _part in renames:
        text = text[:start] + PAUSES[0] * (end - start) + text[end:]
    return text


def _clauses(text: str) -> Iterator[tuple[int, str]]:
    """The text between pauses that stand outside brackets and quotation marks, without empty preambles."""
    depth, start = 0, 0
    for position, character in enumerate(f"{text}{PAUSES[0]}"):
        depth = max(0, depth + (character in OPENING) - (character in CLOSING))
        if character in PAUSES and (not depth or position == len(text)):
            clause = LEADING.sub("", text[start:position]).strip("、 ")
            if clause and clause != "原" and not PREAMBLE.match(clause):
                yield start, clause
            start = position + 1


def _read_clause(clause: str) -> RemarkPart:
    if CANCELLED.match(clause):
        return RemarkPart(PartKind.CANCELLED, clause)
    for pattern, kind in ((ADDED, PartKind.PRODUCTS_ADDED), (REMOVED, PartKind.PRODUCTS_REMOVED)):
        match = pattern.match(clause)
        if match and CHANNEL.search(match["names"]):
            return RemarkPart(kind, clause, names=_names(match["names"]))
    return RemarkPart(PartKind.OTHER, clause)


def _names(text: str) -> tuple[str, ...]:
    """Products of a list: a name ends at a pause outside brackets and quotation marks."""
    names, depth, start = [], 0, 0
    for position, character in enumerate(text):
        depth = max(0, depth + (character in OPENING) - (character in CLOSING))
        if character == "、" and not depth:
            names.append(text[start:position])
            start = position + 1
    names.append(text[start:])
    return tuple(name.strip().strip('“”"') for name in names if name.strip())
