"""The life of a report: a draft that speaks with today's knowledge, issued and frozen, replaced by its reissue."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step

ISSUE, CHANGE = "indicators.issue_report", "indicators.change_report"


class ReportState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("report", "draft")
    ISSUED = "issued", pgettext_lazy("report", "issued")
    SUPERSEDED = "superseded", pgettext_lazy("report", "replaced")
    DROPPED = "dropped", pgettext_lazy("report", "dropped")


TONES = {
    ReportState.DRAFT: "muted",
    ReportState.ISSUED: "good",
    ReportState.SUPERSEDED: "warn",
    ReportState.DROPPED: "muted",
}
# What is kept as it was said, whatever the ledgers say now.
FROZEN = (ReportState.ISSUED, ReportState.SUPERSEDED)

REPORT = Machine(
    (
        step("issue", [ReportState.DRAFT], ReportState.ISSUED, ISSUE, _("Issue"), needs_reason=True, tone="primary"),
        step("drop", [ReportState.DRAFT], ReportState.DROPPED, CHANGE, _("Drop"), needs_reason=True, tone="bad"),
        step("supersede", [ReportState.ISSUED], ReportState.SUPERSEDED, ISSUE, _("Replace")),
    )
)
