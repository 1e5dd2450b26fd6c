"""What the contracts and public notices of races are about (challenges/about.py)."""

from qunxing.challenges.models import Contract, Notice
from qunxing.ledger.models import Record
from qunxing.races.models import GateReport, Lane


def raced(row: Contract | Notice) -> Record | None:
    """The race of a lane's contract, the report of a gate's notice."""
    if isinstance(row, Notice):
        return GateReport.objects.filter(notice=row).select_related("stage__race").first()
    lane = Lane.objects.filter(contract=row).select_related("race").first()
    return lane.race if lane is not None else None


ABOUT = (raced,)
