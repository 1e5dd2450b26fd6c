"""What each kind of user finds on the first page: figures over what they may see, and what waits for them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncQuarter
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.accounts.models import Kind
from qunxing.challenges.models import Challenge
from qunxing.challenges.states.challenge import OVER, ChallengeState
from qunxing.core.errors import Text
from qunxing.core.formats import show_days_left, show_isoday
from qunxing.directory.models import Organization, Residency, member_organizations
from qunxing.directory.queries import resident_on
from qunxing.funds.models import Fund
from qunxing.intake.models import Proposal, StaffRow
from qunxing.matching.funnel import silent_invitations
from qunxing.matching.models import Invitation
from qunxing.matching.states import OPEN
from qunxing.registry.models import AIModel, Filing, FilingKind
from qunxing.registry.queries.due import due_items
from qunxing.registry.states import IN_FORCE
from qunxing.resources.models import Offer
from qunxing.scenarios.models import Scenario
from qunxing.scenarios.states import State

SHOWN = 6
QUARTERS = 14


@dataclass(frozen=True)
class Tile:
    """One figure of the ledger on a day."""

    label: Text
    value: int
    url: str


@dataclass(frozen=True)
class Row:
    text: Text
    url: str
    note: Text = ""
    tone: str = ""
    day: date | None = None
    demo: bool = False


@dataclass(frozen=True)
class Panel:
    """A short list of what waits or is new, with the way to all of it; one without rows says `empty`, or hides."""

    title: Text
    icon: str
    rows: list[Row]
    url: str = ""
    empty: Text = ""

    @property
    def shown(self) -> bool:
        return bool(self.rows or self.empty)


@dataclass(frozen=True)
class Home:
    """Panels that wait for the reader come first."""

    tiles: list[Tile]
    panels: list[Panel]
    charts: list[tuple[str, dict[str, Any]]]


Builder = Callable[[Any, date], Panel]


def home_for(user: Any, today: date) -> Home:
    """The first page of this user; a constant number of queries for each kind."""
    kind = getattr(user, "kind", Kind.VISITOR)
    panels = [build(user, today) for build in PANELS[kind]]
    return Home(tiles(user, today), [panel for panel in panels if panel.shown], charts(user, today))


def is_public(user: Any) -> bool:
    """Whether the first page introduces the community, because the user has no work here."""
    return bool(getattr(user, "kind", Kind.VISITOR) == Kind.VISITOR)


def tiles(user: Any, today: date) -> list[Tile]:
    filings = Filing.objects.visible_to(user).filter(state__in=IN_FORCE)
    by_kind = dict(filings.order_by().values_list("kind").annotate(Count("pk")))
    residents = Residency.objects.visible_to(user).filter(resident_on(today))
    residents = residents.aggregate(number=Count("organization", distinct=True))["number"]
    open_scenarios = Scenario.objects.visible_to(user).filter(state=State.PUBLISHED).count()
    filing_url = reverse("registry:filing-list")
    return [
        Tile(_("Organisations in residence"), residents, f"{listed('directory:organization-list')}?stage=resident"),
        Tile(_("Models"), AIModel.objects.visible_to(user).count(), listed("registry:model-list")),
        Tile(_("Filed (备案)"), by_kind.get(FilingKind.FILED, 0), f"{filing_url}?kind=filed"),
        Tile(_("Registered (登记)"), by_kind.get(FilingKind.REGISTERED, 0), f"{filing_url}?kind=registered"),
        Tile(_("Funds"), Fund.objects.visible_to(user).count(), listed("funds:fund-list")),
        Tile(_("Open scenarios"), open_scenarios, f"{listed('scenarios:scenario-list')}?state=published"),
    ]


def listed(name: str) -> str:
    return reverse(name)


def charts(user: Any, today: date) -> list[tuple[str, dict[str, Any]]]:
    """Filings in force by quarter and kind, and scenarios by stage; one that would be empty is left out."""
    made = [("granted", granted_by_quarter(user, today)), ("scenarios", scenarios_by_state(user, today))]
    return [(name, data) for name, data in made if any(any(series["data"]) for series in data["series"])]


def granted_by_quarter(user: Any, today: date) -> dict[str, Any]:
    quarters = last_quarters(today, QUARTERS)
    rows = Filing.objects.visible_to(user).filter(state__in=IN_FORCE, granted_on__gte=quarters[0])
    rows = rows.filter(granted_on__lte=today).exclude(kind=FilingKind.ALGORITHM).order_by()
    counted = {
        (row["quarter"], row["kind"]): row["number"]
        for row in rows.annotate(quarter=TruncQuarter("granted_on"))
        .values("quarter", "kind")
        .annotate(number=Count("pk"))
    }
    kinds = [FilingKind.FILED, FilingKind.REGISTERED]
    return {
        "type": "stacked",
        "whole": True,
        "title": _("Newly granted, by quarter"),
        "note": from_ledger(today),
        "labels": [f"{first.year}Q{(first.month + 2) // 3}" for first in quarters],
        "series": [
            {"name": str(kind.label), "data": [counted.get((first, kind), 0) for first in quarters]} for kind in kinds
        ],
    }


def from_ledger(today: date) -> str:
    return _("From the ledger, as of %(day)s") % {"day": show_isoday(today)}


def last_quarters(today: date, count: int) -> list[date]:
    """The first days of the last `count` quarters, the present one included, in order."""
    last = today.year * 4 + (today.month - 1) // 3
    return [date(number // 4, number % 4 * 3 + 1, 1) for number in range(last - count + 1, last + 1)]


def scenarios_by_state(user: Any, today: date) -> dict[str, Any]:
    rows = Scenario.objects.visible_to(user).order_by().values_list("state").annotate(Count("pk"))
    counted = dict(rows)
    return {
        "type": "bar",
        "across": True,
        "whole": True,
        "title": _("Scenarios by stage"),
        "note": from_ledger(today),
        "labels": [str(state.label) for state in State if counted.get(state)],
        "series": [{"name": _("Scenarios"), "data": [counted[state] for state in State if counted.get(state)]}],
    }


# --- panels ---------------------------------------------------------------------------------------------------------


def due(user: Any, today: date) -> Panel:
    rows = [
        Row(item.filing.name, item.url, show_days_left(item.days_left), "bad" if item.days_left < 0 else "warn")
        for item in due_items(user, today)[:SHOWN]
    ]
    return Panel(_("Due soon"), "clock", rows, reverse("registry:due-soon"), _("Nothing falls due."))


def awaiting_appraisal(user: Any, _today: date) -> Panel:
    states = [State.SUBMITTED, State.IN_APPRAISAL]
    rows = Scenario.objects.visible_to(user).filter(state__in=states).select_related("organization")
    url = f"{reverse('scenarios:scenario-list')}?state=submitted&state=in_appraisal"
    shown = [scenario_row(scenario) for scenario in rows.order_by("updated_at")[:SHOWN]]
    return Panel(_("Scenarios to appraise"), "bulb", shown, url, _("No scenario waits."))


def scenario_row(scenario: Scenario) -> Row:
    note = f"{short_name(scenario.organization)} · {scenario.get_state_display()}"
    return Row(scenario.title, scenario.get_absolute_url(), note, demo=scenario.demo)


def short_name(organization: Organization) -> str:
    return organization.short_name or organization.name


def left_by_imports(_user: Any, _today: date) -> Panel:
    rows = [
        Row(_("Rows for staff"), reverse("intake:staff-rows"), str(number))
        for number in [StaffRow.objects.filter(state=StaffRow.State.OPEN).count()]
        if number
    ] + [
        Row(_("Names to judge"), reverse("intake:proposals"), str(number))
        for number in [Proposal.objects.filter(state=Proposal.State.OPEN).count()]
        if number
    ]
    return Panel(_("Left over by imports"), "upload", rows, reverse("intake:import-list"), _("Nothing is left over."))


def silent(user: Any, today: date) -> Panel:
    rows = [
        Row(
            one.invitation.organization.name,
            one.invitation.get_absolute_url(),
            show_days_left(-one.days_late),
            "warn",
            demo=one.invitation.demo,
        )
        for one in silent_invitations(user, today)[:SHOWN]
    ]
    return Panel(_("Invitations that nobody answers"), "send", rows, f"{reverse('matching:overview')}#silent")


def my_invitations(user: Any, _today: date) -> Panel:
    """What the user's organisations are invited to, the unanswered first."""
    rows = Invitation.objects.filter(organization__in=member_organizations(user), state__in=OPEN)
    found = sorted(rows.select_related("scenario"), key=lambda row: (row.state != "invited", -row.pk))[:SHOWN]
    shown = [
        Row(row.scenario.title, row.get_absolute_url(), row.get_state_display(), row.tone, demo=row.demo)
        for row in found
    ]
    return Panel(_("Our invitations"), "send", shown, reverse("matching:invitation-list"))


