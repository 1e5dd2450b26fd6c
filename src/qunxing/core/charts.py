"""Charts as plain data, and the same numbers as a table for those who do not see the drawing.

``data``: ``type`` (line, bar, stacked, donut, graph), ``title``; perhaps ``note`` (source and day), ``unit`` and
``whole`` (there are no halves of what is counted).
All but a graph: ``labels`` and ``series`` ([{"name", "data"}], a missing value None); ``across`` lays bars down,
``steps`` draws a line in steps. A graph: ``nodes`` ([{"id", "name", "url", "centre", "group"}]; where each has its own
place, ``at`` [x, y] from -1 to 1, and ``core``) and ``links`` ([{"source", "target", "label"}]).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qunxing.core.errors import Text
from qunxing.core.formats import show_number


@dataclass(frozen=True)
class ChartTable:
    headings: list[Text]
    rows: list[list[str]]


def chart_table(data: Mapping[str, Any]) -> ChartTable:
    """The chart's numbers, a row for each label; of a graph a row for each link."""
    if data["type"] == "graph":
        return graph_table(data)
    series = data["series"]
    columns = [[show_number(value) for value in one["data"]] for one in series]
    rows = [[str(label), *values] for label, *values in zip(data["labels"], *columns, strict=True)]
    return ChartTable(["", *(one["name"] for one in series)], rows)


def graph_table(data: Mapping[str, Any]) -> ChartTable:
    names = {node["id"]: str(node["name"]) for node in data["nodes"]}
    rows = [[names[link["source"]], str(link.get("label", "")), names[link["target"]]] for link in data["links"]]
    return ChartTable([_("From"), _("Link"), _("To")], rows)
