"""A panel with the rules it was planned with, the items it judges and the parties behind them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.text import fold_name, search_key
from qunxing.directory.models import Organization, member_organizations
from qunxing.ledger.models import Record
from qunxing.panels.drawing import Drawable
from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord
from qunxing.panels.states import HOLDS, PUBLISHED, TONES, PanelState
from qunxing.panels.terms import PanelTerms, ScoringTerms

TITLE_LENGTH = 200


class PanelQuerySet(ClosedQuerySet):
    """For staff, officers, and those who hold a seat."""

    def own_rows(self, user: Any) -> Q:
        seats: Any = Panel._meta.get_field("seats").related_model
        return Q(pk__in=seats.objects.filter(expert__user=user.pk, state__in=HOLDS).values("panel"))

    def published(self) -> Any:
        """Those whose draw anybody may check."""
        return self.filter(Q(state__in=PUBLISHED) & ~Q(pool_digest=""))


class Panel(ClosedRecord):
    """Experts who judge items together, by rules that are fixed once they are seated."""

    number = models.CharField(_("number"), max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    day = models.DateField(_("day"), help_text=_("The day it meets; conflicts are looked for on that day."))
    terms = models.JSONField(_("rules"), default=dict)
    scoring = models.JSONField(_("rules of scoring"), default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=PanelState.choices, default=PanelState.PLANNED, editable=False
    )
    seed = models.CharField(max_length=200, blank=True, editable=False)
    seed_digest = models.CharField(_("digest of the seed"), max_length=64, blank=True, editable=False)
    pool = models.JSONField(default=list, editable=False)
    pool_digest = models.CharField(_("digest of the pool"), max_length=64, blank=True, editable=False)
    committed_at = models.DateTimeField(_("draw committed"), null=True, editable=False)
    word = models.CharField(_("public word"), max_length=200, blank=True, editable=False)
    struck = models.JSONField(default=list, editable=False)
    reserves = models.JSONField(default=list, editable=False)
    drawn_at = models.DateTimeField(_("drawn"), null=True, editable=False)
    # Draws after the first, each with its reason, its pool and what came of it; the last one may wait to be drawn.
    further = models.JSONField(default=list, editable=False)
    result_digest = models.CharField(_("digest of the result"), max_length=64, blank=True, editable=False)
    calibration = models.JSONField(default=dict, editable=False)
    search_key = models.TextField(editable=False, blank=True)

    objects: ClassVar[Any] = PanelQuerySet.as_manager()
    DETAIL_URL: ClassVar[str] = "panels:panel-detail"
    # The seed is told when the draw is; who stands in the pool by its own table.
    BOOKKEEPING = Record.BOOKKEEPING | {
        "terms", "scoring", "seed", "pool", "word", "struck", "reserves", "further", "calibration",
    }  # fmt: skip

    class Meta:
        ordering = ["-day", "-pk"]
        verbose_name = _("panel")
        verbose_name_plural = _("panels")
        indexes = [
            models.Index(fields=["day", "id"], name="panels_by_day"),
            models.Index(fields=["state", "day", "id"], name="panels_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="a_panels_number_stands_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    def derive(self) -> None:
        super().derive()
        self.search_key = search_key(self.number, self.title)

    @property
    def rules(self) -> PanelTerms:
        return PanelTerms.read(self.terms)

    @property
    def marking(self) -> ScoringTerms:
        return ScoringTerms.read(self.scoring)

    @property
    def drawables(self) -> list[Drawable]:
        """The pools as they were committed, that of the first draw first."""
        rows = [*self.pool, *(one for draw in self.further for one in draw["pool"])]
        return [Drawable(one["code"], one["specialist"], one["outside"]) for one in rows]

    @property
    def all_reserves(self) -> list[str]:
        """The codes of those who stand by, in the order of the draws."""
        return [*self.reserves, *(code for draw in self.further for code in draw.get("reserves", ()))]

    @property
    def redrawing(self) -> dict[str, Any] | None:
        """The draw that is committed to and waits, after the first; None when there is none."""
        return self.further[-1] if self.further and "reserves" not in self.further[-1] else None

    @property
    def tone(self) -> str:
        return TONES[PanelState(self.state)]


class Check(models.Model):
    """How far in the log conflicts of a panel have been looked for."""

    panel = models.OneToOneField(Panel, models.CASCADE, related_name="check_made")
    index = models.BigIntegerField(default=0)
    at = models.DateTimeField(_("looked for conflicts"), auto_now=True)

    def __str__(self) -> str:
        return f"{self.panel} {self.index}"


class PartQuerySet(ClosedQuerySet):
    """Closed to all but staff and officers: an expert reads an item through the review of it."""


class Item(ClosedRecord):
    """What is judged. `text` is for expertise; `body` is what is read: [{heading, text, rows}], without names."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="items", verbose_name=_("panel"))
    code = models.CharField(_("code"), max_length=40)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    text = models.TextField(_("text"), blank=True)
    body = models.JSONField(_("what is read"), default=list)
    link = models.CharField(_("address of the whole"), max_length=300, blank=True)
    affiliation = models.CharField(_("affiliation"), max_length=200, blank=True)
    withdrawn = models.BooleanField(_("withdrawn"), default=False, editable=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "panel"
    BOOKKEEPING = Record.BOOKKEEPING | {"body"}

    class Meta:
        ordering = ["code", "pk"]
        verbose_name = pgettext_lazy("panel", "item")
        verbose_name_plural = pgettext_lazy("panel", "items")
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "code"],
                name="one_item_a_code",
                violation_error_message=_("Another item of this panel has this code."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()


class Party(ClosedRecord):
    """Who stands behind an item, or issues the task (no item): an organisation, a name, or the person who leads."""

    class Role(models.TextChoices):
        LEAD = "lead", pgettext_lazy("party", "lead")
        PARTNER = "partner", pgettext_lazy("party", "partner")
        LEADER = "leader", pgettext_lazy("party", "leader in person")
        ISSUER = "issuer", pgettext_lazy("party", "issuer")

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="parties", verbose_name=_("panel"))
    item = models.ForeignKey(
        Item, models.CASCADE, null=True, blank=True, related_name="parties", verbose_name=pgettext_lazy("panel", "item")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    name_key = models.CharField(max_length=200, editable=False)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    role = models.CharField(_("role"), max_length=7, choices=Role.choices, default=Role.LEAD)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "panel"

    class Meta:
        ordering = ["item", "role", "pk"]
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=False) | ~Q(name=""),
                name="a_party_has_a_name",
                violation_error_message=_("Give an organisation of the ledger, or a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def derive(self) -> None:
        super().derive()
        self.name_key = fold_name(self.name)[:200]

    @property
    def label(self) -> str:
        return self.name or (self.organization.name if self.organization is not None else "")

    @property
    def person(self) -> bool:
        return self.role == self.Role.LEADER


def bids_of(user: Any) -> Q:
    """Parties that are the user's own organisations."""
    return Q(organization__in=member_organizations(user))
