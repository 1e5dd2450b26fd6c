"""After any changes the followed index holds what one built anew holds, and shows what the ledgers show."""

import random
from collections.abc import Callable
from typing import Any

import pytest
import tantivy
from django.utils import timezone

from qunxing.directory.models import OrganizationName, Product
from qunxing.ledger.actions import change, create, remove
from qunxing.ledger.models import Visibility
from qunxing.search.following import Follower
from qunxing.search.gathering import specs
from qunxing.search.queries import term
from qunxing.search.reading import reader
from qunxing.search.schema import FILTERS
from qunxing.search.writing import POSITION, rebuild
from tests import factories
from tests.funds import factories as funds
from tests.indicators.factories import claim
from tests.registry import factories as registry
from tests.resources import factories as resources
from tests.scenarios import factories as scenarios

pytestmark = pytest.mark.django_db
WORDS = ("群星", "稀宇", "星河", "智能", "医疗", "MiniMax", "语音")
LEVELS = list(Visibility)
PROBES = [("level", level) for level in LEVELS] + [("all", pair) for pair in ("群星", "稀宇", "星河", "智能", "医疗")]


def holds() -> dict[str, Any]:
    """Everything in the index that can be asked for: each document's card, and which documents hold which terms."""
    one = reader()
    assert one is not None
    hits = one.searcher.search(tantivy.Query.all_query(), 10_000).hits
    documents = [one.searcher.doc(address) for _score, address in hits]
    found: dict[str, Any] = {
        document.get_first("key"): bytes(document.get_first("card"))
        for document in documents
        if document.get_first("key") != POSITION
    }
    owners = [("owner", str(firm.pk)) for firm in factories.Organization.objects.all()]
    for field, value in [*PROBES, *owners]:
        answer = one.searcher.search(term(field, value), 10_000).hits
        found[f"{field}={value}"] = {one.searcher.doc(address).get_first("key") for _score, address in answer}
    wanted = {name: {"terms": {"field": name, "size": 500}} for name in FILTERS}
    counts = one.searcher.aggregate(tantivy.Query.all_query(), wanted)
    return found | {name: {b["key"]: b["doc_count"] for b in counts[name]["buckets"]} for name in FILTERS}


class Mill:
    """Does something at random to a small community."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.made: list[Any] = [factories.organization(name=f"群星{number}") for number in range(4)]

    def firm(self) -> Any:
        return self.chance.choice([one for one in self.made if isinstance(one, factories.Organization)])

    def words(self) -> str:
        return "".join(self.chance.sample(WORDS, 2))

    def add(self) -> None:
        firm = self.firm()
        makers: list[Callable[[], Any]] = [
            lambda: factories.organization(name=self.words(), visibility=self.chance.choice(LEVELS)),
            lambda: create(Product(organization=firm, name=self.words()), actor=None),
            lambda: create(OrganizationName(organization=firm, text=self.words()), actor=None),
            lambda: registry.model(firm, name=self.words()),
            lambda: registry.filing(self.chance.choice(["granted", "preparing"]), organization=firm, name=self.words()),
            lambda: resources.offer(provider=firm, title=self.words()),
            lambda: scenarios.scenario(
                self.chance.choice(["draft", "published"]), organization=firm, title=self.words()
            ),
            lambda: funds.fund(manager=firm, name=self.words()),
            lambda: funds.round_of(firm, note=self.words()),
            lambda: funds.investment(funds.round_of(firm), investor=self.firm()).round,
            lambda: claim(subject=self.words()),
            lambda: factories.source(title=self.words()),
        ]
        self.made.append(self.chance.choice(makers)())

    def alter(self) -> None:
        one = self.chance.choice(self.made)
        names = [name for name in ("name", "title", "subject", "text", "note") if hasattr(one, name)]
        values = {names[0]: self.words()} if self.chance.random() < 0.5 else {"visibility": self.chance.choice(LEVELS)}
        change(one, actor=None, values=values)

    def drop(self) -> None:
        parts = [one for one in self.made if isinstance(one, Product | OrganizationName)]
        if parts:
            gone = self.chance.choice(parts)
            self.made.remove(gone)
            remove(type(gone).objects.get(pk=gone.pk), actor=None, reason="错录")

    def turn(self) -> None:
        self.chance.choice([self.add, self.add, self.alter, self.alter, self.drop])()


@pytest.mark.parametrize("seed", range(6))
def test_followed_index_is_the_one_that_would_be_built(seed: int) -> None:
    mill, follower = Mill(seed), Follower()
    for _round in range(4):
        for _turn in range(mill.chance.randrange(1, 12)):
            mill.turn()
        while follower.step():
            pass
    followed = holds()
    follower.release()
    rebuild(timezone.localdate())
    assert holds() == followed
    for spec in specs():
        refs = set(spec.model._default_manager.values_list("ref", flat=True))
        kept = {key.partition(":")[2] for key in followed if key.startswith(f"{spec.code}:")}
        assert kept == refs
