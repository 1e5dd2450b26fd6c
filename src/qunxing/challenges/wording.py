"""Words of open challenges that are kept in both languages, or said in several places."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, override, pgettext

from qunxing.core.errors import Text

LANGUAGES = ("zh-hans", "en")


def both(text: Text) -> dict[str, str]:
    """The text in Chinese and in English."""
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = str(text)
    return said


def said(words: Any) -> str:
    """Words kept in both languages, in the reader's."""
    if not isinstance(words, dict):
        return str(words or "")
    language = (get_language() or "zh-hans").lower()
    return str(words.get("zh-hans" if language.startswith("zh") else "en") or next(iter(words.values()), ""))


def listed(items: Iterable[Text]) -> str:
    """The items one after another, as the reader's language sets them apart."""
    return pgettext("between the items of a list", ", ").join(str(item).strip() for item in items)


def sentences(parts: Iterable[Text]) -> str:
    """Sentences after each other: Chinese has no space between them."""
    space = "" if (get_language() or "zh").startswith("zh") else " "
    return space.join(str(part) for part in parts if part)
