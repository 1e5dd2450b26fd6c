"""What deciding and delivering read out of an opened bid."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from qunxing.challenges.content import BidContent
from qunxing.challenges.models import Bid, BidParty, Challenge, Target
from qunxing.challenges.terms import Terms
from qunxing.challenges.tranches import meets, most
from qunxing.core.errors import Refused
from qunxing.directory.models import Organization
from qunxing.scenarios.goals import Operator

# What a bidder promises to reach counts as reached when it is reached.
INCLUSIVE = {Operator.OVER: Operator.AT_LEAST, Operator.UNDER: Operator.AT_MOST}


@dataclass(frozen=True)
class Promise:
    """A target as it was asked for and as the bid answers it."""

    target: Target
    value: Decimal | None
    proof: str = ""
    page: str = ""

    @property
    def holds(self) -> bool:
        """Whether the answer is at least what was asked for."""
        row = self.target
        return self.value is not None and meets(row.operator, row.target, row.target_high, self.value)

    def as_commitment(self) -> dict[str, Any]:
        """The target that is signed: the answer where it is one value, the range that was asked for otherwise."""
        row = self.target
        between = row.operator == Operator.BETWEEN
        sharper = self.holds and not between and self.value != row.target
        return {
            "name": row.name,
            "operator": INCLUSIVE.get(Operator(row.operator), row.operator) if sharper else row.operator,
            "target": self.value if sharper else row.target,
            "target_high": row.target_high,
            "unit": row.unit,
            "asked": row.goal[:120],
            "tested_how": row.tested_how,
        }


def content_of(bid: Bid) -> BidContent:
    """What the bid says; Refused while it is sealed."""
    content = bid.content
    if content is None:
        raise Refused(_("The bid is not open."), _("Bids are opened after the deadline by two people."), 409)
    return content


def promises_of(bid: Bid) -> list[Promise]:
    """Every target of the challenge with the bid's answer."""
    content = content_of(bid)
    found = []
    for target in bid.challenge.targets.all():
        answer = content.answer_to(target.ref)
        value = answer.number if answer is not None else None
        found.append(Promise(target, value, answer.proof if answer else "", answer.page if answer else ""))
    return found


def grant_of(bid: Bid, challenge: Challenge, terms: Terms) -> int:
    """What may be granted: what the bid asks for, within the caps of the rules and the money of the challenge."""
    content, funding = content_of(bid), terms.funding
    limits = [content.grant, most(content.total, funding.cap_percent, funding.cap_amount)]
    return min([*limits, challenge.money] if challenge.money is not None else limits)


def partners_of(bid: Bid) -> list[tuple[Organization, str]]:
    """(partner, what it answers for) in the order of the bid."""
    tasks = {part.organization: part.tasks for part in content_of(bid).partners}
    rows = bid.parties.filter(role=BidParty.Role.PARTNER, organization__isnull=False).select_related("organization")
    return [(row.organization, tasks.get(row.organization.ref, "")) for row in rows]
