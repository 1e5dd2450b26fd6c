"""The forms of plans and of what a scenario needs beside a firm."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from qunxing.ledger.forms import RecordForm
from qunxing.matching.bundles.models import PlanKind, Supply
from qunxing.matching.bundles.settings import Settings

DEFAULTS = Settings()


class SupplyForm(RecordForm):
    class Meta:
        model = Supply
        fields: ClassVar[list[str]] = [
            "compute_amount", "compute_unit", "compute_cost", "model_cost", "corpus_cost", "financing",
        ]  # fmt: skip


def count(label: Any, initial: int, most: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, initial=initial, min_value=1, max_value=most, help_text=help_text)


class PlanForm(forms.Form):
    """What is to be computed, and what holds where nothing is on record."""

    kind = forms.ChoiceField(label=_("What to compute"), choices=PlanKind.choices)
    wanted = count(_("Firms for a scenario"), DEFAULTS.wanted, 20)
    cap = count(
        _("One name at most"),
        DEFAULTS.cap,
        100,
        _("How often one firm is proposed, so that a few do not get everything."),
    )
    capacity = count(
        _("Projects of a firm"),
        DEFAULTS.capacity,
        100,
        _("For firms that have not said how many they can carry at once."),
    )
    tickets = count(_("Tickets of a fund"), DEFAULTS.tickets, 100)
    users = count(_("Users of an offer"), DEFAULTS.users, 1_000)

    @property
    def settings(self) -> Settings:
        return Settings.read({name: value for name, value in self.cleaned_data.items() if name != "kind"})
