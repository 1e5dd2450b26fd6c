"""The ledger of organisations and of the communities they live in."""

from qunxing.directory.models.capabilities import Capability
from qunxing.directory.models.communities import Community, Residency, Scope
from qunxing.directory.models.organizations import Organization, OrganizationName, member_organizations, precision_of
from qunxing.directory.models.people import Contact, Membership
from qunxing.directory.models.relations import Link, Product
from qunxing.directory.models.tasks import Task
from qunxing.directory.models.vocabulary import Industry, Precision, Role, SizeClass, TechnicalField, field_labels

__all__ = [
    "Capability",
    "Community",
    "Contact",
    "Industry",
    "Link",
    "Membership",
    "Organization",
    "OrganizationName",
    "Precision",
    "Product",
    "Residency",
    "Role",
    "Scope",
    "SizeClass",
    "Task",
    "TechnicalField",
    "field_labels",
    "member_organizations",
    "precision_of",
]
