"""Words of open challenges that are kept in both languages, or said in several places."""

from typing import Any

from django.utils.translation import get_language, override

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
