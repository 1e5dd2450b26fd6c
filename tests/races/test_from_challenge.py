"""A challenge whose mechanism is the race: its awarded bids become lanes, the award flows back to it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from qunxing.challenges.actions import accepting, awarding, contracting
from qunxing.challenges.models import Challenge
from qunxing.core.errors import Refused
from qunxing.directory.models import Membership
from qunxing.races.actions import creating, finishing, publishing, routes
from qunxing.races.models import Race, RouteCheck
from tests import factories as people
from tests.challenges import deciders
from tests.races import runners

pytestmark = pytest.mark.django_db
DAY = deciders.DAY + timedelta(days=20)
NOW = datetime(DAY.year, DAY.month, DAY.day, 10, tzinfo=runners.SHANGHAI)


@pytest.fixture
def challenge() -> Challenge:
    """Awarded to three bids, their contracts drafted."""
    made = deciders.reviewed(3, mechanism="race")
    awarding.propose(made, actor=deciders.staff(), day=deciders.DAY, winners=3)
    notice = deciders.noticing.give_notice(made, actor=deciders.staff(), day=deciders.DAY)
    awarding.confirm_award(made, actor=deciders.staff(), day=notice.last_day + timedelta(days=1))
    return made


def raced(challenge: Challenge) -> Race:
    race = creating.from_challenge(challenge, actor=deciders.staff(), day=DAY, first=NOW)
    for place, lane in enumerate(race.lanes.order_by("number")):
        runners.lanes.change_route(lane.route, actor=deciders.staff(), values={"text": runners.ROUTES[place]})
    return race


def test_awarded_bids_become_lanes_with_their_contracts(challenge: Challenge) -> None:
    race = creating.from_challenge(challenge, actor=deciders.staff(), day=DAY, first=NOW)
    lanes = list(race.lanes.order_by("number"))
    assert [lane.contract for lane in lanes] == list(challenge.contracts.order_by("pk"))
    assert [lane.organization for lane in lanes] == [lane.bid.organization for lane in lanes]
    assert (race.organization, race.kind, race.stages.count()) == (challenge.issuer, "challenge", 2)
    assert [metric.name for metric in race.stages.all()[0].gate.metrics] == [
        row.name for row in challenge.targets.all()
    ]
    with pytest.raises(Refused):
        creating.from_challenge(challenge, actor=deciders.staff(), day=DAY, first=NOW)


@pytest.mark.parametrize(("state", "mechanism"), [("review", "race"), ("awarded", "single")])
def test_only_an_awarded_challenge_that_is_a_race_becomes_one(challenge: Challenge, state: str, mechanism: str) -> None:
    Challenge.objects.filter(pk=challenge.pk).update(state=state, mechanism=mechanism)
    with pytest.raises(Refused):
        creating.from_challenge(challenge, actor=deciders.staff(), day=DAY, first=NOW)


def test_routes_that_read_alike_need_a_word_before_the_race_is_published(challenge: Challenge) -> None:
    race, actor = raced(challenge), deciders.staff()
    twin = race.lanes.get(number=2)
    runners.lanes.change_route(twin.route, actor=actor, values={"text": runners.ROUTES[0] + "同上。"})
    with pytest.raises(Refused):
        publishing.publish(race, actor=actor, at=NOW)
    check = RouteCheck.objects.get(race=race, alike=True)
    routes.judge_routes(check, actor=actor, differ=True, word="一队云端训练，一队边缘训练")
    publishing.publish(race, actor=actor, at=NOW)
    assert race.state == "published"


def test_publication_gives_the_contracts_the_gates_for_milestones(challenge: Challenge) -> None:
    race = raced(challenge)
    publishing.publish(race, actor=deciders.staff(), at=NOW)
    contract = race.lanes.get(number=1).contract
    assert list(contract.milestones.values_list("kind", flat=True)) == ["gate", "final"]
    assert sum(contract.payments.values_list("amount", flat=True)) == contract.grant
    with pytest.raises(Refused):
        contracting.set_plan(contract, contracting.Plan(0, ()), actor=deciders.staff())


def test_more_money_than_the_award_granted_is_refused(challenge: Challenge) -> None:
    race = raced(challenge)
    creating.change_race(race, actor=deciders.staff(), values={"start_money": 10**10})
    with pytest.raises(Refused):
        publishing.publish(race, actor=deciders.staff(), at=NOW)


def test_award_flows_back_to_the_challenge_and_its_acceptance(challenge: Challenge) -> None:
    race: Any = raced(challenge)
    publishing.publish(race, actor=deciders.staff(), at=NOW)
    for lane in race.lanes.all():
        sign(lane.contract)
    publishing.start(race, actor=deciders.staff(), day=DAY)
    challenge.refresh_from_db()
    assert challenge.state == "delivering"
    runners.judged(runners.stage(race))
    runners.decided(race, (0.9, 0.7, 0.5))
    left = race.lanes.filter(state="running").count()
    runners.judged(runners.stage(race, 2), (0.9, 0.6, 0.8)[:left])
    runners.decided(race, (0.9, 0.7, 0.5)[:left], order=2)
    challenge.refresh_from_db()
    winner = race.lanes.get(state="winner").contract
    assert (race.state, challenge.state, winner.state) == ("awarded", "delivering", "in_force")
    assert winner.commitments.count() == challenge.targets.count()
    made = deciders.asked(winner)
    accepting.decide(made, actor=deciders.staff(), day=winner.ends_on, finding="全部指标达到")
    challenge.refresh_from_db()
    finishing.close(race, actor=deciders.staff(), day=winner.ends_on)
    assert (challenge.state, race.state) == ("accepted", "closed")


def sign(contract: Any) -> None:
    contractor, issuer = deciders.signers(contract)
    contracting.sign(contract, actor=contractor, day=DAY, pledge="确保完成")
    contracting.sign(contract, actor=issuer, day=DAY)


def test_whoever_asks_for_the_race_does_not_run_in_it() -> None:
    race = runners.race()
    with pytest.raises(Refused):
        runners.lanes.invite(race, runners.team(0, race.organization), actor=runners.staff(), day=runners.DAY)


def test_open_entry_is_for_one_s_own_organisation_and_until_its_day() -> None:
    race = runners.race(
        [runners.StageSpec("预赛", runners.plan(20)), runners.two_gates((0, 0))[1]],
        kind="open",
        start_money=0,
        enter_until=runners.DAY + timedelta(days=10),
    )
    publishing.publish(race, actor=runners.staff(), at=runners.NOW)
    team = runners.team()
    owner = people.member_of(team.organization, Membership.Role.OWNER)
    other = people.member_of(people.organization(), Membership.Role.OWNER)
    with pytest.raises(Refused):
        runners.lanes.enter(race, team, actor=other, day=runners.DAY)
    with pytest.raises(Refused):
        runners.lanes.enter(race, team, actor=owner, day=runners.DAY + timedelta(days=11))
    lane = runners.lanes.enter(race, team, actor=owner, day=runners.DAY)
    with pytest.raises(Refused):
        runners.lanes.enter(race, team, actor=owner, day=runners.DAY)
    assert (lane.state, lane.contract) == ("entered", None)
