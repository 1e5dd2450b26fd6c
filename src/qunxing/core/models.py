"""The working days that the calendar library does not know, kept by staff."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """A day whose being a working day is set by hand (a new year's holiday notice, an adjusted Saturday)."""

    day = models.DateField(_("day"), primary_key=True)
    working = models.BooleanField(_("working day"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["-day"]
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")

    def __str__(self) -> str:
        return self.day.isoformat()
