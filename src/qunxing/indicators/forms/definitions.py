"""Forms of definitions: a figure derived without code, and who gets the totals of a declared one."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.specs import Dimension
from qunxing.indicators.figures.asking import CircularIndicator, Ledgers, UnknownIndicator
from qunxing.indicators.figures.catalogue import Indicator, specs
from qunxing.indicators.models import GROWTHS, OF_TWO, Definition, Operation
from qunxing.ledger.forms import CodesFormField, RecordForm

WHERE = "where_"
PERCENT = {Operation.SHARE, *GROWTHS}
SOUGHT = _("There is no indicator with this code.")
CIRCULAR = _("By way of others this indicator would be made of itself.")


class BaseForm(forms.Form):
    """The first question: what is derived, and of which indicator."""

    operation = forms.ChoiceField(label=pgettext_lazy("indicator", "Made by"), choices=Operation.choices)
    base = forms.ChoiceField(label=_("Of the indicator"))

    def __init__(self, data: Any, *, ledgers: Ledgers) -> None:
        super().__init__(data)
        self.fields["base"].choices = indicator_choices(ledgers)  # type: ignore[attr-defined]


def indicator_choices(ledgers: Ledgers) -> list[tuple[str, str]]:
    return [(code, str(one.name)) for code, one in ledgers.indicators.items()]


class DefinitionForm(RecordForm):
    """A derived indicator: its words, the second figure where it takes one, the words of its rows where it filters."""

    class Meta:
        model = Definition
        fields: ClassVar[list[str]] = [
            "code", "name_zh", "name_en", "counts_zh", "counts_en", "operand", "operand_scope", "scope", "access",
            "retired", "visibility",
        ]  # fmt: skip

    def __init__(self, *args: Any, ledgers: Ledgers, operation: str, base: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledgers = ledgers
        self.operation = Operation(operation)
        self.base = base
        self.fields.pop("source", None)
        self.fields.pop("place", None)
        self.fields["scope"] = forms.ChoiceField(label=_("Scope it is told for at first"), choices=SCOPES)
        if self.instance.pk:
            self.fields.pop("code")
        else:
            self.fields.pop("retired")
        self.use_operand()
        self.dimensions = self.own_dimensions() if self.operation is Operation.FILTER else []
        for dimension in self.dimensions:
            self.fields[WHERE + dimension.code] = CodesFormField(
                label=str(dimension.label), required=False, choices=list(dimension.labels().items()),
                initial=self.instance.where.get(dimension.code, ()),
            )  # fmt: skip
        picked = [WHERE + dimension.code for dimension in self.dimensions]
        self.order_fields(["code", "name_zh", "name_en", "operand", "operand_scope", *picked])

    def use_operand(self) -> None:
        if self.operation not in OF_TWO:
            self.fields.pop("operand")
            self.fields.pop("operand_scope")
            return
        others = [pair for pair in indicator_choices(self.ledgers) if pair[0] != self.instance.code]
        label = _("Over which figure") if self.operation != Operation.DIFFERENCE else _("Less which figure")
        self.fields["operand"] = forms.ChoiceField(label=label, choices=others)

    def own_dimensions(self) -> list[Dimension]:
        """The dimensions of the base by whose words rows can be picked."""
        base = self.ledgers.indicators.get(self.base)
        found = self.ledgers.every_dimension(base) if base is not None else []
        return [dimension for dimension in found if not dimension.ages]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code in specs():
            raise ValidationError(_("The program declares an indicator with this code."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        where = {one.code: list(cleaned.get(WHERE + one.code) or ()) for one in self.dimensions}
        cleaned["where"] = {code: codes for code, codes in where.items() if codes}
        if self.operation is Operation.FILTER and not cleaned["where"]:
            self.add_error(None, _("Choose at least one word by which the rows are picked."))
        self.check_lineage(cleaned)
        for name, value in self.made_of(cleaned).items():
            setattr(self.instance, name, value)
        return cleaned

    def check_lineage(self, cleaned: Mapping[str, Any]) -> None:
        """Refuse what is made of itself, or of what is not there."""
        own = self.instance.code or cleaned.get("code", "")
        for code in (self.base, cleaned.get("operand", "")):
            try:
                if code and own in self.ledgers.made_from(code):
                    self.add_error(None, CIRCULAR)
            except UnknownIndicator:
                self.add_error(None, SOUGHT)
            except CircularIndicator:
                self.add_error(None, CIRCULAR)

    def made_of(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """The fields that say what it is made of."""
        base: Indicator | None = self.ledgers.indicators.get(self.base)
        unit = "%" if self.operation in PERCENT else ("" if base is None or self.operation == "ratio" else base.unit)
        return {
            "operation": self.operation.value,
            "base": self.base,
            "operand": cleaned.get("operand", ""),
            "operand_scope": cleaned.get("operand_scope", ""),
            "where": cleaned.get("where", {}),
            "unit": unit,
        }

    @property
    def record_values(self) -> dict[str, Any]:
        plain = {name: value for name, value in super().record_values.items() if not name.startswith(WHERE)}
        return plain | self.made_of(self.cleaned_data)


class DeclaredForm(RecordForm):
    """What staff say of a declared indicator: who gets what, and whether it is told at all."""

    class Meta:
        model = Definition
        fields: ClassVar[list[str]] = ["access", "retired", "visibility"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("source", None)
        self.fields.pop("place", None)


SCOPES = (
    ("space", _("the space itself")),
    ("surroundings", _("the space and its surroundings")),
    ("district", _("the district")),
    ("city", _("the city")),
)
