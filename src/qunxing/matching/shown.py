"""What a reader is told of a candidate."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from qunxing.core.errors import Text
from qunxing.matching.changes import Change
from qunxing.matching.engine.conditions import Outcome
from qunxing.matching.models import Candidate, Invitation, Judgement, Standing

STANDING_TONES = {Standing.FIT: "good", Standing.OPEN: "warn", Standing.MISSED: "bad"}


@dataclass(frozen=True)
class Share:
    """One part of a score, and where its stretch of the bar begins and how long it is (of a hundred)."""

    name: str
    label: Text
    value: float
    start: float
    width: float


@dataclass(frozen=True)
class ShownEvidence:
    text: str
    url: str
    day: str
    kind: str = ""


@dataclass(frozen=True)
class ShownFinding:
    code: str
    label: Text
    outcome: str
    state: Text
    tone: str
    icon: str
    evidence: list[ShownEvidence]
    closing: str


@dataclass(frozen=True)
class ShownHit:
    term: str
    need_field: Text
    part: Text
    value: float


@dataclass
class Shown:
    """One candidate for one reader. `place` counts what the reader sees; `by_hand` is its place in the manual order.

    Of a `stale` one a row that its reasons rest on is closed to the reader, or gone: no reasons, and no score.
    """

    candidate: Candidate
    target: Any
    place: int
    stale: bool
    answer: Any = None
    answer_kind: str = ""
    shares: list[Share] = field(default_factory=list)
    findings: list[ShownFinding] = field(default_factory=list)
    hits: list[ShownHit] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    passages: list[tuple[Text, SafeString]] = field(default_factory=list)
    changes: tuple[Change, ...] = ()
    by_hand: int = 0
    judgement: Judgement | None = None
    invitation: Invitation | None = None
    shown_place: int = 0

    @property
    def key(self) -> str:
        return str(self.target.ref)

    @property
    def name(self) -> str:
        return getattr(self.target, "short_name", "") or str(self.target)

    @property
    def standing(self) -> Standing:
        return Standing(self.candidate.standing)

    @property
    def tone(self) -> str:
        return STANDING_TONES[self.standing]

    @property
    def score(self) -> float:
        """What it stands by; not to be told of a `stale` one."""
        return self.candidate.score

    @property
    def missing(self) -> list[str]:
        """What stands in the way, and how it could be closed."""
        return [finding.closing for finding in self.findings if finding.outcome != Outcome.PASS]
