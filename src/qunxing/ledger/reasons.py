"""The reason of a step: what must be said, and how much of it is kept."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused

LONGEST: Final = 500


def told_reason(reason: str) -> str:
    """The reason as it is kept: without what no database holds, and not longer than its column."""
    return reason.replace("\x00", "").strip()[:LONGEST]


def needed_reason(reason: str) -> str:
    """The same of a step that must not be taken without one; Refused where it is empty."""
    told = told_reason(reason)
    if not told:
        raise Refused(_("This step needs a reason."), _("Say in a few words why, then try again."), 422)
    return told
