"""Conflicts, scores and draws."""

import json
from collections import defaultdict
from collections.abc import Iterator
from statistics import fmean

from qunxing.challenges.rehearsal.invariants.found import Found
from qunxing.challenges.rehearsal.memory import Memory
from qunxing.ledger.canonical import canonical
from qunxing.panels.models import Conflict, Expert, Panel, Party, Sheet, Standing
from qunxing.panels.proof import check_draw, published
from qunxing.panels.states import HOLDS, STANDS, PanelState, ReviewState, SheetState

DECIDED = (PanelState.CLOSED, PanelState.SIGNED)
NEAR = 1e-6


def counted() -> list[Sheet]:
    """Sheets that were handed in and have not become void."""
    rows = Sheet.objects.filter(state=SheetState.SUBMITTED).select_related("review__seat", "review__item__panel")
    return list(rows.exclude(review__state=ReviewState.VOID))


def conflicts(_memory: Memory) -> Iterator[Found]:
    """Where a panel has closed, nobody with a conflict that stands keeps a score."""
    pairs = set(Conflict.objects.filter(state__in=STANDS).values_list("panel", "expert", "item"))
    for sheet in counted():
        panel, expert, item = sheet.review.panel_id, sheet.review.seat.expert_id, sheet.review.item_id
        decided = sheet.review.item.panel.state in DECIDED
        tied = (panel, expert, item) in pairs or (panel, expert, None) in pairs
        yield Found.of(sheet.review, not (decided and tied), "scored by somebody with a conflict")


def ties(memory: Memory) -> Iterator[Found]:
    """Ties that were known before any panel was planned kept their experts from what they are tied to."""
    items: dict[int, set[int]] = defaultdict(set)
    for item, organization in Party.objects.filter(item__isnull=False).values_list("item", "organization"):
        items[organization].add(item)
    given: dict[int, set[int]] = defaultdict(set)
    for sheet in counted():
        given[sheet.review.seat.expert_id].add(sheet.review.item_id)
    for one in memory.planted:
        scored = given[one.expert] & items[one.organization]
        name = Expert.objects.get(pk=one.expert).name
        yield Found.of(name, not scored, f"scored items {sorted(scored)} in spite of {one.why}")


def void_sheets(_memory: Memory) -> Iterator[Found]:
    """What is void counts in no result, nor does a sheet of somebody who left the seat."""
    scores: dict[int, list[float]] = defaultdict(list)
    for sheet in counted():
        held = sheet.review.seat.state in HOLDS
        yield Found.of(sheet.review, held, "a sheet of somebody who left counts")
        if sheet.total is not None and not sheet.abstain:
            scores[sheet.review.item_id].append(sheet.total)
    for row in Standing.objects.filter(panel__state__in=DECIDED, item__withdrawn=False).select_related("item"):
        given = scores[row.item_id]
        same = len(given) == row.scores and (not given or abs(fmean(given) - (row.raw_mean or 0)) < NEAR)
        yield Found.of(row.item, same, f"{row.scores} scores of mean {row.raw_mean}, found {len(given)}")


def draws(_memory: Memory) -> Iterator[Found]:
    """Every draw can be repeated from what is published of it."""
    for panel in Panel.objects.filter(drawn_at__isnull=False):
        faults = check_draw(json.loads(canonical(published(panel))))
        yield Found.of(panel.number, not faults, "; ".join(str(fault.lazy()) for fault in faults))
