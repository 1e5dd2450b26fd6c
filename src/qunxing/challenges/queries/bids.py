"""Reads of bids: what is typed, what is asked, what was opened, and what staff may know before that."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils.translation import override

from qunxing.challenges.content import BidContent, Fact
from qunxing.challenges.gaps import Asked, Gap, Wanted, gaps
from qunxing.challenges.models import Bid, BidParty, BidVersion, Challenge
from qunxing.challenges.sealing import tag_of, unseal
from qunxing.challenges.states.bid import BidState
from qunxing.directory.models import Capability, Organization
from qunxing.directory.rules import roles_of
from qunxing.ledger.models import LogEntry
from qunxing.registry.models import Filing
from qunxing.registry.states import IN_FORCE

SUBMITTED_ENTRY = "bid.submitted"
COUNTED = frozenset(BidState) - {BidState.DRAFT, BidState.EXPIRED, BidState.WITHDRAWN}


@dataclass(frozen=True)
class Draft:
    """What was typed so far, who saved it last, and its revision."""

    content: BidContent
    revision: int
    by: str
    saved_at: datetime


def draft_place(bid: Bid, revision: int) -> dict[str, Any]:
    return {"bid": bid.ref, "revision": revision}


def version_place(bid: Bid, number: int) -> dict[str, Any]:
    return {"bid": bid.ref, "version": number}


def read_draft(bid: Bid, revision: int | None = None) -> Draft:
    """The draft as it stands or as it stood at a revision that is still kept."""
    rows = bid.drafts.order_by("revision")
    row = rows.last() if revision is None else rows.get(revision=revision)
    if row is None:
        return Draft(BidContent(), 0, "", bid.created_at)
    plain = unseal(bid.board, "draft", draft_place(bid, row.revision), bytes(row.sealed))
    return Draft(BidContent.read(plain["content"]), row.revision, plain["by"], row.saved_at)


def wanted_of(challenge: Challenge) -> tuple[Wanted, ...]:
    """The targets as the content must answer them."""
    return tuple(
        Wanted(row.ref, row.name, row.operator, row.target, row.target_high, row.unit)
        for row in challenge.targets.all()
    )


def asked_of(bid: Bid, content: BidContent) -> Asked:
    """What the content is held against, with how far each partner has confirmed."""
    challenge = bid.challenge
    states = {row.tag: row.state for row in bid.parties.all()}
    refs = [party.organization for party in content.partners if party.organization]
    confirmed = {ref: states.get(tag_of(bid.board, ref), "") for ref in refs}
    return Asked(bid.board.rules, wanted_of(challenge), challenge.money, confirmed)


def gaps_of(bid: Bid, content: BidContent) -> tuple[Gap, ...]:
    return gaps(content, asked_of(bid, content))


def bids_of(challenge: Challenge) -> QuerySet[Bid]:
    """The bids that were submitted and stand, opened or not, with their versions and parties."""
    versions = BidVersion.objects.defer("sealed")
    parties = BidParty.objects.select_related("organization")
    rows: QuerySet[Bid] = Bid.objects.filter(challenge=challenge, state__in=COUNTED)
    return rows.select_related("organization", "challenge__board").prefetch_related(
        Prefetch("versions", versions), Prefetch("parties", parties)
    )


def parties_here(bid: Bid, user: Any) -> dict[int, BidParty]:
    """{organisation: its part} of the organisations the user belongs to."""
    mine = Organization.objects.filter(pk__in=roles_of(user)).only("ref")
    if bid.is_open:
        return {party.organization_id: party for party in bid.parties.filter(organization__in=mine)}
    tags = {tag_of(bid.board, one.ref): one.pk for one in mine}
    return {tags[party.tag]: party for party in bid.parties.filter(tag__in=tags)}


def entry_of(bid: Bid, version: int) -> LogEntry | None:
    """The log entry that attests the version."""
    rows = LogEntry.objects.filter(kind=SUBMITTED_ENTRY, subject_kind=Bid.kind_code(), subject_ref=bid.ref)
    return next((row for row in rows.order_by("-index") if facts_in(row).get("version") == version), None)


def facts_in(entry: LogEntry) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(entry.body)["facts"]
    return found


def known_facts(organization: Organization) -> tuple[Fact, ...]:
    """What the ledger knows of a lead and a bid would otherwise ask: the codes name it, the values are plain text.

    The text is in the language of the place whoever asks, so that what one confirmed is what another reads.
    """
    with override(settings.LANGUAGE_CODE):
        return tuple(fact for fact in facts_of(organization) if fact.value)


def facts_of(organization: Organization) -> list[Fact]:
    found = [Fact("name", organization.name), Fact("uscc", organization.uscc or "")]
    found += [Fact("address", organization.address), Fact("size", organization.get_size_class_display())]
    found.append(Fact("founded", organization.founded_on.isoformat() if organization.founded_on else ""))
    filings = Filing.objects.filter(organization=organization, state__in=IN_FORCE).order_by("number", "pk")
    found += [Fact("filing", f"{row.name} {row.number}".strip()) for row in filings[:20]]
    held = Capability.objects.filter(organization=organization, held=True).order_by("kind", "pk")
    found += [Fact("capability", str(row)) for row in held[:20]]
    return found
