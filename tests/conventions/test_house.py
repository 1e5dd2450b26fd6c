"""The settings and the ladder name the same house, and it starts without what few of its commands need."""

import subprocess
import sys

from qunxing.config import settings
from tools import messages

# What solves and ranks takes two seconds and a hundred megabytes to load.
SOLVERS = ("ortools", "pandas", "scipy.optimize", "scipy.stats", "scipy.special")
LOADED = """
import sys
import django
from django.urls import get_resolver
django.setup()
get_resolver().url_patterns
print(*(name for name in sys.argv[1:] if name in sys.modules))
"""
NO_APPS = {"cli", "config"}


def test_settings_list_the_apps_as_the_ladder_does() -> None:
    floors = {app: floor for floor, apps in enumerate(messages.ladder()) for app in apps}
    house = [name.removeprefix("qunxing.") for name in settings.HOUSE]
    assert [floors[app] for app in house] == sorted(floors[app] for app in house)
    assert set(house) == set(floors) - NO_APPS


def test_program_starts_without_its_solvers() -> None:
    command = [sys.executable, "-c", LOADED, *SOLVERS]
    assert subprocess.run(command, cwd=messages.ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout == "\n"
