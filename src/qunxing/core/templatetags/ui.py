"""Template tags of the house's components; how each is used stands in docs/look.md."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version as installed_version
from typing import Any

from django import template
from django.core.paginator import Page
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunxing.core import formats
from qunxing.core.cells import Row, row_html
from qunxing.core.charts import chart_table
from qunxing.core.errors import Text
from qunxing.core.facts import ShownFacts, shown_facts
from qunxing.core.happenings import Happening, happening_html
from qunxing.core.money import show_money
from qunxing.core.paging import Turn

register = template.Library()

DAY = re.compile(r"\d{4}-\d\d-\d\d")
TONES = ("default", "info", "good", "warn", "bad", "muted", "accent")
# Django's names for the levels of a message in our tones.
LEVELS = {"debug": "muted", "info": "info", "success": "good", "warning": "warn", "error": "bad"}
TONE_ICONS = {"good": "circle-check", "warn": "alert-triangle", "bad": "alert-circle"}

register.filter("day", formats.show_day)
register.filter("isoday", formats.show_isoday)
register.filter("moment", formats.show_moment)
register.filter("percent", formats.show_percent)
register.filter("number", formats.show_number)
register.filter("codes", formats.show_codes)


# --- marks ----------------------------------------------------------------------------------------------------------


@cache
def sprite() -> str:
    """The address of all icons; a page asks for it once for each of its fifty."""
    return static("vendor/icons.svg")


@register.simple_tag
def icon(name: str, label: Text = "", size: str = "") -> SafeString:
    """An icon of the sprite, unseen by screen readers unless it has a label; ``size`` is "", "lg" or "xl"."""
    address = f"{sprite()}#icon-{name}"
    css = f"icon icon-{size}" if size else "icon"
    if label:
        named = '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>'
        return format_html(named, css, label, address)
    return format_html('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', css, address)


@register.simple_tag
def tag(text: Text, tone: str = "default", icon_name: str = "") -> SafeString:
    """A quiet coloured tag; nothing for an empty text, the default tone for an unknown one."""
    if not str(text).strip():
        return SafeString()
    known = tone if tone in TONES else "default"
    mark = icon(icon_name) if icon_name else ""
    return format_html('<span class="tag tag-{}">{}{}</span>', known, mark, text)


@register.simple_tag
def demo_mark(record: Any) -> SafeString:
    """The mark 演示 on a made-up record, and nothing on a real one; takes a record or a truth value."""
    shown = record if isinstance(record, bool) else getattr(record, "demo", False)
    if not shown:
        return SafeString()
    return format_html('<span class="demo-mark" title="{}">{}</span>', _("Made up for the demonstration"), _("Demo"))


@register.simple_tag
@cache
def version() -> str:
    return installed_version("qunxing")


@register.filter
def message_tone(level_tag: str) -> str:
    return LEVELS.get(level_tag, "info")


@register.filter
def tone_icon(tone: str) -> str:
    return TONE_ICONS.get(tone, "info-circle")


# --- values ---------------------------------------------------------------------------------------------------------


@register.filter
def yuan(value: Any) -> str:
    """Whole yuan as the reader needs them; a dash where nothing is known."""
    return formats.NOTHING if formats.is_missing(value) else str(show_money(value))


@register.filter
def or_dash(value: Any) -> Any:
    """The value, or a dash where there is none; a zero is a value."""
    return formats.NOTHING if formats.is_missing(value) else value


@register.filter
def whole_day(value: Any) -> Any:
    """A day as 2025-05-07 kept on one line; anything else as it is."""
    if isinstance(value, str) and DAY.fullmatch(value):
        return format_html('<span class="nowrap">{}</span>', value)
    return value


@register.filter
def counted(total: int) -> str:
    return ngettext("%(total)s record", "%(total)s records", total) % {"total": f"{total:,}"}


@register.simple_tag
def fact(label: Text, value: Any, wide: bool = False) -> SafeString:
    """One line of a list of facts: ``<dl class="facts">{% fact … %}</dl>``; a missing value shows as a dash."""
    css = "fact-wide" if wide else "fact"
    return format_html('<div class="{}"><dt>{}</dt><dd>{}</dd></div>', css, label, or_dash(value))


@register.simple_tag
def numbered(facts: Iterable[Any]) -> ShownFacts:
    """What is known with the numbers of its sources, and what is not known."""
    return shown_facts(facts)


@register.simple_tag
def table_row(row: Row) -> SafeString:
    """One row of a list (a `ledger.lists.ShownRow` or the like)."""
    return row_html(row, tag=tag, demo=demo_mark(row))


@register.simple_tag
def timeline_entries(items: Iterable[Happening]) -> SafeString:
    """The entries of a timeline, each a list item."""
    mark = icon("book")
    return mark_safe("".join(happening_html(item, mark=mark) for item in items))  # noqa: S308 - made of escaped parts


# --- parts with a template of their own ------------------------------------------------------------------------------


@register.inclusion_tag("components/empty.html")
def empty_state(icon: str, title: Text, hint: Text = "", url: str = "", label: Text = "") -> dict[str, Any]:
    """What stands where nothing is, with what to do next."""
    return {"icon": icon, "title": title, "hint": hint, "url": url, "label": label}


@register.inclusion_tag("components/stat.html")
def stat(label: Text, value: Any, unit: Text = "", source: Text = "", day: Any = None, url: str = "") -> dict[str, Any]:
    """A figure with the source and the day it rests on."""
    return {"label": label, "value": value, "unit": unit, "source": source, "day": day, "url": url}


@register.inclusion_tag("components/progress.html", takes_context=True)
def progress(context: template.Context, job: Any, url: str = "") -> dict[str, Any]:
    """The bar of a job; ``url`` answers with this component again and is asked each second until the job is over."""
    tones = {"done": "good", "failed": "bad", "cancelled": "warn"}
    return {"job": job, "url": url, "tone": tones.get(job.state, "info"), "request": context.get("request")}


@register.inclusion_tag("components/confirm.html", takes_context=True)
def confirm(context: template.Context, url: str, label: Text, **more: Any) -> dict[str, Any]:
    """A button that asks first, then posts to ``url``; works without a script.

    More: tone, icon, question, reason ("optional", "required" or ""), name and value (a hidden field), small,
    bare (the icon alone, its label for screen readers).
    """
    csrf = context.get("csrf_token")
    return {"url": url, "label": label, "csrf_token": csrf, "tone": "", "reason": "", **more}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Sequence[Any]], label: Text = "") -> dict[str, Any]:
    """Links between the parts of one thing: items are (label, url, active) or (label, url, active, count)."""
    shown = [{"label": item[0], "url": item[1], "active": item[2], "count": (*item, None)[3]} for item in items]
    return {"items": shown, "label": label}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: template.Context, page: Any, anchor: str = "") -> dict[str, Any]:
    """Where one is in a list and the ways on; ``page`` is Django's, or has number, last, links, hidden_fields.

    ``anchor`` is the id of the list on a page that holds more. The pages of a list that htmx swaps (``#list``) have
    links of their own and come without being loaded whole.
    """
    request: Any = context.get("request")
    turn = Turn.of(page, request.GET, anchor=anchor) if isinstance(page, Page) else page
    return {"page": turn, "request": request, "swaps": turn is page, "anchor": anchor}


@register.inclusion_tag("components/timeline.html", takes_context=True)
def timeline(context: template.Context, items: Iterable[Any], more_url: str = "") -> dict[str, Any]:
    """What happened, newest first: items have at, author, verb, what, reason, source, changes; perhaps tone and url."""
    return {"items": items, "more_url": more_url, "user": context.get("user")}


@register.inclusion_tag("components/chart.html")
def chart(name: str, data: Mapping[str, Any], size: str = "") -> dict[str, Any]:
    """A chart and its numbers as a table; the shape of ``data`` stands in `qunxing.core.charts`."""
    return {"name": name, "data": data, "size": size, "table": chart_table(data)}
