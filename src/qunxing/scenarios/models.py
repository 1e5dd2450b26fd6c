"""Scenarios with their core indicators and appraisals."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.fields import CodesField
from qunxing.core.text import search_key
from qunxing.directory.models import Contact, Organization, Task, field_labels, member_organizations
from qunxing.ledger.models import Record, RecordQuerySet, Visibility
from qunxing.scenarios.goals import Goal, two_ends_between
from qunxing.scenarios.states import NOT_YET_PUBLISHED, ONCE_PUBLISHED, TONES, State

CONTACT_FIELDS = ("contact", "contact_name", "contact_phone", "contact_email")
BUDGET_FIELDS = ("budget_low", "budget_high", "budget_undisclosed")
# What a solver relies on; once it is published only staff change it.
CORE_FIELDS = frozenset({
    "title", "problem", "fields", "tasks", "mechanism", "on_site", "domestic_chips", "security_level",
    "serves_public_generated", "indicators_text", *BUDGET_FIELDS,
})  # fmt: skip


class Mechanism(models.TextChoices):
    """How a solver is found."""

    DIRECT = "direct", _("direct talks")
    CHALLENGE = "challenge", _("open challenge (揭榜挂帅)")
    RACE = "race", _("race (赛马)")


class SecurityLevel(models.TextChoices):
    """The level of 等级保护 that the place of running demands."""

    NONE = "none", _("no level demanded")
    TWO = "2", _("等保 level 2")
    THREE = "3", _("等保 level 3")


class ScenarioQuerySet(RecordQuerySet):
    """Open once published; before that, only the owner's members see it beside staff and officers."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(visibility__in=levels, published_on__isnull=False, organization__visibility__in=levels)

    def own_rows(self, user: Any) -> Q:
        return Q(organization__in=member_organizations(user))


