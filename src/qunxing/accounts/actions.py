"""Writes about accounts."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from qunxing.accounts.models import EMAIL_TAKEN, ApiToken, SavedView, User, new_token, token_digest
from qunxing.core.errors import Refused

# What happened to an account by somebody's hand: ``user``, ``actor``, ``what`` (a short code). The log listens.
account_changed = Signal()


def create_user(*, actor: Any, username: str, kind: str, password: str, **values: Any) -> User:
    """Make an account; refused when the name or the address is taken."""
    if User.objects.filter(username=username).exists():
        raise Refused(_("The user name %(name)s is taken.") % {"name": username})
    if values.get("email") and User.objects.filter(email=values["email"].lower()).exists():
        raise Refused(EMAIL_TAKEN)
    user = User(username=username, kind=kind, **values)
    user.set_password(password)
    user.made_by = actor
    try:
        user.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    user.save()
    return user


def set_password(user: User, *, actor: Any, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    account_changed.send(User, user=user, actor=actor, what="password_set")


def save_view(*, actor: User, list_code: str, name: str, query: str, shared: bool) -> SavedView:
    """Keep a list's filters under a name; the same name again replaces what it stood for."""
    view, _made = SavedView.objects.update_or_create(
        user=actor, list_code=list_code, name=name, defaults={"query": query, "shared": shared}
    )
    return view


def issue_token(*, actor: User, name: str, expires_on: date | None) -> str:
    """A new token, shown this once; only its digest is kept."""
    token = new_token()
    account_changed.send(User, user=actor, actor=actor, what="token_issued")
    ApiToken.objects.create(user=actor, name=name, digest=token_digest(token), expires_on=expires_on)
    return token


def change_user(user: User, *, actor: Any, values: dict[str, Any]) -> None:
    """Save an account's name, e-mail, kind and whether it may sign in; nobody can lock out or demote themselves."""
    stored = User.objects.get(pk=user.pk)
    if actor.pk == stored.pk and (values["kind"] != stored.kind or not values["is_active"]):
        raise Refused(_("You cannot change your own kind or close your own account."))
    user.save()
    if values["kind"] != stored.kind or values["is_active"] != stored.is_active:
        account_changed.send(User, user=user, actor=actor, what="rights_changed")


def revoke_token(token: ApiToken, *, actor: Any) -> None:
    account_changed.send(User, user=actor, actor=actor, what="token_revoked")
    token.delete()
