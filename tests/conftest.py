"""What holds for all tests."""

import gc
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.distribution import ByUnit, rank

# A slow or busy machine is no failure. In CI every run tries the same examples, so that a red one is the change's own.
settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("house")

POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
ON_A_DATABASE = {"db", "transactional_db", "live_server"}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByUnit:
    return ByUnit(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run what asks it something: the rest was run on SQLite, where `make test` runs everything."""
    items.sort(key=lambda item: rank(item.nodeid))
    if not POSTGRES:
        return
    asking = [item for item in items if asks_the_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(asking)])
    items[:] = asking


def pytest_collection_finish() -> None:
    """What was imported stays: nobody need look through it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def asks_the_database(item: pytest.Item) -> bool:
    """Whether a test uses the database of the run; the demonstration in the browser brings its own, a SQLite file."""
    names = set(getattr(item, "fixturenames", ()))
    uses = not ON_A_DATABASE.isdisjoint(names) or item.get_closest_marker("django_db") is not None
    return uses and "demo" not in names
