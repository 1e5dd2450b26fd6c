"""The pairs that are to be rated, and which of them a rater passed over; the grades are labels of matching."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qunxing.core.fields import REF_LENGTH, new_ref
from qunxing.directory.models import Organization
from qunxing.scenarios.models import Scenario

RATERS = 2


class RatingPair(models.Model):
    """A scenario and a firm to be graded by two raters; settled where they disagreed."""

    ref = models.CharField(max_length=REF_LENGTH, unique=True, default=new_ref, editable=False)
    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="rating_pairs", verbose_name=_("scenario"))
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="rating_pairs", verbose_name=_("firm"))
    drawn_on = models.DateField(_("drawn on"))
    settled = models.PositiveSmallIntegerField(_("settled grade"), null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    settled_on = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["scenario", "organization"], name="a_pair_is_drawn_once"),
            models.CheckConstraint(
                condition=models.Q(settled__isnull=True) | models.Q(settled__gte=1, settled__lte=4),
                name="a_settled_grade_is_one_to_four",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario} · {self.organization}"


class RatingSkip(models.Model):
    """A rater passed the pair over; it goes to somebody else."""

    pair = models.ForeignKey(RatingPair, models.CASCADE, related_name="skips")
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pair", "rater"], name="a_pair_is_skipped_once")]

    def __str__(self) -> str:
        return str(self.pair)
