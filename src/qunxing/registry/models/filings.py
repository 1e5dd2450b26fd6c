"""Filings, their steps, and the models they cover."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from qunxing.core.text import fold_name, search_key
from qunxing.directory.models import Organization
from qunxing.ledger.models import Record, RecordQuerySet, Visibility
from qunxing.registry.models.aimodels import NAME_LENGTH, AIModel
from qunxing.registry.models.reach import open_filings, open_models, own_filings, own_models, reached, strictest
from qunxing.registry.models.vocabulary import (
    REGIONS,
    AlgorithmClass,
    AlgorithmRole,
    Authority,
    FilingKind,
    Precision,
)
from qunxing.registry.numbers import fold_number
from qunxing.registry.states import PUBLISHED, State

NUMBER_LENGTH = 80
# What the list filters by, put behind the column it is sorted by: a far page is then found without touching the rows.
# No index begins with one of these, lest the database prefers it and sorts everything.
WALKED = ("shown_to", "kind", "state", "region", "organization")
# The other filters, behind the standing order alone.
WALKED_BY_DAY = ("algorithm_class", "algorithm_role", "authority")


class FilingQuerySet(RecordQuerySet):
    def open_rows(self, levels: list[Visibility]) -> models.Q:
        return open_filings(levels)

    def own_rows(self, user: Any) -> models.Q:
        return own_filings(user)

    def derive_many(self, records: Sequence[Any]) -> None:
        """With their organisations read at once."""
        models.prefetch_related_objects(list(records), "organization")
        super().derive_many(records)


class Filing(Record):
    """A 备案, 登记 or 算法备案, from its preparation to its end."""

    Kind = FilingKind
    State = State

    kind = models.CharField(_("kind"), max_length=10, choices=FilingKind.choices)
    name = models.CharField(_("name as filed"), max_length=NAME_LENGTH)
    name_key = models.CharField(max_length=NAME_LENGTH, editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="filings", verbose_name=_("filed by"), db_index=False
    )
    state = models.CharField(_("state"), max_length=13, choices=State.choices, default=State.PREPARING, editable=False)
    number = models.CharField(_("number"), max_length=NUMBER_LENGTH, blank=True)
    number_key = models.CharField(max_length=NUMBER_LENGTH, editable=False, blank=True)
    authority = models.CharField(_("authority"), max_length=10, choices=Authority.choices, blank=True)
    authority_name = models.CharField(_("name of the authority"), max_length=100, blank=True)
    region = models.CharField(_("region"), max_length=2, choices=REGIONS, blank=True)
    region_text = models.CharField(_("region as published (属地)"), max_length=40, blank=True)
    granted_on = models.DateField(_("granted on"), null=True, blank=True)
    granted_precision = models.CharField(
        _("precision of the day"), max_length=5, choices=Precision.choices, default=Precision.DAY
    )
    granted_note = models.CharField(
        _("remark on the date"), max_length=60, blank=True, help_text=_("As published, such as 补登.")
    )
    batch = models.CharField(_("batch"), max_length=60, blank=True)
    algorithm_class = models.CharField(
        _("class of algorithm"), max_length=10, choices=AlgorithmClass.choices, blank=True
    )
    algorithm_role = models.CharField(_("role of the filer"), max_length=9, choices=AlgorithmRole.choices, blank=True)
    product = models.TextField(_("product"), blank=True)
    purpose = models.TextField(_("main purpose"), blank=True)
    relies_on = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="relied_on_by",
        verbose_name=_("relies on"),
        help_text=_("The filed model whose interface a registered service calls."),
    )
    public_url = models.URLField(_("public notice"), max_length=500, blank=True)
    went_live_on = models.DateField(_("went live on"), null=True, blank=True)
    shown_since = models.DateField(
        _("name and number shown since"),
        null=True,
        blank=True,
        help_text=_("The day from which the service shows the model's name and number."),
    )
    altered_on = models.DateField(
        _("facts changed on"),
        null=True,
        blank=True,
        help_text=_("The day on which a filed fact changed; emptied when the change is recorded."),
    )
    ended_on = models.DateField(_("service ended on"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    shown_to = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL, editable=False)
    search_key = models.TextField(editable=False, blank=True)

    objects: ClassVar[Any] = FilingQuerySet.as_manager()
    DETAIL_URL = "registry:filing-detail"
    TIMELINE_PARTS = ("steps", "coverages")
    BOOKKEEPING = Record.BOOKKEEPING | {"number_key", "shown_to"}

    class Meta:
        ordering = ["-granted_on", "-pk"]
        verbose_name = _("filing")
        verbose_name_plural = _("filings")
        indexes = [
            models.Index(fields=["granted_on", *WALKED, *WALKED_BY_DAY], name="filings_by_day"),
            models.Index(fields=["name_key", *WALKED], name="filings_by_name"),
            models.Index(fields=["number_key", *WALKED], name="filings_by_number"),
            models.Index(fields=["updated_at", *WALKED], name="filings_by_change"),
            models.Index(fields=["organization", "state"], name="filings_of_an_organization"),
            models.Index(fields=["went_live_on"], name="filings_live", condition=models.Q(went_live_on__isnull=False)),
            models.Index(fields=["altered_on"], name="filings_altered", condition=models.Q(altered_on__isnull=False)),
            models.Index(fields=["ended_on"], name="filings_ended", condition=models.Q(ended_on__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number_key"],
                condition=~models.Q(number_key=""),
                name="one_filing_a_number",
                violation_error_message=_("Another filing has this number."),
            ),
            models.CheckConstraint(
                condition=models.Q(relies_on__isnull=True) | models.Q(kind="registered"),
                name="only_a_registration_relies",
                violation_error_message=_("Only a registration (登记) relies on another filing."),
            ),
            models.CheckConstraint(
                condition=models.Q(relies_on__isnull=True) | ~models.Q(relies_on=models.F("id")),
                name="no_filing_relies_on_itself",
                violation_error_message=_("A filing cannot rely on itself."),
            ),
        ]

    @classmethod
    def closed_versions(cls, levels: list[Visibility]) -> models.Q:
        return ~models.Q(shown_to__in=levels)

    def __str__(self) -> str:
        return f"{self.name} {self.number}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set what follows from other fields; bulk writers call it themselves, with the organisation at hand."""
        self.name_key = fold_name(self.name)[:NAME_LENGTH]
        self.number_key = fold_number(self.number)[:NUMBER_LENGTH]
        self.search_key = search_key(self.name, self.number)
        self.shown_to = self.level()

    def level(self) -> Visibility:
        """Who may see it besides its own people: nobody before it is published, nor beyond its organisation."""
        if self.state not in PUBLISHED:
            return Visibility.INTERNAL
        return strictest(self.visibility, self.organization.visibility)


