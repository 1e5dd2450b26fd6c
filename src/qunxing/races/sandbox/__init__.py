"""The sandbox that a race's own scorers run in: `run`, its `Limits` and its `Verdict`. No Django in here.

Names are fetched when asked for: the process inside imports this package, too, and needs none of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qunxing.races.sandbox.running import check, probe, run
    from qunxing.races.sandbox.verdicts import Kind, Limits, Verdict

__all__ = ["Kind", "Limits", "Verdict", "check", "probe", "run"]
HOMES = dict.fromkeys(("run", "check", "probe"), "running") | dict.fromkeys(("Kind", "Limits", "Verdict"), "verdicts")


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
