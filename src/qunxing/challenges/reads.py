"""Reads for the pages after the opening."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.checkpoints import FAIL, PASS, STATE_NAMES, TONES, UNKNOWN, name_of
from qunxing.challenges.models import (
    Bid,
    BidFinding,
    Challenge,
    Contract,
    ContractChange,
    FormalCheck,
    Milestone,
    Notice,
    Payment,
    Place,
    Proof,
    ReviewItem,
    ReviewRound,
    Termination,
)
from qunxing.challenges.noticeclock import left
from qunxing.challenges.queries.bids import COUNTED
from qunxing.challenges.states.bid import UNDECIDED, BidState
from qunxing.challenges.states.milestone import MilestoneState
from qunxing.challenges.states.notice import NoticeState
from qunxing.challenges.states.payment import PaymentState
from qunxing.core.errors import Text
from qunxing.core.formats import show_day
from qunxing.core.reasons import Reason
from qunxing.core.workdays import WorkCalendar
from qunxing.directory.rules import roles_of

WIDTH = 200.0


@dataclass(frozen=True)
class ShownPoint:
    """A point of a formal check, as it is read."""

    code: str
    name: Text
    state: str
    label: Text
    tone: str
    why: tuple[str, ...]
    by_hand: bool


def shown_points(check: FormalCheck | None) -> list[ShownPoint]:
    return [shown_point(one) for one in check.points] if check is not None else []


def shown_point(stored: dict[str, Any]) -> ShownPoint:
    state = stored["state"]
    why = [str(Reason.from_json(one)) for one in stored["told"]] + ([stored["detail"]] if stored["detail"] else [])
    return ShownPoint(
        stored["code"], name_of(stored["code"]), state, STATE_NAMES[state], TONES[state], tuple(why), stored["by_hand"]
    )


@dataclass(frozen=True)
class CheckRow:
    """A bid in the table of the formal check."""

    bid: Bid
    check: FormalCheck | None
    passed: int
    failed: int
    unknown: int

    @property
    def undecided(self) -> bool:
        return self.bid.state in UNDECIDED

    @property
    def ready(self) -> bool:
        """Whether it may be admitted as it stands."""
        return self.check is not None and not self.check.verdict and not self.failed and not self.unknown


def check_rows(challenge: Challenge) -> list[CheckRow]:
    """Every bid that was opened or set aside, with how its check stands; two queries."""
    bids = challenge.bids.filter(state__in=COUNTED - {BidState.SUBMITTED}).order_by("number", "pk")
    bids = bids.select_related("organization", "challenge")
    checks = {row.bid_id: row for row in FormalCheck.objects.filter(bid__challenge=challenge).select_related("bid")}
    return [check_row(bid, checks.get(bid.pk)) for bid in bids]


def check_row(bid: Bid, check: FormalCheck | None) -> CheckRow:
    counts = Counter(one["state"] for one in check.points) if check is not None else Counter()
    return CheckRow(bid, check, counts[PASS], counts[FAIL], counts[UNKNOWN])


@dataclass(frozen=True)
class PlaceBar:
    """A place of a proposal with the marks of its interval on a drawing, and whether the next is too close to call."""

    place: Place
    low: str
    high: str
    at: str
    raw: str
    joined: bool
    unfit: bool = False


def place_bars(places: Iterable[Place]) -> list[PlaceBar]:
    """Places in their order on one scale; `unfit` where a rule of eligibility failed when the award was proposed."""
    rows = list(places)
    failed = BidFinding.objects.filter(stage=BidFinding.Stage.AWARD, outcome="fail")
    unfit = set(failed.filter(bid__in=[row.bid_id for row in rows]).values_list("bid_id", flat=True))
    values = [value for row in rows for value in (row.low, row.high, row.calibrated, row.raw) if value is not None]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    scale = WIDTH / (high - low) if high > low else 1.0
    after: Sequence[Place | None] = [*rows[1:], None]
    bars = [place_bar(row, low, scale, follower) for row, follower in zip(rows, after, strict=True)]
    return [replace(bar, unfit=bar.place.bid_id in unfit) for bar in bars]


def place_bar(row: Place, low: float, scale: float, follower: Place | None) -> PlaceBar:
    marks = [
        "" if value is None else f"{(value - low) * scale:.1f}"
        for value in (row.low, row.high, row.calibrated, row.raw)
    ]
    joined = follower is not None and row.band is not None and follower.band == row.band
    return PlaceBar(row, marks[0], marks[1], marks[2], marks[3], joined)


def items_of(round_: ReviewRound) -> list[ReviewItem]:
    """Which code is which bid."""
    rows = ReviewItem.objects.filter(round=round_).select_related("bid__organization", "bid__challenge", "item")
    return list(rows.order_by("item__code"))


@dataclass(frozen=True)
class Countdown:
    """How far a notice is: days that count, gone and left."""

    days: int
    left: int
    running: bool
    over: bool

    @property
    def gone(self) -> int:
        return max(self.days - self.left, 0)


def countdown(notice: Notice, day: date, calendar: WorkCalendar) -> Countdown:
    rest = left(notice.window, day, notice.rule, calendar)
    running = notice.state == NoticeState.RUNNING
    return Countdown(max(notice.rule.days, rest), rest, running, day > notice.last_day)


def tabs_of(challenge: Challenge, here: str, names: Sequence[tuple[str, Text]]) -> list[tuple[Text, str, bool]]:
    """The tabs of the work after the opening."""
    return [(label, reverse(f"challenges:{name}", args=[challenge.ref]), name == here) for name, label in names]


def own_places(challenge: Challenge, user: Any) -> list[Place]:
    """The places of the user's own organisations, once notice was given."""
    keys = list(roles_of(user))
    rows = Place.objects.visible_to(user).filter(proposal__challenge=challenge, bid__organization__in=keys)
    return list(rows.select_related("bid__organization", "proposal"))


