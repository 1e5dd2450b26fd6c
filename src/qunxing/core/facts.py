"""The facts of a record as its page shows them: what is known, by whom it is told, and what is not known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qunxing.core.errors import Text
from qunxing.core.formats import NOTHING, is_missing


@dataclass(frozen=True)
class NumberedFact:
    """A fact with the number of its source in the list below the facts; 0 for none."""

    fact: Any
    number: int


@dataclass
class ShownFacts:
    known: list[NumberedFact] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    missing: list[Text] = field(default_factory=list)

    def number_of(self, note: str) -> int:
        """The number of the source, which is added to the list when it is new."""
        if note and note not in self.sources:
            self.sources.append(note)
        return self.sources.index(note) + 1 if note else 0


def shown_facts(facts: Iterable[Any]) -> ShownFacts:
    """Facts (objects or mappings with label, value; perhaps note) in their order, each source told once."""
    shown = ShownFacts()
    for fact in facts:
        value = part(fact, "value")
        if is_missing(value) or value == NOTHING:
            shown.missing.append(part(fact, "label"))
        else:
            shown.known.append(NumberedFact(fact, shown.number_of(part(fact, "note"))))
    return shown


def part(fact: Any, name: str) -> Any:
    return fact.get(name, "") if isinstance(fact, Mapping) else getattr(fact, name, "")
