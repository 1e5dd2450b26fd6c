"""Several names in one cell: 甲、乙 or one a line."""

import re
from collections.abc import Sequence

from django.utils.translation import get_language

# A comma before the form of a firm belongs to its name: Foo Co., Ltd.
MARKS = re.compile(r"[、；;|，]|,(?!\s*(?:ltd|inc|llc|corp|co|l\.?p|limited|incorporated)\b)", re.IGNORECASE)


def split_parts(text: str) -> list[str]:
    """The names in a cell: one a line where it has lines, else between the usual marks."""
    return text.splitlines() if "\n" in text else MARKS.split(text)


def join_parts(names: Sequence[str]) -> str:
    """The names so that `split_parts` gives them again: one a line where a mark stands in one of them."""
    if any(MARKS.search(name) for name in names):
        return "".join(f"{name}\n" for name in names)
    chinese = (get_language() or "zh").startswith("zh")
    return ("、" if chinese else "; ").join(names)
