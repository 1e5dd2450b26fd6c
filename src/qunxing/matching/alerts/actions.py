"""Writes of one's own alerts: what is watched, what was read, feeds, and how one wants to be told."""

import secrets
from datetime import date
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.accounts.models import User, token_digest
from qunxing.core.errors import Refused
from qunxing.matching.alerts.matters import keys_of, narrowing, words_of
from qunxing.matching.alerts.models import Digest, Feed, Watch, WatchKind, Wishes

MOST_WATCHES = 200
UNSUBSCRIBING = "qunxing.alerts.unsubscribe"
UNSUBSCRIBE_DAYS = 400


def add_watch(*, actor: Any, kind: str, name: str, target: str, query: str, every: str, day: date) -> Watch:
    """Watch from now on; what there is today counts as known. The same again changes only name and frequency."""
    if kind != WatchKind.MATCH:
        query = narrowing(query)
    same = {"user": actor, "kind": kind, "target": target, "query": query}
    known = {} if Watch.objects.filter(**same).exists() else keys_of(Watch(**same), actor, day)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=actor.pk)  # two clicks make one watch
        watch = Watch.objects.filter(**same).first()
        if watch is None:
            if Watch.objects.filter(user=actor).count() >= MOST_WATCHES:
                raise Refused(_("You have %(count)s saved searches; remove one first.") % {"count": MOST_WATCHES})
            watch = Watch(**same, looked_on=day)
            watch.seen = known
        watch.name = name[:120] or default_name(watch, actor)
        watch.every, watch.paused = every, False
        watch.save()
    return watch


def default_name(watch: Watch, user: Any) -> str:
    return " · ".join(map(str, words_of(watch, user)))[:120]


def change_watch(watch: Watch, *, name: str, every: str) -> None:
    watch.name, watch.every = name, every
    watch.save(update_fields=["name", "every"])


def pause(watch: Watch) -> None:
    Watch.objects.filter(pk=watch.pk).update(paused=True)


def resume(watch: Watch, *, actor: Any, day: date) -> None:
    """Go on from today; what came while it rested is not told."""
    watch.seen = {code: keys | watch.seen.get(code, frozenset()) for code, keys in keys_of(watch, actor, day).items()}
    watch.paused, watch.looked_on = False, day
    watch.save(update_fields=["packed", "paused", "looked_on"])


def mark_read(digest: Digest) -> None:
    Digest.objects.filter(pk=digest.pk, read_at=None).update(read_at=timezone.now())


def mark_all_read(*, actor: Any) -> int:
    return Digest.objects.filter(user=actor, read_at=None).update(read_at=timezone.now())


def open_feed(*, actor: Any, name: str, watch: Watch | None) -> tuple[Feed, str]:
    """A new feed and its secret, which is shown this once."""
    secret = secrets.token_urlsafe(24)
    return Feed.objects.create(user=actor, name=name, watch=watch, digest=token_digest(secret)), secret


def wishes_of(user: Any, *, language: str) -> Wishes:
    """The user's wishes; whoever said nothing gets mail in the language they read now. Nothing is written."""
    return Wishes.objects.filter(user=user).first() or Wishes(user=user, language=language)


def keep_wishes(*, actor: Any, by_mail: bool, language: str) -> None:
    Wishes.objects.update_or_create(user=actor, defaults={"by_mail": by_mail, "language": language})


def unsubscribe_token(user: Any) -> str:
    return signing.dumps(user.username, salt=UNSUBSCRIBING)


def user_of_token(token: str) -> User:
    """Whose mails the token stops; Refused for one that is wrong or too old."""
    try:
        username = signing.loads(token, salt=UNSUBSCRIBING, max_age=UNSUBSCRIBE_DAYS * 86_400)
    except signing.SignatureExpired as expired:
        raise Refused(_("This link is too old."), _("Sign in and change it among your alerts."), 410) from expired
    except signing.BadSignature as wrong:
        raise Refused(_("This link is not whole."), _("Sign in and change it among your alerts."), 404) from wrong
    found: User | None = User.objects.filter(username=username).first()
    if found is None:
        raise Refused(_("This account is not kept any more."), status=404)
    return found


def stop_mail(user: User, *, language: str) -> None:
    Wishes.objects.update_or_create(
        user=user, defaults={"by_mail": False}, create_defaults={"by_mail": False, "language": language}
    )
    Digest.objects.filter(user=user, mail="waiting").update(mail="none", next_try_at=None)
