"""The tables of docs/permissions.md, as the program computes them.

show     prints the page with them
update   writes them into the page, between their marks; the words in the second column are kept

Runs on an empty database of its own. tests/conventions/test_permissions.py holds page and program together.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import django
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

ROOT = Path(__file__).resolve().parents[1]


def computed_page(page: Path) -> str:
    """The page with its tables as the program has them, on a database made for it and dropped afterwards."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    setup_test_environment()
    made = setup_databases(0, interactive=False, serialized_aliases=set())
    try:
        matrix = import_module("tests.matrix")
        text: str = matrix.updated(page.read_text(encoding="utf-8"), matrix.prepare())
        return text
    finally:
        teardown_databases(made, 0)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["show", "update"])
    command = parser.parse_args(arguments).command
    page = ROOT / "docs" / "permissions.md"
    text = computed_page(page)
    if command == "update":
        page.write_text(text, encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
