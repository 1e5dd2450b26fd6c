"""The reason of a step: what must be said, and how much of it is kept."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused
from qunxing.core.states import Transition

LONGEST: Final = 500


def told_reason(reason: str) -> str:
    """The reason as it is kept: without what no database holds, and not longer than its column."""
    return bare(reason)[:LONGEST]


def needed_reason(reason: str) -> str:
    """The same of a step that must not be taken without one; Refused where it is empty."""
    return needed_text(reason)[:LONGEST]


def needed_text(text: str) -> str:
    """The whole of what a step must not be taken without, a report or grounds; Refused where it is empty."""
    told = bare(text)
    if not told:
        raise Refused(_("This step needs a reason."), _("Say in a few words why, then try again."), 422)
    return told


def bare(text: str) -> str:
    return text.replace("\x00", "").strip()


def reason_for(step: Transition, reason: str) -> str:
    """The reason of this step, which some must not be taken without."""
    return needed_reason(reason) if step.needs_reason else told_reason(reason)
