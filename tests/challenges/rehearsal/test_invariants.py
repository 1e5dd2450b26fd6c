"""Every rule of the rehearsal sees what breaks it: a season that is in order is put out of order behind its back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import F

from qunxing.accounts.models import User
from qunxing.challenges.models import (
    Bid,
    BidVersion,
    ChallengeList,
    Contract,
    FormalCheck,
    Notice,
    Objection,
    Objector,
    Opening,
    Payment,
)
from qunxing.challenges.models.bids import BidQuerySet
from qunxing.challenges.models.contracts import ContractQuerySet
from qunxing.challenges.rehearsal import invariants
from qunxing.challenges.rehearsal.cast import gather
from qunxing.challenges.rehearsal.chance import repeatable
from qunxing.challenges.rehearsal.invariants.reviewing import DECIDED, counted
from qunxing.challenges.rehearsal.memory import Memory, Planted
from qunxing.challenges.rehearsal.season import play
from qunxing.challenges.rehearsal.size import Size
from qunxing.challenges.rehearsal.stage import Stage
from qunxing.directory.models import Organization
from qunxing.ledger.models import LogEntry
from qunxing.ledger.versions import history_of
from qunxing.panels.models import Conflict, Panel, Party, Sheet

SMALL = Size(bids=8, experts=22)
SEED = 2  # one with an objection, a payment and a notice that passed


@pytest.fixture(scope="module")
def season(django_db_setup: None, django_db_blocker: Any) -> Iterator[Memory]:
    """A season played once for all tests here, and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        stage = Stage(SEED, SMALL, gather(SMALL))
        with repeatable(SEED), stage.clock.running():
            play(stage)
        yield stage.memory
        transaction.set_rollback(True)


@pytest.fixture
def memory(season: Memory) -> Iterator[Memory]:
    """What the season remembers, to be spoilt; database and memory are as before afterwards."""
    kept = replace(
        season,
        sealed=set(season.sealed),
        planted=list(season.planted),
        leaders=set(season.leaders),
        objectors=set(season.objectors),
        broken=[],
    )
    with transaction.atomic():
        yield kept
        transaction.set_rollback(True)


def read_phrase(memory: Memory, _patch: Any) -> None:
    Organization.objects.filter(pk=Organization.objects.all()[0].pk).update(description=min(memory.sealed))


def name_bidders(_memory: Memory, _patch: Any) -> None:
    ChallengeList.objects.filter(opened_at__isnull=False, terms__bidding__hide_bidders=True).update(opened_at=None)


def show_sealed(_memory: Memory, patch: Any) -> None:
    ChallengeList.objects.filter(state="concluded").update(state="closed")
    patch.setattr(BidQuerySet, "visible_to", lambda rows, _user: rows)


def other_digest(_memory: Memory, _patch: Any) -> None:
    Bid.objects.filter(opened_at__isnull=False).update(digest="0" * 64)


def same_role(_memory: Memory, _patch: Any) -> None:
    for opening in Opening.objects.filter(second__isnull=False):
        other = User.objects.filter(kind=opening.first.kind).exclude(pk=opening.first_id).first()
        Opening.objects.filter(pk=opening.pk).update(second=other)


def other_receipt(_memory: Memory, _patch: Any) -> None:
    BidVersion.objects.update(digest="0" * 64)


def late_bid(_memory: Memory, _patch: Any) -> None:
    row = BidVersion.objects.select_related("bid__challenge__board")[0]
    after = row.bid.challenge.board.deadline + timedelta(seconds=1)
    BidVersion.objects.filter(pk=row.pk).update(submitted_at=after)


def nearer_deadline(_memory: Memory, _patch: Any) -> None:
    rows = history_of(ChallengeList).objects.filter(state="concluded")
    rows.update(deadline=F("deadline") - timedelta(days=1))


def shorter_notice(_memory: Memory, _patch: Any) -> None:
    Notice.objects.filter(state="passed").update(last_day=F("first_day"))


def objection_out_of_time(_memory: Memory, _patch: Any) -> None:
    Objection.objects.update(received_at=F("received_at") + timedelta(days=400))


def decided_sheet() -> Sheet:
    return next(sheet for sheet in counted() if sheet.review.item.panel.state in DECIDED)


