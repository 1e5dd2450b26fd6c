"""Packing packages for all needs at once: a whole-number program, solved by CP-SAT. Plain data; knows no Django.

As many needs as possible get a firm. Then relevance and completeness are weighed: a further piece is worth a tenth of
the score of the need's best firm, so that nobody is given a stranger for the sake of a fund. Then the larger supports
win. The same input gives the same packages.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

FIRM: Final = 10_000_000
BEST: Final = 1_000_000  # a firm that scores as the best does
PIECE: Final = BEST // 10
MOST_SUPPORT: Final = 10_000  # in units of 10,000 yuan
STEPS: Final = 30.0  # of deterministic time, so that a slow machine gives what a fast one does


@dataclass(frozen=True)
class Candidate:
    """A firm for a need: how well it answers, and whether it brings a filed model."""

    firm: str
    score: float
    has_model: bool = False
    funds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Payment:
    """A voucher that may pay a part of a need's cost: how much, for which kind of cost; None where no cost is told."""

    voucher: str
    kind: str
    support: int | None
    stacks: bool = False


@dataclass(frozen=True)
class Need:
    """One scenario: who could do it, which compute would do and how much of it, what vouchers could pay."""

    key: str
    candidates: tuple[Candidate, ...]
    offers: tuple[str, ...] = ()
    amount: int | None = None
    financing: int | None = None
    payments: Mapping[str, tuple[Payment, ...]] = field(default_factory=dict)  # by firm
    unsure: frozenset[str] = frozenset()  # offers of which something is not known; the others go before


@dataclass(frozen=True)
class Stock:
    """How much there is of something: in its own measure (None: nobody said), and for how many at once."""

    amount: int | None = None
    places: int = 1


@dataclass(frozen=True)
class Limits:
    """What all needs share. `related` holds (firm, provider of an offer) that are related parties."""

    firms: Mapping[str, int]
    funds: Mapping[str, Stock] = field(default_factory=dict)
    offers: Mapping[str, Stock] = field(default_factory=dict)
    pots: Mapping[str, int | None] = field(default_factory=dict)
    caps: Mapping[str, int | None] = field(default_factory=dict)
    strict: frozenset[str] = frozenset()  # vouchers that do not pay between related parties
    related: frozenset[tuple[str, str]] = frozenset()  # (firm, offer)


@dataclass(frozen=True)
class Package:
    """What one need gets; empty texts for what is missing."""

    need: str
    firm: str = ""
    fund: str = ""
    offer: str = ""
    vouchers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Packed:
    packages: tuple[Package, ...]
    proven: bool  # whether nothing better exists; false when the time was up


