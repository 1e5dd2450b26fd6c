"""Sentences that can be stored and read again in any language, and the error that carries one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext, override

from qunxing.core.errors import Refused, Text


@dataclass(frozen=True, slots=True)
class Reason:
    """An English msgid with named placeholders and their values; `str` gives it in the reader's language."""

    msgid: str
    values: "tuple[tuple[str, str | int | Reason], ...]" = ()

    def __str__(self) -> str:
        return gettext(self.msgid) % dict(self.values) if self.values else gettext(self.msgid)

    def lazy(self) -> Promise:
        """The same sentence for places that want a lazily translated text."""
        return lazystr(self)

    def to_json(self) -> dict[str, Any]:
        """Plain data to store; `from_json` reads it back."""
        values = {key: value.to_json() if isinstance(value, Reason) else value for key, value in self.values}
        return {"msgid": self.msgid, "values": values}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Reason":
        values = data["values"].items()
        nested = {key: cls.from_json(value) if isinstance(value, Mapping) else value for key, value in values}
        return because(data["msgid"], **nested)


def because(msgid: str, **values: "str | int | Reason") -> Reason:
    """A reason from a marked msgid (`gettext_noop`) and the values of its placeholders."""
    return Reason(msgid, tuple(values.items()))


def english(text: Text) -> Reason:
    """A lazily translated text as a reason; a plain one says the same in every language."""
    with override("en"):
        return because(str(text))


def in_a_row(words: Sequence[Text]) -> Reason:
    """Several words as one reason, each to be read in any language."""
    names = [f"word_{place}" for place in range(len(words))]
    marks = " / ".join(f"%({name})s" for name in names)
    return because(marks, **dict(zip(names, map(english, words), strict=True)))


class Unreadable(Refused, ValueError):
    """Text that is not what it should be (an amount, a day, a number); `reason` says why and can be stored."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.lazy())
        self.reason = reason