class Scenario(Record):
    """A need that its owner wants solved: the problem, what counts as solved, the conditions and the terms."""

    number = models.CharField(
        pgettext_lazy("scenario", "number"),
        max_length=20,
        null=True,
        unique=True,
        editable=False,
        help_text=_("Given at submission."),
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="scenarios", verbose_name=_("owner of the need")
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT, editable=False)
    published_on = models.DateField(_("published on"), null=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    problem = models.TextField(
        _("problem"), blank=True, help_text=_("What should work, and why it does not work today.")
    )
    fields = CodesField(_("technical fields"), labels=field_labels)
    tasks = CodesField(_("tasks"), labels=lambda: dict(Task.choices))
    mechanism = models.CharField(_("mechanism"), max_length=10, choices=Mechanism.choices, default=Mechanism.DIRECT)
    data_available = models.TextField(_("data available"), blank=True)
    data_terms = models.TextField(
        _("terms of the data"), blank=True, help_text=_("Who may use it, where, for how long, and what must not leave.")
    )
    on_site = models.BooleanField(_("must run on site"), default=False)
    domestic_chips = models.BooleanField(_("must run on domestic chips"), default=False)
    security_level = models.CharField(
        _("security level"), max_length=4, choices=SecurityLevel.choices, default=SecurityLevel.NONE
    )
    serves_public_generated = models.BooleanField(_("serves the public with generated content"), default=False)
    budget_low = models.BigIntegerField(_("budget from (yuan)"), null=True, blank=True)
    budget_high = models.BigIntegerField(_("budget to (yuan)"), null=True, blank=True)
    budget_undisclosed = models.BooleanField(_("budget not disclosed"), default=False)
    apply_by = models.DateField(_("apply by"), null=True, blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    division = models.CharField(_("division (GB/T 2260)"), max_length=6, blank=True)
    location = models.CharField(_("location"), max_length=300, blank=True)
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="scenarios", verbose_name=_("contact")
    )
    contact_name = models.CharField(_("contact's name"), max_length=60, blank=True)
    contact_phone = models.CharField(_("contact's phone"), max_length=40, blank=True)
    contact_email = models.EmailField(_("contact's e-mail"), blank=True)
    indicators_text = models.TextField(_("core indicators"), blank=True, editable=False)
    search_key = models.TextField(editable=False, blank=True)

    objects: ClassVar[Any] = ScenarioQuerySet.as_manager()
    DETAIL_URL = "scenarios:scenario-detail"
    # Personal data stays out of timeline and evidence.
    BOOKKEEPING = Record.BOOKKEEPING | set(CONTACT_FIELDS)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        indexes = [
            models.Index(fields=["state", "visibility"], name="scenarios_by_state"),
            models.Index(fields=["title", "visibility"], name="scenarios_by_title"),
            models.Index(fields=["apply_by", "visibility"], name="scenarios_by_deadline"),
            models.Index(fields=["published_on", "visibility"], name="scenarios_by_publication"),
            models.Index(fields=["updated_at", "visibility"], name="scenarios_by_change"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(budget_low__isnull=True)
                | Q(budget_high__isnull=True)
                | Q(budget_high__gte=F("budget_low")),
                name="a_budget_runs_upwards",
                violation_error_message=_("The budget's upper end must not be below its lower end."),
            ),
            models.CheckConstraint(
                condition=Q(budget_undisclosed=False) | Q(budget_low__isnull=True, budget_high__isnull=True),
                name="an_undisclosed_budget_has_no_amount",
                violation_error_message=_("Give amounts or say that the budget is not disclosed, not both."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="a_scenario_ends_after_it_began",
                violation_error_message=_("The last day must not come before the first."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=sorted(NOT_YET_PUBLISHED), published_on__isnull=True)
                    | Q(state__in=sorted(ONCE_PUBLISHED), published_on__isnull=False, number__isnull=False)
                    | Q(state=State.WITHDRAWN)
                ),
                name="a_published_scenario_has_its_day_and_number",
            ),
        ]

    @classmethod
    def closed_versions(cls, levels: list[Visibility]) -> models.Q:
        return super().closed_versions(levels) | models.Q(published_on__isnull=True)

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set what follows from other fields; bulk writers call it themselves."""
        self.number = self.number or None
        self.search_key = search_key(self.title, self.number or "", self.problem)

    @property
    def tone(self) -> str:
        return TONES[State(self.state)]

    @property
    def has_budget(self) -> bool:
        return self.budget_undisclosed or self.budget_low is not None or self.budget_high is not None


class CoreIndicatorQuerySet(RecordQuerySet):
    """Rows that hang on a scenario are never more open than the scenario is."""

    def open_rows(self, levels: list[Visibility]) -> Q:
        return Q(
            visibility__in=levels,
            scenario__visibility__in=levels,
            scenario__published_on__isnull=False,
            scenario__organization__visibility__in=levels,
        )

    def own_rows(self, user: Any) -> Q:
        return Q(scenario__organization__in=member_organizations(user))


class CoreIndicator(Goal, Record):
    """What counts as solved in a scenario."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="core_indicators")

    objects: ClassVar[Any] = CoreIndicatorQuerySet.as_manager()
    PARENT = "scenario"

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("core indicator")
        verbose_name_plural = _("core indicators")
        constraints = [two_ends_between("only_between_has_an_upper_target")]


class Appraisal(Record):
    """What a member of staff found in appraising a scenario; never shown to its owner."""

    class Verdict(models.TextChoices):
        FIT = "fit", _("fit to publish")
        REVISE = "revise", _("to be revised")
        UNFIT = "unfit", _("not fit")

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="appraisals")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"), editable=False
    )
    day = models.DateField(_("day"), editable=False)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices)
    notes = models.TextField(pgettext_lazy("appraisal", "notes"))

    PARENT: ClassVar[str] = "scenario"

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name = _("appraisal")
        verbose_name_plural = _("appraisals")

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} · {self.day}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.visibility = Visibility.INTERNAL
        super().save(*args, **kwargs)

    @property
    def tone(self) -> str:
        return {"fit": "good", "revise": "warn"}.get(self.verdict, "bad")
