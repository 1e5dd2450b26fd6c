"""Races in draft: made by hand, from a preset or from a challenge; their stages and lanes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from qunxing.challenges.actions.common import locked, require, tell
from qunxing.challenges.bidfacts import content_of
from qunxing.challenges.models import Challenge, Contract
from qunxing.challenges.models.boards import Mechanism
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.challenges.states.contract import ContractState
from qunxing.core.errors import Refused
from qunxing.directory.models import Organization
from qunxing.ledger.actions import add_many, change, create, remove
from qunxing.ledger.recording import recording
from qunxing.races import presets
from qunxing.races.models import GateReport, Lane, LaneParty, Race, Route, Stage
from qunxing.races.models.races import Kind
from qunxing.races.plan import GatePlan, Metric
from qunxing.races.rules.running import Permission
from qunxing.races.states.lane import LaneState
from qunxing.races.states.race import RaceState
from qunxing.races.words import stage_title
from qunxing.scenarios.goals import Operator

LEAST, MOST_OF_CHALLENGE = 2, 5
# A race of its own has no targets to sign; whoever asks for it says whether it is what was asked for.
OWN_TERMS: Mapping[str, Any] = {"acceptance": {"by": "user"}}
BETTER_BELOW = frozenset({Operator.AT_MOST, Operator.UNDER})


@dataclass(frozen=True)
class StageSpec:
    """A stage to be added."""

    title: str
    plan: GatePlan
    task: str = ""


@dataclass(frozen=True)
class Team:
    """Who is in a lane and how they mean to do it; `partners` are (organisation, tasks)."""

    organization: Organization
    name: str = ""
    approach: str = ""
    leader: str = ""
    members: str = ""
    route: str = ""
    tags: tuple[str, ...] = ()
    partners: tuple[tuple[Organization, str], ...] = field(default_factory=tuple)


# --- races ----------------------------------------------------------------------------------------------------------


def create_race(race: Race, *, actor: Any, stages: Sequence[StageSpec] = (), reason: str = "") -> Race:
    """Keep a race in draft; `race` is unsaved."""
    require(actor, Permission.CREATE_RACE)
    if race.challenge is None and not race.terms:
        race.terms = dict(OWN_TERMS)
    with recording(actor=actor, reason=reason):
        create(race, actor=actor)
        add_stages(race, stages)
        tell("race.created", race, {"kind": str(race.kind), "stages": len(stages)})
    return race


def add_stages(race: Race, stages: Sequence[StageSpec]) -> None:
    first = race.stages.count() + 1
    rows = [stage_of(race, order, spec) for order, spec in enumerate(stages, start=first)]
    add_many(rows)


def stage_of(race: Race, order: int, spec: StageSpec, edition: int = 1) -> Stage:
    made = Stage(
        race=race,
        order=order,
        edition=edition,
        title=spec.title[:120],
        task=spec.task,
        plan=spec.plan.as_json(),
        visibility=race.visibility,
        demo=race.demo,
    )
    made.derive()
    return made


def from_preset(
    race: Race, code: str, *, actor: Any, first: datetime, start_money: int | None = None, **wanted: Any
) -> Race:
    """A race laid out by a preset from this moment on, with other money to begin with where that is told; Refused for a
    preset that there is not.
    """
    try:
        laid = presets.laid_out(code, first, lanes=race.lanes_most, **wanted)
    except (KeyError, ValueError) as error:
        raise Refused(_("There is no such preset."), "", 422) from error
    race.preset, race.start_money = code, laid.start_money if start_money is None else start_money
    specs = [StageSpec(stage_title(one.title, place), one.plan) for place, one in enumerate(laid.stages, start=1)]
    return create_race(race, actor=actor, stages=specs)


def change_race(race: Race, *, actor: Any, values: Mapping[str, Any], **words: Any) -> Race:
    """Other words and numbers of a draft; who may see it, at any time."""
    if set(values) - {"visibility"}:
        require(actor, Permission.CHANGE_RACE, race)
    require(actor, Permission.RUN_RACE, race)
    with recording(actor=actor, reason=words.get("reason", "")):
        saved = change(race, actor=actor, values=values, **words)
        show_parts(saved)
    return saved


def show_parts(race: Race) -> None:
    """The parts, and the notices of its gates, are as open as the race."""
    parts: list[Any] = [*race.stages.all(), *race.lanes.all()]
    reports = GateReport.objects.filter(stage__race=race).select_related("notice")
    parts += [row for report in reports for row in (report, report.notice) if row is not None]
    for row in parts:
        if row.visibility != race.visibility:
            change(row, actor=None, values={"visibility": race.visibility})


# --- stages ---------------------------------------------------------------------------------------------------------


def drafted(race: Race, actor: Any) -> Race:
    """The stored race, kept from others; Refused unless it is a draft."""
    require(actor, Permission.CREATE_RACE)
    stored = locked(race)
    if stored.state != RaceState.DRAFT:
        raise Refused(
            _("The race is published: its stages and gates are frozen."),
            _("A gate whose test set must change is replaced by a new one."),
            409,
        )
    return stored


def add_stage(race: Race, spec: StageSpec, *, actor: Any) -> Stage:
    """Another stage at the end."""
    with recording(actor=actor):
        stored = drafted(race, actor)
        return create(stage_of(stored, stored.stages.count() + 1, spec), actor=actor)


def change_stage(stage: Stage, *, actor: Any, values: Mapping[str, Any], **words: Any) -> Stage:
    """Other words or another plan of a stage of a draft."""
    with recording(actor=actor, reason=words.get("reason", "")):
        drafted(stage.race, actor)
        return change(stage, actor=actor, values=values, **words)


def remove_stage(stage: Stage, *, actor: Any) -> None:
    """Take a stage out of a draft; the later ones move up."""
    with recording(actor=actor):
        race = drafted(stage.race, actor)
        remove(stage, actor=actor, reason=_("Taken out of the plan"))
        for order, row in enumerate(race.stages.order_by("order"), start=1):
            if row.order != order:
                change(row, actor=None, values={"order": order})


# --- lanes ----------------------------------------------------------------------------------------------------------


def lane_for(race: Race, team: Team, *, state: str, day: date, **more: Any) -> Lane:
    """A lane with its parties and its route, inside a recording; Refused where the organisation has one."""
    refuse_double(race, team)
    last = race.lanes.order_by("-number").values_list("number", flat=True).first()
    made = Lane(
        race=race,
        number=(last or 0) + 1,
        name=(team.name.strip() or team.organization.short_name or team.organization.name)[:80],
        organization=team.organization,
        approach=team.approach[:120],
        state=state,
        entered_on=day if state != LaneState.INVITED else None,
        visibility=race.visibility,
        demo=race.demo,
        **more,
    )
    create(made, actor=None)
    create(route_of(made, team), actor=None)
    for firm, tasks in team.partners:
        party = LaneParty(lane=made, organization=firm, tasks=tasks[:500], visibility=race.visibility, demo=race.demo)
        create(party, actor=None)
    return made


def route_of(lane: Lane, team: Team) -> Route:
    return Route(
        lane=lane,
        leader=team.leader.strip()[:60],
        team=team.members,
        text=team.route,
        tags=list(team.tags)[:20],
        demo=lane.demo,
    )


def refuse_double(race: Race, team: Team) -> None:
    """An organisation has one lane, and no part in another's."""
    firms = [team.organization, *(firm for firm, _tasks in team.partners)]
    if race.organization_id in {firm.pk for firm in firms}:
        raise Refused(_("Whoever asks for the race does not run in it."), "", 422)
    if len({firm.pk for firm in firms}) < len(firms):
        raise Refused(_("An organisation stands twice in this team."), "", 422)
    leads = race.lanes.filter(organization__in=firms).select_related("organization").first()
    joins = LaneParty.objects.filter(lane__race=race, organization__in=firms).select_related("organization").first()
    found = leads or joins
    if found is not None:
        words = {"organization": found.organization}
        raise Refused(_("%(organization)s has a part in this race already.") % words, "", 409)


