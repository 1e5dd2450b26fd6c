"""The points of a formal check: what the program itself can say of an opened bid."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_noop, pgettext_lazy

from qunxing.challenges.eligibility import PartyFinding, worst
from qunxing.challenges.gaps import stopping
from qunxing.challenges.models import Bid, BidParty
from qunxing.challenges.queries.bids import gaps_of
from qunxing.challenges.states.party import PartyState
from qunxing.core.errors import Text
from qunxing.core.reasons import Reason, because
from qunxing.matching.engine.conditions import Outcome

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"
STATES = (PASS, FAIL, UNKNOWN)
TONES = {PASS: "good", FAIL: "bad", UNKNOWN: "warn"}
STATE_NAMES: Mapping[str, Text] = {
    PASS: pgettext_lazy("point of the formal check", "passed"),
    FAIL: pgettext_lazy("point of the formal check", "failed"),
    UNKNOWN: pgettext_lazy("point of the formal check", "to be settled"),
}
NAMES: Mapping[str, Text] = {
    "seal": pgettext_lazy("point of the formal check", "The bid is what was received"),
    "whole": pgettext_lazy("point of the formal check", "The bid is complete"),
    "partners": pgettext_lazy("point of the formal check", "Every partner confirmed"),
    "promises": pgettext_lazy("point of the formal check", "Every core indicator is answered as asked"),
    "money": pgettext_lazy("point of the formal check", "The budget adds up and stays within the caps"),
    "relation": pgettext_lazy("point of the formal check", "No tie to the issuer"),
    "bad_record": pgettext_lazy("point of the formal check", "No bad record"),
    "running": pgettext_lazy("point of the formal check", "Not too many projects at once"),
    "residency": pgettext_lazy("point of the formal check", "Resides where the rules ask"),
    "filings": pgettext_lazy("point of the formal check", "Has the filing the rules ask for"),
    "certificates": pgettext_lazy("point of the formal check", "Has the certificates the rules ask for"),
    "rival": pgettext_lazy("point of the formal check", "Nobody stands in two rival bids"),
}
PLACES = gettext_noop("%(count)s places are missing or wrong: %(places)s.")
BROKEN = gettext_noop("What lies there has not the digest of the receipt: %(digest)s.")
UNCONFIRMED = gettext_noop("Not confirmed: %(names)s.")
WHO = gettext_noop("%(name)s: %(what)s")
WHO_ALONE = gettext_noop("%(name)s: nothing on the ledger tells.")
STATE_OF = {Outcome.PASS: PASS, Outcome.FAIL: FAIL, Outcome.UNKNOWN: UNKNOWN}
BELOW = gettext_noop("Below what was asked: %(names)s.")
MONEY_GAPS = ("budget", "total", "grant")
SHOWN = 5


@dataclass(frozen=True)
class Point:
    """One point: its code, how it stands, why by the program's word (`told`) or by hand (`detail`)."""

    code: str
    state: str
    told: tuple[Mapping[str, Any], ...] = ()
    detail: str = ""
    by_hand: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"told": list(self.told)}


def found_points(bid: Bid, found: Sequence[PartyFinding]) -> list[Point]:
    """Everything the program can check of a bid; `found` is what the rules of eligibility answered.

    Of one that could not be opened it knows that alone.
    """
    if not bid.is_open:
        return [point("seal", [because(BROKEN, digest=bid.digest)])]
    return [*content_points(bid), *party_points(bid), *rule_points(found)]


def point(code: str, wrong: list[Reason], state: str = FAIL) -> Point:
    return Point(code, state if wrong else PASS, tuple(reason.to_json() for reason in wrong))


def content_points(bid: Bid) -> Iterator[Point]:
    content = bid.content
    if content is None:
        return
    gaps = gaps_of(bid, content)
    money = [gap.where for gap in stopping(gaps) if gap.section in MONEY_GAPS]
    other = [gap.where for gap in stopping(gaps) if gap.section not in MONEY_GAPS]
    yield point("whole", places(other))
    yield point("money", places(money))
    below = [str(gap.words.get("target", "")) for gap in gaps if gap.code == "below_target"]
    yield point("promises", [because(BELOW, names="、".join(below))] if below else [], UNKNOWN)


def places(found: list[str]) -> list[Reason]:
    return [because(PLACES, count=len(found), places=", ".join(found[:SHOWN]))] if found else []


def party_points(bid: Bid) -> Iterator[Point]:
    rows = bid.parties.filter(role=BidParty.Role.PARTNER).select_related("organization")
    waiting = [str(row) for row in rows if row.state != PartyState.CONFIRMED]
    yield point("partners", [because(UNCONFIRMED, names="、".join(waiting))] if waiting else [])


def rule_points(found: Sequence[PartyFinding]) -> Iterator[Point]:
    """The rules of eligibility, a point each; the worst answer over the parties counts."""
    by_code: dict[str, list[PartyFinding]] = defaultdict(list)
    for one in found:
        by_code[one.code].append(one)
    for code, rows in by_code.items():
        outcome = worst(rows)
        wrong = [row for row in rows if row.outcome == outcome != Outcome.PASS]
        yield Point(code, STATE_OF[outcome], tuple(told(row).to_json() for row in wrong))


def told(row: PartyFinding) -> Reason:
    """Who it is, and what it rests on."""
    said = "; ".join(" ".join(part for part in (one.text, one.day) if part) for one in row.finding.evidence)
    return because(WHO, name=row.name, what=said) if said else because(WHO_ALONE, name=row.name)


def name_of(code: str) -> Text:
    """What a point is called."""
    return NAMES.get(code, code)
