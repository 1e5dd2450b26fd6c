"""Reads of articles: their text with the phrases marked, and what the figures come to among themselves."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from qunxing.core.errors import Text
from qunxing.indicators.models import Proposal, Reading
from qunxing.indicators.quantities import Quantity
from qunxing.indicators.reading.flags import ABOVE, BELOW, DISPUTED, IMPLIED, MISSES, Flag, Stated, flags_of
from qunxing.indicators.reading.tables import CONFLICT
from qunxing.indicators.states.proposals import ProposalState

WHOLE = 40_000  # characters of an article that are shown whole
AROUND = 240  # characters about a phrase of a longer one
EMPTY_LINES = re.compile(r"\s*\n\s*")
ARITHMETIC = 200  # figures held against each other


@dataclass(frozen=True)
class Stretch:
    """A part of the article: plain, the phrase of a proposal, or a gap."""

    text: str = ""
    proposal: Proposal | None = None
    gap: bool = False

    @property
    def shown(self) -> str:
        """The text without the empty lines of narrow columns."""
        return EMPTY_LINES.sub("\n", self.text)


def marked(text: str, proposals: Sequence[Proposal]) -> list[Stretch]:
    """The article with its phrases; of a long one only what stands about them."""
    return [stretch for first, last in windows(text, proposals) for stretch in window(text, first, last, proposals)]


def windows(text: str, proposals: Sequence[Proposal]) -> list[tuple[int, int]]:
    if len(text) <= WHOLE:
        return [(0, len(text))]
    found: list[tuple[int, int]] = []
    for one in sorted(proposals, key=lambda proposal: proposal.start):
        first, last = max(0, one.start - AROUND), min(len(text), one.end + AROUND)
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found or [(0, AROUND)]


def window(text: str, first: int, last: int, proposals: Sequence[Proposal]) -> Iterator[Stretch]:
    if first:
        yield Stretch(gap=True)
    place = first
    for one in sorted(proposals, key=lambda proposal: (proposal.start, -proposal.end)):
        if place <= one.start < last:
            yield Stretch(text[place : one.start])
            yield Stretch(text[one.start : one.end], one)
            place = one.end
        elif first <= one.start < place:  # inside another phrase: a place to go to all the same
            yield Stretch("", one)
    yield Stretch(text[place:last])


def quantity_of(proposal: Proposal) -> Quantity:
    return Quantity(proposal.value_low, proposal.value_high, proposal.low_open, proposal.high_open, proposal.unit)


def stated(proposal: Proposal) -> Stated:
    return Stated(
        proposal.ref, proposal.indicator, proposal.subject, proposal.scope_code, proposal.as_of_low,
        proposal.as_of_high, quantity_of(proposal), str(proposal.reading_id), proposal.status,
    )  # fmt: skip


def remarks_on(proposals: Sequence[Proposal]) -> dict[str, list[Text]]:
    """{ref of a proposal: what was noticed of it}, by arithmetic among the first of them."""
    found: dict[str, list[Text]] = {}
    for flag in flags_of([stated(one) for one in proposals[:ARITHMETIC] if one.state != ProposalState.REJECTED]):
        for key in flag.keys:
            found.setdefault(key, []).append(words_of(flag))
    for one in proposals:
        if CONFLICT in one.flags:
            found.setdefault(one.ref, []).append(_("The table states its money in two units."))
    return {key: list(dict.fromkeys(words)) for key, words in found.items()}


def words_of(flag: Flag) -> Text:
    bounds = {"low": flag.low, "high": flag.high}
    return {
        ABOVE: _("A share above 100%."),
        BELOW: _("A total below its part."),
        DISPUTED: _("Another figure of the same subject, scope and time has no number in common with it."),
        IMPLIED: _("Part and share imply a total from %(low)s to %(high)s.") % bounds,
        MISSES: _("The total is not what part and share imply, from %(low)s to %(high)s.") % bounds,
    }[flag.code]


def counted(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Readings with how many figures they propose, and how many of them wait; one query."""
    found: QuerySet[Any] = rows.select_related("origin", "owner").annotate(
        figures=Count("proposals"), waiting=Count("proposals", filter=Q(proposals__state=ProposalState.OPEN))
    )
    return found


def proposals_of(reading: Reading, *, user: Any) -> list[Proposal]:
    rows = Proposal.objects.visible_to(user).filter(reading=reading).select_related("reading__origin", "claim__origin")
    return list(rows.order_by("start", "pk"))
