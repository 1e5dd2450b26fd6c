"""What a list suggests about names and leaves to a person: renames, shared entity keys, names that nearly agree."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from qunxing.core.text import fold_name
from qunxing.directory.models import Organization
from qunxing.intake.models import Proposal
from qunxing.intake.official import OfficialList, PartKind, Place
from qunxing.intake.registering.known import Known

FORM = re.compile(r"(股份有限公司|有限责任公司|有限公司|集团公司|集团|公司)$")
PLACE = re.compile(
    r"^(中国|北京|上海|天津|重庆|[一-鿿]{2,3}省|[一-鿿]{2,3}市|广州|深圳|杭州|南京|成都|武汉|苏州|西安|合肥|厦门|浙江|江苏|广东)"
)
NEAR = 92
SHORTEST = 4


@dataclass(frozen=True)
class Suggestion:
    kind: Proposal.Kind
    old: str
    new: str
    place: Place | None = None
    words: str = ""

    @property
    def keys(self) -> tuple[str, str, str]:
        return (self.kind, fold_name(self.old)[:200], fold_name(self.new)[:200])


def suggest(found: OfficialList, known: Known, made: list[Organization]) -> list[Suggestion]:
    """Every suggestion once, in the order: what the list says itself, then keys, then likeness."""
    suggestions: dict[tuple[str, str, str], Suggestion] = {}
    renamed: set[frozenset[str]] = set()
    for one in [*renames(found), *same_keys(known, made), *near_names(made)]:
        _kind, old, new = one.keys
        pair = frozenset((old, new))
        if old == new or (one.kind != Proposal.Kind.RENAMED and pair in renamed):
            continue
        renamed.add(pair)
        suggestions.setdefault(one.keys, one)
    return list(suggestions.values())


def renames(found: OfficialList) -> Iterator[Suggestion]:
    """Renames of organisations that a remark tells, row by row."""
    for row in found.rows:
        for part in row.remark_parts:
            if part.kind is PartKind.ORGANIZATION_RENAMED and part.old and part.new:
                yield Suggestion(Proposal.Kind.RENAMED, part.old[:200], part.new[:200], row.place, part.text)


def same_keys(known: Known, made: Iterable[Organization]) -> Iterator[Suggestion]:
    """New organisations whose entity key another one has, in the ledger or on the list."""
    holders: dict[str, list[Organization]] = defaultdict(list)
    for key, organizations in known.by_entity_key.items():
        holders[key] += organizations
    for organization in made:
        if not organization.entity_key:
            continue
        for other in holders[organization.entity_key]:
            yield Suggestion(Proposal.Kind.SAME_KEY, other.name, organization.name, words=organization.entity_key)
        holders[organization.entity_key].append(organization)


def near_names(made: Iterable[Organization]) -> Iterator[Suggestion]:
    """New organisations whose trade name nearly is that of another; only names that begin alike are compared."""
    new = {organization.name_key: organization.name for organization in made}
    buckets: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, name in [*stored_names(), *new.items()]:
        core = trade_name(key)
        if len(core) >= SHORTEST:
            buckets[core[:3]].append((key, name))
    for bucket in buckets.values():
        yield from near_pairs(bucket, new)


def stored_names() -> Iterator[tuple[str, str]]:
    return Organization.objects.order_by("pk").values_list("name_key", "name").iterator(5_000)


def near_pairs(bucket: list[tuple[str, str]], new: dict[str, str]) -> Iterator[Suggestion]:
    """Pairs within a bucket of which the later is new: the same trade name in another form, or nearly the same."""
    for position, (key, name) in enumerate(bucket):
        if key not in new:
            continue
        for other_key, other in bucket[:position]:
            if trade_name(key) == trade_name(other_key) or fuzz.ratio(key, other_key) >= NEAR:
                yield Suggestion(Proposal.Kind.NEAR_NAME, other, name)


def trade_name(key: str) -> str:
    """A folded name without its place and its company form: what is left tells the firm."""
    return FORM.sub("", PLACE.sub("", key))
