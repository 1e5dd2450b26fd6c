"""Calls for needs, the needs that come in, and what experts find of them."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.states.call import CALL_TONES, NEED_TONES, CallState, NeedState
from qunxing.core.fields import CodesField
from qunxing.core.text import search_key
from qunxing.directory.models import Organization, field_labels, member_organizations
from qunxing.ledger.models import Record, RecordQuerySet, Visibility
from qunxing.scenarios.models import Scenario

TOP_MARK = 25


class CallQuerySet(RecordQuerySet):
    """Open once it is published."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(visibility__in=levels) & ~Q(state=CallState.DRAFT)


class Call(Record):
    """A call for needs (需求征集): what is looked for, and from when to when needs may be handed in."""

    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what is looked for"))
    fields = CodesField(_("technical fields"), labels=field_labels)
    opens_on = models.DateField(_("needs from"))
    closes_on = models.DateField(_("needs until"), help_text=_("The last day counts in full."))
    state = models.CharField(
        _("state"), max_length=8, choices=CallState.choices, default=CallState.DRAFT, editable=False
    )

    objects: ClassVar[Any] = CallQuerySet.as_manager()
    DETAIL_URL = "challenges:call-detail"

    class Meta:
        ordering = ["-opens_on", "-pk"]
        verbose_name = _("call for needs")
        verbose_name_plural = _("calls for needs")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="a_call_closes_after_it_opened",
                violation_error_message=_("The last day must not come before the first."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def closed_versions(cls, levels: list[Visibility]) -> models.Q:
        return super().closed_versions(levels) | models.Q(state=CallState.DRAFT)

    @property
    def tone(self) -> str:
        return CALL_TONES[CallState(self.state)]

    def takes_needs_on(self, day: Any) -> bool:
        return bool(self.state == CallState.OPEN and self.opens_on <= day <= self.closes_on)


class NeedQuerySet(RecordQuerySet):
    """Between its owner, the experts asked to appraise it, staff and officers."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(pk__in=())

    def own_rows(self, user: Any) -> Q:
        return Q(organization__in=member_organizations(user)) | Q(
            pk__in=NeedAppraisal.objects.filter(by=user.pk).values("need")
        )


class Need(Record):
    """A need handed in by an organisation, alone or in answer to a call."""

    number = models.CharField(_("number"), max_length=20, null=True, unique=True, editable=False)
    call = models.ForeignKey(
        Call, models.PROTECT, null=True, blank=True, related_name="needs", verbose_name=_("call for needs")
    )
    scenario = models.ForeignKey(
        Scenario, models.PROTECT, null=True, blank=True, related_name="needs", verbose_name=_("scenario")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="needs", verbose_name=_("owner of the need")
    )
    state = models.CharField(
        _("state"), max_length=12, choices=NeedState.choices, default=NeedState.DRAFT, editable=False
    )
    submitted_on = models.DateField(_("handed in on"), null=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    problem = models.TextField(_("main problem"))
    state_of_art = models.TextField(
        _("what has been tried"), blank=True, help_text=_("What others do at home and abroad, and where it fails.")
    )
    goals = models.TextField(_("goals"), help_text=_("What must be measured, and the value it must reach."))
    fields = CodesField(_("technical fields"), labels=field_labels)
    money = models.BigIntegerField(_("money its owner puts in (yuan)"), null=True, blank=True)
    search_key = models.TextField(editable=False, blank=True)

    objects: ClassVar[Any] = NeedQuerySet.as_manager()
    DETAIL_URL = "challenges:need-detail"

    class Meta:
        ordering = ["-pk"]
        verbose_name = pgettext_lazy("challenges", "need")
        verbose_name_plural = pgettext_lazy("challenges", "needs")
        indexes = [models.Index(fields=["state", "visibility"], name="needs_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(money__isnull=True) | Q(money__gte=0),
                name="the_money_of_a_need_is_not_negative",
                violation_error_message=_("The money must not be negative."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set what follows from other fields; bulk writers call it themselves."""
        self.search_key = search_key(self.title, self.number or "", self.problem)

    @property
    def tone(self) -> str:
        return NEED_TONES[NeedState(self.state)]


class NeedAppraisalQuerySet(RecordQuerySet):
    """For the expert who writes it, staff and officers; its need's owner is never shown who said what."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(pk__in=())

    def own_rows(self, user: Any) -> Q:
        return Q(by=user.pk)


class NeedAppraisal(Record):
    """What an expert who was asked finds of a need: four marks of 25 points, a verdict, notes."""

    class Verdict(models.TextChoices):
        LIST = "list", _("put it on a list")
        REVISE = "revise", _("to be revised")
        REJECT = "reject", _("not fit")

    need = models.ForeignKey(Need, models.CASCADE, related_name="appraisals")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="need_appraisals", verbose_name=_("expert")
    )
    asked_on = models.DateField(_("asked on"), editable=False)
    due_on = models.DateField(_("answer by"), null=True, blank=True)
    given_on = models.DateField(_("given on"), null=True, editable=False)
    necessity = models.PositiveSmallIntegerField(_("necessity"), null=True)
    novelty = models.PositiveSmallIntegerField(_("novelty"), null=True)
    feasibility = models.PositiveSmallIntegerField(_("feasibility"), null=True)
    worth = models.PositiveSmallIntegerField(_("worth the money"), null=True)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices, blank=True)
    notes = models.TextField(pgettext_lazy("appraisal", "notes"), blank=True)

    objects: ClassVar[Any] = NeedAppraisalQuerySet.as_manager()
    PARENT: ClassVar[str] = "need"
    MARKS: ClassVar[tuple[str, ...]] = ("necessity", "novelty", "feasibility", "worth")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("appraisal of a need")
        verbose_name_plural = _("appraisals of needs")
        constraints = [
            models.UniqueConstraint(fields=["need", "by"], name="an_expert_appraises_a_need_once"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lte": TOP_MARK}),
                    name=f"the_mark_for_{name}_has_a_top",
                    violation_error_message=_("A mark is from 0 to 25."),
                )
                for name in ("necessity", "novelty", "feasibility", "worth")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need} · {self.asked_on}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.visibility = Visibility.INTERNAL
        super().save(*args, **kwargs)

    @property
    def total(self) -> int | None:
        """Out of 100; None while it is not given."""
        marks = [getattr(self, name) for name in self.MARKS]
        return None if self.given_on is None or None in marks else sum(marks)

    @property
    def tone(self) -> str:
        return {"list": "good", "revise": "warn", "reject": "bad"}.get(self.verdict, "muted")