# --- from a challenge -----------------------------------------------------------------------------------------------


def from_challenge(challenge: Challenge, *, actor: Any, day: date, first: datetime, preset: str = "shenzhen") -> Race:
    """A race of the awarded bids: a lane for each contract, the challenge's targets as metrics.

    Refused unless the mechanism is the race, the award is confirmed, and no contract is signed.
    """
    require(actor, Permission.CREATE_RACE)
    with recording(actor=actor):
        stored = locked(challenge)
        contracts = raced_contracts(stored)
        made = from_preset(
            race_of_challenge(stored, contracts),
            preset,
            actor=actor,
            first=first,
            metrics=target_metrics(stored),
            budget=least_grant(contracts) * len(contracts),
        )
        for contract in contracts:
            lane_for(made, team_of(contract), state=LaneState.ENTERED, day=day, bid=contract.bid, contract=contract)
        tell("race.from_challenge", made, {"challenge": stored.number, "contracts": [row.number for row in contracts]})
    return made


def raced_contracts(challenge: Challenge) -> list[Contract]:
    """The contracts that become lanes, as they stand drafted."""
    if challenge.mechanism != Mechanism.RACE:
        raise Refused(_("This challenge has one winner; only a challenge that is a race becomes one."), "", 409)
    if challenge.state != ChallengeState.AWARDED:
        raise Refused(_("The race begins from a confirmed award, before its contracts are signed."), "", 409)
    if challenge.races.exclude(state=RaceState.STOPPED).exists():
        raise Refused(_("This challenge has a race already."), "", 409)
    found = list(challenge.contracts.exclude(state=ContractState.VOID).select_related("organization", "bid"))
    if any(row.state != ContractState.DRAFT or row.bidder_signed_on or row.issuer_signed_on for row in found):
        raise Refused(_("A contract of this award is signed already; its milestones are no gates."), "", 409)
    if not LEAST <= len(found) <= MOST_OF_CHALLENGE:
        words = {"least": LEAST, "most": MOST_OF_CHALLENGE, "count": len(found)}
        raise Refused(_("A race takes %(least)s to %(most)s awarded bids; there are %(count)s.") % words, "", 409)
    return sorted(found, key=lambda row: row.pk)


