"""Writes about accounts."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from qunxing.accounts.models import ApiToken, SavedView, User, new_token, token_digest
from qunxing.core.errors import Refused


def create_user(*, actor: Any, username: str, kind: str, password: str, **values: Any) -> User:  # noqa: ARG001 - who asked is logged by the caller's frame
    """Make an account; refused when the name is taken."""
    if User.objects.filter(username=username).exists():
        raise Refused(_("The user name %(name)s is taken.") % {"name": username})
    return User.objects.create_user(username=username, kind=kind, password=password, **values)


def set_password(user: User, *, actor: Any, password: str) -> None:  # noqa: ARG001 - as above
    user.set_password(password)
    user.save(update_fields=["password"])


def save_view(*, actor: User, list_code: str, name: str, query: str, shared: bool) -> SavedView:
    """Keep a list's filters under a name; the same name again replaces what it stood for."""
    view, _made = SavedView.objects.update_or_create(
        user=actor, list_code=list_code, name=name, defaults={"query": query, "shared": shared}
    )
    return view


def issue_token(*, actor: User, name: str, expires_on: date | None) -> str:
    """A new token, shown this once; only its digest is kept."""
    token = new_token()
    ApiToken.objects.create(user=actor, name=name, digest=token_digest(token), expires_on=expires_on)
    return token
