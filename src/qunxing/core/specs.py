"""Finding what apps declare: each says it in a module of its own, the machinery above collects it at the start."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings


@cache
def declared(module: str, name: str) -> tuple[Any, ...]:
    """Everything in the tuples called ``name`` of the modules called ``module``, lowest app first."""
    return tuple(item for found in modules_called(module) for item in getattr(found, name, ()))


def modules_called(module: str) -> Iterator[Any]:
    for app in settings.HOUSE:
        if find_spec(f"{app}.{module}") is not None:
            yield import_module(f"{app}.{module}")
