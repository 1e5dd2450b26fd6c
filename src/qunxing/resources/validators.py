"""Checks shared by form, API and import."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qunxing.core.divisions import DIVISIONS


def known_division(code: str) -> None:
    if code not in DIVISIONS:
        raise ValidationError(
            _("“%(code)s” is not a division we know. Give six digits such as 310104."), params={"code": code}
        )
