"""Who may do what with organisations and all that hangs on them."""

from enum import StrEnum
from typing import Any

import rules

from qunxing.accounts.rules import grant, oversight, staff
from qunxing.directory.models import Membership, Organization


def organization_of(row: Any) -> Organization | None:
    """The organisation a record is, or hangs on."""
    if row is None or isinstance(row, Organization):
        return row
    found = getattr(row, "organization", None) or getattr(row, "from_organization", None)
    return found if isinstance(found, Organization) else None


def roles_of(user: Any) -> dict[int, str]:
    """{organisation key: role} of the user, read once for each user object."""
    if not user.is_authenticated:
        return {}
    if not hasattr(user, "organization_roles"):
        user.organization_roles = dict(
            Membership.objects.filter(user_id=user.pk).values_list("organization_id", "role")
        )
    roles: dict[int, str] = user.organization_roles
    return roles


def with_role(*roles: str) -> rules.predicates.Predicate:
    @rules.predicate(f"with_role:{','.join(roles)}")
    def check(user: Any, row: Any) -> bool:
        organization = organization_of(row)
        return organization is not None and roles_of(user).get(organization.pk) in roles

    return check


owner = with_role(Membership.Role.OWNER)
editor = with_role(Membership.Role.OWNER, Membership.Role.EDITOR)
belongs = with_role(*Membership.Role.values)


@rules.predicate
def edits_some(user: Any) -> bool:
    """Owner or editor of any organisation: who may open a form on which the organisation is still to be named."""
    return not {Membership.Role.OWNER, Membership.Role.EDITOR}.isdisjoint(roles_of(user).values())


class Permission(StrEnum):
    CREATE = "directory.create_organization"
    CHANGE = "directory.change_organization"
    RENAME = "directory.rename_organization"
    REMOVE = "directory.remove_organization"
    CHANGE_RESIDENCY = "directory.change_residency"
    CHANGE_PRODUCT = "directory.change_product"
    CHANGE_CAPABILITY = "directory.change_capability"
    CHANGE_LINK = "directory.change_link"
    CHANGE_CONTACT = "directory.change_contact"
    SEE_CONTACT = "directory.see_contact"
    MANAGE_MEMBERS = "directory.manage_members"
    CHANGE_COMMUNITY = "directory.change_community"
    CHANGE_VOCABULARY = "directory.change_vocabulary"


GRANTS = {
    Permission.CREATE: staff,
    Permission.CHANGE: staff | editor,
    Permission.RENAME: staff,
    Permission.REMOVE: staff,
    Permission.CHANGE_RESIDENCY: staff,
    Permission.CHANGE_PRODUCT: staff | editor,
    Permission.CHANGE_CAPABILITY: staff | editor,
    Permission.CHANGE_LINK: staff,
    Permission.CHANGE_CONTACT: staff | editor,
    Permission.SEE_CONTACT: oversight | belongs,
    Permission.MANAGE_MEMBERS: staff | owner,
    Permission.CHANGE_COMMUNITY: staff,
    Permission.CHANGE_VOCABULARY: staff,
}
grant(GRANTS)
