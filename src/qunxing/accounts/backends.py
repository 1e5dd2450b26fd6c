"""Signing in through allauth, and nothing else."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend


class SignIn(AuthenticationBackend):  # type: ignore[misc]
    """Says who somebody is. What they may do stands in each app's `rules.py`, never in Django's permission tables."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()
