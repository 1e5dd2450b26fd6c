"""Reports: templates that staff write, drafts that speak with today's knowledge, issued ones that never change."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from qunxing.core.text import search_key
from qunxing.directory.models import Scope
from qunxing.indicators.states.reports import FROZEN, ReportState
from qunxing.ledger.models import Record, RecordQuerySet, Visibility

LONGEST_BODY = 20_000


class Every(models.TextChoices):
    """How often a template makes a draft by itself, and how far back its periods go."""

    NONE = "none", _("only when asked for")
    MONTH = "month", _("every month")
    QUARTER = "quarter", _("every quarter")


class Language(models.TextChoices):
    """The language in which a report is written."""

    CHINESE = "zh-hans", "简体中文"
    ENGLISH = "en", "English"


class TemplateQuerySet(RecordQuerySet):
    """Templates are for officers and staff."""

    def open_rows(self, _levels: list[Visibility]) -> Q:
        return Q(pk__in=[])


class ReportTemplate(Record):
    """What a report says, with placeholders for its figures; `body` is in the language of `docs/reports.md`."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100)
    period = models.CharField(_("made"), max_length=8, choices=Every.choices, default=Every.NONE)
    due_days = models.PositiveSmallIntegerField(
        _("to be issued within days"), default=10, help_text=_("Counted from the end of the month or quarter.")
    )
    scope = models.CharField(_("scope"), max_length=20, choices=Scope.Code.choices, default=Scope.Code.SPACE)
    language = models.CharField(_("language"), max_length=8, choices=Language.choices, default=Language.CHINESE)
    audience = models.CharField(
        _("made for"),
        max_length=10,
        choices=Visibility.choices,
        default=Visibility.INTERNAL,
        help_text=_("Figures are counted as these readers may see the ledgers."),
    )
    body = models.TextField(pgettext_lazy("template", "text"), max_length=LONGEST_BODY)
    retired = models.BooleanField(_("no longer used"), default=False)
    search_key = models.TextField(editable=False, blank=True)

    objects: ClassVar[Any] = TemplateQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "indicators:template-detail"

    class Meta:
        ordering = ["code"]
        verbose_name = _("report template")
        verbose_name_plural = _("report templates")

    def __str__(self) -> str:
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set what follows from other fields; bulk writers call it themselves."""
        self.visibility = Visibility.INTERNAL
        self.search_key = search_key(self.code, self.name_zh, self.name_en)

    @property
    def title(self) -> str:
        """The name in the language in which it is written."""
        return self.name_zh if self.language == Language.CHINESE else self.name_en


class ReportQuerySet(RecordQuerySet):
    """A report is open once it is issued, to those for whom it was made."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        scope = Q(scope__visibility__in=levels, scope__community__visibility__in=levels)
        return scope & Q(visibility__in=levels, state__in=FROZEN)


class Report(Record):
    """A template filled in as of a day. `visibility` is its audience: whose sight of the ledgers it counts over.

    `known_at` is the day of knowledge that somebody chose; none means the moment of issuing. `due_for` names the month
    or quarter for which it was made by itself.
    """

    number = models.CharField(_("number"), max_length=20, blank=True, editable=False)
    template = models.ForeignKey(ReportTemplate, models.PROTECT, related_name="reports", verbose_name=_("template"))
    scope = models.ForeignKey(Scope, models.PROTECT, related_name="reports", verbose_name=_("scope"))
    as_of = models.DateField(_("as of"))
    known_at = models.DateField(
        _("as known at the end of"), null=True, blank=True, help_text=_("Left empty: as known when it is issued.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState.choices, default=ReportState.DRAFT, editable=False
    )
    issued_at = models.DateTimeField(pgettext_lazy("report", "issued at"), null=True, blank=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=pgettext_lazy("report", "issued by"),
    )  # fmt: skip
    issued_why = models.TextField(_("why issued"), blank=True, editable=False)
    digest = models.CharField(_("digest (SHA-256)"), max_length=64, blank=True, editable=False)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reissues", editable=False,
        verbose_name=_("reissue of"),
    )  # fmt: skip
    due_for = models.CharField(_("made for the period"), max_length=8, blank=True, editable=False)
    search_key = models.TextField(editable=False, blank=True)

    objects: ClassVar[Any] = ReportQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "indicators:report-detail"

    class Meta:
        ordering = ["-as_of", "-pk"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [
            models.Index(fields=["as_of", "visibility"], name="issued_reports_by_day"),
            models.Index(fields=["state", "as_of"], name="issued_reports_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "scope", "due_for"], name="one_draft_a_period", condition=~Q(due_for="")
            ),
            models.UniqueConstraint(fields=["number"], name="one_report_a_number", condition=~Q(number="")),
            models.CheckConstraint(
                condition=~Q(state__in=FROZEN) | (~Q(number="") & ~Q(digest="")),
                name="an_issued_report_has_its_digest",
            ),
        ]

    def __str__(self) -> str:
        name = f"{self.template} {self.as_of.isoformat()}"
        return f"{self.number} {name}" if self.number else name

    def get_absolute_url(self) -> str:
        return reverse(self.DETAIL_URL, args=[self.ref])

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set what follows from other fields; bulk writers call it themselves."""
        template = self.template
        self.search_key = search_key(
            self.number, template.name_zh, template.name_en, template.code, self.as_of.isoformat()
        )

    @classmethod
    def closed_versions(cls, levels: list[Visibility]) -> Q:
        """A draft is between officers and staff."""
        return ~Q(visibility__in=levels) | ~Q(state__in=FROZEN)

    @property
    def frozen(self) -> bool:
        return self.state in FROZEN

    @property
    def due(self) -> date | None:
        """The day by which a draft that was made by itself is to be issued."""
        return self.as_of + timedelta(days=self.template.due_days) if self.due_for else None


class ReportContent(models.Model):
    """What an issued report says, whole: canonical JSON, compressed. It is written once."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="content")
    kept = models.BinaryField()

    class Meta:
        verbose_name = _("content of a report")

    def __str__(self) -> str:
        return str(self.report)