# --- contracts ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownMilestone:
    """A milestone with its tranche and proof, and whether its day has passed without a report."""

    row: Milestone
    payment: Payment | None
    proofs: tuple[Proof, ...]
    overdue: bool


def shown_milestones(contract: Contract, day: date) -> list[ShownMilestone]:
    """The milestones in their order; three queries."""
    payments = {row.milestone_id: row for row in contract.payments.all()}
    proofs: dict[int | None, list[Proof]] = {}
    for proof in contract.proofs.all():
        proofs.setdefault(proof.milestone_id, []).append(proof)
    return [
        ShownMilestone(
            row,
            payments.get(row.pk),
            tuple(proofs.get(row.pk, ())),
            row.state in {MilestoneState.PLANNED, MilestoneState.RETURNED} and row.due_on < day,
        )
        for row in contract.milestones.all()
    ]


@dataclass(frozen=True)
class ContractMoney:
    """The payments of a contract and their sums, in yuan."""

    rows: tuple[Payment, ...]
    grant: int
    paid: int
    due: int
    overdue: int


def contract_money(contract: Contract, day: date) -> ContractMoney:
    rows = tuple(contract.payments.select_related("milestone"))
    return ContractMoney(
        rows,
        contract.grant,
        sum(row.amount for row in rows if row.state == PaymentState.PAID),
        sum(row.amount for row in rows if row.state == PaymentState.DUE),
        sum(row.overdue_on(day) for row in rows),
    )


def shown_changes(contract: Contract) -> list[tuple[ContractChange, str]]:
    """(change, what it is to bring)."""
    rows = contract.changes.select_related("partner")
    return [(row, change_text(row)) for row in rows]


def change_text(row: ContractChange) -> str:
    if row.kind == ContractChange.Kind.EXTENSION:
        return _("until %(day)s") % {"day": show_day(row.new_end)}
    if row.kind == ContractChange.Kind.LEADER:
        return row.new_leader
    return str(row.partner or "")


@dataclass(frozen=True)
class Deed:
    """A log entry that speaks for the contractor."""

    index: int
    day: str
    what: Text
    said: str


DEEDS: Mapping[str, Text] = {
    "milestone.reported": pgettext_lazy("log of a contract", "Milestone reported"),
    "milestone.checked": pgettext_lazy("log of a contract", "Milestone checked"),
    "difficulty.told": pgettext_lazy("log of a contract", "Difficulty told"),
    "proof.kept": pgettext_lazy("log of a contract", "Proof kept"),
    "change.asked": pgettext_lazy("log of a contract", "Change asked for"),
    "acceptance.asked": pgettext_lazy("log of a contract", "Acceptance asked for"),
}


def shown_evidence(termination: Termination) -> list[Deed]:
    """What the log shows of diligence, as it was gathered."""
    return [deed_of(one) for one in termination.evidence]


def deed_of(one: Mapping[str, Any]) -> Deed:
    day = one["facts"].get("day") or one["at"][:10]
    return Deed(one["index"], day, DEEDS.get(one["what"], one["what"]), deed_text(one))


def deed_text(one: Mapping[str, Any]) -> str:
    facts = one["facts"]
    if "in_time" in facts:
        return _("in time") if facts["in_time"] else _("late")
    if "passed" in facts:
        return _("passed") if facts["passed"] else _("returned")
    if "days_before_next" in facts:
        return _("%(days)s days before the next milestone") % {"days": facts["days_before_next"]}
    return ""
