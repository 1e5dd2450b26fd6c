"""What a scenario asks of whoever solves it, beyond what its own page says."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qunxing.core.divisions import division_options
from qunxing.core.fields import CodesField
from qunxing.directory.models import SizeClass, member_organizations
from qunxing.ledger.models import Record, RecordQuerySet, Visibility
from qunxing.scenarios.models import Scenario


class RequirementQuerySet(RecordQuerySet):
    """Never more open than the scenario is."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(
            visibility__in=levels,
            scenario__visibility__in=levels,
            scenario__published_on__isnull=False,
            scenario__organization__visibility__in=levels,
        )

    def own_rows(self, user: Any) -> Q:
        return Q(scenario__organization__in=member_organizations(user))


class Requirement(Record):
    """Places, sizes and certificates that the owner of a scenario asks for."""

    scenario = models.OneToOneField(Scenario, models.CASCADE, related_name="requirement")
    places = CodesField(
        _("where the firm must be"),
        labels=lambda: dict(division_options()),
        help_text=_("None means anywhere."),
    )
    sizes = CodesField(_("size of the firm"), labels=lambda: dict(SizeClass.choices), help_text=_("None means any."))
    certificates = models.TextField(_("certificates"), blank=True, help_text=_("One a line, such as ISO 27001."))

    objects: ClassVar[Any] = RequirementQuerySet.as_manager()
    PARENT: ClassVar[str] = "scenario"

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")

    def __str__(self) -> str:
        return f"{self.scenario} · {self._meta.verbose_name}"

    @property
    def certificate_names(self) -> tuple[str, ...]:
        lines = (line.strip() for line in self.certificates.splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))
