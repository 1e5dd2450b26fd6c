"""The lives of a race, of which a rehearsal tells what it came to."""

from collections.abc import Mapping
from typing import ClassVar

from qunxing.challenges.rehearsal.coverage import KNOWN, Coverage
from qunxing.core.states import Machine
from qunxing.ledger.models import Record
from qunxing.races.models import Entry, Flag, GateReport, Lane, Race, Stage
from qunxing.races.states import entry, lane, race, report, stage

LIVES: Mapping[type[Record], Machine] = {
    Race: race.LIFE,
    Stage: stage.LIFE,
    Lane: lane.LIFE,
    Entry: entry.LIFE,
    GateReport: report.LIFE,
    Flag: entry.FLAG_LIFE,
}
KNOWN.update(LIVES)


class RaceCoverage(Coverage):
    """Of these lives alone."""

    lives: ClassVar[Mapping[type[Record], Machine]] = LIVES
