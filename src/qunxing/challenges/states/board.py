"""The life of a list (榜单): what is published together, bid for until one deadline and opened together."""

from django.db import models
from django.utils.translation import pgettext_lazy

from qunxing.core.states import Machine, step


class ListState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a list", "draft")
    PUBLISHED = "published", pgettext_lazy("state of a list", "open for bids")
    CLOSED = "closed", pgettext_lazy("state of a list", "bids closed")
    OPENED = "opened", pgettext_lazy("state of a list", "bids opened")
    CONCLUDED = "concluded", pgettext_lazy("state of a list", "concluded")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a list", "withdrawn (撤榜)")


ONCE_PUBLISHED = frozenset(ListState) - {ListState.DRAFT}
SEALED = frozenset({ListState.DRAFT, ListState.PUBLISHED, ListState.CLOSED})
PATH = (ListState.DRAFT, ListState.PUBLISHED, ListState.CLOSED, ListState.OPENED, ListState.CONCLUDED)
TONES = {
    ListState.DRAFT: "muted",
    ListState.PUBLISHED: "accent",
    ListState.CLOSED: "info",
    ListState.OPENED: "info",
    ListState.CONCLUDED: "good",
    ListState.WITHDRAWN: "bad",
}

PUBLISH, CLOSE, OPEN = "challenges.publish_list", "challenges.close_list", "challenges.open_bids"
CONCLUDE, WITHDRAW = "challenges.conclude_list", "challenges.withdraw_list"

LIFE = Machine(
    (
        step(
            "publish",
            {ListState.DRAFT},
            ListState.PUBLISHED,
            PUBLISH,
            pgettext_lazy("step of a list", "Publish"),
            tone="accent",
        ),
        step(
            "close",
            {ListState.PUBLISHED},
            ListState.CLOSED,
            CLOSE,
            pgettext_lazy("step of a list", "Close the bidding"),
        ),
        step(
            "reopen",
            {ListState.CLOSED},
            ListState.PUBLISHED,
            CLOSE,
            pgettext_lazy("step of a list", "Open the bidding again"),
            needs_reason=True,
            tone="warn",
        ),
        step(
            "open",
            {ListState.CLOSED},
            ListState.OPENED,
            OPEN,
            pgettext_lazy("step of a list", "Open the bids"),
            tone="accent",
        ),
        step(
            "conclude",
            {ListState.OPENED},
            ListState.CONCLUDED,
            CONCLUDE,
            pgettext_lazy("step of a list", "Conclude"),
            tone="good",
        ),
        step(
            "withdraw",
            {ListState.DRAFT, ListState.PUBLISHED, ListState.CLOSED, ListState.OPENED},
            ListState.WITHDRAWN,
            WITHDRAW,
            pgettext_lazy("step of a list", "Withdraw"),
            needs_reason=True,
            tone="bad",
        ),
    )
)
