"""What differs between two contents of a list, field by field, in words that are kept in both languages."""

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.challenges.models.boards import Kind, Mechanism, Ownership, Purpose
from qunxing.challenges.wording import LANGUAGES, both, said
from qunxing.core.errors import Text
from qunxing.scenarios.goals import Operator

Piece = tuple[str, bool]
# Words and numbers as a whole, anything else character by character.
WORD = re.compile(r"[A-Za-z]+|[0-9][0-9.,]*|.", re.DOTALL)
MOST_WORDS = 3_000

LIST_FIELDS: dict[str, Text] = {
    "title": _("title"),
    "preface": _("preface"),
    "publisher": _("published by"),
}
ENTRY_FIELDS: dict[str, Text] = {
    "title": _("title"),
    "kind": _("list of"),
    "purpose": _("purpose"),
    "mechanism": _("mechanism"),
    "fields": _("technical fields"),
    "issuer": _("issuer"),
    "problem": _("main problem"),
    "targets": _("core indicators"),
    "conditions": _("conditions for bidders"),
    "ownership": _("intellectual property"),
    "money": _("money (yuan)"),
    "payer": _("who pays"),
    "starts_on": _("starts on"),
    "ends_on": _("ends on"),
    "contact": _("contact"),
}
CHOICES = {"kind": Kind, "purpose": Purpose, "mechanism": Mechanism, "ownership": Ownership}


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The changes as an amendment keeps them."""
    found = list(differing(before, after, LIST_FIELDS, ""))
    earlier = {entry["ref"]: entry for entry in before.get("challenges", ())}
    for entry in after["challenges"]:
        found += differing(earlier.get(entry["ref"], {}), entry, ENTRY_FIELDS, entry["number"])
    return found


def differing(
    before: Mapping[str, Any], after: Mapping[str, Any], labels: Mapping[str, Text], entry: str
) -> Iterator[dict[str, Any]]:
    for field, label in labels.items():
        if before.get(field) != after.get(field):
            yield {
                "entry": entry,
                "field": field,
                "label": both(label),
                "before": shown(field, before.get(field)),
                "after": shown(field, after.get(field)),
            }


def shown(field: str, value: Any) -> dict[str, str]:
    """A value of the content in words."""
    if value in (None, "", [], {}):
        return both("")
    if field in CHOICES:
        return both(CHOICES[field](value).label)
    if field == "fields":
        return {name: "、".join(row["label"].get(name, row["code"]) for row in value) for name in LANGUAGES}
    write = WRITTEN.get(field)
    return both(write(value)) if write else both(value["name"] if isinstance(value, Mapping) else value)


def target_text(row: Mapping[str, Any]) -> str:
    """A target as a reader takes it in: 判读准确率 ≥ 95 %（由第三方在盲测集上测）."""
    how = f"（{row['tested_how']}）" if row["tested_how"] else ""
    return f"{row['name']} {goal_text(row)}{how}"


def goal_text(row: Mapping[str, Any]) -> str:
    if row["operator"] == Operator.BETWEEN and row["target_high"]:
        return f"{row['target']}–{row['target_high']} {row['unit']}".strip()
    return f"{Operator(row['operator']).label} {row['target']} {row['unit']}".strip()


WRITTEN: dict[str, Callable[[Any], str]] = {
    "targets": lambda rows: "\n".join(target_text(row) for row in rows),
    "money": lambda value: f"{value:,}",
    "contact": lambda value: " ".join(part for part in (value["name"], value["phone"], value["email"]) if part),
}


def told(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The changes in the reader's language; `before` and `after` in pieces, each with whether it differs."""
    found = []
    for row in changes:
        before, after = marked(said(row["before"]), said(row["after"]))
        found.append({"entry": row["entry"], "label": said(row["label"]), "before": before, "after": after})
    return found


def marked(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts cut where they differ; as a whole where there is nothing to compare, or too much."""
    first, second = WORD.findall(before), WORD.findall(after)
    if not first or not second or max(len(first), len(second)) > MOST_WORDS:
        return whole(before), whole(after)
    steps = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    return (
        [("".join(first[low:high]), tag != "equal") for tag, low, high, _low, _high in steps if low < high],
        [("".join(second[low:high]), tag != "equal") for tag, _low, _high, low, high in steps if low < high],
    )


def whole(text: str) -> list[Piece]:
    return [(text, True)] if text else []
