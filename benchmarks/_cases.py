"""The addresses that are measured: for each ledger its list in all its forms, its record, and a long history."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from _community import SYLLABLES, TRADES, heroes
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from qunxing.directory.lists import ORGANIZATIONS
from qunxing.directory.models import Organization
from qunxing.ledger.lists import Filter, ListSpec
from qunxing.ledger.models import Visibility
from qunxing.registry.lists.filings import filings_for
from qunxing.registry.models import Filing

FAR = 1_000
PAGE = 50
Addresses = Sequence[str]


@dataclass(frozen=True)
class Case:
    """One kind of page: what to ask for, and where plain Django has its like, what to ask there."""

    name: str
    addresses: Addresses
    plain: Addresses = ()


@dataclass(frozen=True)
class Ledger:
    """A list with its fields in the plain admin: filters, words and columns by the names that ours have."""

    name: str
    spec: ListSpec
    kind: Any
    filters: dict[str, str]
    columns: dict[str, int]

    @property
    def far(self) -> int:
        """Page 1,000, or the last of which there are 60 more where the ledger is small."""
        return max(31, min(FAR, self.kind.objects.count() // PAGE - 31))

    @property
    def plain_list(self) -> str:
        return f"/plain/{self.kind._meta.app_label}/{self.kind._meta.model_name}/"

    def address(self, **wishes: Any) -> str:
        return f"{reverse(self.spec.url_name)}?{urlencode(wishes)}"

    def plain(self, **wishes: Any) -> str:
        return f"{self.plain_list}?{urlencode(wishes)}"


def ledgers(user: Any) -> list[Ledger]:
    return [
        Ledger(
            "organisations",
            ORGANIZATIONS,
            Organization,
            {"size": "size_class__exact", "industry": "industry__exact", "tier": "residencies__tier__exact",
             "stage": "residencies__stage__exact"},
            {"name": 1, "uscc": 2, "size": 5, "founded": 6},
        ),
        Ledger(
            "filings",
            filings_for(user),
            Filing,
            {"kind": "kind__exact", "state": "state__exact", "region": "region__exact",
             "class": "algorithm_class__exact"},
            {"name": 1, "number": 3, "granted": 7},
        ),
    ]  # fmt: skip


def cases(user: Any, requests: int) -> Iterator[Case]:
    """All cases for this reader, each with as many addresses as requests are wanted."""
    for ledger in ledgers(user):
        chance = random.Random(7)
        several = [*page_cases(ledger), *filter_cases(ledger, user, chance), *sort_cases(ledger)]
        several += [*word_cases(ledger, chance), *record_cases(ledger)]
        for case in several:
            yield Case(f"{ledger.name}: {case.name}", filled(case.addresses, requests), filled(case.plain, requests))


def filled(addresses: Addresses, requests: int) -> Addresses:
    """Repeated, or cut, to the number wanted."""
    return [addresses[index % len(addresses)] for index in range(requests)] if addresses else ()


def page_cases(ledger: Ledger) -> Iterator[Case]:
    far = range(ledger.far - 30, ledger.far + 30)
    yield Case("page 1", [ledger.address()], [ledger.plain()])
    yield Case("page 1,000", [ledger.address(page=n) for n in far], [ledger.plain(p=n) for n in far])
    yield Case("last page", [ledger.address(page=10**6)])


def filter_cases(ledger: Ledger, user: Any, chance: random.Random) -> Iterator[Case]:
    for item in ledger.spec.filters:
        wishes = list(filter_wishes(item, user, chance))
        if not wishes:
            continue
        lookup = ledger.filters.get(item.name)
        ours = [f"{ledger.address()}{urlencode(wish, doseq=True)}" for wish in wishes]
        plain = [ledger.plain(**{lookup: wish[item.name]}) for wish in wishes] if lookup else []
        yield Case(f"filter {item.name}", ours, plain)
    yield from combined_cases(ledger, user)


def filter_wishes(item: Filter, user: Any, chance: random.Random) -> Iterator[dict[str, Any]]:
    if item.kind == "days":
        for _number in range(20):
            year = chance.randrange(2008, 2026)
            yield {item.name: [f"{year}-0{chance.randrange(1, 7)}-01", f"{year}-12-31"]}
        return
    for value, _label in item.options(user):
        yield {item.name: value}


def combined_cases(ledger: Ledger, user: Any) -> Iterator[Case]:
    """Two filters with a sort, and a far page of one filter."""
    offered = [item for item in ledger.spec.filters if item.kind != "days" and len(item.options(user)) > 1]
    one, two = offered[0], offered[1]
    sorts = [column.name for column in ledger.spec.columns if column.sort]
    pairs = [(a, b) for a, _label in one.options(user) for b, _label in two.options(user)]
    yield Case(
        f"filter {one.name} and {two.name}, sorted",
        [ledger.address(**{one.name: a, two.name: b, "sort": sorts[n % len(sorts)]}) for n, (a, b) in enumerate(pairs)],
    )
    values = [value for value, _label in one.options(user)]
    yield Case(f"filter {one.name}, page 300", [ledger.address(**{one.name: value, "page": 300}) for value in values])


def sort_cases(ledger: Ledger) -> Iterator[Case]:
    far = ledger.far
    for column in ledger.spec.columns:
        if not column.sort:
            continue
        number = ledger.columns.get(column.name)
        ways = [column.name, f"-{column.name}"]
        plain = [number, -number] if number else []
        yield Case(
            f"sort {column.name}, page 1",
            [ledger.address(sort=way) for way in ways],
            [ledger.plain(o=way) for way in plain],
        )
        yield Case(
            f"sort {column.name}, page 1,000",
            [ledger.address(sort=ways[n % 2], page=far - n % 30) for n in range(60)],
            [ledger.plain(o=plain[n % 2], p=far - n % 30) for n in range(60)] if plain else [],
        )


def word_cases(ledger: Ledger, chance: random.Random) -> Iterator[Case]:
    rare = ["".join(chance.choices(SYLLABLES, k=2)) for _number in range(60)]
    pairs = [f"{one} {two}" for one, two in pairwise(rare)]
    kinds = {"common words": TRADES, "rare words": rare, "two words": pairs}
    for name, words in kinds.items():
        yield Case(name, [ledger.address(q=word) for word in words], [ledger.plain(q=word) for word in words])
    yield Case("pinyin", [ledger.address(q=word) for word in ("xingchen", "yunhai", "tianyuan", "zhzn", "rbsy")])


def record_cases(ledger: Ledger) -> Iterator[Case]:
    shown = ledger.kind.objects.visible_to(AnonymousUser()).filter(visibility=Visibility.PUBLIC)
    rows = list(shown.order_by("pk").select_related()[500 : 500 + 60 * 13 : 13])
    change = f"{ledger.plain_list}{{}}/change/"
    yield Case("record", [row.get_absolute_url() for row in rows], [change.format(row.pk) for row in rows])
    old = list(heroes(ledger.kind))
    yield Case("record of 200 versions", [row.get_absolute_url() for row in old])
    yield Case(
        "timeline of 200 versions",
        [f"{row.get_absolute_url()}?timeline=200" for row in old],
        [f"{ledger.plain_list}{row.pk}/history/" for row in old],
    )
    yield Case("record as known on a day", [f"{row.get_absolute_url()}?known_at=2099-01-01" for row in old])
