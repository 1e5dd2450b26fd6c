"""Pages of long lists: where one is, and the ways on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from django.core.paginator import Page
from django.http import QueryDict


def neighbours(number: int, last: int) -> dict[str, int]:
    """{name: number} of the pages that lead on from this one; a missing name is a page that does not exist."""
    targets = {"first": 1, "previous": number - 1, "next": number + 1, "last": last}
    return {name: target for name, target in targets.items() if 1 <= target <= last and target != number}


@dataclass(frozen=True)
class Turn:
    """A page as the pager shows it.

    `links` is {name: address} of the neighbours, `hidden_fields` is what the jump to a page sends along.
    """

    number: int
    last: int
    links: Mapping[str, str] = field(default_factory=dict)
    hidden_fields: Sequence[tuple[str, str]] = ()

    @classmethod
    def of(cls, page: Page[Any], query: QueryDict, *, anchor: str = "") -> Self:
        """A page of Django's paginator, in an address that asks `query`; `anchor` is the id of the list."""
        last = page.paginator.num_pages
        links = {name: turned(query, target, anchor) for name, target in neighbours(page.number, last).items()}
        return cls(page.number, last, links, others(query))


def turned(query: QueryDict, number: int, anchor: str = "") -> str:
    """The same question, another page of its answer."""
    asked = query.copy()
    asked["page"] = str(number)
    return f"?{asked.urlencode()}{f'#{anchor}' if anchor else ''}"


def others(query: QueryDict) -> list[tuple[str, str]]:
    """What is asked beside the page."""
    return [(name, value) for name, values in query.lists() if name != "page" for value in values]
