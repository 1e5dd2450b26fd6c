"""What the pages of shortlists say and draw."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunxing.core.errors import Text
from qunxing.core.templatetags.ui import icon
from qunxing.matching.changes import Change
from qunxing.matching.reading import ShownPool
from qunxing.matching.shown import Shown, ShownFinding
from qunxing.matching.wording import POOL_TITLES, change_text

register = template.Library()

ANSWER_WORDS: dict[str, Text] = {
    "model": gettext_lazy("Answers best: the model %(name)s"),
    "product": gettext_lazy("Answers best: the product %(name)s"),
    "filing": gettext_lazy("Answers best: what it filed as %(name)s"),
}


@register.simple_tag
def pool_title(pool: str) -> SafeString:
    label, mark = POOL_TITLES[pool]
    return format_html("{}{}", icon(mark), label)


@register.simple_tag
def part_shown(name: str, pool: ShownPool) -> bool:
    """Whether any candidate of the pool has something of this part."""
    return any(share.name == name for one in (*pool.proposed, *pool.misses) for share in one.shares)


@register.simple_tag
def answer_words(one: Shown) -> SafeString:
    """What of the firm answers the need best, with the way there."""
    answer = one.answer
    url = one.target.get_absolute_url() if one.answer_kind == "product" else answer.get_absolute_url()
    link = format_html('<a href="{}">{}</a>', url, answer.name)
    before, _mark, after = str(ANSWER_WORDS[one.answer_kind]).partition("%(name)s")
    return format_html("{}{}{}", before, link, after)


@register.simple_tag
def finding_tag(finding: ShownFinding) -> SafeString:
    """A condition with its state as a tag: icon, words and tone say the same."""
    said = f"{finding.label}: {finding.state}"
    return format_html('<span class="tag tag-{}">{}{}</span>', finding.tone, icon(finding.icon), said)


@register.simple_tag
def change_words(change: Change) -> str:
    return change_text(change)


@register.simple_tag
def bar_words(one: Shown) -> str:
    """The bar for those who do not see it."""
    parts = ", ".join(f"{share.label} {share.value:.1f}" for share in one.shares)
    return _("Score %(score)s: %(parts)s") % {"score": f"{one.score:.1f}", "parts": parts}


@register.simple_tag
def plain(value: float) -> str:
    """A number as drawings take it, whatever the reader's language."""
    return f"{value:.2f}"


@register.simple_tag
def rest_of(one: Shown, shown: int) -> str:
    """What all terms gave that are not among the first so many."""
    return f"{one.score - sum(hit.value for hit in one.hits[:shown]):.2f}"
