"""Who sees what: samples of every kind of user against what may be theirs."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from qunxing.accounts.models import Kind, User
from qunxing.challenges.models import (
    Bid,
    BidParty,
    Challenge,
    ChallengeList,
    Contract,
    FormalCheck,
    Need,
    NeedAppraisal,
    Objection,
    Objector,
    Payment,
    Place,
    Proposal,
    Question,
    ReviewRound,
)
from qunxing.challenges.rehearsal.invariants.found import Found
from qunxing.challenges.rehearsal.memory import Memory
from qunxing.challenges.sealing import KeyMissing, tag_of
from qunxing.challenges.states.board import SEALED
from qunxing.directory.models import Membership
from qunxing.panels.models import Conflict, Expert, Panel, Party, RecusalRequest, Review, Seat, Sheet, Standing

NONE = Q(pk__in=())
MEMBERS = 3


def samples() -> list[Any]:
    """Somebody of every kind, and members of some organisations that bid or issue."""
    found: list[Any] = [AnonymousUser()]
    for kind in (Kind.VISITOR, Kind.MANAGER, Kind.OFFICER, Kind.STAFF):
        found += User.objects.filter(kind=kind).order_by("pk")[:1]
    found += User.objects.filter(kind=Kind.EXPERT, memberships=None, expert__seats__isnull=False).distinct()[:2]
    issuers = Challenge.objects.values("issuer")
    found += User.objects.filter(memberships__organization__in=issuers, kind=Kind.MEMBER).order_by("pk")[:2]
    firms = Bid.objects.filter(organization__isnull=False).values("organization")
    found += User.objects.filter(memberships__organization__in=firms, kind=Kind.MEMBER).order_by("-pk")[:MEMBERS]
    return found


def organizations_of(user: Any) -> list[int]:
    return list(Membership.objects.filter(user=user.pk).values_list("organization", flat=True)) if user.pk else []


def too_much(user: Any, kind: Any, allowed: Q) -> Found:
    """Whether the user sees a row of this kind beyond those that are allowed."""
    seen = kind.objects.visible_to(user)
    beyond = seen.exclude(pk__in=kind.objects.filter(allowed).values("pk")).count()
    return Found.of(f"{getattr(user, 'kind', 'anonymous')} {user}", not beyond, f"sees {beyond} of {kind.kind_code()}")


def sealed_bids(_memory: Memory) -> Iterator[Found]:
    """A sealed bid is there for its own parties, and as a bare fact for staff and officers."""
    boards = list(ChallengeList.objects.filter(state__in=sorted(SEALED)).exclude(key_digest=""))
    for user in samples():
        if getattr(user, "kind", "") in (Kind.STAFF, Kind.OFFICER):
            yield too_much(user, Bid, Q(version__gt=0) | own_of(user, boards))
            continue
        sealed = Q(challenge__board__in=boards)
        yield too_much(user, Bid, ~sealed | own_of(user, boards))


def own_of(user: Any, boards: list[ChallengeList]) -> Q:
    """The bids of the user's organisations by their tags, worked out anew."""
    members = Membership.objects.filter(user=user.pk).select_related("organization") if user.pk else ()
    refs = [row.organization.ref for row in members]
    tags = []
    for board in boards:
        try:
            tags += [tag_of(board, ref) for ref in refs]
        except KeyMissing:
            continue
    return Q(parties__tag__in=tags) if tags else NONE


def everything(_memory: Memory) -> Iterator[Found]:
    for user in samples():
        kind = getattr(user, "kind", "")
        if kind == Kind.OFFICER:
            yield too_much(user, Objector, Q(user=user.pk))
        elif kind != Kind.STAFF:
            yield from outsider(user)


def outsider(user: Any) -> Iterator[Found]:
    """Neither staff nor officer: one's own, and what is published."""
    mine = organizations_of(user)
    key = user.pk or 0
    parties = BidParty.objects.filter(Q(organization__in=mine) | Q(tag__in=tags_of(user))).values("bid")
    issued = Q(challenge__issuer__in=mine, opened_at__isnull=False)
    bids = Bid.objects.filter(Q(pk__in=parties) | issued).values("pk")
    sides = Q(organization__in=mine) | Q(challenge__issuer__in=mine)
    contracts = Contract.objects.filter(sides).values("pk")
    seats = Seat.objects.filter(expert__user=key).values("pk")
    yield too_much(user, Bid, Q(pk__in=bids))
    yield too_much(user, BidParty, Q(bid__in=bids))
    yield too_much(user, FormalCheck, Q(bid__organization__in=mine))
    yield too_much(user, Place, Q(bid__organization__in=mine, proposal__told=True))
    yield too_much(user, Contract, sides)
    yield too_much(user, Payment, Q(contract__in=contracts))
    yield too_much(user, Objection, Q(objector__user=key))
    yield too_much(user, Objector, Q(user=key))
    yield too_much(user, Need, Q(organization__in=mine) | Q(appraisals__by=key))
    yield too_much(user, NeedAppraisal, Q(by=key))
    yield too_much(user, ChallengeList, Q(published_on__isnull=False))
    yield too_much(user, Question, ~Q(state="asked") | Q(challenge__issuer__in=mine))
    yield too_much(user, Expert, Q(user=key))
    yield too_much(user, Panel, Q(seats__in=seats))
    yield too_much(user, Seat, Q(pk__in=seats))
    yield too_much(user, Review, Q(seat__in=seats) & ~Q(state="void"))
    yield too_much(user, Sheet, Q(review__seat__in=seats))
    yield too_much(user, RecusalRequest, Q(organization__in=mine))
    for kind in (Proposal, ReviewRound, Conflict, Party, Standing):
        yield too_much(user, kind, NONE)


def tags_of(user: Any) -> list[str]:
    members = Membership.objects.filter(user=user.pk).select_related("organization") if user.pk else ()
    refs = [row.organization.ref for row in members]
    boards = ChallengeList.objects.exclude(key_digest="") if refs else ()
    return [tag_of(board, ref) for board in boards for ref in refs]