class StepQuerySet(RecordQuerySet):
    def visible_to(self, user: Any) -> Self:
        return super().visible_to(user).filter(reached(user, open_filings, own_filings, "filing__"))

    def open_rows(self, levels: list[Visibility]) -> models.Q:
        """What came before publication stays between the filer and the authority."""
        return models.Q(visibility__in=levels, state__in=PUBLISHED)

    def own_rows(self, user: Any) -> models.Q:
        return own_filings(user, "filing__")


class FilingStep(Record):
    """A step of a filing with the day on which it happened, which may be long before anybody wrote it down."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="steps")
    state = models.CharField(_("state"), max_length=13, choices=State.choices)
    day = models.DateField(_("day"))
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects: ClassVar[Any] = StepQuerySet.as_manager()
    PARENT: ClassVar[str] = "filing"

    class Meta:
        ordering = ["day", "pk"]
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.day}"


class CoverageQuerySet(RecordQuerySet):
    def visible_to(self, user: Any) -> Self:
        seen = reached(user, open_filings, own_filings, "filing__")
        return super().visible_to(user).filter(seen & reached(user, open_models, own_models, "model__"))

    def own_rows(self, user: Any) -> models.Q:
        return own_filings(user, "filing__")


class Coverage(Record):
    """The filing covers the model."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="coverages")
    model = models.ForeignKey(AIModel, models.PROTECT, related_name="coverages", verbose_name=_("model"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects: ClassVar[Any] = CoverageQuerySet.as_manager()
    PARENT: ClassVar[str] = "filing"

    class Meta:
        ordering = ["pk"]
        verbose_name = _("coverage")
        verbose_name_plural = _("coverages")
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "model"],
                name="a_filing_covers_a_model_once",
                violation_error_message=_("The filing covers this model already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing} · {self.model}"
