"""Sources, and the evidence that ties a value to the place where it was read."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qunxing.ledger.models.records import Record


class Source(Record):
    """A document, list, page or statement from which values were taken."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("document")
        LIST = "list", _("official list")
        WEB = "web", _("web page")
        STATEMENT = "statement", _("statement of a person")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.DOCUMENT)
    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    day = models.DateField(_("day"), help_text=_("The day it was published or said."))
    url = models.URLField(_("address"), max_length=500, blank=True)
    file = models.FileField(_("file"), upload_to="sources/%Y", blank=True)
    digest = models.CharField(_("SHA-256 digest"), max_length=64, blank=True, editable=False)
    series = models.CharField(
        _("series"),
        max_length=40,
        blank=True,
        help_text=_("Lists of one series follow each other, such as one list a month."),
    )
    note = models.TextField(_("note"), blank=True)

    DETAIL_URL = "ledger:source-detail"

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        indexes = [models.Index(fields=["digest"]), models.Index(fields=["-day", "-id"])]

    def __str__(self) -> str:
        return self.title


class Evidence(models.Model):
    """Values of one record as one source gives them: ``values`` is {field: value}, ``place`` says where in the source.

    One row may carry several fields, so that an imported line costs one row. Evidence is never changed, only
    confirmed again; which of several disagreeing values a record follows is a version of the record.
    """

    record_kind = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    source = models.ForeignKey(Source, models.PROTECT, related_name="evidence")
    values = models.JSONField(_("values"))
    place = models.CharField(_("place"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    confirmed_on = models.DateField(_("last confirmed"))

    FIELDS_SHOWN: ClassVar[int] = 6

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        indexes = [models.Index(fields=["record_kind", "record_id"], name="evidence_of_a_record")]

    def __str__(self) -> str:
        return f"{self.source} {self.place}".strip()
