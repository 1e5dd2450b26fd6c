"""Bids: what is known of them while they are sealed, what is sealed, and what they hold once opened."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.content import BidContent
from qunxing.challenges.models.boards import Challenge, ChallengeList
from qunxing.challenges.sealing import KeyMissing, tag_of
from qunxing.challenges.states.bid import TONES, WRITABLE, BidState
from qunxing.challenges.states.party import PartyState
from qunxing.core.fields import REF_LENGTH, new_ref
from qunxing.directory.models import Organization, member_organizations
from qunxing.ledger.models import Record, RecordQuerySet, Visibility
from qunxing.ledger.models.records import SEES_ALL


def own_tags(user: Any) -> list[str]:
    """The tags of the user's organisations on every list; a list whose key is missing is passed over."""
    refs = Organization.objects.filter(pk__in=member_organizations(user)).values_list("ref", flat=True)
    mine = list(refs)
    boards = ChallengeList.objects.exclude(key_digest="").only("ref", "key_digest") if mine else ()
    found = []
    for board in boards:
        try:
            found += [tag_of(board, ref) for ref in mine]
        except KeyMissing:
            continue
    return found


class BidQuerySet(RecordQuerySet):
    """A bid is its parties'; staff and officers know of it once it is submitted, its issuer once it is opened."""

    def visible_to(self, user: Any) -> "BidQuerySet":
        if getattr(user, "kind", None) in SEES_ALL:
            return self.filter(Q(version__gt=0) | self.own_rows(user))
        return super().visible_to(user)

    def open_rows(self, _levels: list[Visibility]) -> Q:
        return Q(pk__in=[])

    def own_rows(self, user: Any) -> Q:
        """The user's own bids, found by their tags, and what was opened for an issuer the user belongs to."""
        members = member_organizations(user)
        parties = BidParty.objects.filter(Q(tag__in=own_tags(user)) | Q(organization__in=members))
        opened = Q(opened_at__isnull=False, challenge__issuer__in=members)
        return Q(pk__in=parties.values("bid_id")) | opened


class Bid(Record):
    """A bid (揭榜书) for a challenge. Until the opening neither row nor versions say whose it is or what it says."""

    challenge = models.ForeignKey(Challenge, models.PROTECT, related_name="bids", verbose_name=_("challenge"))
    state = models.CharField(
        _("state"), max_length=12, choices=BidState.choices, default=BidState.DRAFT, editable=False
    )
    number = models.CharField(_("number"), max_length=30, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    submitted_at = models.DateTimeField(_("received at"), null=True, editable=False)
    digest = models.CharField(_("digest of what is sealed"), max_length=64, blank=True, editable=False)
    opened_at = models.DateTimeField(_("opened at"), null=True, editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="bids", verbose_name=_("bidder"), editable=False
    )

    objects: ClassVar[Any] = BidQuerySet.as_manager()
    DETAIL_URL = "challenges:bid-detail"
    TIMELINE_PARTS = ("parties",)

    class Meta:
        ordering = ["challenge", "submitted_at", "pk"]
        verbose_name = _("bid")
        verbose_name_plural = _("bids")
        indexes = [models.Index(fields=["challenge", "state"], name="bids_of_a_challenge")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "expired"]) | Q(version__gt=0) | Q(state="withdrawn"),
                name="what_is_submitted_has_a_version",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.ref

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.visibility = Visibility.INTERNAL
        super().save(*args, **kwargs)

    @property
    def board(self) -> ChallengeList:
        return self.challenge.board

    @property
    def tone(self) -> str:
        return TONES[BidState(self.state)]

    @cached_property
    def parts(self) -> "dict[str, BidParty]":
        """{tag: the part it stands for}, read once for each object."""
        return {row.tag: row for row in self.parties.all()}

    def takes_writing_at(self, moment: datetime) -> bool:
        """Whether the bid may still be changed at this moment."""
        return self.state in WRITABLE and self.board.takes_bids_at(moment)

    @property
    def is_open(self) -> bool:
        """Whether its content may be read by whoever sees it."""
        return self.opened_at is not None

    @property
    def current(self) -> "BidVersion | None":
        """The version that counts; its sealed bytes are left where they are."""
        if "versions" in getattr(self, "_prefetched_objects_cache", {}):
            return next((one for one in self.versions.all() if one.number == self.version), None)
        return self.versions.defer("sealed").filter(number=self.version).first()

    @property
    def content(self) -> BidContent | None:
        """What the bid says; None before the opening."""
        current = self.current if self.is_open else None
        return BidContent.read(current.content) if current is not None and current.content else None


