"""Telling bidders of an amendment by e-mail while nobody may know who bids.

No row says who is told: whose bids there are is found with the list's key when the mail is sent, and who was told
already is kept as tags that only that key can read. What could not be sent is tried again at the next round.
"""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from qunxing.accounts.models import User
from qunxing.challenges.models import Amendment, AmendmentMail, BidParty, ChallengeList
from qunxing.challenges.publishing.changes import told as told_changes
from qunxing.challenges.rules.subjects import WRITERS
from qunxing.challenges.sealing import KeyMissing, tag_of
from qunxing.challenges.states.bid import BidState
from qunxing.core.formats import show_moment
from qunxing.directory.models import Organization
from qunxing.matching.alerts.models import Wishes

logger = logging.getLogger(__name__)
GONE = (BidState.WITHDRAWN, BidState.EXPIRED)


def mail_amendments(*, now: datetime) -> int:  # noqa: ARG001 - every round is called alike
    """Tell bidders of the amendments that wait; how many mails were sent."""
    waiting = Amendment.objects.exclude(mail__done=True).select_related("board").order_by("pk")
    return sum(mail_amendment(row) for row in waiting)


def mail_amendment(amendment: Amendment) -> int:
    """Mail whoever is still to be told; the amendment waits on where the server or the key fails."""
    board, sent = amendment.board, 0
    kept, _made = AmendmentMail.objects.get_or_create(amendment=amendment)
    try:
        for user in bidding_users(board):
            mark = tag_of(board, f"told {user.pk}")
            if mark not in kept.told:
                sent += send(amendment, user)
                kept.told = [*kept.told, mark]
                kept.save()
    except (KeyMissing, OSError) as trouble:
        logger.warning("amendment %s of %s waits: %s", amendment.number, board.number, trouble)
        return sent
    kept.done = True
    kept.save()
    return sent


def bidding_users(board: ChallengeList) -> Iterator[User]:
    """Owners and editors of the organisations in bids on the list, leaving out who follows the list and is told so."""
    parties = BidParty.objects.filter(bid__challenge__board=board).exclude(bid__state__in=GONE)
    tags = set(parties.values_list("tag", flat=True))
    if not tags:
        return
    rows = Organization.objects.filter(memberships__isnull=False).distinct().values_list("pk", "ref")
    keys = [key for key, ref in rows if tag_of(board, ref) in tags]
    writers = Q(memberships__organization__in=keys, memberships__role__in=WRITERS)
    users = User.objects.filter(writers, is_active=True).exclude(followed_lists__board=board).exclude(email="")
    yield from users.distinct().order_by("pk")


def send(amendment: Amendment, user: User) -> int:
    """One mail, unless its reader wants none."""
    wishes = Wishes.objects.filter(user=user).first()
    if wishes is not None and not wishes.by_mail:
        return 0
    with override(wishes.language if wishes else settings.LANGUAGE_CODE):
        words: dict[str, Any] = {"list": amendment.board.number, "number": amendment.number}
        subject = _("%(list)s: amendment %(number)s") % words
        message = EmailMessage(subject, body_of(amendment), settings.DEFAULT_FROM_EMAIL, [user.email])
        return int(message.send())


def body_of(amendment: Amendment) -> str:
    board = amendment.board
    rows = told_changes(amendment.changes)
    changes = [f"{row['entry']} {row['label']}: {row['before']} → {row['after']}".strip() for row in rows]
    lines = [board.title, "", amendment.why, "", *changes]
    lines += ["", _("Bids until %(deadline)s") % {"deadline": show_moment(amendment.deadline_after)}]
    return "\n".join([*lines, urljoin(settings.PUBLIC_URL, board.get_absolute_url())])