def pack(needs: Sequence[Need], limits: Limits) -> Packed:
    """The packages, in the order of the needs."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - brings pandas, which most commands never need

    program = Program(cp_model.CpModel(), needs, limits)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 7
    solver.parameters.max_deterministic_time = STEPS
    status = solver.solve(program.model)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Packed(tuple(Package(need.key) for need in needs), proven=False)
    return Packed(tuple(program.package(need, solver) for need in needs), proven=status == cp_model.OPTIMAL)


class Program:
    """The variables, one for each thing that may be chosen, and what holds them together."""

    def __init__(self, model: Any, needs: Sequence[Need], limits: Limits) -> None:
        self.model, self.limits = model, limits
        self.firm: dict[tuple[str, str], Any] = {}
        self.fund: dict[tuple[str, str, str], Any] = {}
        self.offer: dict[tuple[str, str], Any] = {}
        self.paid: dict[tuple[str, str, str], Any] = {}
        self.worth: list[Any] = []
        for need in needs:
            self.add_firms(need)
            self.add_offers(need)
            self.add_payments(need)
        self.share(needs)
        self.model.maximize(sum(self.worth))

    def add_firms(self, need: Need) -> None:
        best = max((one.score for one in need.candidates), default=0.0)
        for one in need.candidates:
            chosen = self.firm[need.key, one.firm] = self.choice()
            share = round(BEST * one.score / best) if best > 0 else 0
            self.worth.append((FIRM + share + PIECE * one.has_model) * chosen)
            funded = []
            for fund in one.funds:
                taken = self.fund[need.key, one.firm, fund] = self.choice()
                funded.append(taken)
                self.worth.append(PIECE * taken)
            self.model.add(sum(funded) <= chosen)
        self.model.add(self.has_firm(need) <= 1)

    def add_offers(self, need: Need) -> None:
        for offer in need.offers:
            taken = self.offer[need.key, offer] = self.choice()
            self.worth.append((PIECE // 2 if offer in need.unsure else PIECE) * taken)
        self.model.add(self.has_offer(need) <= self.has_firm(need))

    def add_payments(self, need: Need) -> None:
        for firm, payments in need.payments.items():
            for one in payments:
                paid = self.paid[need.key, firm, one.voucher] = self.choice()
                self.worth.append((PIECE // 2 + min((one.support or 0) // 10_000, MOST_SUPPORT)) * paid)
                self.model.add(paid <= self.firm.get((need.key, firm), 0))
                if one.kind == "compute":
                    self.model.add(paid <= self.has_offer(need))
                    self.keep_apart(need, firm, one, paid)
            self.keep_single(need, firm, payments)

    def keep_apart(self, need: Need, firm: str, payment: Payment, paid: Any) -> None:
        """A strict voucher does not pay for compute of a related party."""
        if payment.voucher in self.limits.strict:
            for offer in need.offers:
                if (firm, offer) in self.limits.related:
                    self.model.add(paid + self.offer[need.key, offer] <= 1)

    def keep_single(self, need: Need, firm: str, payments: Sequence[Payment]) -> None:
        """Of the vouchers for one cost only one pays, beside those that add to others."""
        kinds: dict[str, list[Any]] = defaultdict(list)
        for one in payments:
            if not one.stacks:
                kinds[one.kind].append(self.paid[need.key, firm, one.voucher])
        for same in kinds.values():
            self.model.add(sum(same) <= 1)

    def share(self, needs: Sequence[Need]) -> None:
        """Over all needs: capacity of firms, tickets and money of funds, users and amount of offers, pots and caps."""
        amounts = {need.key: need.amount for need in needs}
        financing = {need.key: need.financing for need in needs}
        taken: dict[tuple[str, str], list[tuple[Any, int]]] = defaultdict(list)
        for (_need, firm), chosen in self.firm.items():
            taken["firm", firm].append((chosen, 0))
        for (need_key, _firm, fund), chosen in self.fund.items():
            taken["fund", fund].append((chosen, financing[need_key] or 0))
        for (need_key, offer), chosen in self.offer.items():
            taken["offer", offer].append((chosen, amounts[need_key] or 0))
        for (kind, key), uses in taken.items():
            stock = self.stock(kind, key)
            self.model.add(sum(chosen for chosen, _amount in uses) <= stock.places)
            if stock.amount is not None:
                self.model.add(sum(amount * chosen for chosen, amount in uses) <= stock.amount)
        self.share_vouchers(needs)

    def stock(self, kind: str, key: str) -> Stock:
        if kind == "firm":
            return Stock(places=self.limits.firms.get(key, 0))
        return (self.limits.funds if kind == "fund" else self.limits.offers).get(key, Stock())

    def share_vouchers(self, needs: Sequence[Need]) -> None:
        support = {
            (need.key, firm, one.voucher): one.support or 0
            for need in needs
            for firm, payments in need.payments.items()
            for one in payments
        }
        pots: dict[str, list[Any]] = defaultdict(list)
        caps: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for (need_key, firm, voucher), paid in self.paid.items():
            amount = support[need_key, firm, voucher] * paid
            pots[voucher].append(amount)
            caps[firm, voucher].append(amount)
        for voucher, amounts in pots.items():
            if (pot := self.limits.pots.get(voucher)) is not None:
                self.model.add(sum(amounts) <= pot)
        for (_firm, voucher), amounts in caps.items():
            if (cap := self.limits.caps.get(voucher)) is not None:
                self.model.add(sum(amounts) <= cap)

    def choice(self) -> Any:
        return self.model.new_bool_var("")

    def has_firm(self, need: Need) -> Any:
        return sum(self.firm[need.key, one.firm] for one in need.candidates)

    def has_offer(self, need: Need) -> Any:
        return sum(self.offer[need.key, offer] for offer in need.offers)

    def package(self, need: Need, solver: Any) -> Package:
        firm = next((one.firm for one in need.candidates if solver.value(self.firm[need.key, one.firm])), "")
        funds = [key[2] for key, taken in self.fund.items() if key[:2] == (need.key, firm) and solver.value(taken)]
        offers = [offer for offer in need.offers if solver.value(self.offer[need.key, offer])]
        payments = need.payments.get(firm, ())
        paid = tuple(one.voucher for one in payments if solver.value(self.paid[need.key, firm, one.voucher]))
        return Package(need.key, firm, next(iter(funds), ""), next(iter(offers), ""), paid)
