"""Contracts with their parties, the commitment (军令状) and changes of them."""

import json
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.models.bids import Bid
from qunxing.challenges.models.boards import Challenge, read_terms
from qunxing.challenges.states import change
from qunxing.challenges.states.change import ChangeState
from qunxing.challenges.states.contract import TONES, ContractState
from qunxing.challenges.terms import Terms
from qunxing.challenges.tranches import meets
from qunxing.directory.models import Organization, member_organizations
from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord
from qunxing.scenarios.goals import Goal


def sides(user: Any, prefix: str = "") -> Q:
    """The contracts of the user's organisations, on either side; `prefix` leads from a part to its contract."""
    own = member_organizations(user)
    return Q(**{f"{prefix}organization__in": own}) | Q(**{f"{prefix}issuer__in": own})


class ContractQuerySet(ClosedQuerySet):
    """Between both sides, staff and officers."""

    def own_rows(self, user: Any) -> Q:
        return sides(user)


class PartQuerySet(ClosedQuerySet):
    """Parts are as open as their contract."""

    def own_rows(self, user: Any) -> Q:
        return sides(user, "contract__")


class Contract(ClosedRecord):
    """What the issuer and the awarded bidder agree on; the grant is in whole yuan.

    The contract of a team in a race of its own hangs on no challenge: it has issuer, title and rules itself.
    """

    challenge = models.ForeignKey(
        Challenge, models.PROTECT, null=True, blank=True, related_name="contracts", verbose_name=_("challenge")
    )
    issuer = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=_("issuer"), editable=False
    )
    title = models.CharField(_("title"), max_length=200, blank=True, editable=False)
    own_terms = models.JSONField(_("rules"), default=dict, blank=True, editable=False)
    bid = models.OneToOneField(
        Bid, models.PROTECT, null=True, blank=True, related_name="contract", verbose_name=_("bid"), editable=False
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="contracts", verbose_name=_("contractor"), editable=False
    )
    payer = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("who pays"))
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=ContractState.choices, default=ContractState.DRAFT, editable=False
    )
    leader = models.CharField(_("leader in person (挂帅人)"), max_length=60)
    cost = models.BigIntegerField(_("cost of the project (yuan)"))
    grant = models.BigIntegerField(_("grant (yuan)"))
    pay_days = models.PositiveSmallIntegerField(_("days to pay"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    first_end = models.DateField(_("end as first agreed"), editable=False)
    extensions = models.PositiveSmallIntegerField(_("extensions"), default=0, editable=False)
    sign_by = models.DateField(_("to be signed by"), editable=False)
    pledge = models.TextField(_("pledge of the leader"), blank=True)
    bidder_signed_on = models.DateField(_("signed by the contractor"), null=True, editable=False)
    issuer_signed_on = models.DateField(_("signed by the issuer"), null=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, editable=False)

    objects: ClassVar[Any] = ContractQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "challenges:contract-detail"
    BOOKKEEPING = ClosedRecord.BOOKKEEPING | {"own_terms"}
    TIMELINE_PARTS = ("parties", "commitments", "milestones", "payments", "changes", "acceptances", "difficulties",
                      "terminations")  # fmt: skip

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        indexes = [models.Index(fields=["state", "ends_on"], name="contracts_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(grant__gte=0) & Q(cost__gte=F("grant")),
                name="a_grant_is_within_the_cost",
                violation_error_message=_("The grant must not be negative or above the cost of the project."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="a_contract_ends_after_it_began",
                violation_error_message=_("The contract must end after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.organization}"

    def derive(self) -> None:
        super().derive()
        if self.challenge is not None:
            self.issuer_id = self.issuer_id or self.challenge.issuer_id
            self.title = self.title or self.challenge.title

    @property
    def terms(self) -> Terms:
        return self.challenge.board.rules if self.challenge is not None else read_terms(json.dumps(self.own_terms))

    @property
    def tone(self) -> str:
        return TONES[ContractState(self.state)]

    @property
    def signed(self) -> bool:
        return self.bidder_signed_on is not None and self.issuer_signed_on is not None


class ContractParty(ClosedRecord):
    """A partner of the contractor and what it answers for."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="parties", verbose_name=_("contract"))
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("partner"))
    tasks = models.TextField(_("tasks"), blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "contract"

    class Meta:
        ordering = ["contract", "pk"]
        verbose_name = _("partner in a contract")
        verbose_name_plural = _("partners in a contract")
        constraints = [
            models.UniqueConstraint(fields=["contract", "organization"], name="a_partner_stands_once_in_a_contract")
        ]

    def __str__(self) -> str:
        return str(self.organization)

    @property
    def challenge(self) -> Challenge | None:
        return self.contract.challenge


class Commitment(Goal, ClosedRecord):
    """A target that the contractor signed: what the bid answered, not what the list asked for."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="commitments", verbose_name=_("contract"))
    asked = models.CharField(_("asked for on the list"), max_length=120, blank=True)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "contract"

    class Meta:
        ordering = ["contract", "position", "pk"]
        verbose_name = _("committed target")
        verbose_name_plural = _("committed targets")

    @property
    def challenge(self) -> Challenge | None:
        return self.contract.challenge

    def met_by(self, value: Any) -> bool:
        return meets(self.operator, self.target, self.target_high, value)


class ContractChange(ClosedRecord):
    """An extension, another leader, other partners: asked by one side, agreed by the other, approved by staff."""

    class Kind(models.TextChoices):
        EXTENSION = "extension", pgettext_lazy("change of a contract", "extension")
        LEADER = "leader", pgettext_lazy("change of a contract", "another leader")
        JOIN = "join", pgettext_lazy("change of a contract", "a partner joins")
        LEAVE = "leave", pgettext_lazy("change of a contract", "a partner leaves")

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="changes", verbose_name=_("contract"))
    kind = models.CharField(pgettext_lazy("change of a contract", "kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=ChangeState.choices, default=ChangeState.ASKED, editable=False
    )
    new_end = models.DateField(_("new end"), null=True, blank=True)
    new_leader = models.CharField(_("new leader"), max_length=60, blank=True)
    partner = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("partner")
    )
    tasks = models.TextField(_("tasks"), blank=True)
    grounds = models.TextField(_("why"))
    asked_on = models.DateField(_("asked on"), editable=False)
    bidder_agreed_on = models.DateField(_("contractor agreed on"), null=True, editable=False)
    issuer_agreed_on = models.DateField(_("issuer agreed on"), null=True, editable=False)
    decided_on = models.DateField(_("decided on"), null=True, editable=False)
    finding = models.CharField(_("finding"), max_length=500, blank=True, editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "contract"

    class Meta:
        ordering = ["contract", "-pk"]
        verbose_name = _("change of a contract")
        verbose_name_plural = _("changes of a contract")

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def challenge(self) -> Challenge | None:
        return self.contract.challenge

    @property
    def tone(self) -> str:
        return change.TONES[ChangeState(self.state)]
