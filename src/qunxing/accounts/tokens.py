"""Who calls the API: somebody signed in, somebody with a token, or the public."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from qunxing.accounts.models import ApiToken, token_digest


class TokenAuth(HttpBearer):
    """``Authorization: Bearer qx_…`` makes the request its owner's; a wrong or expired token is refused (401)."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        today = timezone.localdate()
        valid = ApiToken.objects.filter(Q(expires_on=None) | Q(expires_on__gte=today), user__is_active=True)
        found = valid.select_related("user").filter(digest=token_digest(token)).first()
        if found is None:
            return None
        request.user = found.user
        return found.user


def session_or_public(request: HttpRequest) -> Any:
    """Let a request without a token through as whoever is signed in, or as the public."""
    return None if request.headers.get("Authorization") else request.user


AUTH: list[Callable[..., Any]] = [TokenAuth(), session_or_public]
