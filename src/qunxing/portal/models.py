"""What the desk keeps of a person: what they were reminded of, and the secret of their calendar."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Reminded(models.Model):
    """`told` is {keyed digest of a duty: the step it was last told at}; `day` the last on which it was looked at."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminded")
    day = models.DateField(_("last looked on"), null=True)
    told: Any = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.user)


class Calendar(models.Model):
    """A secret address at which a calendar program reads what waits for its owner; only the secret's digest is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="desk_calendar")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    used_on = models.DateField(_("last asked on"), null=True)

    def __str__(self) -> str:
        return str(self.user)
