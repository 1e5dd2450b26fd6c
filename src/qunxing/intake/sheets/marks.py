"""The mark by which a row of an exported sheet finds its record again, and the version it was made of.

It stands in a column of its own, hidden in a workbook: ``k3v9w2m8p4qz#7`` is revision 7 of that record.
"""

import re
from typing import Any

from django.utils.translation import pgettext_lazy

from qunxing.core.fields import ALPHABET, REF_LENGTH

TARGET = "@ref"  # what a column of marks is called in a mapping
HEADING = pgettext_lazy("heading of a sheet", "record mark")
SYNONYMS = ("记录标记", "record mark")
MARK = re.compile(rf"([{ALPHABET}]{{{REF_LENGTH}}})#([1-9]\d{{0,8}})")


def mark_of(record: Any) -> str:
    return f"{record.ref}#{record.revision}"


def read_mark(text: str) -> tuple[str, int] | None:
    """(reference, revision) of a mark; None where the text is none."""
    found = MARK.fullmatch(text.strip())
    return (found[1], int(found[2])) if found else None
