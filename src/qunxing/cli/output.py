"""How commands speak: lines for people, one JSON document for programs."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.functional import Promise

from qunxing.cli import REFUSED


class Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        if is_dataclass(o) and not isinstance(o, type):
            return asdict(o)
        return str(o) if isinstance(o, Promise) else super().default(o)


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")


def say_json(value: Any) -> None:
    say(json.dumps(value, ensure_ascii=False, indent=2, cls=Encoder))


def warn(message: str) -> None:
    """Something went otherwise than asked, on standard error; the work goes on."""
    sys.stderr.write(f"{message}\n")


def fail(message: str) -> int:
    """Tell the problem on standard error; gives the exit status for it."""
    sys.stderr.write(f"{message}\n")
    return REFUSED


def say_table(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A plain table; a Chinese character takes two places."""
    cells = [[str(cell) for cell in row] for row in [headings, *rows]]
    widths = [max(places(row[column]) for row in cells) for column in range(len(headings))]
    for row in cells:
        say(
            "  "
            + "  ".join(cell + " " * (width - places(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def places(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
