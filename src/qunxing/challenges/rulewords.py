"""What each rule is called, and how its value reads: for the form, the page, the printed list and the comparison."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.accounts.models import Kind
from qunxing.challenges.terms import Terms
from qunxing.challenges.wording import listed, said
from qunxing.core.errors import Text
from qunxing.core.formats import NOTHING, show_number
from qunxing.directory.models import Scope
from qunxing.panels.terms import PanelTerms, ScoringTerms
from qunxing.registry.models import Filing

CATEGORIES: Final[Mapping[str, Text]] = {
    "equipment": pgettext_lazy("budget", "equipment"),
    "materials": pgettext_lazy("budget", "materials"),
    "testing": pgettext_lazy("budget", "testing and computing"),
    "labour": pgettext_lazy("budget", "labour"),
    "services": pgettext_lazy("budget", "services and travel"),
    "overhead": pgettext_lazy("budget", "overhead"),
}


@dataclass(frozen=True)
class Part:
    """A part of the rules with its words; `rules` is {name: (label, help)}."""

    code: str
    title: Text
    rules: Mapping[str, tuple[Text, Text]]


PARTS: Final = (
    Part("bidding", _("Bidding"), {
        "open_days": (_("open for bids, days at least"), _("Natural days from publication to the deadline.")),
        "partners": (_("partners at most"), _("Beside the lead.")),
        "one_lead_per_list": (_("one lead a list"), _("An organisation leads one bid on a list at most.")),
        "rival_partners": (_("an organisation in two bids for one challenge"), ""),
        "hide_bidders": (_("bidders stay unknown until the opening"), _("Staff see that there is a bid, not whose.")),
        "late_upload": (_("an upload that arrives after the deadline"), ""),
        "late_minutes": (_("such an upload may last, minutes"), ""),
        "file_megabytes": (_("largest file, MB"), ""),
        "files": (_("files at most"), ""),
        "stamped_pdf": (_("a stamped PDF is required"), ""),
        "minimum": (_("admitted bids at least"), _("With fewer the challenge ends without an award.")),
    }),
    Part("eligibility", _("Eligibility"), {
        "related_parties": (_("parties related to the issuer are refused"), ""),
        "issuer_may_lead": (_("the issuer may lead a bid"), ""),
        "bad_record_years": (_("years without a bad record"), _("0 asks nothing.")),
        "running_projects": (_("running projects at most"), _("Of one organisation; 0 asks nothing.")),
        "residency": (_("resident in"), _("None asks nothing.")),
        "filings": (_("a filing of this kind"), _("None asks nothing.")),
        "certificates": (_("certificates"), _("One a line; none asks nothing.")),
    }),
    Part("budget", pgettext_lazy("rules", "Budget"), {
        "categories": (_("categories of cost"), ""),
        "years": (_("years at most"), ""),
        "own_share": (_("own money, percent at least"), ""),
    }),
    Part("amending", _("Amending"), {
        "days": (_("days that an amendment leaves"), _("A later one moves the deadline.")),
        "question_days": (_("questions end, days before the deadline"), ""),
    }),
    Part("opening", _("Opening"), {"roles": (_("opened together by"), _("Two different kinds of user."))}),
    Part("panel", pgettext_lazy("rules", "Panel"), {
        "size": (pgettext_lazy("rule", "seats"), ""),
        "minimum": (_("seats at least"), ""),
        "odd": (_("an odd number of seats"), ""),
        "specialists": (_("specialists, share at least"), _("Technical or economic experts, such as 2/3.")),
        "outside": (_("from outside, share at least"), _("Such as 1/2.")),
        "rest_days": (_("days of rest after a panel"), ""),
        "recusal_years": (_("recusal, years"), _("How long a tie counts after it ended.")),
        "reviews_per_item": (_("reviews of each bid"), _("Empty: every seat reads every bid.")),
        "load_cap": (_("reviews of each expert at most"), _("Empty: no limit.")),
        "double_blind": (_("double-blind"), _("Reviewers do not learn who bids.")),
        "strict": (_("a conflict with one bid keeps off the panel"), ""),
    }),
    Part("scoring", pgettext_lazy("rules", "Scoring"), {
        "criteria": (_("criteria"), _("One a line: code | 中文 | English | weight. The weights make 100.")),
        "mean": (pgettext_lazy("rule", "mean"), ""),
        "quorum": (_("quorum, share of the reviews"), _("Such as 2/3.")),
        "disagreement": (_("disagreement from, points"), _("A spread from here on is flagged.")),
        "decides": (_("the order that decides"), ""),
    }),
    Part("notice", _("Public notice"), {
        "days": (pgettext_lazy("rule", "days"), ""),
        "mode": (_("counted in"), ""),
        "include_start": (_("the first day counts"), ""),
        "roll": (_("a last day off moves to the next working day"), _("For natural days.")),
        "reply_days": (_("working days to answer an objection"), ""),
    }),
    Part("funding", _("Funding"), {
        "grant": (_("money is granted"), ""),
        "cap_percent": (_("of the cost at most, percent"), ""),
        "cap_amount": (_("at most, yuan"), _("0 is no cap.")),
        "tranches": (_("tranches, percent"), _("One for each milestone; together 100.")),
        "mid_checks": (_("checks midway"), ""),
        "extensions": (_("extensions at most"), ""),
        "extension_months": (_("months of an extension at most"), ""),
        "sign_days": (_("days to sign the contract"), ""),
        "pay_days": (_("paid within days"), _("From acceptance of a milestone; small firms by law within 30.")),
        "contract_pay_days": (_("days a contract may agree on at most"), ""),
    }),
    Part("acceptance", pgettext_lazy("rules", "Acceptance"), {
        "by": (pgettext_lazy("rule", "accepted"), ""),
        "pass_percent": (_("targets reached, percent at least"), ""),
        "rectifications": (_("rectifications at most"), ""),
        "rectify_months": (_("months to rectify"), ""),
    }),
)  # fmt: skip

CHOICES: Final[Mapping[str, Mapping[str, Text]]] = {
    "bidding.rival_partners": {
        "refuse": _("is refused"),
        "flag": _("is flagged"),
        "allow": _("is allowed"),
    },
    "bidding.late_upload": {
        "refuse": _("is refused"),
        "began": _("is taken if it began in time"),
    },
    "eligibility.residency": dict(Scope.Code.choices),
    "eligibility.filings": dict(Filing.Kind.choices),
    "budget.categories": CATEGORIES,
    "opening.roles": {code: label for code, label in Kind.choices if code in {Kind.STAFF, Kind.OFFICER, Kind.EXPERT}},
    "scoring.mean": {"mean": _("of all scores"), "trimmed": _("without the highest and the lowest")},
    "scoring.decides": {"raw": _("by raw scores"), "calibrated": _("by calibrated scores")},
    "notice.mode": {"working": _("working days"), "natural": _("natural days")},
    "funding.grant": {"pre": _("beforehand (前资助)"), "post": _("afterwards (后补助)")},
    "acceptance.by": {
        "targets": _("by targets"),
        "user": _("by the user's word"),
        "both": _("by targets and the user's word"),
    },
}


@dataclass(frozen=True)
class SaidRule:
    """A rule as a reader takes it in."""

    name: str
    label: Text
    value: str


@dataclass(frozen=True)
class SaidPart:
    title: Text
    rules: list[SaidRule]


@dataclass(frozen=True)
class Difference:
    """A rule that differs between two versions."""

    part: Text
    label: Text
    before: str
    after: str


def whole(terms: Terms) -> dict[str, Any]:
    """The rules as plain data with every default written out, those of panel and scoring too."""
    plain = terms.as_json()
    plain["panel"] = PanelTerms.read(dict(terms.panel)).to_json()
    plain["scoring"] = ScoringTerms.read(dict(terms.scoring)).to_json()
    return plain


def said_rules(terms: Terms) -> list[SaidPart]:
    """All rules in words, part by part."""
    plain = whole(terms)
    return [
        SaidPart(
            part.title,
            [
                SaidRule(name, label, value_text(f"{part.code}.{name}", plain[part.code].get(name)))
                for name, (label, _help) in part.rules.items()
            ],
        )
        for part in PARTS
    ]


def value_text(rule: str, value: Any) -> str:
    """The value of a rule in words."""
    if value is None or value in ((), [], ""):
        return NOTHING
    if rule == "scoring.criteria":
        return listed(f"{said({'zh-hans': row['zh'], 'en': row['en']})} {show_number(row['weight'])}" for row in value)
    if rule == "funding.tranches":
        return " / ".join(f"{part}%" for part in value)
    labels = CHOICES.get(rule, {})
    if isinstance(value, list | tuple):
        return listed(labels.get(item, item) for item in value)
    return plain_text(labels.get(value, value) if isinstance(value, str) else value)


def plain_text(value: Any) -> str:
    if isinstance(value, bool):
        return _t("yes") if value else _t("no")
    return show_number(value) if isinstance(value, int | float) else str(value)


def differences(before: Terms, after: Terms) -> list[Difference]:
    """What differs between two sets of rules, in the order of the form."""
    return list(_differences(whole(before), whole(after)))


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for part in PARTS:
        for name, (label, _help) in part.rules.items():
            was, now = old[part.code].get(name), new[part.code].get(name)
            if was != now:
                rule = f"{part.code}.{name}"
                yield Difference(part.title, label, value_text(rule, was), value_text(rule, now))