def my_organizations(user: Any, _today: date) -> Panel:
    rows = Organization.objects.filter(pk__in=member_organizations(user)).order_by("name_key")[:SHOWN]
    shown = [Row(row.name, row.get_absolute_url(), row.short_name, demo=row.demo) for row in rows]
    return Panel(
        _("My organisations"),
        "building",
        shown,
        empty=_("You are not a member of an organisation yet; its owner can admit you."),
    )


def my_filings(user: Any, _today: date) -> Panel:
    rows = Filing.objects.filter(organization__in=member_organizations(user)).order_by("-updated_at")[:SHOWN]
    shown = [
        Row(row.name, row.get_absolute_url(), f"{row.get_kind_display()} · {row.get_state_display()}", demo=row.demo)
        for row in rows
    ]
    return Panel(_("My filings"), "file-certificate", shown)


def my_scenarios(user: Any, _today: date) -> Panel:
    rows = Scenario.objects.filter(organization__in=member_organizations(user)).select_related("organization")
    return Panel(_("My scenarios"), "bulb", [scenario_row(row) for row in rows.order_by("-updated_at")[:SHOWN]])


def my_funds(user: Any, _today: date) -> Panel:
    rows = Fund.objects.filter(manager__in=member_organizations(user)).order_by("name")[:SHOWN]
    return Panel(_("My funds"), "coins", [Row(row.name, row.get_absolute_url(), demo=row.demo) for row in rows])


