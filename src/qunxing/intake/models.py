"""What an import leaves behind beside the ledgers: the batch, the rows for staff, and what is proposed."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.fields import REF_LENGTH, new_ref
from qunxing.core.reasons import Reason
from qunxing.intake.joining.models import AliasProposal, DuplicateMark, DuplicatePair, DuplicateSearch
from qunxing.ledger.models import Job, Record, Source

__all__ = [
    "AliasProposal",
    "Batch",
    "Distinct",
    "DuplicateMark",
    "DuplicatePair",
    "DuplicateSearch",
    "ForeignNumber",
    "Headings",
    "Paper",
    "Proposal",
    "SheetRow",
    "StaffRow",
    "Turn",
    "place_text",
]


class Batch(models.Model):
    """What is written at once, from one source, for one reason: first previewed, then applied as a whole or given up.

    ``counts`` is {outcome: rows} as the import reports them, ``summary`` how the file was read and what is on it,
    ``preview`` its first rows by outcome, for an official list; a sheet keeps all its rows as `SheetRow`. ``list_code``
    is the code of the list or of the sheet. Whatever was written is found again by ``source`` and ``recorded_at``, the
    moment of its versions.
    """

    class Kind(models.TextChoices):
        LIST = "list", _("official list")
        SHEET = "sheet", pgettext_lazy("a batch of rows", "sheet")
        MERGE = "merge", _("merge of two records")
        UNDO = "undo", _("undoing")
        ALIAS = "alias", _("short names of organisations")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("being read")
        PREVIEWED = "previewed", _("preview")
        APPLIED = "applied", _("applied")
        REFUSED = "refused", _("refused")
        DROPPED = "dropped", _("given up")

    ref = models.CharField(max_length=REF_LENGTH, unique=True, default=new_ref, editable=False)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices, default=Kind.LIST)
    list_code = models.CharField(_("list"), max_length=40)
    file_name = models.CharField(_("file"), max_length=200)
    file = models.FileField(upload_to="imports/%Y", blank=True)
    digest = models.CharField(max_length=64, blank=True)
    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    day = models.DateField(_("day of the list"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.UPLOADED)
    counts: Any = models.JSONField(default=dict)
    summary: Any = models.JSONField(default=dict)
    preview: Any = models.JSONField(default=dict)
    problem_data: Any = models.JSONField(default=dict)
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="batches")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    origin = models.CharField(
        _("whose table"),
        max_length=100,
        blank=True,
        help_text=_("Tables of one origin share their headings and their numbers."),
    )
    mapping: Any = models.JSONField(default=list)  # see intake.sheets.headings: how each column of the file is read
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(null=True)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="undone_by")

    demo: ClassVar[bool] = False  # these are no records: nothing of them is made up

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("intake:import-detail", args=[self.ref])

    @property
    def problem(self) -> str:
        """Why the file was refused, in the reader's language."""
        return str(Reason.from_json(self.problem_data)) if self.problem_data else ""


