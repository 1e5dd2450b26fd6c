"""A report for programs: the contract of `qunxing report --format json`. No Django in here."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from qunxing.ledger.canonical import digest

Seen = Callable[[str, Collection[str]], Collection[str]]


def everything(_kind: str, refs: Collection[str]) -> Collection[str]:
    """For whoever sees all rows."""
    return refs


def contract(content: Mapping[str, Any], *, sealed: str = "", seen: Seen = everything) -> dict[str, Any]:
    """{"as_of", "known_at", "scope", "digest", "indicators"}; `sealed` is the digest of what was frozen.

    Without it the digest is that of the other four. `rows` are the references of the records that the reader may see.
    """
    figures = {item_code(item): item for item in content["figures"] if not item["form"]}
    said = {
        "as_of": content["as_of"],
        "known_at": content["known_at"],
        "scope": content["scope"]["code"] or None,
    }
    indicators = [told(code, item, seen) for code, item in sorted(figures.items())]
    return said | {"digest": sealed or digest(said | {"indicators": indicators}), "indicators": indicators}


def item_code(item: Mapping[str, Any]) -> str:
    """The code with the part, and the scope where it is not the report's own: financing.CNY@district."""
    key: str = item["key"]
    return key.partition("|")[0]


def told(code: str, item: Mapping[str, Any], seen: Seen) -> dict[str, Any]:
    refs = [*item["rows"], *item["perhaps"]]
    rows = sorted(seen(item["kind"], refs)) if item["kind"] else []
    return {"code": code, "name": item["name"], "value": item["value"], "unit": item["unit"], "rows": rows}
