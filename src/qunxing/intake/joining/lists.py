"""The list of organisations that may be one."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Text
from qunxing.core.text import search_terms
from qunxing.directory.models import Organization
from qunxing.intake.joining.candidates import reasons_text
from qunxing.intake.joining.grounds import Ground
from qunxing.intake.models import DuplicatePair
from qunxing.intake.rules import Permission
from qunxing.ledger.lists import Cell, Column, Filter, ListSpec, choice_filter

# Thousandths, as kept: from, below.
BANDS: dict[str, tuple[int, int, Text]] = {
    "90": (900, 1001, _("90% and more")),
    "80": (800, 900, _("80 to 89%")),
    "70": (700, 800, _("70 to 79%")),
    "0": (0, 700, _("below 70%")),
}


def pairs_for(user: Any) -> QuerySet[DuplicatePair]:
    """All pairs for who may see imports, and so sees every organisation; none for others."""
    rows = DuplicatePair.objects.all()
    return rows if user.has_perm(Permission.SEE) else rows.none()


def with_words(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """The pairs of which one has all these words in its names, pinyin or codes."""
    first, second = Q(), Q()
    for term in search_terms(words):
        first &= Q(first__search_key__holds=term)
        second &= Q(second__search_key__holds=term)
    return rows.filter(first | second)


def in_bands(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    condition = Q()
    for value in values:
        low, high, _label = BANDS[value]
        condition |= Q(score__gte=low, score__lt=high)
    return rows.filter(condition)


def firm_cell(firm: Organization, *, marked: bool = False) -> Cell:
    """The organisation; `marked` says in words what the mark of a row says of its first cell alone."""
    text = _("%(name)s (made up for the demonstration)") % {"name": firm.name} if marked and firm.demo else firm.name
    return Cell(text, kind="link", url=firm.get_absolute_url(), value=firm.name)


def compare_cell(pair: DuplicatePair) -> Cell:
    return Cell(_("Compare"), kind="link", url=pair.get_absolute_url(), value=pair.get_absolute_url())


DUPLICATES = ListSpec(
    code="duplicates",
    title=_("Duplicates"),
    model=DuplicatePair,
    icon="git-compare",
    rows=pairs_for,
    search=with_words,
    fetch=lambda rows: rows.select_related("first", "second"),
    order=("-score", "pk"),
    url_name="intake:duplicates",
    empty_title=_("No two organisations look alike"),
    empty_hint=_(
        "Pairs with one code, one entity key or names nearly the same stand here until somebody joins them or "
        "tells them apart."
    ),
    columns=(
        Column("first", _("Organisation"), lambda pair: firm_cell(pair.first), "link"),
        Column("second", _("Perhaps the same"), lambda pair: firm_cell(pair.second, marked=True), "link"),
        Column(
            "compare",
            _("Compare"),
            compare_cell,
            "link",
            permitted=lambda user: bool(user.has_perm(Permission.SETTLE)),
        ),
        Column(
            "score",
            _("Likeness"),
            lambda pair: Cell(f"{pair.score / 10:.0f}%", kind="number", value=pair.score / 1000),
            "number",
            sort=("score",),
        ),
        Column("ground", _("Why"), lambda pair: Cell(pair.get_ground_display(), kind="tag", tone="info"), "tag"),
        Column("reasons", _("What speaks for it, and against"), lambda pair: reasons_text(pair.reasons)),
        Column("found", _("Found"), lambda pair: pair.found_at, "datetime", sort=("found_at",), shown=False),
    ),
    filters=(
        choice_filter("ground", _("Why"), Ground, prominent=True),
        Filter(
            "score",
            _("Likeness"),
            in_bands,
            lambda _user: [(code, label) for code, (_low, _high, label) in BANDS.items()],
            prominent=True,
        ),
    ),
)
