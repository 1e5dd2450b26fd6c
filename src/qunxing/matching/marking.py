"""Matched words, marked where they stand."""

from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from qunxing.core.text import fold


def marked(text: str, terms: Iterable[str]) -> SafeString:
    """The text with every stretch that is one of the folded terms inside ``<mark>``."""
    folded = fold(text)
    if len(folded) != len(text):
        folded = text.casefold()
    if len(folded) != len(text):
        return escape(text)
    inside = bytearray(len(text))
    for term in {term for term in terms if term}:
        start = folded.find(term)
        while start >= 0:
            inside[start : start + len(term)] = b"\x01" * len(term)
            start = folded.find(term, start + 1)
    return mark_safe("".join(pieces(text, inside)))  # noqa: S308 - made of escaped parts


def pieces(text: str, inside: bytearray) -> Iterable[str]:
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and inside[end] == inside[start]:
            end += 1
        piece = escape(text[start:end])
        yield f"<mark>{piece}</mark>" if inside[start] else piece
        start = end
