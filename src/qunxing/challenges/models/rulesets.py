"""Rule sets: how a city or a notice wants its challenges run, as data with versions."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.terms import Terms
from qunxing.ledger.models import Record


class RuleSet(Record):
    """One version of a set of rules; a list takes a copy when it is published and keeps to that."""

    name = models.CharField(_("name"), max_length=120)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    basis = models.CharField(_("rests on"), max_length=300, blank=True, help_text=_("The notice or law it follows."))
    terms = models.JSONField(_("rules"), default=dict)
    in_force = models.BooleanField(_("in force"), default=True)

    DETAIL_URL: ClassVar[str] = "challenges:ruleset-detail"
    BOOKKEEPING = Record.BOOKKEEPING | {"terms"}

    class Meta:
        ordering = ["name", "-version"]
        verbose_name = _("rule set")
        verbose_name_plural = _("rule sets")
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="a_version_of_a_rule_set_stands_once"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(in_force=True), name="one_version_of_a_rule_set_is_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    @property
    def rules(self) -> Terms:
        return Terms.read(self.terms)
