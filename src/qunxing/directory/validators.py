"""Checks shared by form, API and import."""

from django.core.exceptions import ValidationError
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as StdnumError


def clean_uscc(text: str) -> str:
    try:
        return str(uscc.validate(text))
    except StdnumError as error:
        raise ValidationError(str(error)) from error
