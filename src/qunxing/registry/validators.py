"""Checks shared by form, action and import."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qunxing.core.reasons import Unreadable
from qunxing.registry.models import Filing, FilingKind
from qunxing.registry.numbers import fold_number, parse_algorithm_number, parse_genai_number
from qunxing.registry.states import IN_FORCE


def check_number(kind: str, number: str) -> None:
    """The number has the shape of its kind; an odd part of it is no error."""
    parse = parse_algorithm_number if kind == FilingKind.ALGORITHM else parse_genai_number
    try:
        parse(number)
    except Unreadable as unreadable:
        raise ValidationError(str(unreadable.reason)) from unreadable


def check_number_is_free(kind: str, number: str, *, filing: Filing) -> None:
    others = Filing.objects.filter(kind=kind, number_key=fold_number(number)).exclude(pk=filing.pk)
    if others.exists():
        raise ValidationError(_("Another filing has this number."))


def check_reliance(kind: str, relied_on: Filing | None) -> None:
    """A registered service calls a filed model; nothing else relies on another filing."""
    if relied_on is None:
        return
    if kind != FilingKind.REGISTERED:
        raise ValidationError(_("Only a registration (登记) relies on another filing."))
    if relied_on.kind != FilingKind.FILED:
        raise ValidationError(_("A registration relies on a filed model (备案), on nothing else."))
    if relied_on.state not in IN_FORCE:
        raise ValidationError(_("The filing it would rely on is not in force."))


def check_algorithm_fields(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """{field: error} for what only an algorithm filing says."""
    if kind == FilingKind.ALGORITHM:
        return {}
    error = _("Only an algorithm filing says this.")
    return {name: error for name in ("algorithm_class", "algorithm_role") if values.get(name)}
