"""What every form of a report on paper says alike, in the language of the report."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from qunxing.core.charts import chart_table
from qunxing.core.formats import show_day, show_moment
from qunxing.indicators.reports.exchange import Seen, everything

Content = Mapping[str, Any]
Cell = Mapping[str, Any]


@dataclass(frozen=True)
class Paper:
    """A report as it is put on paper for a reader; `seen` tells which rows they may see, a draft has no `digest`."""

    content: Content
    seen: Seen = everything
    digest: str = ""

    @property
    def title(self) -> str:
        return str(self.content["title"])

    @property
    def items(self) -> dict[str, Any]:
        return {item["key"]: item for item in self.content["figures"]}

    def said(self) -> override:
        """Speak the language of the report."""
        return override(self.content["language"])

    def heading(self) -> list[tuple[str, str]]:
        """(label, value) of what stands under the title."""
        content = self.content
        known = content["known_at"]
        scope = content["scope"]
        where = scope["name"] if scope["community"] in scope["name"] else f"{scope['community']} · {scope['name']}"
        found = [
            (_("Number"), content.get("number") or pgettext("report", "draft, not issued")),
            (_("As of"), show_day(date.fromisoformat(content["as_of"]))),
            (_("As known at"), show_moment(datetime.fromisoformat(known)) if known else _("now")),
            (_("Scope"), where),
        ]
        if content.get("reissue_of"):
            found.append((_("Reissue of"), content["reissue_of"]))
        return [(str(label), str(value)) for label, value in found]

    def closing(self) -> str:
        if not self.digest:
            return str(_("A draft: its figures may change until it is issued."))
        words = {"digest": self.digest}
        return str(_("Frozen when it was issued; SHA-256 of what is kept, as it stands in the log: %(digest)s") % words)

    def definitions(self) -> Iterator[tuple[str, str]]:
        """(name, what is counted by which dates) of each indicator."""
        for one in self.content["definitions"].values():
            yield one["name"], " ".join(text for text in (one["counts"], one["dates"]) if text)

    def remarks(self) -> list[str]:
        """Of the whole, then of single figures."""
        found = [*self.content["remarks"]]
        for item in self.content["figures"]:
            if not item["form"]:
                found += [f"{item['name']}: {remark}" for remark in item["remarks"]]
        return list(dict.fromkeys(found))

    def names_behind(self, key: str) -> tuple[list[tuple[str, str]], int]:
        """([(ref, name)] of the rows that the reader may see, how many there are beside them)."""
        item = self.items[key]
        refs = [*item["rows"], *item["perhaps"]]
        rows = self.content["rows"].get(item["kind"], {})
        shown = set(self.seen(item["kind"], refs)) if refs else set()
        names = [(ref, rows[ref]["name"] if ref in rows else ref) for ref in refs if ref in shown]
        return sorted(names, key=lambda one: (one[1], one[0])), len(refs) - len(names)


def hidden_words(count: int) -> str:
    return ngettext("%(count)s row is not shown to you.", "%(count)s rows are not shown to you.", count) % {
        "count": count
    }


def text_of(parts: list[Cell]) -> str:
    return "".join(part["text"] for part in parts)


def chart_lines(chart: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """(headings, lines) of a drawing."""
    table = chart_table(chart)
    return [str(heading) for heading in table.headings], [[str(value) for value in row] for row in table.rows]
