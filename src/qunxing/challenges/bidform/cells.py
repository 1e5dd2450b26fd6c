"""A bid's content as the flat cells of a form, and back: what a browser posts is text, a cell has one name."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import normalize

from qunxing.challenges.content import TEXTS, Answer, BidContent, BudgetRow, Party, Person
from qunxing.challenges.gaps import Wanted
from qunxing.challenges.terms import Terms
from qunxing.core.text import fold

LEADER = ("name", "title", "phone", "email")
TEAM = ("name", "title", "part")
PARTNER = ("name", "tasks", "share")
ANSWER = ("value", "unit", "proof", "page")
LONG_TEXTS = ("summary", *TEXTS)
SPARE_TEAM = 3
MOST_TEAM = 60
TEAM_CELL = re.compile(r"team_(\d{1,2})_name")
AMOUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)(万|亿)?元?")
UNITS = {None: 1, "万": 10_000, "亿": 100_000_000}
VALUE = re.compile(r"([+-]?[\d,]*\.?\d+)\s*(\D*)")

Cells = dict[str, str]
Find = Callable[[str], tuple[str, str]]  # (reference, registered name) of the organisation a text names, or empty


def cells_of(content: BidContent, terms: Terms) -> Cells:
    """{name of the cell: text} of a content; empty rows are left out."""
    found = {f"leader_{name}": getattr(content.leader, name) for name in LEADER}
    for number, person in enumerate(content.team, start=1):
        found |= {f"team_{number}_{name}": getattr(person, name) for name in TEAM}
    found |= {"lead_tasks": content.lead.tasks, "lead_share": shown(content.lead.share)}
    for number, party in enumerate(content.partners, start=1):
        words = {"name": party.name, "tasks": party.tasks, "share": shown(party.share)}
        found |= {f"partner_{number}_{name}": words[name] for name in PARTNER}
    found |= {name: getattr(content, name) for name in LONG_TEXTS}
    for answer in content.answers:
        found |= {f"answer_{answer.target}_{name}": getattr(answer, name) for name in ANSWER}
    for name, amount in budget_cells(content, terms):
        found[name] = shown(amount)
    found |= {"total": shown(content.total), "grant": shown(content.grant)}
    return found | {"facts_confirmed": "on" if content.facts_confirmed else ""}


def budget_cells(content: BidContent, terms: Terms) -> Iterator[tuple[str, int]]:
    for category in terms.budget.categories:
        for year in range(1, terms.budget.years + 1):
            grant, own = content.spent(category, year)
            yield f"budget_{category}_{year}_grant", grant
            yield f"budget_{category}_{year}_own", own


def shown(number: int) -> str:
    return str(number) if number else ""


class BadCell(ValueError):
    """A text that cannot be read where a number is asked for; `name` is the cell, `code` says what is expected."""

    def __init__(self, name: str, text: str, code: str) -> None:
        super().__init__(f"{name}: {text!r}")
        self.name, self.text, self.code = name, text, code


def read_cells(
    cells: Mapping[str, str], before: BidContent, terms: Terms, targets: tuple[Wanted, ...], find: Find
) -> tuple[BidContent, list[BadCell]]:
    """What was typed, upon what is kept beside the form; and the cells that cannot be read, which keep their value."""
    bad: list[BadCell] = []
    whole = Reader(cells, bad)
    texts: Mapping[str, Any] = {name: whole.text(name) for name in LONG_TEXTS}
    lead = replace(before.lead, tasks=whole.text("lead_tasks"), share=whole.percent("lead_share"))
    content = replace(
        replace(before, **texts),
        lead=lead,
        leader=replace(before.leader, **{name: whole.text(f"leader_{name}") for name in LEADER}),
        team=tuple(read_team(whole)),
        partners=tuple(read_partners(whole, terms, find)),
        answers=tuple(read_answers(whole, targets)),
        budget=tuple(read_budget(whole, terms)),
        total=whole.amount("total"),
        grant=whole.amount("grant"),
        facts_confirmed=bool(whole.text("facts_confirmed")),
    )
    return content, bad


class Reader:
    """Reads cells; what cannot be read is noted, and counts as empty."""

    def __init__(self, cells: Mapping[str, str], bad: list[BadCell]) -> None:
        self.cells, self.bad = cells, bad

    def text(self, name: str, most: int = 20_000) -> str:
        text = self.cells.get(name, "").replace("\r\n", "\n").replace("\x00", "").strip()
        if len(text) > most:
            self.bad.append(BadCell(name, text[:40], "long"))
        return text[:most]

    def amount(self, name: str) -> int:
        """Whole yuan; 12.5万 is 125,000."""
        typed = self.text(name)
        text = fold(typed).replace(" ", "").replace("，", ",")
        if not text:
            return 0
        found = AMOUNT.fullmatch(text)
        number = Decimal(found[1].replace(",", "")) * UNITS[found[2]] if found else Decimal("NaN")
        if not number.is_finite() or number != number.to_integral_value() or number > 10**13:
            self.bad.append(BadCell(name, typed[:40], "amount"))
            return 0
        return int(number)

    def percent(self, name: str) -> int:
        text = fold(self.text(name)).rstrip("% ")
        if not text:
            return 0
        if not text.isdecimal() or len(text) > 3 or int(text) > 100:
            self.bad.append(BadCell(name, text[:40], "percent"))
            return 0
        return int(text)


def read_team(whole: Reader) -> Iterator[Person]:
    numbers = sorted({int(found[1]) for name in whole.cells if (found := TEAM_CELL.fullmatch(name))})
    for number in numbers[:MOST_TEAM]:
        words = {name: whole.text(f"team_{number}_{name}", 500) for name in TEAM}
        if any(words.values()):
            yield Person(**words)


def read_partners(whole: Reader, terms: Terms, find: Find) -> Iterator[Party]:
    for number in range(1, terms.bidding.partners + 2):
        name = whole.text(f"partner_{number}_name", 200)
        tasks, share = whole.text(f"partner_{number}_tasks"), whole.percent(f"partner_{number}_share")
        if name or tasks or share:
            ref, registered = find(name) if name else ("", "")
            yield Party(ref, registered or name, tasks, share)


def read_answers(whole: Reader, targets: tuple[Wanted, ...]) -> Iterator[Answer]:
    """One for each target; a unit typed behind the value counts as typed into its own cell."""
    for target in targets:
        words = {name: whole.text(f"answer_{target.ref}_{name}", 2_000) for name in ANSWER}
        value, unit = split_value(words["value"])
        if unit:
            words |= {"value": value, "unit": unit}
        else:
            words["value"] = value
        if any((words["value"], words["proof"], words["page"])):
            yield Answer(target=target.ref, **words)


def split_value(text: str) -> tuple[str, str]:
    """("96.5", "%") of 96.5 %; the text itself where it is no number."""
    folded = normalize("NFKC", text).strip()
    found = VALUE.fullmatch(folded)
    if found is None:
        return text, ""
    try:
        number = Decimal(found[1].replace(",", ""))
    except InvalidOperation:
        return text, ""
    return f"{number:f}", found[2].strip()


def read_budget(whole: Reader, terms: Terms) -> Iterator[BudgetRow]:
    for category in terms.budget.categories:
        for year in range(1, terms.budget.years + 1):
            name = f"budget_{category}_{year}"
            grant, own = whole.amount(f"{name}_grant"), whole.amount(f"{name}_own")
            if grant or own:
                yield BudgetRow(category, year, grant, own)
