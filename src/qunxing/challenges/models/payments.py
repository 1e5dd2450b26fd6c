"""Payments: the tranches of a contract, in whole yuan."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.models.boards import Challenge
from qunxing.challenges.models.contracts import Contract, PartQuerySet
from qunxing.challenges.models.milestones import Milestone
from qunxing.challenges.states.payment import TONES, PaymentState
from qunxing.panels.models.base import ClosedRecord


class Payment(ClosedRecord):
    """A tranche: due when its milestone has passed, or with the signature where it has none."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="payments", verbose_name=_("contract"))
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    milestone = models.OneToOneField(
        Milestone, models.PROTECT, null=True, blank=True, related_name="payment", verbose_name=_("milestone")
    )
    amount = models.BigIntegerField(_("amount (yuan)"))
    state = models.CharField(
        _("state"), max_length=9, choices=PaymentState.choices, default=PaymentState.PLANNED, editable=False
    )
    due_on = models.DateField(_("due since"), null=True, editable=False)
    pay_by = models.DateField(_("to be paid by"), null=True, editable=False)
    paid_on = models.DateField(_("paid on"), null=True, editable=False)
    voucher = models.CharField(_("number of the transfer"), max_length=80, blank=True, editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "contract"

    class Meta:
        ordering = ["contract", "position", "pk"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        indexes = [models.Index(fields=["state", "pay_by"], name="payments_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["contract", "position"], name="a_payment_stands_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_payment_is_above_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.contract.number} · {self.position}"

    @property
    def challenge(self) -> Challenge | None:
        return self.contract.challenge

    @property
    def tone(self) -> str:
        return TONES[PaymentState(self.state)]

    def overdue_on(self, day: date) -> bool:
        return self.state == PaymentState.DUE and self.pay_by is not None and self.pay_by < day
