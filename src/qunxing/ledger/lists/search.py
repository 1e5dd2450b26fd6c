"""The plain search of a list: every word must occur in the record's search key."""

from typing import Any

from django.db.models import Q, QuerySet

from qunxing.core.text import search_terms


def search_words(rows: QuerySet[Any], words: str, path: str = "search_key") -> QuerySet[Any]:
    """Rows whose folded names, pinyin, initials or codes hold each of the words."""
    condition = Q()
    for term in search_terms(words):
        condition &= Q(**{f"{path}__holds": term})
    return rows.filter(condition)
