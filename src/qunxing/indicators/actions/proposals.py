"""Articles taken in and read; what they propose accepted, corrected or rejected."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunxing.core.errors import IllegalTransition, Refused
from qunxing.directory.models import Scope
from qunxing.indicators.models import Claim, Proposal, Reading, ReadingText
from qunxing.indicators.queries.lexicon import ledger_names
from qunxing.indicators.reading import AsOf, Found, read_text
from qunxing.indicators.states.proposals import DECIDABLE, ProposalState, ReadingState
from qunxing.ledger.actions import add_many, change, create
from qunxing.ledger.models import Source, Visibility
from qunxing.ledger.reasons import needed_reason, told_reason
from qunxing.ledger.recording import recording

MOST = 2_000
READING = gettext_noop("Reading the article")
# Words for circles that the ledger has no record of.
CIRCLES = {
    "": "未注明范围", "space": "空间", "surroundings": "空间及周边", "district": "全区", "city": "全市",
    "province": "全省", "nation": "全国",
}  # fmt: skip
CURRENCIES = {
    "元": "CNY", "美元": "USD", "港元": "HKD", "欧元": "EUR", "日元": "JPY", "英镑": "GBP", "新加坡元": "SGD",
}  # fmt: skip
PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Article:
    """What is taken in: the text, the bytes it came from, and what is said of it."""

    text: str
    content: bytes
    title: str
    day: date
    publisher: str = ""
    url: str = ""
    file_name: str = ""
    file_format: str = "txt"

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def take_article(article: Article, *, actor: Any) -> Reading:
    """The reading of the article, new or the one there was of the very same file; not read yet.

    Of two who take it in at once, the one who comes second gets the reading of the first.
    """
    known = taken_before(article)
    if known is not None:
        return known
    try:
        # What is undone here must not be told in the log, even if the frame around it goes on.
        with recording(actor=actor):
            return kept(article, actor=actor)
    except IntegrityError:
        known = taken_before(article)
        if known is None:
            raise
        return known


def taken_before(article: Article) -> Reading | None:
    found: Reading | None = Reading.objects.filter(digest=article.digest).first()
    return found


def kept(article: Article, *, actor: Any) -> Reading:
    source = Source.objects.filter(digest=article.digest).first() or create(source_of(article), actor=actor)
    reading = Reading(
        origin=source,
        visibility=Visibility.INTERNAL,
        file_name=article.file_name[:200],
        file_format=article.file_format,
        digest=article.digest,
        characters=len(article.text),
        published=article.day,
        owner=actor,
    )
    create(reading, actor=actor)
    ReadingText.objects.create(reading=reading, text=article.text)
    return reading


def source_of(article: Article) -> Source:
    """The source as others see it: what was published, never its text."""
    return Source(
        kind=Source.Kind.WEB if article.url else Source.Kind.DOCUMENT,
        title=article.title[:300],
        publisher=article.publisher[:200],
        day=article.day,
        url=article.url,
        digest=article.digest,
    )


def read_article(reading: Reading, *, actor: Any, progress: Any = None) -> int:
    """Read the text and keep what it proposes; what was proposed before stays as it was decided. How many are new."""
    text = reading.content.text
    if progress is not None:
        progress.stage(READING, len(text))
    read = read_text(
        text,
        published=reading.published,
        lexicon=ledger_names(actor),
        progress=progress.advance if progress is not None else None,
        limit=MOST,
    )
    with recording(actor=actor):
        # Whoever reads it at the same time waits here, then finds what was proposed.
        reading = Reading.objects.select_for_update().get(pk=reading.pk)
        known = set(reading.proposals.values_list("key", flat=True))
        fresh = {key_of(found): proposal_of(found, reading) for found in read.found}
        added = add_many([proposal for key, proposal in fresh.items() if key not in known])
        change(reading, actor=actor, values={"state": ReadingState.READ, "more": read.more})
    return len(added)


def key_of(found: Found) -> str:
    """What makes two proposals of one article the same: the words, and what was made of them."""
    quantity = found.quantity
    said = (found.code, found.subject, found.scope, str(found.as_of), quantity, found.start, found.end)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def proposal_of(found: Found, reading: Reading) -> Proposal:
    as_of, quantity = found.as_of, found.quantity
    return Proposal(
        reading=reading,
        visibility=reading.visibility,
        key=key_of(found),
        indicator=found.indicator,
        subject=found.subject[:200],
        scope_code=found.scope,
        **when(as_of),
        value_low=rounded(quantity.low),
        value_high=rounded(quantity.high),
        low_open=quantity.low_open,
        high_open=quantity.high_open,
        unit=quantity.unit,
        status=found.status,
        phrase=found.phrase,
        start=found.start,
        end=found.end,
        note=_("before: %(before)s") % {"before": found.note} if found.note else "",
        flags=list(found.flags),
    )


def when(as_of: AsOf | None) -> dict[str, Any]:
    if as_of is None:
        return {}
    return {"as_of_low": as_of.low, "as_of_high": as_of.high, "as_of_precision": as_of.precision}


def rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(PLACES)


def claim_of(proposal: Proposal, circles: Sequence[Scope] | None = None) -> Claim:
    """The claim as it would be kept; not saved. `circles` are all there are, where they are at hand."""
    scope = scope_for(proposal, all_circles() if circles is None else circles)
    money = CURRENCIES.get(proposal.unit, "")
    day: dict[str, Any] = {name: getattr(proposal, name) for name in ("as_of_low", "as_of_high", "as_of_precision")}
    return Claim(
        **day,
        indicator=proposal.indicator,
        subject=proposal.subject,
        scope=scope,
        scope_text="" if scope else CIRCLES.get(proposal.scope_code, proposal.scope_code),
        value_low=proposal.value_low,
        value_high=proposal.value_high,
        low_open=proposal.low_open,
        high_open=proposal.high_open,
        unit=proposal.unit,
        currency=money,
        status=proposal.status,
        wording=" ".join(proposal.phrase.split()),
        origin=proposal.reading.origin,
        place=_("characters %(place)s") % {"place": proposal.place},
        note=proposal.note,
    )


def all_circles() -> list[Scope]:
    return list(Scope.objects.select_related("community"))


def scope_for(proposal: Proposal, circles: Sequence[Scope]) -> Scope | None:
    """The circle of the community that the proposal names, or of the only one there is; none that nobody keeps."""
    known = [one for one in circles if one.code == proposal.scope_code]
    named = [one for one in known if one.community.name and one.community.name in proposal.subject]
    wide = proposal.scope_code not in {Scope.Code.SPACE, Scope.Code.SURROUNDINGS}
    if not named and wide and len({one.community_id for one in circles}) == 1:
        named = known
    return named[0] if named else None


def accept(proposal: Proposal, *, actor: Any, claim: Claim | None = None, reason: str = "") -> Claim:
    """Keep the proposal as a claim, as it was read or as it was corrected."""
    kept, reason = claim or claim_of(proposal), told_reason(reason)
    if kept.as_of_low is None:
        raise Refused(_("The article does not tell of when this figure is. Correct it and give the day."))
    with recording(actor=actor, reason=reason, source=proposal.reading.origin):
        stored = decidable(proposal)
        create(kept, actor=actor, source=kept.origin, place=kept.place)
        change(stored, actor=actor, values={"state": ProposalState.ACCEPTED, "claim": kept, "why": reason})
    return kept


def reject(proposal: Proposal, *, actor: Any, reason: str) -> None:
    reason = needed_reason(reason)
    with recording(actor=actor, reason=reason):
        stored = decidable(proposal)
        if stored.state != ProposalState.OPEN:
            raise IllegalTransition
        change(stored, actor=actor, values={"state": ProposalState.REJECTED, "why": reason})


def decidable(proposal: Proposal) -> Proposal:
    """The proposal, locked; IllegalTransition when somebody has accepted it already."""
    stored: Proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if stored.state not in DECIDABLE:
        raise IllegalTransition
    return stored
