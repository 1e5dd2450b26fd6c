"""The records of races (赛马)."""

from qunxing.races.models.entries import Entry
from qunxing.races.models.flags import Flag
from qunxing.races.models.lanes import Lane, LaneParty, Route, RouteCheck
from qunxing.races.models.races import Race, Stage
from qunxing.races.models.reports import GateReport, LaneDecision, RaceArchive, StageItem, StagePanel
from qunxing.races.models.runs import Baseline, ScoreRun
from qunxing.races.models.testsets import Scorer, TestingBody, TestSet

__all__ = [
    "Baseline",
    "Entry",
    "Flag",
    "GateReport",
    "Lane",
    "LaneDecision",
    "LaneParty",
    "Race",
    "RaceArchive",
    "Route",
    "RouteCheck",
    "ScoreRun",
    "Scorer",
    "Stage",
    "StageItem",
    "StagePanel",
    "TestSet",
    "TestingBody",
]
