"""What a reader asks of figures: as of which day, as known when, where, over what period."""

from collections.abc import Mapping
from datetime import date, datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.directory.models import Scope
from qunxing.indicators.figures.periods import Span
from qunxing.ledger.forms import DayInput

EVERYWHERE = ""
SPANS = (
    (Span.MONTH, pgettext_lazy("period", "this month")),
    (Span.QUARTER, pgettext_lazy("period", "this quarter")),
    (Span.YEAR, pgettext_lazy("period", "this year")),
)
EARLIEST = date(1990, 1, 1)
FUTURE = _("This day has not come yet. Ask as of %(today)s at the latest.")
TOO_EARLY = _("Nothing is kept of so early a day.")


class AskingForm(forms.Form):
    """The bar above figures; what is left out is today, as known now, in the narrowest circle, for this month."""

    as_of = forms.DateField(label=_("As of"), required=False, widget=DayInput)
    scope = forms.ChoiceField(label=_("Scope"), required=False)
    span = forms.ChoiceField(label=_("Period"), required=False, choices=SPANS)
    known_at = forms.DateField(label=_("As known at the end of"), required=False, widget=DayInput)

    def __init__(self, data: Mapping[str, str], *, scopes: list[Scope], today: date) -> None:
        choices = [(scope.code, str(scope)) for scope in scopes]
        self.narrowest = choices[0][0] if choices else "all"
        plain = {"as_of": today.isoformat(), "scope": self.narrowest, "span": Span.MONTH.value}
        super().__init__(plain | {name: data.get(name, "") for name in self.base_fields if data.get(name)})
        self.today = today
        self.fields["scope"].choices = [*choices, ("all", _("everywhere"))]  # type: ignore[attr-defined]

    def clean_as_of(self) -> date:
        return self.past("as_of") or self.today

    def clean_known_at(self) -> date | None:
        return self.past("known_at")

    def past(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is not None and day > self.today:
            raise ValidationError(FUTURE % {"today": self.today.isoformat()})
        if day is not None and day < EARLIEST:
            raise ValidationError(TOO_EARLY)
        return day

    def clean_scope(self) -> str:
        """The code of the scope; "" for everywhere."""
        code = self.cleaned_data["scope"] or self.narrowest
        return EVERYWHERE if code == "all" else code

    def clean_span(self) -> Span:
        return Span(self.cleaned_data["span"] or Span.MONTH)


def end_of(day: date | None) -> datetime | None:
    """The last moment of the day."""
    return None if day is None else timezone.make_aware(datetime.combine(day, time.max))
