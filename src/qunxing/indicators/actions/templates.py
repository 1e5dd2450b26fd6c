"""The templates that come with the program."""

from pathlib import Path
from typing import Any, Final

from qunxing.directory.models import Scope
from qunxing.indicators.models import Every, Language, ReportTemplate
from qunxing.ledger.actions import add_many
from qunxing.ledger.recording import recording

FOLDER: Final = Path(__file__).parents[1] / "data" / "reports"
# (code, file, Chinese name, English name, how often, days until it is to be issued, language)
BROUGHT: Final = (
    ("monthly", "monthly", "社区运营月报", "Monthly brief (in Chinese)", Every.MONTH, 10, Language.CHINESE),
    ("monthly-en", "monthly", "社区运营月报（英文）", "Monthly brief", Every.NONE, 10, Language.ENGLISH),
    (
        "quarterly", "quarterly", "孵化器统计季报", "Quarterly statistics (in Chinese)", Every.QUARTER, 20,
        Language.CHINESE,
    ),
    (
        "quarterly-en", "quarterly", "孵化器统计季报（英文）", "Quarterly statistics", Every.NONE, 20,
        Language.ENGLISH,
    ),
)  # fmt: skip


def body_of(name: str, language: str) -> str:
    return (FOLDER / f"{name}.{language}.txt").read_text(encoding="utf-8")


def plant_templates(*, actor: Any) -> int:
    """Add those that are missing; what staff made of one stays. How many were added."""
    known = set(ReportTemplate.objects.values_list("code", flat=True))
    missing = [
        ReportTemplate(
            code=code, name_zh=zh, name_en=en, period=every, due_days=days, language=language,
            scope=Scope.Code.SPACE, body=body_of(name, language),
        )
        for code, name, zh, en, every, days, language in BROUGHT
        if code not in known
    ]  # fmt: skip
    for template in missing:
        template.derive()
    with recording(actor=actor):
        add_many(missing)
    return len(missing)