class BidVersion(models.Model):
    """A bid as it was submitted: the sealed bytes and their digest; its content only once it is opened."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    submitted_at = models.DateTimeField(_("received at"))
    digest = models.CharField(max_length=64)
    sealed = models.BinaryField()
    # What was sealed beside the content: who submitted, for whom, what was found at the time.
    envelope: Any = models.JSONField(null=True)
    content: Any = models.JSONField(null=True)

    class Meta:
        ordering = ["bid", "number"]
        constraints = [models.UniqueConstraint(fields=["bid", "number"], name="a_version_of_a_bid_stands_once")]

    def __str__(self) -> str:
        return f"{self.bid} v{self.number}"


class BidDraft(models.Model):
    """What was typed so far, sealed; the last revisions are kept so that two people's writing can be told apart."""

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="drafts")
    revision = models.PositiveIntegerField()
    saved_at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        ordering = ["bid", "revision"]
        constraints = [models.UniqueConstraint(fields=["bid", "revision"], name="a_revision_of_a_draft_stands_once")]

    def __str__(self) -> str:
        return f"{self.bid} r{self.revision}"


class PartQuerySet(RecordQuerySet):
    """Parts of a bid are seen by whoever sees the bid."""

    def visible_to(self, user: Any) -> "PartQuerySet":
        return self.filter(bid__in=Bid.objects.visible_to(user))


class BidParty(Record):
    """An organisation's part in a bid, known by its tag alone until the bid is opened."""

    class Role(models.TextChoices):
        LEAD = "lead", pgettext_lazy("part in a bid", "lead")
        PARTNER = "partner", pgettext_lazy("part in a bid", "partner")

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="parties")
    tag = models.CharField(max_length=64, editable=False)
    role = models.CharField(_("role"), max_length=8, choices=Role.choices, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=PartyState.choices, default=PartyState.INVITED, editable=False
    )
    # What was confirmed, as a keyed digest: a part that is changed afterwards is to be confirmed again.
    part = models.CharField(max_length=64, blank=True, editable=False)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        related_name="bid_parts",
        verbose_name=_("organisation"),
        editable=False,
    )

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT = "bid"
    BOOKKEEPING = Record.BOOKKEEPING | {"tag", "part"}

    class Meta:
        ordering = ["role", "pk"]
        verbose_name = _("part in a bid")
        verbose_name_plural = _("parts in bids")
        indexes = [models.Index(fields=["tag"], name="parts_by_tag")]
        constraints = [models.UniqueConstraint(fields=["bid", "tag"], name="an_organization_is_once_in_a_bid")]

    def __str__(self) -> str:
        return str(self.organization or self.get_role_display())

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.visibility = Visibility.INTERNAL
        super().save(*args, **kwargs)


class Upload(models.Model):
    """A file of a bid, encrypted on the disk; its name and kind are sealed too."""

    ref = models.CharField(max_length=REF_LENGTH, unique=True, default=new_ref, editable=False)
    bid = models.ForeignKey(Bid, models.CASCADE, related_name="uploads")
    at = models.DateTimeField()
    size = models.BigIntegerField()  # of the encrypted file
    digest = models.CharField(max_length=64)  # of the encrypted file

    class Meta:
        ordering = ["bid", "pk"]

    def __str__(self) -> str:
        return self.ref


class Opening(Record):
    """The opening of a list's bids by two people of different kinds, and what was opened."""

    board = models.ForeignKey(ChallengeList, models.PROTECT, related_name="openings", verbose_name=_("list"))
    first = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("first"))
    first_at = models.DateTimeField(_("first confirmed at"))
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("second")
    )
    second_at = models.DateTimeField(_("second confirmed at"), null=True)
    # Each bid with its version, digest and whether it verified; without a word of what it says.
    results: Any = models.JSONField(default=list, editable=False)

    PARENT = "board"
    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("opening of bids")
        verbose_name_plural = _("openings of bids")
        constraints = [
            models.CheckConstraint(
                condition=Q(second__isnull=True) | ~Q(second=models.F("first")), name="an_opening_takes_two_people"
            ),
        ]

    def __str__(self) -> str:
        return str(self.board)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.visibility = Visibility.INTERNAL
        super().save(*args, **kwargs)

    @property
    def done(self) -> bool:
        return self.second_at is not None


class BidFinding(models.Model):
    """What one rule of eligibility answered for one party at one stage."""

    class Stage(models.TextChoices):
        SUBMISSION = "submission", pgettext_lazy("stage of eligibility", "submission")
        OPENING = "opening", pgettext_lazy("stage of eligibility", "opening")
        CHECK = "check", pgettext_lazy("stage of eligibility", "formal check")
        AWARD = "award", pgettext_lazy("stage of eligibility", "award")
        CONTRACT = "contract", pgettext_lazy("stage of eligibility", "contract")

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="findings")
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices)
    day = models.DateField(_("day"))
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=30)
    outcome = models.CharField(max_length=8)
    evidence: Any = models.JSONField(default=list)
    words: Any = models.JSONField(default=dict)
    closing = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["bid", "day", "pk"]
        indexes = [models.Index(fields=["bid", "stage"], name="findings_of_a_bid")]

    def __str__(self) -> str:
        return f"{self.bid} {self.stage} {self.code} {self.outcome}"
