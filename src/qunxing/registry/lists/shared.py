"""Cells and filters of both lists."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.accounts.rules import member
from qunxing.core.errors import Text
from qunxing.directory.models import Organization
from qunxing.directory.rules import roles_of
from qunxing.ledger.lists import Filter
from qunxing.ledger.lists.spec import Options

MOST_CHOSEN = 20
YES_NO: Options = (("yes", _("yes")), ("no", _("no")))
Narrow = Callable[[QuerySet[Any], list[int]], QuerySet[Any]]


def joined(words: Iterable[str]) -> str:
    return str(_("; ")).join(words)


def labelled(codes: Sequence[str], labels: Mapping[str, Text]) -> str:
    return joined(str(labels.get(code, code)) for code in codes)


def organization_filter(user: Any, chosen: Sequence[str], narrow: Narrow) -> Filter:
    """The user's own organisations, and those whose references the address names, to be chosen from."""

    def apply(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
        keys = Organization.objects.visible_to(user).filter(ref__in=values).values_list("pk", flat=True)
        return narrow(rows, list(keys))

    return Filter("organization", _("Organisation"), apply, lambda _user: organization_options(user, chosen))


def organization_options(user: Any, chosen: Sequence[str]) -> list[tuple[str, str]]:
    own = list(roles_of(user)) if member(user) else []
    if not own and not chosen:
        return []
    rows = Organization.objects.visible_to(user).filter(Q(pk__in=own) | Q(ref__in=chosen[:MOST_CHOSEN]))
    return list(rows.values_list("ref", "name"))


def yes_no_filter(name: str, label: Text, yes: Callable[[QuerySet[Any]], Q], **more: Any) -> Filter:
    """A condition that needs the rows' reader, built when the filter is used."""

    def apply(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
        if set(values) >= {"yes", "no"}:
            return rows
        condition = yes(rows)
        return rows.filter(condition) if "yes" in values else rows.exclude(condition)

    return Filter(name, label, apply, lambda _user: YES_NO, **more)
