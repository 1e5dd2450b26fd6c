"""The end: what is owed is settled, challenges are archived, lists concluded."""

from qunxing.challenges.actions import archiving
from qunxing.challenges.models import Challenge, ChallengeList
from qunxing.challenges.rehearsal.acts import delivering
from qunxing.challenges.rehearsal.stage import Stage, Words, fresh
from qunxing.challenges.states.challenge import OUTCOMES, ChallengeState


def conclude(stage: Stage, board: ChallengeList) -> None:
    """Every challenge of the list is archived, and the list is over."""
    for entry in board.challenges.filter(state__in=sorted(OUTCOMES)).order_by("pk"):
        archive(stage, entry)
    stage.do("list.conclude", archiving.conclude, board, actor=stage.staff, once=True)


def archive(stage: Stage, entry: Challenge) -> None:
    """Not while money is owed; then the pack is made, by a second attempt where the first was cut short."""
    if entry.contracts.filter(payments__state="due").exists():
        words: Words = {"actor": stage.staff, "day": stage.clock.day}
        stage.refused("challenge.archived_with_money_owed", archiving.archive, entry, **words)
        for contract in entry.contracts.order_by("pk"):
            delivering.settle_all(stage, contract)
    stage.do("challenge.archive", sealed, stage, entry, whole=False)
    stage.memory.archives.append(archiving.archived_file(fresh(entry), actor=stage.officer, day=stage.clock.day))


def sealed(stage: Stage, entry: Challenge) -> object:
    words: Words = {"actor": stage.staff, "day": stage.clock.day}
    again = entry.state == ChallengeState.ARCHIVED
    return archiving.seal_archive(entry, **words) if again else archiving.archive(entry, **words)
