"""What the rules of open challenges are asked of: the challenge a row is or hangs on, and whose it is."""

from typing import Any

import rules

from qunxing.challenges.models import Challenge, Contract
from qunxing.directory.models import Membership
from qunxing.directory.rules import roles_of
from qunxing.ledger.rules import hung_on

WRITERS = frozenset({Membership.Role.OWNER, Membership.Role.EDITOR})


def challenge_of(row: Any) -> Challenge | None:
    """The challenge a record is, or hangs on."""
    return hung_on(row, Challenge, "challenge")


def writes_for(user: Any, organization_id: int | None) -> bool:
    """Owner or editor of that organisation."""
    return roles_of(user).get(organization_id or 0) in WRITERS


@rules.predicate
def writes_somewhere(user: Any) -> bool:
    """An owner or editor of any organisation."""
    return not WRITERS.isdisjoint(roles_of(user).values())


def issuer_key(row: Any) -> int | None:
    """Whose a challenge or a contract is, asked of it or of what hangs on it."""
    challenge = challenge_of(row)
    if challenge is not None:
        return challenge.issuer_id
    contract = hung_on(row, Contract, "contract")
    return contract.issuer_id if contract is not None else None


@rules.predicate
def issues(user: Any, row: Any) -> bool:
    """Owner or editor of the organisation that issues the challenge, or that a contract without one is with."""
    return writes_for(user, issuer_key(row))


@rules.predicate
def of_issuer(user: Any, row: Any) -> bool:
    """Any member of the organisation that issues the challenge."""
    challenge = challenge_of(row)
    return challenge is not None and challenge.issuer_id in roles_of(user)
