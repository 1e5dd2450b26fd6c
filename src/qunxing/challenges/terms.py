"""The rules a list is run by, as plain data: what a rule set holds and a published list keeps a frozen copy of.

No Django in here. Every number that a city or a notice sets is a field with a default (docs/challenges.md tells where
each default comes from); `Terms.read` takes what was stored or typed and names what is wrong with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from qunxing.core.ruledata import BadRule as BadTerms
from qunxing.core.ruledata import as_plain, number, read_rules, rules_digest

__all__ = [
    "Acceptance",
    "Amending",
    "BadTerms",
    "Bidding",
    "Budget",
    "Eligibility",
    "Funding",
    "Notice",
    "Opening",
    "Terms",
]


@dataclass(frozen=True)
class Bidding:
    """Who may be in a bid, and what happens at the deadline."""

    open_days: int = number(30, 1, 400)  # natural days a list is open for bids at least
    partners: int = number(4, 0, 20)
    one_lead_per_list: bool = True
    rival_partners: Literal["refuse", "flag", "allow"] = "refuse"  # an organisation in two bids for one challenge
    hide_bidders: bool = True  # until the opening staff see that there is a bid, not whose
    late_upload: Literal["refuse", "began"] = "refuse"  # "began": what began to arrive in time is taken
    late_minutes: int = number(10, 1, 120)  # how long such an upload may last after the deadline
    file_megabytes: int = number(50, 1, 200)
    files: int = number(20, 0, 100)
    stamped_pdf: bool = True
    minimum: int = number(1, 1, 20)  # fewer admitted bids end a challenge without an award


@dataclass(frozen=True)
class Eligibility:
    """Conditions on an organisation in a bid; a number of 0 and an empty tuple ask nothing."""

    related_parties: bool = True  # refuse those related to the issuer
    issuer_may_lead: bool = False
    bad_record_years: int = number(3, 0, 20)
    running_projects: int = number(3, 0, 50)
    residency: tuple[str, ...] = ()  # scopes of a community
    filings: tuple[str, ...] = ()  # kinds of filing
    certificates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Budget:
    """What a budget is made of."""

    categories: tuple[str, ...] = ("equipment", "materials", "testing", "labour", "services", "overhead")
    years: int = number(3, 1, 10)
    own_share: int = number(0, 0, 100)  # percent the bidders bring themselves, at least


@dataclass(frozen=True)
class Amending:
    """An amendment within `days` natural days of the deadline moves it so that `days` are left."""

    days: int = number(7, 0, 90)
    question_days: int = number(5, 0, 90)  # questions are taken until so many natural days before the deadline


@dataclass(frozen=True)
class Opening:
    """The two kinds of user it takes to open the bids."""

    roles: tuple[str, ...] = ("staff", "officer")


@dataclass(frozen=True)
class Notice:
    """The clock of the public notice and of objections to it."""

    days: int = number(5, 1, 60)
    mode: Literal["working", "natural"] = "working"
    include_start: bool = True
    roll: bool = True
    reply_days: int = number(7, 1, 60)  # working days to answer an objection


@dataclass(frozen=True)
class Funding:
    """How the money follows the work. Tranches are percent of the grant, one a milestone, and make a hundred."""

    grant: Literal["pre", "post"] = "pre"
    cap_percent: int = number(50, 1, 100)  # of the project's cost
    cap_amount: int = number(0, 0, 10**12)  # yuan; 0 is no cap
    tranches: tuple[int, ...] = (40, 30, 30)
    mid_checks: int = number(1, 0, 10)
    extensions: int = number(1, 0, 5)
    extension_months: int = number(12, 1, 60)
    pay_days: int = number(30, 1, 365)
    contract_pay_days: int = number(60, 1, 365)
    sign_days: int = number(30, 1, 365)  # natural days from the award to the signatures


@dataclass(frozen=True)
class Acceptance:
    """When the work counts as done."""

    by: Literal["targets", "user", "both"] = "both"
    pass_percent: int = number(80, 1, 100)
    rectifications: int = number(1, 0, 5)
    rectify_months: int = number(3, 1, 24)


@dataclass(frozen=True)
class Terms:
    """A whole set of rules. `panel` and `scoring` are read by qunxing.panels."""

    bidding: Bidding = Bidding()
    eligibility: Eligibility = Eligibility()
    budget: Budget = Budget()
    amending: Amending = Amending()
    opening: Opening = Opening()
    notice: Notice = Notice()
    funding: Funding = Funding()
    acceptance: Acceptance = Acceptance()
    panel: Mapping[str, Any] = field(default_factory=dict)
    scoring: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """The rules that were stored, defaults where nothing is said; BadTerms names the first that cannot stand."""
        terms = read_rules(cls, stored)
        if terms.funding.tranches and sum(terms.funding.tranches) != 100:
            raise BadTerms("funding.tranches", list(terms.funding.tranches), "parts that make 100")
        if len(set(terms.opening.roles)) != 2:
            raise BadTerms("opening.roles", list(terms.opening.roles), "two different roles")
        return terms

    def as_json(self) -> dict[str, Any]:
        """Plain data in full, defaults written out: what a published list keeps."""
        return as_plain(self)

    def digest(self) -> str:
        """SHA-256, in hex, of the canonical JSON."""
        return rules_digest(self.as_json())
