"""Who may write, submit, withdraw, read and open bids.

While a bid is sealed the organisations in it are known by their tags alone: whoever asks is held against the tags of
their own organisations, and learns nothing of others.
"""

from enum import StrEnum
from typing import Any

import rules

from qunxing.accounts.rules import oversight
from qunxing.challenges.models import Bid, BidParty, ChallengeList
from qunxing.challenges.rules.subjects import WRITERS, of_issuer
from qunxing.challenges.sealing import tag_of
from qunxing.challenges.states import bid as life
from qunxing.challenges.states import board, party
from qunxing.directory.models import Organization
from qunxing.directory.rules import edits_some, roles_of
from qunxing.ledger.rules import hung_on

LEAD, PARTNER = BidParty.Role.LEAD, BidParty.Role.PARTNER


class Permission(StrEnum):
    SEE_BIDS = "challenges.see_bids"
    CREATE_BID = "challenges.create_bid"
    WRITE_BID = life.WRITE
    SUBMIT_BID = life.SUBMIT
    WITHDRAW_BID = life.WITHDRAW
    CONFIRM_PART = party.CONFIRM
    READ_BID = "challenges.read_bid"
    OPEN_BIDS = board.OPEN
    RESTORE_KEY = "challenges.restore_key"


def bid_of(row: Any) -> Bid | None:
    """The bid a record is, or hangs on."""
    return hung_on(row, Bid, "bid")


def board_of(row: Any) -> ChallengeList | None:
    """The list that bids are opened of."""
    bid = bid_of(row)
    found = bid.board if bid is not None else row if isinstance(row, ChallengeList) else getattr(row, "board", None)
    return found if isinstance(found, ChallengeList) else None


def refs_of(user: Any) -> dict[str, str]:
    """{reference of an organisation: the user's role in it}, read once for each user object."""
    roles = roles_of(user)
    if not roles:
        return {}
    if getattr(user, "organization_refs", (None,))[0] != roles:
        rows = Organization.objects.filter(pk__in=roles).values_list("pk", "ref")
        user.organization_refs = (roles, {ref: roles[key] for key, ref in rows})
    found: dict[str, str] = user.organization_refs[1]
    return found


def part_role(user: Any, bid: Bid, *parts: str) -> set[str]:
    """The roles that the user has in organisations which have one of these parts in the bid."""
    if bid.is_open:
        keys = {row.organization_id for row in bid.parts.values() if row.role in parts}
        return {role for key, role in roles_of(user).items() if key in keys}
    mine = refs_of(user)
    tags = {row.tag for row in bid.parts.values() if row.role in parts}
    return {role for ref, role in mine.items() if tag_of(bid.board, ref) in tags}


@rules.predicate
def leads(user: Any, row: Any) -> bool:
    """Owner or editor of the organisation that leads the bid."""
    bid = bid_of(row)
    return bid is not None and not WRITERS.isdisjoint(part_role(user, bid, LEAD))


@rules.predicate
def partners(user: Any, row: Any) -> bool:
    """Owner or editor of a partner in the bid."""
    bid = bid_of(row)
    return bid is not None and not WRITERS.isdisjoint(part_role(user, bid, PARTNER))


@rules.predicate
def takes_part(user: Any, row: Any) -> bool:
    """Any member of an organisation in the bid."""
    bid = bid_of(row)
    return bid is not None and bool(part_role(user, bid, LEAD, PARTNER))


@rules.predicate
def is_opened(_user: Any, row: Any) -> bool:
    bid = bid_of(row)
    return bid is not None and bid.is_open


@rules.predicate
def may_turn_key(user: Any, row: Any) -> bool:
    """One of the two kinds of user that the list's rules name for the opening."""
    found = board_of(row)
    return found is not None and getattr(user, "kind", None) in found.rules.opening.roles


@rules.predicate
def belongs_somewhere(user: Any) -> bool:
    return bool(roles_of(user))


GRANTS = {
    Permission.SEE_BIDS: oversight | belongs_somewhere,
    Permission.CREATE_BID: edits_some,
    Permission.WRITE_BID: leads,
    Permission.SUBMIT_BID: leads,
    Permission.WITHDRAW_BID: leads,
    Permission.CONFIRM_PART: partners,
    Permission.READ_BID: takes_part | (is_opened & (oversight | of_issuer)),
    Permission.OPEN_BIDS: may_turn_key,
    Permission.RESTORE_KEY: oversight,
}