class StaffRow(models.Model):
    """A row that could not be placed: where it stands, why, and all that stood in it; kept until somebody settles it.

    ``key`` is a digest of the list, the cells and the reason: a list that repeats itself asks nobody twice.
    """

    class State(models.TextChoices):
        """The codes sort the open ones last, so that a list turned round shows them first; so in proposals."""

        OPEN = "open", pgettext_lazy("a matter left to people", "open")
        SETTLED = "done", _("settled")
        DISMISSED = "dismissed", _("left out")

    ref = models.CharField(max_length=REF_LENGTH, unique=True, default=new_ref, editable=False)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="staff_rows")
    key = models.CharField(max_length=64, unique=True)
    sheet = models.CharField(max_length=100, blank=True)
    row = models.PositiveIntegerField()
    reason_data: Any = models.JSONField()
    cells: Any = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    note = models.CharField(_("note"), max_length=500, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    demo: ClassVar[bool] = False  # these are no records: nothing of them is made up

    class Meta:
        ordering = ["batch", "sheet", "row"]
        indexes = [models.Index(fields=["state", "batch"], name="open_rows_for_staff")]

    def __str__(self) -> str:
        return f"{self.batch} {self.row}"

    def get_absolute_url(self) -> str:
        return reverse("intake:staff-row", args=[self.ref])

    @property
    def place(self) -> str:
        return place_text(self.sheet, self.row)

    @property
    def told(self) -> str:
        """All that stood in it, on one line."""
        return " · ".join(f"{heading}: {text}" for heading, text in self.cells.items() if text)

    @property
    def reason(self) -> Reason:
        return Reason.from_json(self.reason_data)


class Proposal(models.Model):
    """What an import suggests about an organisation and leaves to a person: a rename, or two names of one entity."""

    class Kind(models.TextChoices):
        RENAMED = "renamed", _("renamed, says the list")
        SAME_NUMBER = "same_number", _("same filing number, another name")
        SAME_KEY = "same_key", _("same entity key")
        NEAR_NAME = "near_name", _("nearly the same name")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("a matter left to people", "open")
        ACCEPTED = "accepted", _("accepted")
        DISMISSED = "dismissed", _("not so")

    ref = models.CharField(max_length=REF_LENGTH, unique=True, default=new_ref, editable=False)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="proposals")
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices)
    old_name = models.CharField(_("earlier or other name"), max_length=200)
    new_name = models.CharField(_("name on the list"), max_length=200)
    old_key = models.CharField(max_length=200)
    new_key = models.CharField(max_length=200)
    place = models.CharField(_("place"), max_length=120, blank=True)
    words = models.TextField(_("words"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    demo: ClassVar[bool] = False  # these are no records: nothing of them is made up

    class Meta:
        ordering = ["batch", "pk"]
        indexes = [models.Index(fields=["state", "batch"], name="open_proposals")]
        constraints = [
            # Proposed once, ever: a list that repeats itself, or says again what was dismissed, asks nobody twice.
            models.UniqueConstraint(fields=["kind", "old_key", "new_key"], name="proposed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.old_name} → {self.new_name}"

    def get_absolute_url(self) -> str:
        return reverse("intake:proposal", args=[self.ref])


class SheetRow(models.Model):
    """A row of a sheet as it was previewed, and what became of it.

    ``cells`` are its texts by the place of their column (from 0, as JSON keys are text), ``edits`` what staff put in
    place of them. ``values`` is {column: value as JSON} as read, ``changes`` {column: [old, new]}, ``problems`` the
    reasons, as JSON, each with the column it is about (``{"column": name or "", "reason": {...}}``). ``record_key`` and
    ``revision`` tell the record it was compared with, and how it stood then.
    """

    class Outcome(models.TextChoices):
        NEW = "new", pgettext_lazy("a row of a sheet", "new")
        CHANGED = "changed", pgettext_lazy("a row of a sheet", "changed")
        UNCHANGED = "unchanged", pgettext_lazy("a row of a sheet", "unchanged")
        CONFLICT = "conflict", pgettext_lazy("a row of a sheet", "conflict")
        DUPLICATE = "duplicate", pgettext_lazy("a row of a sheet", "duplicate in the sheet")
        ERROR = "error", pgettext_lazy("a row of a sheet", "error")

    WRITTEN: ClassVar = (Outcome.NEW, Outcome.CHANGED)  # by taking the sheet over
    UNCLEAN: ClassVar = (Outcome.CONFLICT, Outcome.DUPLICATE, Outcome.ERROR)  # these wait for a person

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # its place among the rows of the batch, from 1
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    row = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome.choices)
    left_out = models.BooleanField(_("left out"), default=False)
    applied = models.BooleanField(_("applied"), default=False)
    name = models.CharField(_("name"), max_length=200, blank=True)
    record_key = models.BigIntegerField(null=True)
    revision = models.PositiveIntegerField(default=0)
    cells: Any = models.JSONField(default=dict)
    edits: Any = models.JSONField(default=dict)
    values: Any = models.JSONField(default=dict)
    changes: Any = models.JSONField(default=dict)
    problems: Any = models.JSONField(default=list)

    demo: ClassVar[bool] = False  # these are no records: nothing of them is made up

    class Meta:
        ordering = ["batch", "number"]
        indexes = [models.Index(fields=["batch", "outcome", "number"], name="rows_by_outcome")]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_row_a_number")]

    def __str__(self) -> str:
        return f"{self.batch} {self.number}"

    @property
    def place(self) -> str:
        return place_text(self.sheet, self.row)


class Headings(models.Model):
    """How the headings of one origin's table were read last time: ``columns`` is {folded heading: what it is}."""

    sheet_code = models.CharField(max_length=40)
    origin = models.CharField(max_length=100)
    columns: Any = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet_code", "origin"], name="headings_of_an_origin")]

    def __str__(self) -> str:
        return f"{self.sheet_code} {self.origin}"


class ForeignNumber(models.Model):
    """The number or code that a record has in the tables of one origin, by which its other tables refer to it."""

    origin = models.CharField(max_length=100)
    record_kind = models.CharField(max_length=60)
    record_key = models.BigIntegerField()
    number = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["record_kind", "record_key"], name="numbers_of_a_record")]
        constraints = [
            models.UniqueConstraint(fields=["origin", "record_kind", "number"], name="one_record_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.number}"


class Paper(Record):
    """A Word file that staff write, to be filled with records of one sheet; see `intake.papers`."""

    name = models.CharField(_("name"), max_length=100)
    sheet_code = models.CharField(_("filled from"), max_length=40)
    file = models.FileField(_("Word file"), upload_to="papers/%Y")
    digest = models.CharField(_("SHA-256 digest"), max_length=64, blank=True, editable=False)
    together = models.BooleanField(
        _("one file for many records"),
        default=False,
        help_text=_("It goes through all chosen records; else it is filled for one."),
    )
    note = models.TextField(_("note"), blank=True)

    DETAIL_URL = "intake:paper-detail"

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("Word template")
        verbose_name_plural = _("Word templates")

    def __str__(self) -> str:
        return self.name


class Distinct(models.Model):
    """Two records of one kind that somebody has looked at and found to be two; the lower key stands first."""

    record_kind = models.CharField(max_length=60)
    first_key = models.BigIntegerField()
    second_key = models.BigIntegerField()
    note = models.CharField(_("note"), max_length=500, blank=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record_kind", "first_key", "second_key"], name="told_apart_once"),
        ]

    def __str__(self) -> str:
        return f"{self.first_key} {self.second_key}"


class Turn(models.Model):
    """The only row (pk 1), held by whoever applies a list: one import at a time."""

    def __str__(self) -> str:
        return str(self.pk)


def place_text(sheet: str, row: int) -> str:
    """The place of a row as evidence keeps it."""
    return f"{sheet}!{row}" if sheet else str(row)
