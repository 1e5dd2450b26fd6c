"""Claims against the ledger: the figure for the claim's scope and day, and what explains a difference."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import isnan
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Problem, Text
from qunxing.core.text import fold_name
from qunxing.directory.models import Scope
from qunxing.funds.models import Fund
from qunxing.indicators.figures.asking import Ledgers, circle_of
from qunxing.indicators.figures.catalogue import resolved
from qunxing.indicators.models import Claim, Status
from qunxing.indicators.quantities import Quantity, notation
from qunxing.indicators.reading.checking import Verdict, Why, explained, held_against
from qunxing.indicators.showing import money, quantity_of

CHECKS_PAGE = 100
SIZE = ("size_low", "size_high", "size_low_open", "size_high_open")
TONES = {Verdict.AGREES: "good", Verdict.DIFFERS: "warn", Verdict.UNTOLD: "muted"}
LABELS: dict[Verdict, Text] = {
    Verdict.AGREES: _("agrees"),
    Verdict.DIFFERS: _("differs"),
    Verdict.UNTOLD: _("cannot be told"),
}
WORDS: dict[Why, Text] = {
    Why.NONE: "",
    Why.NO_INDICATOR: _("No indicator of the ledger counts this."),
    Why.NO_SCOPE: _("The ledger keeps no such scope."),
    Why.WHOLE: _("The scope is that of the whole; whose share of it is told does not say."),
    Why.NO_FIGURE: _("The ledger has nothing to count here."),
    Why.UNSURE: _("What the ledger knows is too inexact to tell."),
    Why.SCOPE: _("Scope: the ledger's figure of another scope of the community would agree."),
    Why.MISSING: _("The ledger has fewer: rows may be missing, or the claim counts what the definition does not."),
    Why.NO_FUND: _("The ledger knows no fund of this name with a size in this currency, or several."),
    Why.FUND: _("The fund's record tells another size; one of the two may be of another day."),
    Why.DEFINITION: _("The ledger has more: the claim may count fewer kinds, or may have been overtaken."),
}
# Said of one fund, not of all.
OF_A_FUND = frozenset({"scale", "fund_scale"})


@dataclass(frozen=True)
class Check:
    """One claim and what the ledger says to it; `url` leads to the figure."""

    claim: Claim
    verdict: Verdict
    why: Why = Why.NONE
    ledger: Quantity | None = None
    url: str = ""

    @property
    def figure(self) -> str:
        if self.ledger is None:
            return ""
        currency = self.claim.currency
        return notation(self.ledger, lambda end: money(end, currency)) if currency else notation(self.ledger)

    @property
    def label(self) -> Text:
        return LABELS[self.verdict]

    @property
    def words(self) -> Text:
        return WORDS[self.why]

    @property
    def tone(self) -> str:
        return TONES[self.verdict]


class Checker:
    """Holds claims against the ledgers, which are read once; for readers who see all of them."""

    def __init__(self, user: Any) -> None:
        self.ledgers = Ledgers(user)
        self.scopes = list(Scope.objects.select_related("community"))

    def checks(self, claims: Iterable[Claim]) -> Iterator[Check]:
        for claim in claims:
            yield self.check(claim)

    def check(self, claim: Claim) -> Check:
        return self.check_fund(claim) if claim.indicator in OF_A_FUND else self.check_figure(claim)

    def check_figure(self, claim: Claim) -> Check:
        code = indicator_of(claim)
        if code not in self.ledgers.indicators:
            return Check(claim, Verdict.UNTOLD, Why.NO_INDICATOR)
        if claim.scope is None:
            return Check(claim, Verdict.UNTOLD, Why.NO_SCOPE)
        told, url = quantity_of(claim), address(code, claim)
        if self.ledgers.indicators[code].operand_scope == claim.scope.code:
            return Check(claim, Verdict.UNTOLD, Why.WHOLE, url=url)
        ledger = self.figure(code, claim, claim.scope)
        verdict = held_against(told, ledger)
        if ledger is None:
            return Check(claim, verdict, Why.NO_FIGURE, url=url)
        if verdict is not Verdict.DIFFERS:
            return Check(claim, verdict, Why.UNSURE if verdict is Verdict.UNTOLD else Why.NONE, ledger, url)
        return Check(claim, verdict, explained(told, ledger, self.elsewhere(code, claim, told)), ledger, url)

    def check_fund(self, claim: Claim) -> Check:
        """The size of the fund that the claim names, as its record tells it now."""
        fund = self.fund_of(claim)
        if fund is None:
            return Check(claim, Verdict.UNTOLD, Why.NO_FUND)
        size = Quantity(
            whole(fund.size_low), whole(fund.size_high), fund.size_low_open, fund.size_high_open, claim.unit
        )
        verdict = held_against(quantity_of(claim), size)
        why = {Verdict.AGREES: Why.NONE, Verdict.DIFFERS: Why.FUND, Verdict.UNTOLD: Why.UNSURE}[verdict]
        return Check(claim, verdict, why, size, fund.get_absolute_url())

    def fund_of(self, claim: Claim) -> Fund | None:
        """The only fund of that name whose size is told in the claim's currency."""
        found = [one for one in self.funds.get(fold_name(claim.subject), ()) if one.currency == claim.currency]
        return found[0] if len(found) == 1 else None

    @cached_property
    def funds(self) -> dict[str, list[Fund]]:
        """{name or short name, folded: funds with a size}; read once, for a page of claims names many."""
        rows = Fund.objects.visible_to(self.ledgers.user).exclude(size_low=None, size_high=None)
        found: dict[str, list[Fund]] = {}
        for fund in rows.only("ref", "name_key", "short_name", "currency", *SIZE):
            for name in {fund.name_key, fold_name(fund.short_name)} - {""}:
                found.setdefault(name, []).append(fund)
        return found

    def figure(self, code: str, claim: Claim, scope: Scope) -> Quantity | None:
        """The ledger's range; None where it has no figure, or more than one."""
        try:
            figure = self.ledgers.ask(code, claim.as_of_high, circle_of(scope)).figure
        except Problem:
            return None
        if not figure.known or (figure.high == 0 and not figure.rows.size):
            return None
        low, high = number(figure.low), number(figure.high)
        return Quantity(low, high, figure.low_open, figure.high_open, claim.unit)

    def elsewhere(self, code: str, claim: Claim, told: Quantity) -> bool:
        """Whether the figure of another scope of the same community would agree."""
        community = claim.scope.community_id if claim.scope is not None else None
        others = (one for one in self.scopes if one.community_id == community and one.pk != claim.scope_id)
        return any(held_against(told, self.figure(code, claim, other)) is Verdict.AGREES for other in others)


def indicator_of(claim: Claim) -> str:
    """The code of the ledger's indicator; of what is only planned there are but a few."""
    code = resolved(claim.indicator)
    planned = {"compute_cards": "planned_cards", "computing_power": "planned_compute"}
    if claim.status == Status.PLANNED and not code.startswith("planned_"):
        return planned.get(code, "")
    return code


def address(code: str, claim: Claim) -> str:
    scope = f"&scope={claim.scope.code}" if claim.scope is not None else ""
    return f"{reverse('indicators:indicator-detail', args=[code])}?as_of={claim.as_of_high.isoformat()}{scope}"


def whole(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def number(value: float) -> Decimal | None:
    return None if isnan(value) else Decimal(str(round(value, 6)))


def checked_claims(user: Any) -> QuerySet[Claim]:
    """The claims that the user may see, the newest first."""
    rows: QuerySet[Claim] = Claim.objects.visible_to(user).select_related("origin", "scope__community")
    return rows.order_by("-as_of_high", "pk")
