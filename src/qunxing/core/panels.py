"""Panels that one app offers on the record pages of another: declared above, shown below, neither knows the other.

An app names them in ``panels.py`` in a tuple ``PANELS``; every page that shows a record of that kind has them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qunxing.core.specs import declared

Show = Callable[[Any, Any], Mapping[str, Any] | None]


@dataclass(frozen=True)
class PanelSpec:
    """A panel on the pages of records of this kind (``scenarios.scenario``).

    ``show(record, user)`` gives what the template needs, or None where this reader finds nothing; it asks first what
    the reader may see.
    """

    kind: str
    template: str
    show: Show


@dataclass(frozen=True)
class OfferedPanel:
    template: str
    words: Mapping[str, Any]


def panels_of(kind: str, record: Any, user: Any) -> list[OfferedPanel]:
    """What other apps show this reader beside the record."""
    found = [(spec, spec.show(record, user)) for spec in declared("panels", "PANELS") if spec.kind == kind]
    return [OfferedPanel(spec.template, words) for spec, words in found if words is not None]


@dataclass(frozen=True)
class ExportSpec:
    """Further files into which the rows of the lists of this kind of record go.

    ``offer(user)`` gives (label, address) of each; the list's own parameters, and ``of_list=`` with its code, are put
    behind the address.
    """

    kind: str
    offer: Callable[[Any], Sequence[tuple[str, str]]]


def exports_of(kind: str, user: Any) -> list[tuple[str, str]]:
    """What other apps make of a list of such records, for this reader."""
    return [link for spec in declared("panels", "EXPORTS") if spec.kind == kind for link in spec.offer(user)]
