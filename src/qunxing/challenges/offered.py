"""What the pages of a challenge and of a bid show of what came after the opening."""

from typing import Any

from qunxing.challenges.models import (
    BadRecord,
    Bid,
    Challenge,
    Contract,
    FormalCheck,
    Notice,
    Place,
    ReviewItem,
)
from qunxing.challenges.reads import countdown
from qunxing.challenges.rules.deciding import Permission
from qunxing.challenges.states.challenge import SEALED, ChallengeState
from qunxing.challenges.views.steps import today
from qunxing.core.calendars import work_calendar
from qunxing.core.panels import PanelSpec
from qunxing.panels.models import Sheet
from qunxing.panels.rules import Permission as PanelPermission
from qunxing.panels.states import SITS, SheetState

S = ChallengeState
# The page on which a challenge in this state goes on.
DESKS = {
    S.CHECKING: "challenges:check-list",
    S.REVIEW: "challenges:review",
    S.PROPOSED: "challenges:award",
    S.NOTICE: "challenges:award",
    S.SUSPENDED: "challenges:award",
}


def challenge_panel(challenge: Challenge, user: Any) -> dict[str, Any] | None:
    """Notices for everybody, contracts for their sides, the way to the work for staff and officers."""
    if challenge.state in SEALED:
        return None
    notices = list(Notice.objects.visible_to(user).filter(challenge=challenge).order_by("-pk"))
    contracts = list(Contract.objects.visible_to(user).filter(challenge=challenge).select_related("organization"))
    oversees = user.has_perm(Permission.SEE_DECIDING, challenge)
    if not (notices or contracts or oversees):
        return None
    calendar, day = (work_calendar() if notices else None), today()
    return {
        "challenge": challenge,
        "notices": [(row, countdown(row, day, calendar)) for row in notices] if calendar is not None else [],
        "contracts": contracts,
        "desk": DESKS.get(S(challenge.state), "challenges:contracts") if oversees else "",
    }


def bid_panel(bid: Bid, user: Any) -> dict[str, Any] | None:
    """The formal check and, once notice was given, place, scores and what reviewers say to the bidder."""
    if not bid.is_open:
        return None
    check = FormalCheck.objects.visible_to(user).filter(bid=bid).first()
    place = Place.objects.visible_to(user).filter(bid=bid).select_related("proposal").order_by("-proposal").first()
    contract = Contract.objects.visible_to(user).filter(bid=bid).first()
    oversees = user.has_perm(Permission.SEE_DECIDING, bid.challenge)
    request = recusal_item(bid, user)
    if not (check or place or contract or oversees or request):
        return None
    return {
        "bid": bid,
        "check": check,
        "place": place,
        "of": place.proposal.places.count() if place is not None else 0,
        "notes": notes_to(place) if place is not None else [],
        "contract": contract,
        "oversees": oversees,
        "item": request,
    }


def notes_to(place: Place) -> list[str]:
    """What reviewers wrote to the bidder, in an order that says nothing of who sits where."""
    rows = Sheet.objects.filter(
        review__item__review_item__bid=place.bid_id,
        review__item__review_item__round=place.proposal.round_id,
        state=SheetState.SUBMITTED,
    )
    return list(rows.exclude(note_to_bidder="").order_by("digest").values_list("note_to_bidder", flat=True))


def recusal_item(bid: Bid, user: Any) -> Any:
    """The item for which the user may ask that an expert be recused; None while no panel sits."""
    row = ReviewItem.objects.filter(bid=bid, round__superseded=False, round__panel__state__in=SITS)
    found = row.select_related("item").first()
    if found is None or not user.has_perm(PanelPermission.REQUEST, found.item):
        return None
    return found.item


def organization_panel(organization: Any, user: Any) -> dict[str, Any] | None:
    """Bad records, for staff, officers and the organisation's own people."""
    found = list(BadRecord.objects.visible_to(user).filter(organization=organization))
    return {"records": found} if found else None


PANELS = (
    PanelSpec("directory.organization", "challenges/deciding/organization_panel.html", organization_panel),
    PanelSpec("challenges.challenge", "challenges/deciding/challenge_panel.html", challenge_panel),
    PanelSpec("challenges.bid", "challenges/deciding/bid_panel.html", bid_panel),
)
