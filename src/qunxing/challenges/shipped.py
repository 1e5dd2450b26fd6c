"""Rule sets that come with the program. Cities differ and notices change: whoever runs a list holds the numbers against
the notice it rests on, and changes what differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True)
class Shipped:
    """A rule set by what differs from the defaults."""

    code: str
    name: str
    basis: str
    about: Mapping[str, str]
    terms: Mapping[str, Any] = field(default_factory=dict)


SHIPPED: Final = (
    Shipped(
        "default",
        "通用规则",
        "默认参数；发榜前请与所依据的通知逐项核对",
        {
            "zh-hans": "公示5个工作日、首付40%、一次中期检查、一次延期",
            "en": "Notice of 5 working days, 40/30/30, one mid-check",
        },
    ),
    Shipped(
        "shanghai",
        "上海式（前资助，分段拨付）",
        "参照上海市科技计划前资助项目的通行做法整理的示例参数，须以当期通知为准",
        {
            "zh-hans": "前资助不超过总投入50%，按里程碑分三次拨付，里程碑与用户双重验收",
            "en": "Granted beforehand up to 50% of the cost, in three parts; accepted by targets and by the user",
        },
        {
            "eligibility": {"residency": ["city"]},
            "funding": {"grant": "pre", "cap_percent": 50, "tranches": [40, 30, 30]},
            "budget": {"own_share": 50},
            "acceptance": {"by": "both"},
        },
    ),
    Shipped(
        "shenzhen",
        "深圳式（赛马可并行，后补助）",
        "《深圳经济特区人工智能产业促进条例》第二十一条（赛马制）；资金参数为示例，须以当期通知为准",
        {
            "zh-hans": "同榜可并行多队，先行投入、达标后补助，双盲评审",
            "en": "Several teams on one entry; they spend first and are granted once targets are met; double-blind",
        },
        {
            "bidding": {"rival_partners": "flag", "minimum": 2},
            "funding": {"grant": "post", "cap_percent": 50, "tranches": [100], "mid_checks": 1},
            "acceptance": {"by": "targets"},
            "panel": {"double_blind": True},
            "scoring": {"mean": "trimmed"},
        },
    ),
)
