"""The form of a bid as its page needs it: cells with their labels, and what was wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.bidform.cells import (
    ANSWER,
    LEADER,
    LONG_TEXTS,
    MOST_TEAM,
    PARTNER,
    SPARE_TEAM,
    TEAM,
    TEAM_CELL,
    BadCell,
)
from qunxing.challenges.bidwords import SECTIONS
from qunxing.challenges.models import Bid, Target
from qunxing.challenges.rulewords import CATEGORIES
from qunxing.core.errors import Text

LABELS: Mapping[str, Text] = {
    "name": pgettext_lazy("person", "name"),
    "title": pgettext_lazy("person", "position"),
    "phone": _("phone"),
    "email": _("e-mail"),
    "part": pgettext_lazy("person in a bid", "what they do"),
    "tasks": pgettext_lazy("party in a bid", "what it answers for"),
    "share": pgettext_lazy("party in a bid", "share of the work (%)"),
    "value": pgettext_lazy("answer", "value"),
    "unit": pgettext_lazy("answer", "unit"),
    "proof": pgettext_lazy("answer", "proof"),
    "page": pgettext_lazy("answer", "page"),
    "grant": pgettext_lazy("budget", "grant"),
    "own": pgettext_lazy("budget", "own money"),
}
PARTY_NAME = pgettext_lazy("party in a bid", "organisation: social credit code or full name")
PROBLEMS: Mapping[str, Text] = {
    "amount": _("Give whole yuan, such as 1250000 or 125万."),
    "percent": _("Give a whole percentage from 0 to 100."),
    "long": _("This is longer than can be kept."),
}
HELP: Mapping[str, Text] = {
    "summary": _("What you will do and what comes out of it."),
    "background": _("What there is, at home and abroad, and what it cannot do."),
    "route": _("How you will do it, step by step."),
    "basis": _("What you have already: results, people, equipment, data."),
    "joint_plan": _("Who does what with the issuer, where, and when."),
}


@dataclass(frozen=True)
class Cell:
    """One field: its name, label, text, and what is wrong with it."""

    name: str
    label: Text
    value: str = ""
    problem: Text = ""
    help: Text = ""
    long: bool = False

    @property
    def id(self) -> str:
        return f"id_{self.name}"


@dataclass(frozen=True)
class Row:
    """Cells beside each other, under a label."""

    label: Text
    cells: Sequence[Cell]
    target: Target | None = None


class Page:
    """The cells of a bid's form, by part."""

    def __init__(self, bid: Bid, cells: Mapping[str, str], bad: Sequence[BadCell] = ()) -> None:
        self.bid, self.cells = bid, cells
        self.terms = bid.board.rules
        self.problems = {one.name: one for one in bad}

    def cell(self, name: str, label: Text, **more: Any) -> Cell:
        problem = self.problems.get(name)
        text = problem.text if problem is not None else self.cells.get(name, "")
        return Cell(name, label, text, PROBLEMS[problem.code] if problem is not None else "", **more)

    def row(self, prefix: str, names: Sequence[str], label: Text = "", **more: Any) -> Row:
        return Row(label, [self.cell(f"{prefix}_{name}", self.label(prefix, name)) for name in names], **more)

    def label(self, prefix: str, name: str) -> Text:
        return PARTY_NAME if prefix.startswith("partner") and name == "name" else LABELS[name]

    @property
    def bad(self) -> list[Cell]:
        return [self.cell(name, self.name_of(name)) for name in self.problems]

    def taken(self, name: str) -> Cell:
        """A cell that somebody else wrote, to be shown in the form that stands open."""
        return self.cell(name, self.name_of(name), long=name in LONG_TEXTS)

    def name_of(self, name: str) -> Text:
        """What a cell is called where it stands alone."""
        first, _mark, rest = name.partition("_")
        if first == "budget":
            category, year, kind = rest.rsplit("_", 2)
            return f"{CATEGORIES.get(category, category)} · {year} · {LABELS[kind]}"
        return SECTIONS.get(name) or SECTIONS.get({"partner": "partners"}.get(first, first)) or name

    # --- parts ------------------------------------------------------------------------------------------------------

    @property
    def leader(self) -> Row:
        return self.row("leader", LEADER)

    @property
    def team(self) -> list[Row]:
        numbers = [int(found[1]) for name in self.cells if (found := TEAM_CELL.fullmatch(name))]
        count = min(max(numbers, default=0) + SPARE_TEAM, MOST_TEAM)
        return [self.row(f"team_{number}", TEAM, str(number)) for number in range(1, count + 1)]

    @property
    def lead(self) -> Row:
        return self.row("lead", ("tasks", "share"))

    @property
    def partners(self) -> list[Row]:
        most = self.terms.bidding.partners
        return [self.row(f"partner_{number}", PARTNER, str(number)) for number in range(1, most + 1)]

    @property
    def texts(self) -> list[Cell]:
        return [self.cell(name, SECTIONS[name], help=HELP[name]) for name in LONG_TEXTS]

    @property
    def answers(self) -> list[Row]:
        found = []
        for target in self.bid.challenge.targets.all():
            prefix = f"answer_{target.ref}"
            row = self.row(prefix, ANSWER, target.name, target=target)
            if not self.cells.get(f"{prefix}_unit") and not self.cells.get(f"{prefix}_value"):
                unit = Cell(f"{prefix}_unit", LABELS["unit"], target.unit)
                row = Row(row.label, [unit if one.name == unit.name else one for one in row.cells], target)
            found.append(row)
        return found

    @property
    def years(self) -> list[int]:
        return list(range(1, self.terms.budget.years + 1))

    @property
    def budget(self) -> list[Row]:
        return [self.budget_row(code) for code in self.terms.budget.categories]

    def budget_row(self, code: str) -> Row:
        label = CATEGORIES.get(code, code)
        names = [(year, kind) for year in self.years for kind in ("grant", "own")]
        cells = [
            self.cell(f"budget_{code}_{year}_{kind}", f"{label} · {year} · {LABELS[kind]}") for year, kind in names
        ]
        return Row(label, cells)

    @property
    def sums(self) -> list[Cell]:
        return [self.cell("total", SECTIONS["total"]), self.cell("grant", SECTIONS["grant"])]

    @property
    def facts_confirmed(self) -> bool:
        return bool(self.cells.get("facts_confirmed"))
