"""Form fields that several apps share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qunxing.core.money import MoneyError, MoneyRange, parse_money, show_range


def money_text(money: MoneyRange | None) -> str:
    """The amount as it can be typed again: short where that loses nothing, else to the last yuan."""
    if money is None or money.undisclosed:
        return ""
    short = show_range(money)
    try:
        same = parse_money(short) == money
    except MoneyError:
        same = False
    return short if same else show_range(money, "one")


class MoneyField(forms.CharField):
    """An amount as people write it: 1.8亿元, 数千万美元, 500万-1000万元, 未披露; None for an empty one.

    Text that stands as it was when the form was opened keeps the stored range, to the last yuan and open end.
    """

    HELP = _("As it was told: 1.8亿元, 数千万美元, 500万-1000万元, over CNY 5 million. Empty where it is not known.")

    def __init__(self, *, largest: int | None = None, **kwargs: Any) -> None:
        settings: dict[str, Any] = {"required": False, "help_text": self.HELP, "max_length": 80}
        super().__init__(**settings | kwargs)
        self.largest = largest

    def prepare_value(self, value: Any) -> Any:
        return money_text(value) if value is None or isinstance(value, MoneyRange) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if isinstance(self.initial, MoneyRange) and text == money_text(self.initial):
            return self.initial
        try:
            money = parse_money(text)
        except MoneyError as error:
            raise forms.ValidationError(str(error)) from error
        if money is not None and self.largest is not None and max(money.low or 0, money.high or 0) > self.largest:
            raise forms.ValidationError(_("This is more money than there is. Check the unit."))
        return money
