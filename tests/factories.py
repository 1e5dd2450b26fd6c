"""Made-up rows for tests; every one is saved the way the program saves it."""

from datetime import date
from itertools import count
from typing import Any

from qunxing.accounts.models import Kind, User
from qunxing.directory.models import Community, Membership, Organization, Scope
from qunxing.ledger.actions import create
from qunxing.ledger.models import Source

numbers = count(1)
PASSWORD = "correct horse 9 battery"


def user(kind: str = Kind.VISITOR, **values: Any) -> User:
    number = next(numbers)
    values = {
        "username": f"{kind}{number}",
        "email": f"{kind}{number}@example.org",
        "name": f"{kind} {number}",
    } | values
    made: User = User.objects.create_user(kind=kind, password=PASSWORD, **values)
    return made


def organization(**values: Any) -> Organization:
    return create(Organization(**{"name": f"测试企业{next(numbers)}有限公司", "roles": ("firm",)} | values), actor=None)


def membership(member: User, firm: Organization, role: str = Membership.Role.OWNER) -> Membership:
    vars(member).pop("organization_roles", None)
    return create(Membership(user=member, organization=firm, role=role), actor=None)


def member_of(firm: Organization, role: str = Membership.Role.OWNER, kind: str = Kind.MEMBER) -> User:
    made = user(kind)
    membership(made, firm, role)
    return made


def source(**values: Any) -> Source:
    return create(Source(**{"title": f"来源{next(numbers)}", "day": date(2025, 5, 7)} | values), actor=None)


def community(**values: Any) -> Community:
    return create(
        Community(**{"name": "模速空间", "english_name": "Mosu Space", "division": "310104"} | values), actor=None
    )


def scope(of: Community | None = None, code: str = Scope.Code.SPACE, **values: Any) -> Scope:
    widths = {choice: width for width, choice in enumerate(Scope.Code.values, start=1)}
    return create(
        Scope(
            community=of or community(),
            code=code,
            width=widths[code],
            **{"name_zh": str(Scope.Code(code).label)} | values,
        ),
        actor=None,
    )
