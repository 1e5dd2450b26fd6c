"""Made-up claims."""

from datetime import date
from decimal import Decimal
from typing import Any

from qunxing.indicators.actions.proposals import Article, read_article, take_article
from qunxing.indicators.models import Claim, Reading
from qunxing.ledger.actions import create
from tests import factories


def claim(**values: Any) -> Claim:
    """A claim of over 100 firms in residence, in a scope in words unless one is given."""
    values = {
        "indicator": "resident_firms",
        "subject": "模速空间",
        "as_of_low": date(2025, 4, 29),
        "value_low": Decimal(100),
        "low_open": True,
        "unit": "家",
        "wording": "已入駐企業100餘家",
    } | values
    if "scope" not in values:
        values.setdefault("scope_text", "空间")
    origin = values.pop("origin", None) or factories.source()
    return create(Claim(origin=origin, **values), actor=None, source=origin)


def reading(text: str = "“云帆空间”已入驻企业100余家。", **values: Any) -> Reading:
    """An article that was read."""
    words = {"title": "一篇报道", "day": date(2025, 4, 29), "content": text.encode()} | values
    found = take_article(Article(text=text, **words), actor=None)
    read_article(found, actor=None)
    return Reading.objects.get(pk=found.pk)
