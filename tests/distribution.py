"""Which tests go together to one of several workers."""

from typing import Any

from xdist.scheduler.loadscope import LoadScopeScheduling

# Folders that go to one worker whole, before anything else: what is made once for all their tests takes long.
WHOLE = ("tests/e2e/", "tests/demo/")


def unit_of(nodeid: str) -> str:
    """A folder of `WHOLE`, else the module."""
    module = nodeid.split("::", 1)[0]
    return next((folder for folder in WHOLE if module.startswith(folder)), module)


def rank(nodeid: str) -> int:
    """0 for what begins first."""
    unit = unit_of(nodeid)
    return WHOLE.index(unit) if unit in WHOLE else len(WHOLE)


class ByUnit(LoadScopeScheduling):
    """Hands out the units as they stand in the collection: what a module makes for its tests is made once."""

    def __init__(self, config: Any, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)
