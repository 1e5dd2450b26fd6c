"""After the award: the winner delivers, money is paid, the race is closed."""

from typing import Any

from qunxing.challenges.models import Contract, Payment
from qunxing.challenges.rehearsal.acts import delivering
from qunxing.challenges.rehearsal.stage import fresh
from qunxing.races.actions import archiving, finishing
from qunxing.races.models import Race
from qunxing.races.rehearsal.acts.drafting import end, sign_one
from qunxing.races.rehearsal.stage import RaceStage
from qunxing.races.states.race import OVER, RaceState

ARCHIVED = 0.3
FATES = ("smooth", "smooth", "smooth", "rectified", "failed_twice")


def paid(stage: RaceStage, race: Race) -> None:
    """What is due is paid, some of it; the rest at the end."""
    for row in Payment.objects.filter(contract__lane__race=race, state="due").order_by("pk"):
        if stage.dice.happens(0.4):
            delivering.pay(stage, row)


def finish(stage: RaceStage, race: Race) -> None:
    """Accepted or not, then closed; not before."""
    if fresh(race).state != RaceState.AWARDED:
        return
    contracts = list(Contract.objects.filter(lane__race=race, lane__state="winner").order_by("pk"))
    if contracts:
        stage.refused("race.closed_with_a_contract_open", finishing.close, race, **stage.by_staff())
    stage.refused("race.stopped_after_the_award", finishing.stop, race, reason="x", **stage.by_staff())
    for contract in contracts:
        if fresh(contract).state == "draft":
            sign_one(stage, contract)
        delivering.accept(stage, contract, stage.dice.choice(FATES))
        delivering.settle_all(stage, contract)
    words: dict[str, Any] = stage.by_staff()
    stage.do("race.close", finishing.close, race, once=True, **words)


def stop_anywhere(stage: RaceStage, race: Race, where: str, fate: str) -> bool:
    """Whether the race ends here."""
    if fate != where:
        return False
    end(stage, race)
    return True


def archive(stage: RaceStage, race: Race) -> None:
    """What is over is archived, by a second attempt where the first was cut short; what is not, is not."""
    if fresh(race).state not in OVER:
        stage.refused("race.archived_before_its_end", archiving.archive, race, **stage.by_staff())
        return
    if not stage.dice.happens(ARCHIVED):
        return
    visitor = stage.visitor
    stage.do("race.archive", archiving.archive, race, whole=False, **stage.by_staff())
    stage.refused("archive.read_by_a_visitor", archiving.archived_file, race, actor=visitor, day=stage.clock.day)
    stage.memory.archives.append(archiving.archived_file(fresh(race), **stage.by_officer()))
