"""Invitations of firms to scenarios, and how far each came."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qunxing.directory.models import Organization, member_organizations
from qunxing.ledger.models import Record, RecordQuerySet, Visibility
from qunxing.matching.models.shortlists import Shortlist
from qunxing.matching.states import TONES, State
from qunxing.scenarios.models import Scenario


class InvitationQuerySet(RecordQuerySet):
    """Between the invited firm and the owner of the scenario, beside staff and officers."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(pk__in=[])

    def own_rows(self, user: Any) -> Q:
        mine = member_organizations(user)
        seen = Organization.objects.visible_to(user).values("pk")
        of_owner = Q(scenario__organization__in=mine, organization__in=seen)
        return Q(organization__in=mine) | of_owner


class Invitation(Record):
    """A firm is asked to solve a scenario; the days say how far it came."""

    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="invitations", verbose_name=_("scenario"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="invitations", verbose_name=_("invited firm")
    )
    shortlist = models.ForeignKey(Shortlist, models.SET_NULL, null=True, related_name="invitations", editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.INVITED, editable=False, db_index=True
    )
    message = models.TextField(_("message to the firm"), blank=True)
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    answer = models.CharField(_("its answer"), max_length=500, blank=True, editable=False)
    invited_on = models.DateField(_("invited on"), editable=False)
    answered_on = models.DateField(_("answered on"), null=True, editable=False)
    interested_on = models.DateField(_("interested since"), null=True, editable=False)
    talks_on = models.DateField(_("talks since"), null=True, editable=False)
    trial_on = models.DateField(_("trial since"), null=True, editable=False)
    contract_on = models.DateField(_("contract of"), null=True, editable=False)
    delivered_on = models.DateField(_("delivered on"), null=True, editable=False)

    objects: ClassVar[Any] = InvitationQuerySet.as_manager()
    DETAIL_URL = "matching:invitation-detail"

    class Meta:
        ordering = ["-invited_on", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [models.Index(fields=["invited_on", "id"], name="invitations_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "organization"],
                name="a_firm_is_invited_once",
                violation_error_message=_("This firm was invited already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario} → {self.organization}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.visibility = Visibility.INTERNAL
        super().save(*args, **kwargs)

    @property
    def tone(self) -> str:
        return TONES[State(self.state)]
