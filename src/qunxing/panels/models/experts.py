"""The register of experts, and what they declare: jobs, stakes, kin."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.fields import CodesField
from qunxing.core.masking import mask_name
from qunxing.core.text import fold_name, search_key
from qunxing.directory.models import Organization, field_labels
from qunxing.ledger.models import Record
from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord, in_order, one_name
from qunxing.panels.states import TONES, ExpertState

NAME_LENGTH = 200


class Profession(models.TextChoices):
    """As what somebody judges; the first two are specialists."""

    TECHNICAL = "technical", pgettext_lazy("expert", "technical")
    ECONOMIC = "economic", pgettext_lazy("expert", "economic")
    LEGAL = "legal", pgettext_lazy("expert", "legal")
    MANAGEMENT = "management", pgettext_lazy("expert", "management")
    USER = "user", pgettext_lazy("expert", "user side")


SPECIALISTS = frozenset({Profession.TECHNICAL, Profession.ECONOMIC})


class Language(models.TextChoices):
    ZH = "zh", _("Chinese")
    EN = "en", _("English")
    OTHER = "other", _("another language")


class ExpertQuerySet(ClosedQuerySet):
    def own_rows(self, user: Any) -> Q:
        return Q(user=user.pk)


class Expert(ClosedRecord):
    """Somebody who may be drawn for a panel. Personal data: masked for all but staff and the expert."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="expert",
        verbose_name=_("account"),
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    name_key = models.CharField(max_length=60, editable=False, db_index=True)
    title = models.CharField(_("title"), max_length=80, blank=True)
    employer = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="experts",
        verbose_name=_("employer"),
    )
    employer_name = models.CharField(
        _("employer's name"), max_length=NAME_LENGTH, blank=True, help_text=_("Where it is not on the ledger.")
    )
    outside = models.BooleanField(
        _("from outside"), default=False, help_text=_("Neither of the community nor of the district's own bodies.")
    )
    fields = CodesField(_("specialism"), labels=field_labels)
    keywords = models.TextField(
        _("what they know"), blank=True, help_text=_("Methods and subjects in a few words; items are assigned by it.")
    )
    profession = models.CharField(
        _("profession"), max_length=10, choices=Profession.choices, default=Profession.TECHNICAL
    )
    languages = CodesField(_("languages"), labels=lambda: dict(Language.choices))
    load_cap = models.PositiveSmallIntegerField(
        _("items at most"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(10_000)]
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ExpertState.choices, default=ExpertState.INVITED, editable=False
    )
    search_key = models.TextField(editable=False, blank=True)

    objects: ClassVar[Any] = ExpertQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "panels:expert-detail"
    TIMELINE_PARTS = ("jobs", "stakes", "kin")
    # A timeline must not tell what the page masks.
    BOOKKEEPING = Record.BOOKKEEPING | {"name", "email", "phone"}

    class Meta:
        ordering = ["name_key", "pk"]
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        indexes = [
            models.Index(fields=["state", "name_key", "id"], name="experts_by_state"),
            models.Index(fields=["profession", "name_key", "id"], name="experts_by_profession"),
        ]

    def __str__(self) -> str:
        """Masked: it goes into messages, digests and lists that anybody may read who may see the row."""
        return mask_name(self.name)

    def derive(self) -> None:
        super().derive()
        self.name_key = fold_name(self.name)[:60]
        self.search_key = search_key(self.name, self.employer_name, self.keywords)

    @property
    def employer_label(self) -> str:
        return self.employer.name if self.employer is not None else self.employer_name

    @property
    def tone(self) -> str:
        return TONES[ExpertState(self.state)]


class PartQuerySet(ClosedQuerySet):
    def own_rows(self, user: Any) -> Q:
        return Q(expert__user=user.pk)


class Declared(ClosedRecord):
    """A tie to an organisation of the ledger, or to one that is known by name alone."""

    expert: Any
    organization = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    organization_name = models.CharField(
        _("its name"), max_length=NAME_LENGTH, blank=True, help_text=_("Where it is not on the ledger.")
    )
    from_day = models.DateField(_("from"), null=True, blank=True)
    to_day = models.DateField(_("until"), null=True, blank=True, help_text=_("Empty while it lasts."))

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "expert"

    class Meta:
        abstract = True

    @property
    def organization_label(self) -> str:
        return self.organization.name if self.organization is not None else self.organization_name

    def derive(self) -> None:
        super().derive()
        if self.organization_id is not None and not self.organization_name:
            self.organization_name = self.organization.name[:NAME_LENGTH] if self.organization else ""


class Job(Declared):
    """A present or past employer beside the one that stands in the register."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="jobs", verbose_name=_("expert"))
    position = models.CharField(_("position"), max_length=80, blank=True)

    class Meta:
        ordering = ["-to_day", "-from_day", "pk"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [one_name("job"), in_order("job")]

    def __str__(self) -> str:
        return f"{self.organization_label} {self.position}".strip()


class Stake(Declared):
    """What somebody holds or is in an organisation."""

    class Kind(models.TextChoices):
        HOLDING = "holding", _("holding")
        DIRECTOR = "director", _("directorship")
        SUPERVISOR = "supervisor", _("supervisor")
        OTHER = "other", pgettext_lazy("stake", "other")

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="stakes", verbose_name=_("expert"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.HOLDING)
    percent = models.DecimalField(
        _("share (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["kind", "pk"]
        verbose_name = _("stake")
        verbose_name_plural = _("stakes")
        constraints = [one_name("stake"), in_order("stake")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.organization_label}"


class Kin(Declared):
    """A relative, where they work or what they hold; told by the expert."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="kin", verbose_name=_("expert"))
    relation = models.CharField(_("relation"), max_length=40)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60, blank=True)
    job = models.CharField(_("position"), max_length=80, blank=True)

    # Somebody else's personal data.
    BOOKKEEPING = Record.BOOKKEEPING | {"name"}

    class Meta:
        ordering = ["relation", "pk"]
        verbose_name = pgettext_lazy("person", "relative")
        verbose_name_plural = pgettext_lazy("person", "relatives")
        constraints = [one_name("kin"), in_order("kin")]

    def __str__(self) -> str:
        return f"{self.relation} · {self.organization_label}"
