"""What keeps an expert from an item: found, upheld or dismissed; and what bidders ask for."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.text import fold_name
from qunxing.directory.models import Organization, member_organizations
from qunxing.ledger.models import Record
from qunxing.panels.models.base import ClosedQuerySet, ClosedRecord
from qunxing.panels.models.experts import Expert
from qunxing.panels.models.panels import Item, Panel
from qunxing.panels.states import STANDS, TONES, ConflictState, RequestState


class Kind(models.TextChoices):
    EMPLOYMENT = "employment", pgettext_lazy("conflict", "employment")
    DIRECTORSHIP = "directorship", pgettext_lazy("conflict", "directorship or control")
    HOLDING = "holding", pgettext_lazy("conflict", "holding")
    KIN = "kin", pgettext_lazy("conflict", "kin")
    INVESTMENT = "investment", pgettext_lazy("conflict", "investment")
    JOINT_BID = "joint_bid", pgettext_lazy("conflict", "joint bid")
    GROUP = "group", pgettext_lazy("conflict", "same group")
    OWN_WORD = "own_word", pgettext_lazy("conflict", "own word")
    REQUEST = "request", pgettext_lazy("conflict", "a bidder's request")


class Origin(models.TextChoices):
    """What tells it."""

    DECLARED = "declared", pgettext_lazy("conflict", "declared")
    DIRECTORY = "directory", pgettext_lazy("conflict", "the ledgers")
    NAME = "name", pgettext_lazy("conflict", "a name alike")
    PERSON = "person", pgettext_lazy("conflict", "somebody's word")


class ConflictQuerySet(ClosedQuerySet):
    def standing(self) -> Any:
        return self.filter(state__in=STANDS)


class Conflict(ClosedRecord):
    """A tie between an expert and an item, or the issuer of the whole panel (no item)."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="conflicts", verbose_name=_("panel"))
    expert = models.ForeignKey(Expert, models.CASCADE, related_name="conflicts", verbose_name=_("expert"))
    item = models.ForeignKey(
        Item,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="conflicts",
        verbose_name=pgettext_lazy("panel", "item"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    origin = models.CharField(_("told by"), max_length=10, choices=Origin.choices, default=Origin.DECLARED)
    key = models.CharField(max_length=64, editable=False)
    evidence = models.JSONField(_("evidence"), default=list)
    state = models.CharField(
        _("state"), max_length=10, choices=ConflictState.choices, default=ConflictState.FOUND, editable=False
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)

    objects: ClassVar[Any] = ConflictQuerySet.as_manager()
    PARENT: ClassVar[str] = "panel"
    BOOKKEEPING = Record.BOOKKEEPING | {"evidence", "key"}

    class Meta:
        ordering = ["expert", "item", "kind", "pk"]
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")
        constraints = [models.UniqueConstraint(fields=["panel", "key"], name="a_conflict_is_kept_once")]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def stands(self) -> bool:
        return self.state in STANDS

    @property
    def tone(self) -> str:
        return TONES[ConflictState(self.state)]


class RequestQuerySet(ClosedQuerySet):
    def own_rows(self, user: Any) -> Q:
        return Q(organization__in=member_organizations(user))


class RecusalRequest(ClosedRecord):
    """A bidder asks that somebody not judge its item. It names a person; whether they sit, it is not told."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="recusal_requests", verbose_name=_("panel"))
    item = models.ForeignKey(
        Item, models.CASCADE, related_name="recusal_requests", verbose_name=pgettext_lazy("panel", "item")
    )
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    person = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    person_key = models.CharField(max_length=60, editable=False)
    employer_name = models.CharField(_("employer"), max_length=200, blank=True)
    grounds = models.TextField(_("reasons"))
    state = models.CharField(
        _("state"), max_length=10, choices=RequestState.choices, default=RequestState.OPEN, editable=False
    )
    decision = models.CharField(_("decision"), max_length=500, blank=True, editable=False)

    objects: ClassVar[Any] = RequestQuerySet.as_manager()
    PARENT: ClassVar[str] = "panel"
    BOOKKEEPING = Record.BOOKKEEPING | {"person", "person_key"}

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("request for recusal")
        verbose_name_plural = _("requests for recusal")

    def __str__(self) -> str:
        return f"{self.organization} · {self.item.code}"

    def derive(self) -> None:
        super().derive()
        self.person_key = fold_name(self.person)[:60]

    @property
    def tone(self) -> str:
        return TONES[RequestState(self.state)]
