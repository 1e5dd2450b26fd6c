"""Atom and RSS: new rows of an open list for everybody, and what one person was told under a secret address."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qunxing.accounts.models import token_digest
from qunxing.core.exports import visible
from qunxing.ledger.lists import ListSpec
from qunxing.ledger.lists.page import narrowed, read_wish
from qunxing.matching.alerts.mailing import absolute
from qunxing.matching.alerts.matters import visible_rows
from qunxing.matching.alerts.models import Digest, Feed, Notice

FORMS: dict[str, type[SyndicationFeed]] = {"atom": Atom1Feed, "rss": Rss201rev2Feed}
LENGTH = 50


@dataclass(frozen=True)
class Item:
    """One row, and when it became news."""

    row: Any
    at: datetime
    heading: str = ""


def list_items(spec: ListSpec, query: QueryDict) -> list[Item]:
    """The newest rows of a list as everybody may see them."""
    rows = narrowed(read_wish(spec, AnonymousUser(), query)).order_by("-pk")[:LENGTH]
    return [Item(row, row.created_at) for row in rows]


def told_items(feed: Feed) -> list[Item]:
    """What the owner of the feed was told last, as far as the owner may see it now."""
    notices = Notice.objects.filter(digest__user=feed.user).select_related("digest").order_by("-pk")
    if feed.watch_id is not None:
        notices = notices.filter(watch=feed.watch_id)
    return list(islice(items_of(notices[:LENGTH], feed.user), LENGTH))


def items_of(notices: Iterable[Notice], user: Any) -> Iterator[Item]:
    for notice in notices:
        digest: Digest = notice.digest
        for code, keys in notice.keys:
            for row in visible_rows(code, keys[:LENGTH], user):
                yield Item(row, digest.created_at, notice.heading)


def find_feed(secret: str) -> Feed | None:
    """The feed with this secret, of an account that is open."""
    rows = Feed.objects.select_related("user", "watch")
    found: Feed | None = rows.filter(digest=token_digest(secret), user__is_active=True).first()
    return found


def written(form: str, *, title: str, url: str, items: list[Item]) -> str:
    """The feed as XML, without what XML cannot hold; its day is that of its newest item, so that it stays the same."""
    feed = FORMS[form](
        title=visible(title),
        link=absolute(url),
        description=_("New on the ledgers of this community, as far as you may see them."),
        language=get_language() or settings.LANGUAGE_CODE,
        feed_url=absolute(url),
    )
    for item in items:
        link = absolute(item.row.get_absolute_url())
        kind = str(item.row._meta.verbose_name)
        feed.add_item(
            title=visible(str(item.row)),
            link=link,
            description=visible(f"{kind} · {item.heading}" if item.heading else kind),
            unique_id=f"urn:qunxing:{item.row.kind_code()}:{item.row.ref}",
            unique_id_is_permalink=False,
            pubdate=item.at,
            updateddate=item.at,
        )
    return feed.writeString("utf-8")