def race_of_challenge(challenge: Challenge, contracts: Sequence[Contract]) -> Race:
    return Race(
        title=challenge.title,
        kind=Kind.CHALLENGE,
        text=challenge.problem,
        fields=challenge.fields,
        challenge=challenge,
        organization=challenge.issuer,
        payer=challenge.payer,
        lanes_most=len(contracts),
        ends_on=max(row.ends_on for row in contracts),
        visibility=challenge.visibility,
        demo=challenge.demo,
    )


def least_grant(contracts: Sequence[Contract]) -> int:
    """What every lane can be given out of its own award."""
    return min((row.grant for row in contracts), default=0)


def target_metrics(challenge: Challenge) -> list[Metric]:
    """The core indicators as columns of a table of scores: met in full is one, nothing reached is nought."""
    return [metric_of(row) for row in challenge.targets.all() if row.target]


def metric_of(row: Any) -> Metric:
    goal = float(row.target)
    below = row.operator in BETTER_BELOW
    ends = (2 * goal, goal) if below else (0.0, goal)
    return Metric(row.name[:100], "lower" if below else "higher", low=ends[0], high=ends[1])


def team_of(contract: Contract) -> Team:
    """The team as its bid has it."""
    if contract.bid is None:
        return Team(contract.organization, leader=contract.leader)
    content = content_of(contract.bid)
    partners = contract.parties.filter(left_on__isnull=True).select_related("organization")
    return Team(
        contract.organization,
        leader=content.leader.name,
        members="\n".join(" ".join(filter(None, (person.name, person.title, person.part))) for person in content.team),
        route=content.route,
        partners=tuple((row.organization, row.tasks) for row in partners),
    )
