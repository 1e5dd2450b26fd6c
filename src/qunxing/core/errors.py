"""Errors that a person is meant to read; each edge turns them into its own form (page, JSON, exit status)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(eq=False)
class Problem(Exception):
    """What went wrong, in the reader's language, and what to do about it; `status` is the HTTP status."""

    message: Text
    advice: Text = ""
    status: int = 400

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class IllegalTransition(Problem):
    """The row is not in a state from which the step leads, or somebody else was faster."""

    def __init__(self, message: Text = _("This step is not possible any more.")) -> None:
        super().__init__(message, _("Reload the page to see the present state."), 409)


class Refused(Problem):
    """Input that cannot be taken as it is."""
