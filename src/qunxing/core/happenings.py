"""The entries of a timeline as HTML, in Python: two hundred versions are too many for templates."""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any, Protocol

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunxing.core.errors import Text
from qunxing.core.formats import show_moment
from qunxing.core.text import shorten

LONGEST = 400


class Change(Protocol):
    """One value that differs, as text."""

    @property
    def label(self) -> Text: ...
    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...


class Happening(Protocol):
    """What happened; it may also have a `url`, a `tone` that colours it, and a `source` with an address."""

    @property
    def at(self) -> datetime: ...
    @property
    def verb(self) -> Text: ...
    @property
    def what(self) -> Text: ...
    @property
    def author(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def source(self) -> Any: ...
    @property
    def changes(self) -> Iterable[Any]: ...


def happening_html(item: Happening, *, mark: SafeString) -> SafeString:
    """One entry; `mark` is the icon that stands before a source."""
    tone = getattr(item, "tone", "")
    parts = [
        f'<li class="timeline-item timeline-{clean(tone)}">' if tone else '<li class="timeline-item">',
        f'<p class="timeline-what">{heading(item)}</p>',
        f'<p class="timeline-meta"><time datetime="{local(item.at).isoformat()}">{show_moment(item.at)}</time>',
        f" <span>{clean(item.author)}</span></p>" if item.author else "</p>",
        f'<p class="timeline-reason">{clean(item.reason)}</p>' if item.reason else "",
        source_html(item.source, mark) if item.source else "",
        changes_html(list(item.changes)) if item.changes else "",
        "</li>",
    ]
    return mark_safe("".join(parts))  # noqa: S308 - made of escaped parts


def clean(text: Any) -> str:
    return escape(str(text))


def local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def heading(item: Happening) -> str:
    words = clean(f"{item.what} {item.verb}")
    url = getattr(item, "url", "")
    return f'<a href="{clean(url)}">{words}</a>' if url else words


def source_html(source: Any, mark: SafeString) -> str:
    link = f'<a href="{clean(source.get_absolute_url())}">{clean(source)}</a>'
    return f'<p class="timeline-source">{mark}<span>{link}</span></p>'


def changes_html(changes: list[Change]) -> str:
    count = ngettext("%(count)s value changed", "%(count)s values changed", len(changes)) % {"count": len(changes)}
    rows = "".join(change_html(change) for change in changes)
    return f'<details class="changes"><summary>{clean(count)}</summary><dl>{rows}</dl></details>'


def change_html(change: Change) -> str:
    before = f"<del>{clean(shorten(change.before, LONGEST))}</del> " if change.before else ""
    after = f"<ins>{clean(shorten(change.after, LONGEST))}</ins>" if change.after else emptied()
    return f"<dt>{clean(change.label)}</dt><dd>{before}{after}</dd>"


def emptied() -> str:
    return f'<span class="quiet">{clean(_("emptied"))}</span>'
