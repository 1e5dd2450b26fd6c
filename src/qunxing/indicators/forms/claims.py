"""The form of a claim."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qunxing.core.dates import DateError
from qunxing.core.money import CURRENCIES
from qunxing.directory.models import Scope
from qunxing.indicators.days import parse_as_of, typed_as_of
from qunxing.indicators.models import UNIT_LENGTH, Claim
from qunxing.indicators.names import INDICATORS
from qunxing.indicators.quantities import notation, parse_quantity
from qunxing.indicators.showing import quantity_of
from qunxing.ledger.forms import RecordForm
from qunxing.ledger.models import Source

LARGEST = 10**18


class ClaimForm(RecordForm):
    """A published figure: its value and its day are typed as they were published and kept as ranges."""

    figure = forms.CharField(
        label=_("Value"),
        max_length=80,
        help_text=_("As it was published: 近400家, 100余, 超5万张, 61%, 600亿元, 1-2 周."),
    )
    as_of = forms.CharField(
        label=_("As of"),
        max_length=60,
        help_text=_("A day, month, quarter, year or period: 2025-04-29, 2025-05, 2025Q1."),
    )
    origin = forms.ModelChoiceField(Source.objects.none(), label=_("Source"), to_field_name="ref")

    class Meta:
        model = Claim
        fields: ClassVar[list[str]] = [
            "indicator", "subject", "scope", "scope_text", "unit", "currency", "status", "wording", "origin", "place",
            "note", "visibility",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("source", None)
        self.fields["origin"].queryset = Source.objects.visible_to(self.user)  # type: ignore[attr-defined]
        self.fields["scope"] = forms.ModelChoiceField(
            Scope.objects.visible_to(self.user).select_related("community"),
            label=_("Scope"),
            to_field_name="ref",
            required=False,
        )
        self.fields["unit"].help_text = _("Left empty it is taken from the value.")
        self.fields["indicator"].widget.attrs["list"] = "indicator-codes"
        if self.instance.pk:
            self.use_stored()
        self.order_fields([
            "indicator", "subject", "figure", "unit", "currency", "status", "as_of", "scope", "scope_text", "wording",
            "origin", "place", "note", "visibility", "reason",
        ])  # fmt: skip

    @property
    def known_indicators(self) -> dict[str, Any]:
        """Codes to choose from, with their names; others may be typed."""
        return dict(INDICATORS)

    def use_stored(self) -> None:
        """What stands for several fields of the model, or is chosen by reference, as it would be typed."""
        self.initial = {**self.initial, **typed_words(self.instance)}

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if currency and currency not in CURRENCIES:
            raise ValidationError(_("This currency is not known. Give its code of three letters, such as CNY."))
        return currency

    def clean_figure(self) -> dict[str, Any]:
        text = self.cleaned_data["figure"]
        quantity = parse_quantity(text)
        if quantity is None:
            raise ValidationError(
                _("“%(text)s” cannot be read as a value. Write it like 近400, 100余, 61%% or 1-2.") % {"text": text}
            )
        ends = [end for end in (quantity.low, quantity.high) if end is not None]
        if any(abs(end) >= LARGEST or end != round(end, 6) for end in ends):
            raise ValidationError(_("This value is too large, or has more than six decimals."))
        if quantity.low is not None and quantity.high is not None and quantity.low > quantity.high:
            raise ValidationError(_("The upper value must not be below the lower one."))
        return {
            "value_low": quantity.low,
            "value_high": quantity.high,
            "low_open": quantity.low_open,
            "high_open": quantity.high_open,
            "unit": quantity.unit,
        }

    def clean_as_of(self) -> dict[str, Any]:
        try:
            low, high, precision = parse_as_of(self.cleaned_data["as_of"])
        except DateError as error:
            raise ValidationError(str(error)) from error
        if low > high:
            raise ValidationError(_("The last day must not come before the first."))
        return {"as_of_low": low, "as_of_high": high, "as_of_precision": precision}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        figure = cleaned.get("figure") or {}
        unit = cleaned.get("unit") or figure.get("unit", "")
        if len(unit) > UNIT_LENGTH:
            self.add_error("figure", _("The unit is too long."))
            unit = ""
        cleaned["unit"] = unit
        if unit == "元" and not cleaned.get("currency"):
            cleaned["currency"] = "CNY"
        for name, value in self.parts(cleaned).items():
            setattr(self.instance, name, value)
        return cleaned

    @staticmethod
    def parts(cleaned: dict[str, Any]) -> dict[str, Any]:
        """The model's fields for value, day and place."""
        figure = {name: value for name, value in (cleaned.get("figure") or {}).items() if name != "unit"}
        return figure | (cleaned.get("as_of") or {})

    @property
    def record_values(self) -> dict[str, Any]:
        plain = super().record_values
        return {
            **{name: value for name, value in plain.items() if name not in {"figure", "as_of"}},
            **self.parts(self.cleaned_data),
            "place": self.cleaned_data["place"],
        }

    @property
    def words(self) -> dict[str, Any]:
        """The figure rests on the very source that it names."""
        return super().words | {"source": self.cleaned_data["origin"]}


def typed_words(claim: Claim) -> dict[str, Any]:
    """What stands for several fields of a claim, or is chosen by reference, as it would be typed."""
    return {
        "figure": notation(quantity_of(claim)),
        "as_of": typed_as_of(claim) if getattr(claim, "as_of_low", None) else "",
        "origin": Source.objects.filter(pk=claim.origin_id).first(),
        "scope": claim.scope,
    }


def stored_words(claim: Claim) -> dict[str, Any]:
    """All that a form shows of a claim that is not kept yet."""
    plain = {name: getattr(claim, name) for name in ClaimForm.Meta.fields if name not in {"origin", "scope"}}
    return plain | typed_words(claim) | {"place": claim.place}
