"""The base of every record of every ledger."""

from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from qunxing.accounts.models import Kind
from qunxing.core.fields import REF_LENGTH, new_ref

SEES_ALL = frozenset({Kind.STAFF, Kind.OFFICER})


class Visibility(models.TextChoices):
    """Who may see a row that is not their own."""

    PUBLIC = "public", _("everybody")
    COMMUNITY = "community", _("signed-in users")
    INTERNAL = "internal", _("staff and officers")


def levels_of(user: Any) -> list[Visibility]:
    """The levels of visibility that are open to this reader."""
    kind = getattr(user, "kind", None)
    if kind in SEES_ALL:
        return list(Visibility)
    return [Visibility.PUBLIC] if kind is None else [Visibility.PUBLIC, Visibility.COMMUNITY]


class RecordQuerySet(models.QuerySet[Any]):
    """Reads that ask first who is reading."""

    def visible_to(self, user: Any) -> Self:
        """The rows this user may see; every page, export, search, total and API call starts here."""
        if getattr(user, "kind", None) in SEES_ALL:
            return self
        seen = self.open_rows(levels_of(user))
        own = self.own_rows(user) if user.is_authenticated else models.Q()
        return self.filter(seen | own if own else seen)

    def open_rows(self, levels: list[Visibility]) -> models.Q:
        """The rows open to a reader of these levels; a ledger whose rows hang on others asks those too."""
        return models.Q(visibility__in=levels)

    def check_many(self, records: Sequence[Any], fields: Sequence[str] | None = None) -> None:
        """Refuse rows that are about to be written past `save`, all of them or these fields; none by default."""

    def derive_many(self, records: Sequence[Any]) -> None:
        """Set what follows from other fields of rows that are about to be written past `save`."""
        for record in records:
            if hasattr(record, "derive"):
                record.derive()

    def own_rows(self, user: Any) -> models.Q:
        """What the user sees beyond the open rows, because it is theirs; ledgers override this."""
        return models.Q()


class VersionManager(HistoryManager):  # type: ignore[misc] # the library is not typed
    """Reads versions; its class is made once, not anew whenever somebody asks a record for its history."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: Any, class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


class Version(models.Model):
    """What a version keeps beside the values: the source that the change rests on."""

    source = models.ForeignKey("ledger.Source", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


class Record(models.Model):
    """A row of a ledger: a public reference, a revision against lost updates, and its history."""

    ref = models.CharField(_("reference"), max_length=REF_LENGTH, unique=True, default=new_ref, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    visibility = models.CharField(_("visible to"), max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC)
    demo = models.BooleanField(_("demonstration"), default=False, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    history = HistoricalRecords(
        inherit=True,
        bases=[Version],
        excluded_fields=["created_at", "updated_at"],
        history_change_reason_field=models.TextField(blank=True, default=""),
        user_db_constraint=False,
        history_manager=VersionManager,
    )
    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    # Names of the fields that are kept by the program and say nothing to a reader.
    BOOKKEEPING: ClassVar[frozenset[str]] = frozenset({"id", "ref", "revision", "demo", "search_key", "name_key"})
    # The reverse names of the child records that show in this record's timeline.
    TIMELINE_PARTS: ClassVar[tuple[str, ...]] = ()
    # The name of the foreign key by which a child record hangs on its parent, if it does.
    PARENT: ClassVar[str] = ""
    DETAIL_URL: ClassVar[str] = ""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; every save of a stored row is a new revision."""
        if not self._state.adding:
            self.revision += 1
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        if self.PARENT:
            return str(getattr(self, self.PARENT).get_absolute_url())
        return reverse(self.DETAIL_URL, args=[self.ref])

    @classmethod
    def closed_versions(cls, levels: list[Visibility]) -> models.Q:
        """The versions during which the record was closed to readers of these levels."""
        return ~models.Q(visibility__in=levels)

    @classmethod
    def kind_code(cls) -> str:
        """The name of this kind of record in the log and in evidence: ``directory.organization``."""
        return cls._meta.label_lower
