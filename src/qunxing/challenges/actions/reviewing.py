"""Bringing admitted bids before a panel, and before it or another one again."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunxing.challenges.actions.checking import admitted
from qunxing.challenges.actions.common import follow, locked, require, take, tell
from qunxing.challenges.bidfacts import content_of, promises_of
from qunxing.challenges.models import Bid, Challenge, Notice, Proposal, ReviewItem, ReviewRound
from qunxing.challenges.rules.deciding import Permission
from qunxing.challenges.states import bid as bids
from qunxing.challenges.states import challenge as challenges
from qunxing.challenges.states import notice as notices
from qunxing.challenges.states import proposal as proposals
from qunxing.challenges.states.bid import UNDECIDED, BidState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.challenges.states.notice import LIVE
from qunxing.challenges.states.proposal import ProposalState
from qunxing.core.errors import Refused
from qunxing.ledger.actions import add_many, create
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import recording
from qunxing.panels import actions as panels
from qunxing.panels.models import Item, Panel, Party
from qunxing.panels.terms import PanelTerms, ScoringTerms
from qunxing.scenarios.goals import plain_number

TEXTS = (
    ("background", gettext_lazy("State of the art")),
    ("route", gettext_lazy("Technical route")),
    ("basis", gettext_lazy("What it builds on")),
    ("joint_plan", gettext_lazy("Plan with the issuer")),
)


def begin_review(challenge: Challenge, *, actor: Any, day: date) -> ReviewRound:
    """Plan a panel for the admitted bids; Refused while a check is open, or with too few bids."""
    require(actor, Permission.DECIDE_CHALLENGE, challenge)
    with recording(actor=actor):
        stored = locked(challenge)
        if stored.bids.filter(state__in=UNDECIDED).exists():
            raise Refused(_("The formal check of some bids is not decided."), _("Admit or refuse each of them."), 409)
        bids_in = admitted(stored)
        least = stored.board.rules.bidding.minimum
        if len(bids_in) < least:
            words = {"count": len(bids_in), "least": least}
            raise Refused(
                _("Only %(count)s bids are admitted; the rules ask for %(least)s.") % words,
                _("End the challenge without an award, or put it out again."),
                409,
            )
        take(stored, "begin_review", challenges.LIFE, actor=None)
        made = plan_round(stored, bids_in, actor=actor, day=day)
    challenge.refresh_from_db()
    return made


def plan_round(challenge: Challenge, bids_in: list[Bid], *, actor: Any, day: date) -> ReviewRound:
    """A panel by the rules of the list, with an item for each bid; codes say nothing of who bids."""
    number = challenge.rounds.count() + 1
    rules = challenge.board.rules
    panel = panels.create_panel(
        actor=None,
        title=challenge.title,
        terms=PanelTerms.read({"fields": list(challenge.fields)} | dict(rules.panel)),
        scoring=ScoringTerms.read(dict(rules.scoring)),
        day=day,
        issuer_parties=[panels.PartySpec(organization=challenge.issuer)],
        demo=challenge.demo,
    )
    specs = [item_spec(bid, place, blind=panel.rules.double_blind) for place, bid in enumerate(bids_in, start=1)]
    items = panels.add_items(panel, specs, actor=None)
    made = create(
        ReviewRound(challenge=challenge, panel=panel, number=number, began_on=day, demo=challenge.demo), actor=actor
    )
    add_many([review_item(made, bid, item) for bid, item in zip(bids_in, items, strict=True)])
    tell("challenge.review_begun", challenge, {"panel": panel.ref, "round": number, "bids": [b.ref for b in bids_in]})
    return made


def review_item(round_: ReviewRound, bid: Bid, item: Item) -> ReviewItem:
    made = ReviewItem(round=round_, bid=bid, item=item, demo=bid.demo)
    made.derive()
    return made


def item_spec(bid: Bid, place: int, *, blind: bool) -> panels.ItemSpec:
    """What the panel reads of a bid; for whom it was written is left out where the rules say so."""
    content = content_of(bid)
    firm = bid.organization
    return panels.ItemSpec(
        code=f"{place:03d}",
        title=_("Bid %(place)s") % {"place": place} if blind or firm is None else firm.name,
        text="\n".join(getattr(content, name) for name, _label in TEXTS),
        body=list(body_of(bid, blind=blind)),
        link="" if blind or not content.attachments else reverse("challenges:reading-list", args=[bid.ref]),
        parties=list(party_specs(bid)),
        affiliation=firm.name if firm is not None else "",
    )


def party_specs(bid: Bid) -> Iterator[panels.PartySpec]:
    """Every organisation of the bid, and the one who leads in person."""
    for row in bid.parties.filter(organization__isnull=False).select_related("organization"):
        yield panels.PartySpec(organization=row.organization, role=str(row.role))
    leader = content_of(bid).leader.name.strip()
    if leader:
        yield panels.PartySpec(name=leader, role=Party.Role.LEADER)


def body_of(bid: Bid, *, blind: bool) -> Iterator[dict[str, Any]]:
    """The parts of a bid as the reviewer reads them."""
    content = content_of(bid)
    answers = [
        [promise.target.name, promise.target.goal, shown(promise.value, promise.target.unit), promise.proof]
        for promise in promises_of(bid)
    ]
    yield {"heading": _("Core indicators"), "text": "", "rows": answers}
    names = [] if not blind else hidden_names(bid)
    for name, label in TEXTS:
        yield {"heading": str(label), "text": without(getattr(content, name), names), "rows": []}
    if not blind:
        team = [[person.name, person.title, person.part] for person in (content.leader, *content.team)]
        yield {"heading": _("Team"), "text": "", "rows": team}
    budget = [[row.category, str(row.year), f"{row.grant:,}", f"{row.own:,}"] for row in content.budget]
    yield {"heading": _("Budget"), "text": "", "rows": budget}


def shown(value: Any, unit: str) -> str:
    return f"{plain_number(value)} {unit}".strip() if value is not None else "—"


def hidden_names(bid: Bid) -> list[str]:
    """What must not stand in a text that is read blind: the names of firms and people, the longest first."""
    content = content_of(bid)
    names = [party.name for party in content.parties] + [person.name for person in (content.leader, *content.team)]
    for row in bid.parties.filter(organization__isnull=False).select_related("organization"):
        names += [row.organization.name, row.organization.short_name]
    return sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True)


def without(text: str, names: list[str]) -> str:
    """The text with each of the names struck out."""
    for name in names:
        text = text.replace(name, "▇▇")
    return text


def current_round(challenge: Challenge) -> ReviewRound:
    """The round of review that counts; Refused when there is none."""
    found: ReviewRound | None = challenge.rounds.filter(superseded=False).select_related("panel").first()
    if found is None:
        raise Refused(_("No panel has been planned for this challenge."), _("Begin the panel review first."), 409)
    return found


def review_again(challenge: Challenge, *, actor: Any, day: date, reason: str, new_panel: bool = True) -> ReviewRound:
    """Take the award back and let a new panel, or the same one, review anew."""
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        stored = locked(challenge)
        take(stored, "review_again", challenges.LIFE, actor=actor, reason=reason)
        overturn(stored, reason)
        found = renewed_panel(stored, reason, actor=actor, day=day) if new_panel else reopened(stored, reason)
        tell("challenge.review_again", stored, {"panel": found.panel.ref, "round": found.number})
    challenge.refresh_from_db()
    return found


def new_panel(challenge: Challenge, *, actor: Any, day: date, reason: str) -> ReviewRound:
    """Let another panel review, where none could be formed or this one fell apart."""
    require(actor, Permission.DECIDE_CHALLENGE, challenge)
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        stored = locked(challenge)
        if not in_review(stored):
            raise Refused(_("No panel reviews this challenge."), "", 409)
        found = renewed_panel(stored, reason, actor=actor, day=day)
        tell("challenge.new_panel", stored, {"panel": found.panel.ref, "round": found.number})
    return found


def overturn(challenge: Challenge, reason: str) -> None:
    """The proposal that counted and its notice count no more; its bids stand where they stood."""
    for row in Notice.objects.filter(challenge=challenge, proposal__isnull=False, state__in=LIVE):
        follow(row, "overturn", notices.LIFE)
    for proposal in challenge.proposals.exclude(state=ProposalState.OVERTURNED):
        follow(proposal, "overturn", proposals.LIFE)
    for bid in challenge.bids.filter(state=BidState.PROPOSED):
        follow(bid, "set_back", bids.LIFE)
    tell("challenge.award_overturned", challenge, {"reason": reason})


def renewed_panel(challenge: Challenge, reason: str, *, actor: Any, day: date) -> ReviewRound:
    old = current_round(challenge)
    old.superseded = True
    old.save()
    if old.panel.state not in {"closed", "signed", "dissolved"}:
        panels.dissolve(old.panel, actor=None, reason=reason)
    return plan_round(challenge, admitted(challenge), actor=actor, day=day)


def reopened(challenge: Challenge, reason: str) -> ReviewRound:
    """The same panel scores anew; bids that are out of the contest are withdrawn from it."""
    found = current_round(challenge)
    panels.reopen(found.panel, actor=None, reason=reason)
    for row in found.items.exclude(bid__state=BidState.ADMITTED).select_related("item__panel"):
        if not row.item.withdrawn:
            panels.withdraw_item(row.item, actor=None, reason=reason)
    return found


def panel_of(challenge: Challenge) -> Panel:
    return current_round(challenge).panel


def in_review(challenge: Challenge) -> bool:
    return bool(challenge.state == ChallengeState.REVIEW)


def round_proposal(round_: ReviewRound) -> Proposal | None:
    """The proposal that came of this round and counts."""
    return round_.proposals.exclude(state=ProposalState.OVERTURNED).first()
