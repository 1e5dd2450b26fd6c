"""Articles that were read, and the figures they propose: kept apart from claims until somebody says so."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qunxing.core.text import search_key
from qunxing.indicators.models.claims import UNIT_LENGTH, Claim, Precision, Status
from qunxing.indicators.states.proposals import DECIDABLE, ProposalState, ReadingState
from qunxing.ledger.models import Job, Record, RecordQuerySet, Source, Visibility


class ReadingQuerySet(RecordQuerySet):
    """An article is seen by whoever sees its source and its own level, which is staff and officers unless opened."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(visibility__in=levels, origin__visibility__in=levels)


class ProposalQuerySet(RecordQuerySet):
    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(visibility__in=levels, reading__visibility__in=levels, reading__origin__visibility__in=levels)


class Reading(Record):
    """One article, read once: its source, what its file was, who had it read; its text stands in `ReadingText`."""

    origin = models.ForeignKey(Source, models.PROTECT, related_name="readings", verbose_name=_("source"))
    state = models.CharField(_("state"), max_length=8, choices=ReadingState.choices, default=ReadingState.WAITING)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    file_format = models.CharField(_("format"), max_length=8)
    digest = models.CharField(_("SHA-256 digest"), max_length=64, unique=True, editable=False)
    characters = models.PositiveIntegerField(_("characters"), default=0)
    published = models.DateField(_("day of the article"))
    more = models.BooleanField(_("more figures than were kept"), default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("read by")
    )
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    search_key = models.TextField(editable=False, blank=True)

    objects: ClassVar[Any] = ReadingQuerySet.as_manager()
    DETAIL_URL = "indicators:reading-detail"
    TIMELINE_PARTS = ("proposals",)
    BOOKKEEPING = Record.BOOKKEEPING | {"job", "owner", "characters"}

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("reading of an article")
        verbose_name_plural = _("readings of articles")
        indexes = [
            models.Index(fields=["published", "visibility"], name="readings_by_day"),
            models.Index(fields=["owner", "created_at"], name="readings_of_a_person"),
        ]

    def __str__(self) -> str:
        return str(self.origin)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set what follows from other fields."""
        self.search_key = search_key(self.origin.title, self.origin.publisher, self.file_name)


class ReadingText(models.Model):
    """The text of an article, apart from its record so that no version repeats it."""

    reading = models.OneToOneField(Reading, models.CASCADE, related_name="content", primary_key=True)
    text = models.TextField()

    demo: ClassVar[bool] = False  # no record of its own

    def __str__(self) -> str:
        return str(self.reading_id)


class Proposal(Record):
    """A figure that an article publishes, as the program read it; `start` and `end` are places in its text."""

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="proposals", verbose_name=_("article"))
    key = models.CharField(max_length=64, editable=False)
    indicator = models.SlugField(_("indicator"), max_length=60)
    subject = models.CharField(_("subject"), max_length=200)
    scope_code = models.CharField(_("scope"), max_length=20, blank=True)
    as_of_low = models.DateField(_("as of"), null=True, blank=True)
    as_of_high = models.DateField(_("as of, last day"), null=True, blank=True)
    as_of_precision = models.CharField(_("precision"), max_length=8, choices=Precision.choices, default=Precision.DAY)
    value_low = models.DecimalField(_("value from"), max_digits=24, decimal_places=6, null=True, blank=True)
    value_high = models.DecimalField(_("value to"), max_digits=24, decimal_places=6, null=True, blank=True)
    low_open = models.BooleanField(_("more than the lower value"), default=False)
    high_open = models.BooleanField(_("less than the upper value"), default=False)
    unit = models.CharField(_("unit"), max_length=UNIT_LENGTH, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, blank=True)
    phrase = models.TextField(_("phrase"))
    start = models.PositiveIntegerField(_("first character"))
    end = models.PositiveIntegerField(_("last character"))
    note = models.TextField(_("note"), blank=True)
    flags: Any = models.JSONField(default=list, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=ProposalState.choices, default=ProposalState.OPEN)
    why = models.CharField(_("reason"), max_length=500, blank=True)
    claim = models.ForeignKey(Claim, models.SET_NULL, null=True, blank=True, related_name="proposals")

    objects: ClassVar[Any] = ProposalQuerySet.as_manager()
    PARENT = "reading"
    BOOKKEEPING = Record.BOOKKEEPING | {"key", "flags"}

    class Meta:
        ordering = ["reading", "start", "pk"]
        verbose_name = _("proposed claim")
        verbose_name_plural = _("proposed claims")
        indexes = [models.Index(fields=["state", "visibility"], name="open_proposed_claims")]
        constraints = [
            # Proposed once: what was decided is not asked again when the same article is read again.
            models.UniqueConstraint(fields=["reading", "key"], name="claim_proposed_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="a_proposal_has_its_phrase"),
            models.CheckConstraint(
                condition=Q(value_low__isnull=False) | Q(value_high__isnull=False), name="a_proposal_has_a_value"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} · {self.indicator}"

    def get_absolute_url(self) -> str:
        return f"{self.reading.get_absolute_url()}#proposal-{self.ref}"

    @property
    def phrase_url(self) -> str:
        """Where the phrase is marked in the article."""
        return f"{self.reading.get_absolute_url()}#phrase-{self.ref}"

    @property
    def decidable(self) -> bool:
        return self.state in DECIDABLE

    @property
    def place(self) -> str:
        return f"{self.start}–{self.end}"
