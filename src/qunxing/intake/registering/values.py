"""What a row of a list says, in the fields of the registry."""

from typing import Any

from qunxing.core.regions import province_of
from qunxing.core.text import shorten
from qunxing.intake.official import Family, ListKind, ListRow
from qunxing.registry.models import REGIONS, AlgorithmClass, AlgorithmRole, Authority, Precision
from qunxing.registry.numbers import parse_algorithm_number
from qunxing.registry.states import State

ROLES = {"服务提供者": AlgorithmRole.PROVIDER, "服务技术支持者": AlgorithmRole.SUPPORTER}
CLASSES = {
    "深度合成": AlgorithmClass.SYNTHESIS,
    "生成合成": AlgorithmClass.SYNTHESIS,
    "个性化推送": AlgorithmClass.PUSH,
    "排序精选": AlgorithmClass.RANKING,
    "检索": AlgorithmClass.RETRIEVAL,
    "内容过滤": AlgorithmClass.FILTERING,
    "调度决策": AlgorithmClass.SCHEDULING,
}
KNOWN_REGIONS = frozenset(code for code, _label in REGIONS)
# The fields of a filing that a list may fill; anything else of it is a person's.
FIELDS = (
    "name", "state", "authority", "region", "region_text", "granted_on", "granted_precision", "granted_note", "batch",
    "algorithm_class", "algorithm_role", "product", "purpose", "notes",
)  # fmt: skip


def filing_values(row: ListRow, family: Family) -> dict[str, Any]:
    """{field: value} of everything the row says of its filing; empty values are left out."""
    values: dict[str, Any] = {
        "name": row.title,
        "state": State.WITHDRAWN if row.cancelled else State.GRANTED,
        "authority": Authority.PROVINCIAL if row.kind is ListKind.REGISTERED else Authority.NATIONAL,
        "region": province_of(row.region) or "",
        "region_text": row.region,
        "batch": row.batch,
        "product": row.product,
        "purpose": row.purpose,
        "notes": row.remark,
    }
    if row.granted is not None:
        values["granted_on"] = row.granted.low
        values["granted_precision"] = Precision(row.granted.precision)
        values["granted_note"] = shorten(row.granted.note, 60)
    if family is Family.ALGORITHM:
        values |= algorithm_values(row)
    return {name: value for name, value in values.items() if value not in ("", None)}


def algorithm_values(row: ListRow) -> dict[str, Any]:
    """Class and role, from the list's words; the number tells the class where the words do not."""
    text = f"{row.category} {row.role}"
    by_word = next((code for word, code in CLASSES.items() if word in text), "")
    # 服务技术支持者 holds 支持者 only; the longer word is asked first.
    role = next((code for word, code in sorted(ROLES.items(), key=lambda item: -len(item[0])) if word in text), "")
    number = parse_algorithm_number(row.number)
    return {
        "algorithm_class": by_word or number.algorithm_class,
        "algorithm_role": role,
        "region": province_of_district(number.district),
    }


def province_of_district(district: str) -> str:
    """The two digits of the province that a district's six begin with, when there is such a province."""
    return district[:2] if district[:2] in KNOWN_REGIONS else ""


def entity_key_of(row: ListRow, family: Family) -> str:
    """The 13 digits that go with one entity; empty for other lists."""
    return parse_algorithm_number(row.number).entity_key if family is Family.ALGORITHM else ""
