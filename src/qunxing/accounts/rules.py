"""Who somebody is; the predicates that every app's permissions are built from."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import rules

from qunxing.accounts.models import Kind


@rules.predicate
def signed_in(user: Any) -> bool:
    return bool(user.is_authenticated)


def of_kind(*kinds: Kind) -> rules.predicates.Predicate:
    @rules.predicate(f"of_kind:{','.join(kinds)}")
    def check(user: Any) -> bool:
        return getattr(user, "kind", None) in kinds

    return check


staff = of_kind(Kind.STAFF)
officer = of_kind(Kind.OFFICER)
oversight = of_kind(Kind.STAFF, Kind.OFFICER)
member = of_kind(Kind.MEMBER, Kind.MANAGER)


def grant(permissions: Mapping[Any, rules.predicates.Predicate]) -> None:
    """Register permission -> predicate with `rules`."""
    for permission, predicate in permissions.items():
        rules.set_perm(str(permission), predicate)


class Permission(StrEnum):
    MANAGE_USERS = "accounts.manage_users"
    SAVE_VIEW = "accounts.save_view"
    SHARE_VIEW = "accounts.share_view"
    USE_API_TOKENS = "accounts.use_api_tokens"
    CHANGE_CALENDAR = "accounts.change_calendar"


GRANTS = {
    Permission.MANAGE_USERS: staff,
    Permission.SAVE_VIEW: signed_in,
    Permission.SHARE_VIEW: oversight,
    Permission.USE_API_TOKENS: signed_in,
    Permission.CHANGE_CALENDAR: staff,
}
grant(GRANTS)