def kept_conflict(_memory: Memory, _patch: Any) -> None:
    review = decided_sheet().review
    tied = {"panel": review.item.panel, "expert": review.seat.expert, "item": review.item}
    Conflict.objects.create(**tied, kind="kin", key="made for the test")


def scored_tie(memory: Memory, _patch: Any) -> None:
    review = decided_sheet().review
    party = Party.objects.filter(item=review.item, organization__isnull=False)[0]
    memory.planted.append(Planted(review.seat.expert_id, party.organization_id, "kin"))


def void_that_counts(_memory: Memory, _patch: Any) -> None:
    Sheet.objects.filter(pk=decided_sheet().pk).update(state="void")


def other_seed(_memory: Memory, _patch: Any) -> None:
    Panel.objects.filter(drawn_at__isnull=False).update(seed="另一个种子")


def not_admitted(_memory: Memory, _patch: Any) -> None:
    FormalCheck.objects.update(verdict="refuse")


def whole_name(memory: Memory, _patch: Any) -> None:
    Notice.objects.update(lines=[{"leader": min(memory.leaders)}])


def told_objector(_memory: Memory, _patch: Any) -> None:
    Notice.objects.update(text=Objector.objects.all()[0].phone)


def a_yuan_more(_memory: Memory, _patch: Any) -> None:
    Payment.objects.filter(pk=Payment.objects.all()[0].pk).update(amount=F("amount") + 1)


def paid_early(_memory: Memory, _patch: Any) -> None:
    Payment.objects.filter(state="paid").update(paid_on=date(2001, 1, 1))


def show_contracts(_memory: Memory, patch: Any) -> None:
    patch.setattr(ContractQuerySet, "visible_to", lambda rows, _user: rows)


def leap(_memory: Memory, _patch: Any) -> None:
    row = history_of(Contract).objects.filter(state="in_force").order_by("-history_id").first()
    history_of(Contract).objects.filter(pk=row.pk).update(state="void")


def other_entry(_memory: Memory, _patch: Any) -> None:
    LogEntry.objects.filter(index=5).update(body=LogEntry.objects.get(index=6).body)


def other_pack(memory: Memory, patch: Any) -> None:
    path = Path(settings.ENV.data_dir) / "spoilt.zip"
    data = bytearray(memory.archives[0].read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(bytes(data))
    patch.setattr(memory, "archives", [path])


SPOILT: Mapping[str, Callable[[Memory, Any], None]] = {
    "unreadable": read_phrase,
    "nameless": name_bidders,
    "sight_of_sealed": show_sealed,
    "opened_as_received": other_digest,
    "opened_by_two": same_role,
    "receipts": other_receipt,
    "in_time": late_bid,
    "deadlines": nearer_deadline,
    "notices": shorter_notice,
    "objections": objection_out_of_time,
    "conflicts": kept_conflict,
    "ties": scored_tie,
    "void_sheets": void_that_counts,
    "draws": other_seed,
    "awards": not_admitted,
    "masked": whole_name,
    "objectors": told_objector,
    "tranches": a_yuan_more,
    "payments": paid_early,
    "sight": show_contracts,
    "steps": leap,
    "log": other_entry,
    "archives": other_pack,
}


def test_every_rule_is_broken_here() -> None:
    assert set(SPOILT) == set(invariants.FINAL)


def test_a_season_is_in_order(season: Memory) -> None:
    assert season.broken == []
    assert [name for name in invariants.FINAL if not season.checked[name]] == []


@pytest.mark.parametrize("name", SPOILT)
def test_rule_sees_what_breaks_it(name: str, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    SPOILT[name](memory, monkeypatch)
    invariants.check(memory, {name: invariants.FINAL[name]})
    assert {one.rule for one in memory.broken} == {name}


def test_phrase_in_a_file_is_seen(memory: Memory, tmp_path: Path) -> None:
    path = Path(settings.ENV.data_dir) / f"{tmp_path.name}.txt"
    path.write_text(f"…{min(memory.sealed)}…", encoding="utf-8")
    try:
        invariants.check(memory, {"unreadable": invariants.FINAL["unreadable"]})
    finally:
        path.unlink()
    assert [one.subject for one in memory.broken] == [path.name]