def open_scenarios(user: Any, _today: date) -> Panel:
    rows = Scenario.objects.visible_to(user).filter(state=State.PUBLISHED).select_related("organization")
    shown = [scenario_row(row) for row in rows.order_by("-published_on", "-pk")[:SHOWN]]
    url = f"{reverse('scenarios:scenario-list')}?state=published"
    return Panel(_("Open scenarios"), "bulb", shown, url, _("No scenario is open at present."))


def open_challenges(user: Any, today: date) -> Panel:
    """Challenges that take bids, the first to close first."""
    rows = Challenge.objects.visible_to(user).filter(state=ChallengeState.OPEN, board__deadline__date__gte=today)
    rows = rows.select_related("board").order_by("board__deadline", "number")[:SHOWN]
    shown = [Row(row.title, row.get_absolute_url(), until(row.board.deadline), row.tone, demo=row.demo) for row in rows]
    return Panel(_("Open challenges (揭榜挂帅)"), "flag", shown, reverse("challenges:overview"))


def until(moment: datetime) -> str:
    return _("bids until %(day)s") % {"day": show_isoday(timezone.localtime(moment).date())}


def running_contests(user: Any, _today: date) -> Panel:
    """Challenges between the deadline and the last payment, what moved last first."""
    states = frozenset(ChallengeState) - OVER - {ChallengeState.DRAFT, ChallengeState.OPEN}
    rows = Challenge.objects.visible_to(user).filter(state__in=states).order_by("-updated_at", "-pk")[:SHOWN]
    shown = [Row(row.title, row.get_absolute_url(), row.get_state_display(), row.tone, demo=row.demo) for row in rows]
    return Panel(_("Challenges under way"), "hourglass", shown, reverse("challenges:challenge-list"))


def core_firms(user: Any, today: date) -> Panel:
    stays = Residency.objects.visible_to(user).filter(resident_on(today), tier=Residency.Tier.CORE)
    rows = organization_rows(stays)
    url = f"{reverse('directory:organization-list')}?tier=core"
    return Panel(_("The core firms (北斗七星)"), "star", rows, url)


def organization_rows(stays: QuerySet[Any]) -> list[Row]:
    found = {stay.organization_id: stay.organization for stay in stays.select_related("organization").order_by("pk")}
    return [
        Row(one.short_name or one.name, one.get_absolute_url(), one.english_name, demo=one.demo)
        for one in list(found.values())[:7]
    ]


def new_filings(user: Any, _today: date) -> Panel:
    rows = Filing.objects.visible_to(user).filter(state__in=IN_FORCE).exclude(kind=FilingKind.ALGORITHM)
    rows = rows.filter(granted_on__isnull=False).order_by("-granted_on", "-pk").select_related("organization")[:SHOWN]
    shown = [
        Row(row.name, row.get_absolute_url(), short_name(row.organization), day=row.granted_on, demo=row.demo)
        for row in rows
    ]
    return Panel(_("Newly granted"), "file-certificate", shown, reverse("registry:filing-list"))


def new_offers(user: Any, today: date) -> Panel:
    standing = Q(valid_until__gte=today) | Q(valid_until__isnull=True)
    rows = Offer.objects.visible_to(user).filter(standing, state="open").order_by("-updated_at")[:SHOWN]
    shown = [Row(row.title, row.get_absolute_url(), row.get_kind_display(), demo=row.demo) for row in rows]
    return Panel(_("Resources on offer"), "server", shown, reverse("resources:offer-list"))


PUBLIC: Sequence[Builder] = (open_challenges, open_scenarios, new_filings, new_offers)
PANELS: dict[str, Sequence[Builder]] = {
    Kind.STAFF: (due, running_contests, awaiting_appraisal, silent, left_by_imports, new_filings),
    Kind.OFFICER: (running_contests, due, awaiting_appraisal, left_by_imports, new_filings),
    Kind.MEMBER: (
        my_invitations,
        my_organizations,
        my_scenarios,
        my_filings,
        due,
        open_challenges,
        open_scenarios,
        new_offers,
    ),
    Kind.MANAGER: (my_organizations, my_funds, open_challenges, open_scenarios, new_filings),
    Kind.EXPERT: (open_challenges, open_scenarios, new_filings, core_firms),
    Kind.VISITOR: PUBLIC,
}
