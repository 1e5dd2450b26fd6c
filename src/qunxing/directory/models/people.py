"""People around an organisation: contacts (personal data) and members with an account."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.directory.models.organizations import Organization, PartQuerySet
from qunxing.ledger.models import Record, Visibility


class Contact(Record):
    """A person to call. Personal data: shown masked to whoever lacks the permission."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="contacts")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    title = models.CharField(pgettext_lazy("person", "position"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    consent_on = models.DateField(
        _("consented on"), null=True, blank=True, help_text=_("The day the person agreed to be shown; PIPL §25.")
    )

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "organization"

    class Meta:
        ordering = ["pk"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Bulk writers call it themselves."""
        self.visibility = Visibility.INTERNAL


class Membership(Record):
    """What a user may do for an organisation."""

    class Role(models.TextChoices):
        OWNER = "owner", pgettext_lazy("member", "owner")
        EDITOR = "editor", pgettext_lazy("member", "editor")
        VIEWER = "viewer", pgettext_lazy("member", "viewer")

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    role = models.CharField(_("role"), max_length=6, choices=Role.choices, default=Role.VIEWER)

    objects: ClassVar[Any] = PartQuerySet.as_manager()
    PARENT: ClassVar[str] = "organization"

    class Meta:
        ordering = ["organization", "user"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="one_membership_a_user")]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.visibility = Visibility.INTERNAL
        super().save(*args, **kwargs)
