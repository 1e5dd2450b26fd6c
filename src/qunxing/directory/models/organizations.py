"""Organisations and every name they have or had."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qunxing.core.fields import CodesField
from qunxing.core.text import fold_name, search_key
from qunxing.directory.models.vocabulary import Industry, Precision, Role, SizeClass, field_labels
from qunxing.directory.validators import clean_uscc
from qunxing.ledger.models import Record, RecordQuerySet, Visibility
from qunxing.ledger.openness import levels_within

NAME_LENGTH = 200
DAY_LENGTH = {"day": 10, "month": 7, "year": 4}
# What the list filters by, put behind its standing order: a far page of few is then found without touching the rows.
WALKED = ("id", "visibility", "size_class", "industry", "roles", "fields")
# The other columns it is sorted by, each with the key that breaks its ties.
SORTED = {
    "uscc": "organizations_by_code",
    "industry": "organizations_by_industry",
    "size_class": "organizations_by_size",
    "founded_on": "organizations_by_founding",
    "division": "organizations_by_division",
    "updated_at": "organizations_by_change",
}


def member_organizations(user: Any) -> models.QuerySet[Any]:
    """Keys of the organisations the user is a member of, for use as a subquery."""
    memberships: Any = Organization._meta.get_field("memberships").related_model
    keys: models.QuerySet[Any] = memberships.objects.filter(user_id=user.pk).values("organization_id")
    return keys


def precision_of(day: date | None, told: str) -> str:
    """How much of the day is known: all of it unless told otherwise, nothing where there is none."""
    return (told or Precision.DAY.value) if day else ""


class OrganizationQuerySet(RecordQuerySet):
    def own_rows(self, user: Any) -> models.Q:
        return models.Q(pk__in=member_organizations(user))

    def derive_many(self, records: Sequence[Any], *, more: Sequence["OrganizationName"] = ()) -> None:
        """With the names of the stored ones read at once, and `more` that are about to be stored."""
        names = defaultdict(list)
        stored = OrganizationName.objects.filter(organization__in=[record.pk for record in records if record.pk])
        for name in (*stored, *more):
            names[name.organization_id].append(name)
        for record in records:
            levels = levels_within(record.visibility)
            record.derive_with([name.text for name in names[record.pk] if name.visibility in levels])


class Organization(Record):
    """One record for a firm, fund manager, demand owner, compute provider or authority; its roles are codes."""

    name = models.CharField(_("registered name"), max_length=NAME_LENGTH)
    name_key = models.CharField(max_length=NAME_LENGTH, editable=False)
    uscc = models.CharField(
        _("unified social credit code"),
        max_length=18,
        null=True,
        blank=True,
        unique=True,
        validators=[clean_uscc],  # type: ignore[list-item]  # what it gives back is for the form
        error_messages={"unique": _("Another organisation has this code.")},
    )
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    english_name = models.CharField(_("English name"), max_length=NAME_LENGTH, blank=True)
    roles = CodesField(_("roles"), labels=lambda: dict(Role.choices))
    industry = models.CharField(_("industry (GB/T 4754-2017)"), max_length=1, choices=Industry.choices, blank=True)
    fields = CodesField(_("technical fields"), labels=field_labels)
    size_class = models.CharField(_("size class"), max_length=6, choices=SizeClass.choices, blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    founded_precision = models.CharField(
        _("the founding is known"), max_length=5, choices=Precision.choices, blank=True
    )
    registered_capital = models.BigIntegerField(_("registered capital (yuan)"), null=True, blank=True)
    division = models.CharField(_("division (GB/T 2260)"), max_length=6, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    entity_key = models.CharField(
        _("entity key of algorithm filings"),
        max_length=13,
        blank=True,
        db_index=True,
        help_text=_("The first 13 digits of its algorithm filing numbers; links a renamed firm."),
    )
    search_key = models.TextField(editable=False, blank=True)

    objects: ClassVar[Any] = OrganizationQuerySet.as_manager()
    DETAIL_URL = "directory:organization-detail"
    TIMELINE_PARTS = ("names", "residencies", "products", "capabilities", "links_from")

    class Meta:
        ordering = ["name_key", "pk"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = [
            models.Index(fields=["name_key", *WALKED], name="organizations_by_name"),
            *(models.Index(fields=[field, "id", "visibility"], name=name) for field, name in SORTED.items()),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self, *other_names: str) -> None:
        """Set what follows from the names; bulk writers call it themselves, giving the other names they know."""
        self.derive_with(other_names or self.stored_names())

    def derive_with(self, known: Sequence[str]) -> None:
        """The same, these and no more being the other names; and how much of the founding is known, if any."""
        self.uscc = self.uscc or None
        self.founded_precision = precision_of(self.founded_on, self.founded_precision)
        self.name_key = fold_name(self.name)[:NAME_LENGTH]
        self.search_key = search_key(self.name, self.short_name, self.english_name, *known, self.uscc or "")

    @property
    def founded(self) -> str:
        """As much of its founding as is known, in ISO."""
        return self.founded_on.isoformat()[: DAY_LENGTH[self.founded_precision or "day"]] if self.founded_on else ""

    def stored_names(self) -> tuple[str, ...]:
        """The other names that whoever sees the organisation sees too: being found tells as much as being shown."""
        if self._state.adding:
            return ()
        return tuple(self.names.filter(visibility__in=levels_within(self.visibility)).values_list("text", flat=True))


class PartQuerySet(RecordQuerySet):
    """Rows that hang on an organisation are never more open than the organisation is."""

    def open_rows(self, levels: list[Visibility]) -> models.Q:
        return models.Q(visibility__in=levels, organization__visibility__in=levels)

    def own_rows(self, user: Any) -> models.Q:
        return models.Q(organization__in=member_organizations(user))


class OrganizationName(Record):
    """A name with the days between which it was borne."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("registered name")
        SHORT = "short", _("short name")
        BRAND = "brand", _("brand")
        ENGLISH = "english", _("English name")

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="names")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.REGISTERED)
    text = models.CharField(_("name"), max_length=NAME_LENGTH)
    name_key = models.CharField(max_length=NAME_LENGTH, editable=False, db_index=True)
    from_day = models.DateField(_("from"), null=True, blank=True)
    to_day = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT = "organization"

    class Meta:
        ordering = ["kind", "-from_day", "pk"]
        verbose_name = _("name")
        verbose_name_plural = _("names")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_day__isnull=True)
                | models.Q(from_day__isnull=True)
                | models.Q(to_day__gte=models.F("from_day")),
                name="a_name_ends_after_it_began",
                violation_error_message=_("The last day must not come before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        self.name_key = fold_name(self.text)[:NAME_LENGTH]
