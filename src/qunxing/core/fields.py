"""Model fields that several apps share."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    CodesBase = models.TextField[Any, Any]
else:
    CodesBase = models.TextField

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
REF_LENGTH = 12


def new_ref() -> str:
    """A public identifier that tells nothing of how many rows there are; no letter that is easily misread."""
    number = secrets.randbelow(len(ALPHABET) ** REF_LENGTH)
    letters = []
    for _place in range(REF_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


class CodesField(CodesBase):
    """A set of vocabulary codes kept in the row itself, so that a version of the row holds them too.

    In Python a sorted tuple of codes; in the database ``|a|b|``, which `has_code` finds. `labels` gives
    {code: its name in the reader's language}.
    """

    def __init__(self, *args: Any, labels: Callable[[], Mapping[str, Any]] = dict, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", tuple)
        super().__init__(*args, **kwargs)
        self.labels = labels

    def from_db_value(self, value: str | None, *_context: Any) -> tuple[str, ...]:
        return split_codes(value)

    def to_python(self, value: Any) -> tuple[str, ...]:
        return split_codes(value)

    def get_prep_value(self, value: Any) -> str:
        codes = split_codes(value)
        return f"|{'|'.join(codes)}|" if codes else ""

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))


def split_codes(value: str | Iterable[str] | None) -> tuple[str, ...]:
    """The codes of a stored text or of any iterable, sorted and without doubles; refuses the separator in a code."""
    if not value:
        return ()
    parts = value.split("|") if isinstance(value, str) else [str(part) for part in value]
    if any("|" in part for part in parts):
        raise ValidationError(_("A code must not hold the character |."))
    return tuple(sorted({part.strip() for part in parts} - {""}))


@models.CharField.register_lookup
@models.TextField.register_lookup
class Holds(models.Lookup[str]):
    """``search_key__holds="abc"``: these very characters stand in it; the quicker `contains` where case is folded."""

    lookup_name = "holds"

    def get_prep_lookup(self) -> str:
        return str(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, params = self.process_lhs(compiler, connection)
        position = "strpos" if connection.vendor == "postgresql" else "instr"
        return f"{position}({lhs}, %s) > 0", (*params, self.rhs)


@CodesField.register_lookup
class HasCode(Holds):
    """``fields__has_code="nlp"``: the row carries that code."""

    lookup_name = "has_code"

    def get_prep_lookup(self) -> str:
        return f"|{self.rhs}|"
