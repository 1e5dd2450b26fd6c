"""Template tags of the house's components; how each is used stands in docs/look.md."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from importlib.metadata import version as installed_version
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from qunxing.core.errors import Text

register = template.Library()

TONES = ("default", "info", "good", "warn", "bad", "muted", "accent")
NOTHING = "—"
# Django's names for the levels of a message, and allauth's for its parts, in our tones.
LEVELS = {"debug": "muted", "info": "info", "success": "good", "warning": "warn", "error": "bad"}
LEVEL_ICONS = {"good": "circle-check", "warn": "alert-triangle", "bad": "alert-circle"}


# --- marks ----------------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: Text = "", size: str = "") -> SafeString:
    """An icon of the sprite; hidden from screen readers unless it has a label. ``size``: "", "lg" or "xl"."""
    address = f"{static('vendor/icons.svg')}#icon-{name}"
    css = f"icon icon-{size}" if size else "icon"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', css, label, address
        )
    return format_html('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', css, address)


@register.simple_tag
def tag(text: Text, tone: str = "default", icon_name: str = "") -> SafeString:
    """A quiet coloured tag; nothing for an empty text, the default tone for one that is not known."""
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
def version() -> str:
    return installed_version("qunxing")


@register.filter
def message_tone(level_tag: str) -> str:
    return LEVELS.get(level_tag, "info")


@register.filter
def tone_icon(tone: str) -> str:
    return LEVEL_ICONS.get(tone, "info-circle")


# --- formats --------------------------------------------------------------------------------------------------------


@register.filter
def day(value: Any) -> str:
    """A day as one reads it: 2025年5月7日, or 2025-05-07 outside Chinese; a dash for none."""
    found = as_day(value)
    if found is None:
        return NOTHING
    if (get_language() or "").startswith("zh"):
        return f"{found.year}年{found.month}月{found.day}日"
    return found.isoformat()


@register.filter
def isoday(value: Any) -> str:
    """A day as 2025-05-07 in every language: for tables, where days stand below each other."""
    found = as_day(value)
    return NOTHING if found is None else found.isoformat()


@register.filter
def moment(value: Any) -> str:
    """A day and time of day to the minute, in the local time zone."""
    if not isinstance(value, datetime):
        return day(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%Y-%m-%d %H:%M}"


def as_day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) else None


@register.filter
def yuan(value: Any, unit: str = "") -> str:
    """Whole yuan as the reader needs them (12.5亿元, CN¥1.25bn); a dash where nothing is known."""
    if value is None or value == "":
        return NOTHING
    from qunxing.core.money import show_money

    return str(show_money(value, unit)) if unit else str(show_money(value))


@register.filter
def percent(value: Any, digits: int = 0) -> str:
    """A share from 0 to 1 as 61%; a dash where nothing is known."""
    if value is None or value == "":
        return NOTHING
    return f"{Decimal(str(value)) * 100:.{digits}f}%"


@register.filter
def codes(values: Iterable[str] | None, labels: dict[str, Text] | None = None) -> str:
    """Codes joined for reading, each by its label where there is one."""
    known = labels or {}
    return _("; ").join(str(known.get(value, value)) for value in values or ()) or NOTHING


@register.filter
def or_dash(value: Any) -> Any:
    """The value, or a dash where there is none (a zero is a value)."""
    return NOTHING if value is None or value == "" or value == () else value


@register.filter
def counted(total: int) -> str:
    return ngettext("%(total)s record", "%(total)s records", total) % {"total": f"{total:,}"}
