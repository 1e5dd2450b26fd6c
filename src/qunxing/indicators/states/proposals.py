"""What becomes of a reading and of what it proposes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReadingState(models.TextChoices):
    WAITING = "waiting", _("being read")
    READ = "read", _("read")
    FAILED = "failed", _("could not be read")


class ProposalState(models.TextChoices):
    OPEN = "open", pgettext_lazy("a matter left to people", "open")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", pgettext_lazy("a proposed claim", "rejected")


# What may still be accepted or corrected: a rejection may be thought over, a claim is changed on its own page.
DECIDABLE = (ProposalState.OPEN, ProposalState.REJECTED)
TONES = {ProposalState.OPEN: "info", ProposalState.ACCEPTED: "good", ProposalState.REJECTED: "muted"}
READING_TONES = {ReadingState.WAITING: "info", ReadingState.READ: "good", ReadingState.FAILED: "bad"}
