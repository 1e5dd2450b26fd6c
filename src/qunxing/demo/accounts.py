"""One account for each kind of user, with passwords that everybody knows."""

from dataclasses import dataclass

from qunxing.accounts.actions import create_user
from qunxing.accounts.models import Kind, User
from qunxing.demo.desk import Desk
from qunxing.directory.models import Membership, Organization

PASSWORD = "qunxing-demo-only"  # noqa: S105 - meant to be known


@dataclass(frozen=True)
class Account:
    """Who signs in; a member also has an organisation of the demonstration and a role in it."""

    username: str
    kind: Kind
    name: str
    organization: str = ""
    role: str = ""
    password: str = PASSWORD


ACCOUNTS = (
    Account("staff", Kind.STAFF, "林晓舟（演示·运营）"),
    Account("officer", Kind.OFFICER, "周望（演示·主管部门）"),
    Account("owner", Kind.MEMBER, "许星河（演示·企业）", "xinghe", Membership.Role.OWNER),
    Account("editor", Kind.MEMBER, "陆小满（演示·企业）", "xinghe", Membership.Role.EDITOR),
    Account("viewer", Kind.MEMBER, "何知秋（演示·企业）", "xinghe", Membership.Role.VIEWER),
    Account("demand", Kind.MEMBER, "沈若水（演示·需求方）", "hospital", Membership.Role.OWNER),
    Account("manager", Kind.MANAGER, "顾长风（演示·基金）", "capital", Membership.Role.OWNER),
    Account("expert", Kind.EXPERT, "秦思远（演示·专家）"),
    Account("visitor", Kind.VISITOR, "白一帆（演示·访客）"),
)


def open_accounts(_desk: Desk) -> None:
    """Make the accounts that are missing; one that is there stays as it is, its password too."""
    taken = set(User.objects.values_list("username", flat=True))
    for account in ACCOUNTS:
        if account.username not in taken:
            create_user(
                actor=None,
                username=account.username,
                kind=account.kind,
                password=account.password,
                email=f"{account.username}@demo.example",
                name=account.name,
                demo=True,
            )


def admit_members(desk: Desk) -> None:
    for account in ACCOUNTS:
        if account.organization:
            organization = desk.find(Organization, account.organization)
            membership = Membership(organization=organization, user=desk.user(account.username), role=account.role)
            desk.add(membership, account.username)
