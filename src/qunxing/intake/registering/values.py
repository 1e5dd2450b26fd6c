"""What a row of a list says, in the fields of the registry and of the directory."""

import re
from typing import Any

from qunxing.core.regions import province_of
from qunxing.core.text import shorten
from qunxing.directory.models import Role
from qunxing.intake.official import Family, ListKind, ListRow
from qunxing.registry.models import REGIONS, AlgorithmClass, AlgorithmRole, Authority, Precision
from qunxing.registry.numbers import parse_algorithm_number
from qunxing.registry.states import State

# 服务技术支持者 is asked first: what it supports is in its name.
ALGORITHM_ROLES = (("技术支持", AlgorithmRole.SUPPORTER), ("服务提供", AlgorithmRole.PROVIDER))
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
# By the end of the name; who is neither has no role until somebody says.
FIRM = r"(?:公司|集团|厂|商行|经营部|工作室|事务所|合作社|企业|银行|个体工商户)$|\b(?:inc|ltd|llc|corp)\.?$"
ORGANIZATION_ROLES = (
    (re.compile(FIRM), Role.FIRM),
    (re.compile(r"(?:大学|学院|学校|研究院|研究所|科学院|实验室)$"), Role.UNIVERSITY),
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
    number = parse_algorithm_number(row.number)
    by_word = next((code for word, code in CLASSES.items() if word in text), "")
    return {
        "algorithm_class": by_word or number.algorithm_class,
        "algorithm_role": next((code for word, code in ALGORITHM_ROLES if word in text), ""),
        "region": province_of_district(number.district),
    }


def province_of_district(district: str) -> str:
    """The two digits of the province that a district's six begin with, when there is such a province."""
    return district[:2] if district[:2] in KNOWN_REGIONS else ""


def entity_key_of(row: ListRow, family: Family) -> str:
    """The 13 digits that go with one entity; empty for other lists."""
    return parse_algorithm_number(row.number).entity_key if family is Family.ALGORITHM else ""


def roles_of(name: str) -> Any:
    """The codes of what an organisation of that name is to the community, as far as the name says."""
    whole = name.strip().rstrip("）)").lower()
    bare = re.sub(r"[（(][^（）()]*$", "", whole)
    return next(
        ((role.value,) for pattern, role in ORGANIZATION_ROLES if pattern.search(whole) or pattern.search(bare)), ()
    )
