"""What people make of a match: staff's verdict on a candidate, and grades from which the engine learns."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.directory.models import Organization, member_organizations
from qunxing.ledger.models import Record, RecordQuerySet, Visibility
from qunxing.matching.models.shortlists import Shortlist
from qunxing.scenarios.models import Scenario


class JudgementQuerySet(RecordQuerySet):
    """Seen by the owner of the scenario once a shortlist is shared."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(pk__in=[])

    def own_rows(self, user: Any) -> Q:
        shared = Shortlist.objects.filter(
            shared_on__isnull=False, scenario__organization__in=member_organizations(user)
        )
        seen = Organization.objects.visible_to(user).values("pk")
        return Q(scenario__in=shared.values("scenario"), organization__in=seen)


class Judgement(Record):
    """Staff's word on a candidate, which stays when the shortlist is computed again."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("candidate", "accepted")
        REJECTED = "rejected", pgettext_lazy("candidate", "rejected")

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="judgements")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", verbose_name=_("firm"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices)
    reason = models.CharField(_("reason"), max_length=500)
    day = models.DateField(_("day"), editable=False)

    objects: ClassVar[Any] = JudgementQuerySet.as_manager()
    PARENT: ClassVar[str] = "scenario"

    class Meta:
        ordering = ["pk"]
        verbose_name = _("judgement")
        verbose_name_plural = _("judgements")
        constraints = [
            models.UniqueConstraint(fields=["scenario", "organization"], name="one_judgement_a_candidate"),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.get_verdict_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.visibility = Visibility.INTERNAL
        super().save(*args, **kwargs)

    @property
    def tone(self) -> str:
        return "good" if self.verdict == self.Verdict.ACCEPTED else "bad"


class LabelQuerySet(RecordQuerySet):
    """For staff and officers alone."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(pk__in=[])


class Label(Record):
    """How well a firm answers a scenario: 1 not at all, 2 hardly, 3 well, 4 very well; and who or what says so."""

    class Origin(models.TextChoices):
        RATED = "rated", pgettext_lazy("label", "rated blind")
        ACCEPTED = "accepted", pgettext_lazy("label", "accepted")
        REJECTED = "rejected", pgettext_lazy("label", "rejected")
        ORDERED = "ordered", pgettext_lazy("label", "moved by hand")
        OUTCOME = "outcome", pgettext_lazy("label", "what came of it")

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="labels")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", verbose_name=_("firm"))
    grade = models.PositiveSmallIntegerField(_("grade"), validators=[MinValueValidator(1), MaxValueValidator(4)])
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("rated by")
    )
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices)
    day = models.DateField(_("day"))
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects: ClassVar[Any] = LabelQuerySet.as_manager()
    PARENT: ClassVar[str] = "scenario"

    class Meta:
        ordering = ["pk"]
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        constraints = [
            models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=4), name="a_grade_is_one_to_four"),
            models.UniqueConstraint(
                fields=["scenario", "organization", "rater", "origin"], name="one_label_a_rater_and_origin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.grade}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.visibility = Visibility.INTERNAL
        super().save(*args, **kwargs)
