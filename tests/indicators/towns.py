"""A small community for tests of figures."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from qunxing.directory.models import Community, Organization, Residency, Scope
from qunxing.ledger.actions import create
from qunxing.ledger.models import Visibility
from tests import factories

HIDDEN = "藏星隐秘科技有限公司"
OPEN = "明星开放科技有限公司"


@dataclass(frozen=True)
class Town:
    """A space with its surroundings; firms that everybody, members and staff alone may see."""

    community: Community
    space: Scope
    surroundings: Scope
    open_firm: Organization
    shared_firm: Organization
    hidden_firm: Organization


def stay(firm: Organization, scope: Scope, **values: Any) -> Residency:
    values = {"entered_on": date(2024, 1, 10)} | values
    return create(Residency(organization=firm, scope=scope, **values), actor=None)


def town() -> Town:
    community = factories.community()
    space = factories.scope(community, Scope.Code.SPACE)
    around = factories.scope(community, Scope.Code.SURROUNDINGS)
    open_firm = factories.organization(name=OPEN, fields=("nlp",), size_class="small")
    shared = factories.organization(name="共享星科技有限公司", visibility=Visibility.COMMUNITY)
    hidden = factories.organization(name=HIDDEN, visibility=Visibility.INTERNAL, size_class="micro")
    stay(open_firm, space, tier="core")
    stay(shared, around, entered_on=date(2024, 6, 1))
    stay(hidden, space, entered_on=date(2024, 8, 15))
    return Town(community, space, around, open_firm, shared, hidden)
