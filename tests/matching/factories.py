"""Made-up firms that can do something, and what stands on shortlists."""

from datetime import date
from typing import Any

from qunxing.directory.models import Capability, Organization, Product
from qunxing.ledger.actions import create
from qunxing.matching.actions import keep_shortlist
from qunxing.matching.computing import compute
from qunxing.matching.models import Invitation, Requirement, Shortlist
from qunxing.scenarios.models import Scenario
from tests import factories
from tests.registry import factories as registry
from tests.scenarios import factories as scenarios

DAY = date(2026, 3, 2)
RECORD = "门诊病历质控：书写缺项自动检查，医生离院前完成更正"


def able_firm(name: str = "", *, about: str = RECORD, **values: Any) -> Organization:
    """A firm with a product and a model that do what the made-up scenarios ask for."""
    firm = factories.organization(**({"name": name} if name else {}), fields=("medical",), **values)
    create(Product(organization=firm, name="病历卫士", description=about, fields=("medical",)), actor=None)
    registry.model(firm, name=f"病历{firm.pk}号", description=about, tasks=("medicine",))
    return firm


def capability(firm: Organization, kind: str, **values: Any) -> Capability:
    return create(Capability(organization=firm, kind=kind, **values), actor=None)


def need(**values: Any) -> Scenario:
    """A published scenario."""
    return scenarios.scenario(**({"state": "published", "problem": RECORD} | values))


def requirement(scenario: Scenario, **values: Any) -> Requirement:
    return create(Requirement(scenario=scenario, **values), actor=None)


def shortlist(subject: Any, *, shared: bool = False, **words: Any) -> Shortlist:
    """Computed and kept as the program does it."""
    kept = keep_shortlist(subject, compute(subject, day=DAY, **words), actor=None, day=DAY)
    if shared:
        kept.shared_on = DAY
        kept.save()
    return kept


def invitation(scenario: Scenario, firm: Organization, state: str = "invited", **values: Any) -> Invitation:
    words = {"invited_on": DAY} | values
    return create(Invitation(scenario=scenario, organization=firm, state=state, **words), actor=None)
