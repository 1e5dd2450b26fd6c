"""The steps of a filing as its page shows them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from qunxing.core.errors import Text
from qunxing.registry.models import Filing, Precision
from qunxing.registry.models.vocabulary import part_of_day
from qunxing.registry.states import IN_FORCE, TONES, State


@dataclass(frozen=True)
class ShownStep:
    """`ref` is empty for the grant that only the filing itself tells of."""

    state: str
    label: Text
    tone: str
    day: date
    note: str = ""
    ref: str = ""
    precision: str = Precision.DAY

    @property
    def shown_day(self) -> str:
        """As much of the day as is known."""
        return part_of_day(self.day, self.precision)


def steps_of(filing: Filing, *, user: Any) -> list[ShownStep]:
    """The steps the user may see, oldest first; the grant of an imported filing is read off its day."""
    stored = [
        ShownStep(step.state, step.get_state_display(), TONES[State(step.state)], step.day, step.note, step.ref)
        for step in filing.steps.visible_to(user)
    ]
    if filing.granted_on is None or any(step.state in IN_FORCE for step in stored):
        return stored
    return sorted([*stored, grant_of(filing, filing.granted_on)], key=lambda step: step.day)


def grant_of(filing: Filing, day: date) -> ShownStep:
    return ShownStep(
        State.GRANTED,
        State.GRANTED.label,
        TONES[State.GRANTED],
        day,
        filing.granted_note,
        precision=filing.granted_precision,
    )
