"""The forms of races, teams, routes, reports and decisions."""

from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.forms.boards import YuanField
from qunxing.directory.models import Organization
from qunxing.directory.pickers import OrganizationPicker
from qunxing.directory.queries import field_options
from qunxing.ledger.forms import CodesFormField, DayInput, RecordForm
from qunxing.races.actions.creating import Team
from qunxing.races.models import Lane, LaneDecision, Race, Route
from qunxing.races.models.races import Kind
from qunxing.races.models.reports import Funding
from qunxing.races.words import PRESETS

LONG = forms.Textarea(attrs={"rows": 6})
SHORT = forms.Textarea(attrs={"rows": 3})
OWN_KINDS = [(kind.value, kind.label) for kind in (Kind.INVITED, Kind.OPEN)]


class RaceForm(RecordForm):
    """A race in draft; one that comes from a challenge keeps who asks for it."""

    class Meta:
        model = Race
        fields: ClassVar[list[str]] = [
            "title", "organization", "payer", "fields", "text", "start_money", "lanes_most", "enter_until", "ends_on",
            "visibility",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance
        if stored.challenge_id:
            self.fields.pop("organization")
            self.fields.pop("payer")
        else:
            self.fields["organization"] = OrganizationPicker(user=self.user, label=_("Asked by"))
            self.fields["payer"] = OrganizationPicker(user=self.user, label=_("Who pays"), required=False)
        self.fields["fields"] = CodesFormField(
            label=_("Technical fields"), choices=field_options(), required=False, initial=stored.fields
        )
        money = self.fields["start_money"]
        self.fields["start_money"] = YuanField(label=_("Money to begin with, a lane"), required=False)
        self.fields["start_money"].initial = money.initial
        self.fields["lanes_most"] = forms.IntegerField(
            label=_("Lanes at most"), min_value=2, max_value=500, initial=stored.lanes_most
        )
        self.fields["text"].widget.attrs["rows"] = 4
        if stored.pk and stored.kind != Kind.OPEN:
            self.fields.pop("enter_until")
        self.order_fields(["kind", "preset", "first", *self.Meta.fields, "reason", "source", "place"])

    def clean_start_money(self) -> int:
        return self.cleaned_data["start_money"] or 0


class NewRaceForm(RaceForm):
    """A new race, laid out by a preset from the day its work begins."""

    kind = forms.ChoiceField(label=_("Where the teams come from"), choices=OWN_KINDS)
    preset = forms.ChoiceField(label=_("Begin with"), choices=list(PRESETS.items()))
    first = forms.DateField(label=_("Work begins on"), widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typed_money: int | None = None
        self.initial.pop("start_money", None)
        self.fields["start_money"].initial = None
        self.fields["start_money"].help_text = _("Empty: as what it begins with has it.")

    def clean_start_money(self) -> int:
        self.typed_money = self.cleaned_data["start_money"]
        return super().clean_start_money()

    def clean_first(self) -> datetime:
        return opening_of(self.cleaned_data["first"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") == Kind.OPEN and not cleaned.get("enter_until"):
            self.add_error("enter_until", _("Open entry has a last day."))
        return cleaned


def opening_of(day: Any) -> datetime:
    """Nine in the morning of a day that has not begun."""
    if day <= timezone.localdate():
        raise ValidationError(_("This day is not ahead; choose a later one."))
    return timezone.make_aware(datetime.combine(day, time(9)))


class FromChallengeForm(forms.Form):
    """What a challenge does not say by itself when it becomes a race."""

    preset = forms.ChoiceField(label=_("Begin with"), choices=list(PRESETS.items()))
    first = forms.DateField(label=_("Work begins on"), widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first"].initial = timezone.localdate() + timedelta(days=14)

    def clean_first(self) -> datetime:
        return opening_of(self.cleaned_data["first"])


class TagsField(forms.CharField):
    """Words with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value).replace("，", ",").replace("、", ",")
        return list(dict.fromkeys(part.strip()[:30] for part in text.split(",") if part.strip()))[:20]


class PartnersField(forms.CharField):
    """Organisations of the ledger, one a line, each with its tasks behind a stroke."""

    widget = SHORT

    def __init__(self, *, user: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.picker = OrganizationPicker(user=user)

    def clean(self, value: Any) -> tuple[tuple[Organization, str], ...]:
        found = []
        for line in super().clean(value).splitlines():
            name, _stroke, tasks = line.replace("｜", "|").partition("|")
            if name.strip():
                found.append((self.picker.clean(name.strip()), tasks.strip()[:500]))
        return tuple(found[:10])


class RouteFields(forms.Form):
    """How a team means to do it."""

    name = forms.CharField(label=pgettext_lazy("race", "Name of the team"), max_length=80, required=False)
    approach = forms.CharField(
        label=_("Approach in a line"), max_length=120, required=False, help_text=_("Everybody reads this.")
    )
    leader = forms.CharField(label=_("Leader in person (挂帅人)"), max_length=60, required=False)
    members = forms.CharField(label=_("Team members"), required=False, widget=SHORT, max_length=5000)
    route = forms.CharField(
        label=_("Technical route"),
        required=False,
        widget=LONG,
        max_length=20_000,
        help_text=_("Between the team and those who run the race; routes must differ clearly."),
    )
    tags = TagsField(label=_("Route in keywords"), required=False, max_length=300)


class TeamForm(RouteFields):
    """A team that is invited, or enters."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"] = OrganizationPicker(user=user, label=_("Led by"))
        self.fields["partners"] = PartnersField(
            user=user,
            label=_("Partners"),
            required=False,
            max_length=5000,
            help_text=_("One a line: name or social credit code | tasks."),
        )
        self.order_fields(["organization", "name", "approach", "leader", "members", "route", "tags", "partners"])

    @property
    def team(self) -> Team:
        said = self.cleaned_data
        return Team(
            said["organization"],
            said["name"],
            said["approach"],
            said["leader"],
            said["members"],
            said["route"],
            tuple(said["tags"]),
            said["partners"],
        )


class LaneForm(RouteFields):
    """Other words of a lane and its route, with the revisions they were opened at."""

    lane_revision = forms.IntegerField(widget=forms.HiddenInput)
    route_revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, lane: Lane, route: Route, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.initial.update(
            name=lane.name,
            approach=lane.approach,
            leader=route.leader,
            members=route.team,
            route=route.text,
            tags=route.tags,
            lane_revision=lane.revision,
            route_revision=route.revision,
        )

    @property
    def lane_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "approach")}

    @property
    def route_values(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"leader": said["leader"], "team": said["members"], "text": said["route"], "tags": said["tags"]}


class JudgeRoutesForm(forms.Form):
    """Staff's word on two routes."""

    differ = forms.TypedChoiceField(
        label=_("Do they differ clearly?"),
        choices=[("yes", _("They differ.")), ("no", _("They do not."))],
        coerce=lambda value: value == "yes",
    )
    word = forms.CharField(label=_("In what"), max_length=500, widget=SHORT)
    expected = forms.IntegerField(widget=forms.HiddenInput)


class WordsForm(forms.Form):
    """Reasons and dissent of a gate report."""

    reasons = forms.CharField(label=_("Reasons"), widget=LONG, max_length=20_000, required=False)
    dissent = forms.CharField(
        label=_("Dissent"),
        widget=SHORT,
        max_length=20_000,
        required=False,
        help_text=_("Who sees it otherwise, and why."),
    )
    expected = forms.IntegerField(widget=forms.HiddenInput)


class DecisionForm(forms.Form):
    """What follows for a lane."""

    follows = forms.ChoiceField(label=_("What follows"), choices=Funding.choices)
    money = YuanField(label=_("Money released"), required=False, help_text=_("For more and for less."))
    into = forms.ModelChoiceField(Lane.objects.none(), label=_("Merges into"), to_field_name="ref", required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=SHORT,
        help_text=_("Needed where it is not what the rule says."),
    )
    expected = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, decision: LaneDecision, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]
        self.initial.update(
            follows=decision.follows,
            money=decision.money,
            into=decision.into.ref if decision.into is not None else None,
            reason=decision.reason,
            expected=decision.revision,
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["money"] = cleaned.get("money") or 0
        if cleaned.get("follows") != Funding.MERGE:
            cleaned["into"] = None
        return cleaned


class NoticeForm(forms.Form):
    text = forms.CharField(
        label=_("Text"), required=False, max_length=20_000, widget=LONG, help_text=_("Beside what the notice lists.")
    )


class ReasonForm(forms.Form):
    """A step that needs a reason and nothing else."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=SHORT)
