"""Telling whoever follows a list what became of it: in the program and, as each of them wishes, by e-mail."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from qunxing.accounts.models import User
from qunxing.challenges.models import ChallengeList, Follower
from qunxing.core.errors import Text
from qunxing.matching.alerts.models import Notice, Wishes
from qunxing.matching.alerts.running import keep

LONGEST = 120


def follow(board: ChallengeList, *, actor: Any) -> None:
    """Tell the actor from now on what changes in the list."""
    Follower.objects.get_or_create(board=board, user=actor)


def unfollow(board: ChallengeList, *, actor: Any) -> None:
    Follower.objects.filter(board=board, user=actor).delete()


def follows(board: ChallengeList, user: Any) -> bool:
    return user.is_authenticated and Follower.objects.filter(board=board, user=user).exists()


def tell(board: ChallengeList, heading: Text, *, at: datetime) -> int:
    """Tell the followers; how many. What the list says is read when they look, as far as they may see it then."""
    users = User.objects.filter(followed_lists__board=board, is_active=True).order_by("pk")
    return tell_users(users, heading, code="challenge-lists", keys=[board.pk], at=at)


def tell_users(users: Iterable[User], heading: Text, *, code: str, keys: list[int], at: datetime) -> int:
    """A digest for each of the users that points at rows of a list of the program."""
    told = 0
    languages = dict(Wishes.objects.values_list("user_id", "language"))
    for user in users:
        with override(languages.get(user.pk, "zh-hans")):
            words = str(heading)[:LONGEST]
        keep(user, timezone.localdate(at), [Notice(heading=words, keys=[[code, keys]])], now=at)
        told += 1
    return told
