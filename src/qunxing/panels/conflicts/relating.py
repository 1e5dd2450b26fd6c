"""How organisations hang together: groups by control, former selves, one code; investments; bids together."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations
from typing import Any

from django.db.models import Q

from qunxing.directory.models import Link, Organization
from qunxing.funds.models import Investment
from qunxing.panels.conflicts.finding import GROUP, INVESTMENT, JOINT_BID, Relation, Window
from qunxing.panels.models import Panel, Party

CONTROL = 50  # per cent, beyond which a holding makes a group
LONGEST_CHAIN = 4  # links that are followed from an organisation in play
MANY = 40  # parties of one item; more are no bid together


def relations_between(keys: Sequence[int], window: Window, panel: Panel) -> list[Relation]:
    """The relations in which these organisations stand, as far as they lead from one to another."""
    return [
        *links_around(keys, window),
        *same_code(keys),
        *investments(keys),
        *bids_together(keys, window, panel),
    ]


def links_around(keys: Sequence[int], window: Window) -> Iterator[Relation]:
    """Links of the organisations, then of those they lead to; a query for each length of the chain."""
    known, edge, told = set(keys), set(keys), set()
    for _length in range(LONGEST_CHAIN):
        for row in links_of(edge):
            if row.pk in told or not window.holds(row.from_day, row.to_day):
                continue
            told.add(row.pk)
            relation = relation_of(row)
            yield relation
            if relation.kind == GROUP:
                known |= {row.from_organization_id, row.to_organization_id}
        edge, keys = known - set(keys), [*known]
        if not edge:
            return


def links_of(keys: Collection[int]) -> Any:
    ends = Q(from_organization__in=keys) | Q(to_organization__in=keys)
    rows = Link.objects.filter(ends, kind__in=[Link.Kind.HOLDS, Link.Kind.INVESTS, Link.Kind.FORMER])
    return rows.select_related("from_organization", "to_organization").order_by("pk")


def relation_of(link: Link) -> Relation:
    controls = link.kind == Link.Kind.HOLDS and (link.share is None or link.share > CONTROL)
    kind = GROUP if controls or link.kind == Link.Kind.FORMER else INVESTMENT
    share = f" {link.share:f}%" if link.share is not None else ""
    text = f"{link.from_organization} → {link.to_organization}{share}"
    return Relation(f"o{link.from_organization_id}", f"o{link.to_organization_id}", kind, evidence_of(link, text))


def evidence_of(row: Any, text: str, first: Any = None, last: Any = None) -> dict[str, str]:
    first, last = first or getattr(row, "from_day", None), last or getattr(row, "to_day", None)
    return {
        "kind": row.kind_code(),
        "value": text,
        "ref": row.ref,
        "since": first.isoformat() if first else "",
        "until": last.isoformat() if last else "",
    }


def same_code(keys: Collection[int]) -> Iterator[Relation]:
    """Organisations that file algorithms under one entity code are one."""
    rows = Organization.objects.filter(pk__in=keys).exclude(entity_key="").order_by("pk")
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.entity_key].append(row)
    for code, members in groups.items():
        for one, other in combinations(members, 2):
            yield Relation(f"o{one.pk}", f"o{other.pk}", GROUP, evidence_of(one, f"{one} = {other} ({code})"))


def investments(keys: Collection[int]) -> Iterator[Relation]:
    """Who put money into whom, itself or by a fund it manages, where both are in play."""
    investor = Q(investor__in=keys) | Q(investor_fund__manager__in=keys)
    rows = Investment.objects.filter(investor, round__organization__in=keys)
    rows = rows.select_related("round__organization", "round__stage", "investor", "investor_fund__manager")
    for row in rows.order_by("pk"):
        giver = row.investor_id or (row.investor_fund.manager_id if row.investor_fund is not None else None)
        text = f"{row.investor_label} → {row.round}"
        evidence = evidence_of(row, text, row.round.closed_on)
        yield Relation(f"o{giver}", f"o{row.round.organization_id}", INVESTMENT, evidence)


def bids_together(keys: Collection[int], window: Window, panel: Panel) -> Iterator[Relation]:
    """Two organisations that stood behind one item within the window, here or before another panel."""
    rows = Party.objects.filter(organization__in=keys, item__isnull=False)
    rows = rows.filter(panel__day__gte=window.since, panel__day__lte=window.day) | rows.filter(panel=panel)
    by_item: dict[int, list[Any]] = defaultdict(list)
    for row in rows.select_related("item", "organization", "panel").order_by("pk"):
        by_item[row.item_id].append(row)
    for members in by_item.values():
        for one, other in combinations(members[:MANY], 2):
            if one.organization_id != other.organization_id:
                text = f"{one.organization} + {other.organization}: {one.item.title}"
                evidence = evidence_of(one.item, text, one.panel.day)
                yield Relation(f"o{one.organization_id}", f"o{other.organization_id}", JOINT_BID, evidence)
