"""The form of a panel that is made by hand, and of an item it judges."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.reasons import Unreadable
from qunxing.directory.models import Organization
from qunxing.directory.pickers import OrganizationPicker
from qunxing.directory.queries import field_options
from qunxing.ledger.forms import CodesFormField, DayInput
from qunxing.panels.actions import PartySpec
from qunxing.panels.models.panels import TITLE_LENGTH
from qunxing.panels.terms import LARGEST, PanelTerms, ScoringTerms

USUAL, SCORING = PanelTerms(), ScoringTerms()
PANEL_RULES = (
    "size", "minimum", "odd", "specialists", "outside", "rest_days", "recusal_years", "reviews_per_item", "load_cap",
    "double_blind", "strict", "fields",
)  # fmt: skip
SCORING_RULES = ("mean", "quorum", "disagreement", "decides")
MEANS = (
    ("mean", pgettext_lazy("rules of scoring", "of all scores")),
    ("trimmed", pgettext_lazy("rules of scoring", "without the highest and the lowest")),
)
DECIDERS = (
    ("raw", pgettext_lazy("rules of scoring", "the raw order")),
    ("calibrated", pgettext_lazy("rules of scoring", "the calibrated order")),
)


class PlanForm(forms.Form):
    """Title, day, issuer and rules; what is left out has its usual value."""

    title = forms.CharField(label=_("title"), max_length=TITLE_LENGTH)
    day = forms.DateField(
        label=_("day"),
        help_text=_("The day it meets; conflicts are looked for on that day."),
        widget=DayInput(),
    )
    size = forms.IntegerField(label=_("Seats"), min_value=1, max_value=LARGEST, initial=USUAL.size)
    minimum = forms.IntegerField(label=_("Seats at least"), min_value=1, max_value=LARGEST, initial=USUAL.minimum)
    odd = forms.BooleanField(label=_("An odd number of seats"), required=False, initial=USUAL.odd)
    specialists = forms.CharField(
        label=_("Specialists at least"), max_length=20, initial=USUAL.specialists, help_text=_("A share, such as 2/3.")
    )
    outside = forms.CharField(
        label=_("From outside at least"), max_length=20, initial=USUAL.outside, help_text=_("A share, such as 2/3.")
    )
    rest_days = forms.IntegerField(
        label=_("Days of rest after another panel"), min_value=0, max_value=3_660, initial=USUAL.rest_days
    )
    recusal_years = forms.IntegerField(
        label=_("Years for which a tie that ended still counts"), min_value=0, max_value=50, initial=USUAL.recusal_years
    )
    reviews_per_item = forms.IntegerField(
        label=_("Reviews of each item"), min_value=1, max_value=LARGEST, required=False,
        help_text=_("Empty: everybody reads everything."),
    )  # fmt: skip
    load_cap = forms.IntegerField(
        label=_("Items for each expert at most"), min_value=1, max_value=100_000, required=False
    )
    double_blind = forms.BooleanField(label=_("Double-blind"), required=False)
    strict = forms.BooleanField(label=_("Who has a conflict with one item does not sit at all"), required=False)
    mean = forms.ChoiceField(label=_("Mean"), choices=MEANS, initial=SCORING.mean)
    quorum = forms.CharField(
        label=_("Quorum of an item's reviews"), max_length=20, initial=SCORING.quorum,
        help_text=_("A share, such as 2/3."),
    )  # fmt: skip
    disagreement = forms.FloatField(
        label=_("Points apart that are flagged"), min_value=0, max_value=100, initial=SCORING.disagreement
    )
    decides = forms.ChoiceField(label=_("What decides"), choices=DECIDERS, initial=SCORING.decides)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issuer"] = OrganizationPicker(user=user, label=_("Issuer"), required=False)
        self.fields["fields"] = CodesFormField(label=_("Specialism"), choices=field_options(), required=False)
        self.order_fields(["title", "day", "issuer", "fields"])

    def clean(self) -> dict[str, Any]:
        """The rules as the panel keeps them, each fault told above the form."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            panel = {name: cleaned[name] for name in PANEL_RULES}
            cleaned["terms"] = PanelTerms.read(panel | {"fields": list(panel["fields"] or ())})
            cleaned["scoring"] = ScoringTerms.read({name: cleaned[name] for name in SCORING_RULES})
        except Unreadable as fault:
            self.add_error(None, str(fault))
        return cleaned

    def planned(self) -> dict[str, Any]:
        """What `create_panel` is told."""
        words = {name: self.cleaned_data[name] for name in ("title", "day", "terms", "scoring")}
        issuer: Organization | None = self.cleaned_data["issuer"]
        return {**words, "issuer_parties": [PartySpec(organization=issuer)] if issuer is not None else []}


class ItemForm(forms.Form):
    """Something for the panel to judge, and who stands behind it."""

    code = forms.CharField(label=_("code"), max_length=40)
    title = forms.CharField(label=_("title"), max_length=TITLE_LENGTH)
    text = forms.CharField(label=_("text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}))
    name = forms.CharField(label=_("Its name, if it is not on the ledger"), max_length=200, required=False)
    leader = forms.CharField(label=pgettext_lazy("party", "leader in person"), max_length=60, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"] = OrganizationPicker(user=user, label=_("Who stands behind it"), required=False)
        self.order_fields(["code", "title", "organization", "name", "leader", "text"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("organization") or cleaned.get("name")) and "organization" not in self.errors:
            self.add_error("name", _("Give an organisation of the ledger, or its name."))
        return cleaned

    def added(self) -> dict[str, Any]:
        """What `add_item` is told."""
        found = self.cleaned_data
        firm = found["organization"]
        parties = [PartySpec(organization=firm) if firm is not None else PartySpec(name=found["name"])]
        parties += [PartySpec(name=found["leader"], role="leader")] if found["leader"].strip() else []
        body = [{"heading": "", "text": found["text"], "rows": []}]
        affiliation = firm.name if firm is not None else found["name"]
        words = {name: found[name] for name in ("code", "title", "text")}
        return {**words, "body": body, "parties": parties, "affiliation": affiliation}
