"""The colours can be read, and the style sheets hold what a strict policy and an intranet allow."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "src" / "qunxing" / "core" / "static"
SHEETS = {path.name: path.read_text(encoding="utf-8") for path in sorted((STATIC / "css").glob("*.css"))}
COLOURS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", SHEETS["base.css"]))
# Text on its ground; WCAG 2.2 AA wants 4.5 to 1.
TEXTS = [
    ("text", "paper"),
    ("text", "ground"),
    ("text-soft", "paper"),
    ("text-soft", "ground"),
    ("text-soft", "ink-50"),
    ("ink-600", "paper"),
    ("ink-600", "ground"),
    ("ink-700", "ink-100"),
    ("paper", "ink-600"),
    ("paper", "ink-900"),
    *((tone, f"{tone}-soft") for tone in ("info", "good", "warn", "bad")),
    *((tone, "paper") for tone in ("info", "good", "warn", "bad")),
]


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(COLOURS[one]), luminance(COLOURS[other])), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), [("edge", "paper"), ("ink-600", "paper"), ("star", "ink-900")])
def test_edges_and_marks_can_be_seen(edge: str, ground: str) -> None:
    assert contrast(edge, ground) >= 3


def test_sheets_load_nothing_from_elsewhere() -> None:
    addresses = {name: re.findall(r"url\(([^)]*)\)", text) for name, text in SHEETS.items()}
    assert {name: found for name, found in addresses.items() if any('"../img/' not in url for url in found)} == {}


def test_sheets_name_files_that_exist() -> None:
    named = {url for text in SHEETS.values() for url in re.findall(r'url\("\.\./([^")]*)"\)', text)}
    assert {url for url in named if not (STATIC / url).is_file()} == set()


def test_sheets_use_colours_that_are_defined() -> None:
    text = "".join(SHEETS.values())
    assert set(re.findall(r"var\(--([\w-]+)", text)) - set(re.findall(r"--([\w-]+):", text)) == set()
