"""Why two organisations are taken for one."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Ground(TextChoices):
    """Why two records are taken for one, strongest first."""

    CODE = "code", _("the same organisation number within the code")
    KEY = "key", _("the same entity key of filings")
    NAME = "name", _("the same name")
    FORMER = "former", _("one bears a name of the other")
    NEAR = "near", _("nearly the same name")
