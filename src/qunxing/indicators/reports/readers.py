"""For whom a report is made: its figures are counted over what such readers may see."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser

from qunxing.accounts.models import Kind
from qunxing.ledger.models import Visibility


@dataclass(frozen=True)
class Reader:
    """Anybody of this kind who belongs to no organisation: nothing is theirs, so nothing but what is open counts."""

    kind: str = Kind.VISITOR
    is_authenticated: bool = False
    is_anonymous: bool = True
    is_active: bool = False
    pk: None = None
    id: None = None

    def has_perm(self, _permission: str, _row: object = None) -> bool:
        return False


def reader_of(audience: str) -> Any:
    """Who stands for the audience; None, who sees everything, for staff and officers."""
    readers = {Visibility.INTERNAL: None, Visibility.COMMUNITY: Reader(), Visibility.PUBLIC: AnonymousUser()}
    return readers[Visibility(audience)]
