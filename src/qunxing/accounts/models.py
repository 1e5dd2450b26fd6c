"""People who sign in, what kind of user each is, and what they keep for themselves."""

import hashlib
import secrets
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

EMAIL_TAKEN = _("This e-mail address has an account.")


class Kind(models.TextChoices):
    """What somebody comes for; what a member may do in an organisation is a role kept in `directory`."""

    STAFF = "staff", _("community staff")
    OFFICER = "officer", _("district officer")
    MEMBER = "member", _("organisation member")
    MANAGER = "manager", _("fund manager")
    EXPERT = "expert", _("expert")
    VISITOR = "visitor", _("visitor")


class User(AbstractUser):
    """A person with an account. There is no superuser: nobody stands outside the permissions."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.VISITOR)
    name = models.CharField(_("name"), max_length=80, blank=True)
    demo = models.BooleanField(_("demonstration"), default=False)
    first_name: Any = None
    last_name: Any = None
    # Who makes the account, while it is being made: the log tells it.
    made_by: Any = None

    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                name="one_account_an_email",
                condition=~models.Q(email=""),
                violation_error_message=EMAIL_TAKEN,
            ),
            models.CheckConstraint(
                condition=models.Q(is_superuser=False), name="nobody_stands_outside_the_permissions"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; addresses that differ in case alone are one, as they are to those who sign in."""
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether the rules grant it; nothing is granted to a closed account."""
        return self.is_active and super().has_perm(perm, obj)

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class SavedView(models.Model):
    """A list's filters, order and columns under a name; `shared` ones are offered to everybody who sees the list."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    list_code = models.CharField(_("list"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField(_("query"), blank=True)
    shared = models.BooleanField(_("shared with colleagues"), default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "list_code", "name"], name="one_view_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A token for the API; only its digest is stored."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    return f"qx_{secrets.token_urlsafe(32)}"
