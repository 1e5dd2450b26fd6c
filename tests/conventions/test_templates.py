"""Templates hold no script, no style and no address of others: pages run under a strict policy, without internet."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
DJANGO = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}", re.DOTALL)
LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "use": "href"}
EVALUATED = ("js:", "javascript:")


def keep_lines(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


class Inspector(HTMLParser):
    """Notes what a template must not hold, with the line."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for fault in tag_faults(tag, dict(attrs)):
            self.faults.append(f"line {self.getpos()[0]}: {fault}")


def tag_faults(tag: str, attributes: dict[str, str | None]) -> Iterator[str]:
    if tag == "style":
        yield "<style>"
    if tag == "script" and "src" not in attributes:
        yield "<script> without src"
    for name, value in attributes.items():
        if name == "style" or name.startswith(("on", "hx-on")):
            yield f"{name}="
        if (value or "").strip().lower().startswith(EVALUATED):
            yield f"{name}={value!r} is evaluated"
    address = attributes.get(LOADING.get(tag, "")) or ""
    if address.startswith(("http:", "https:", "//")):
        yield f"loads {address}"


def faults_in(text: str) -> list[str]:
    inspector = Inspector()
    inspector.feed(DJANGO.sub(keep_lines, text))
    inspector.close()
    return inspector.faults


def test_templates_hold_no_inline_code() -> None:
    found = {
        str(path.relative_to(SOURCE)): faults
        for path in sorted(SOURCE.rglob("*.html"))
        if (faults := faults_in(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ('<p style="color: red">', ["line 1: style="]),
        ('\n<a onclick="go()">', ["line 2: onclick="]),
        ("<script>go()</script>", ["line 1: <script> without src"]),
        ('<a href="javascript:go()">', ["line 1: href='javascript:go()' is evaluated"]),
        ('<script src="https://x.example/a.js"></script>', ["line 1: loads https://x.example/a.js"]),
        ('{# <style> #}<script src="{% static "a.js" %}" defer></script>', []),
        ('<option value="1" {% if a %}selected{% endif %}>', []),
    ],
)
def test_inspector_finds_inline_code(text: str, faults: list[str]) -> None:
    assert faults_in(text) == faults
