"""The lists of reports and of their templates."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.errors import Text
from qunxing.indicators.models import Every, Language, Report, ReportTemplate
from qunxing.indicators.states.reports import TONES, ReportState
from qunxing.ledger.lists import Cell, Column, Filter, ListSpec, choice_filter, day_filter
from qunxing.ledger.lists.search import search_words
from qunxing.ledger.models import Visibility

DIGEST_SHOWN = 12


def number_cell(report: Report) -> Cell:
    return Cell(report.number or _("draft, no number yet"), kind="link", url=report.get_absolute_url())


def state_cell(report: Report) -> Cell:
    return Cell(report.get_state_display(), kind="tag", tone=TONES[ReportState(report.state)])


def digest_cell(report: Report) -> Cell:
    """The beginning of the digest; an export has all of it."""
    return Cell(report.digest[:DIGEST_SHOWN], kind="code", value=report.digest)


def sees_who(user: Any) -> bool:
    return bool(user.has_perm("ledger.see_authors"))


def template_options(user: Any) -> list[tuple[str, Text]]:
    """The templates of the reports that the user may see."""
    rows = Report.objects.visible_to(user).values_list("template", flat=True)
    return [(row.code, str(row)) for row in ReportTemplate.objects.filter(pk__in=rows).order_by("code")]


def by_template(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    return rows.filter(template__code__in=values)


REPORTS = ListSpec(
    code="reports",
    title=_("Reports"),
    model=Report,
    icon="report",
    rows=Report.objects.visible_to,
    search=search_words,
    fetch=lambda rows: rows.select_related("template", "scope", "issued_by"),
    order=("-as_of", "-pk"),
    url_name="indicators:report-list",
    create_url_name="indicators:report-create",
    create_permission="indicators.change_report",
    empty_title=_("No report here yet"),
    empty_hint=_("A report is a template filled in as of a day. Issued, it is frozen and stays as it was said."),
    columns=(
        Column("number", _("Number"), number_cell, "link", sort=("number",)),
        Column("template", _("Template"), lambda row: str(row.template), sort=("template__code",)),
        Column("as_of", _("As of"), lambda row: row.as_of, "date", sort=("as_of",)),
        Column("scope", _("Scope"), lambda row: str(row.scope)),
        Column("state", _("State"), state_cell, "tag", sort=("state",)),
        Column("issued", pgettext_lazy("report", "Issued"), lambda row: row.issued_at, "datetime", sort=("issued_at",)),
        Column(
            "issuer", pgettext_lazy("report", "Issued by"), lambda row: str(row.issued_by or ""), permitted=sees_who
        ),
        Column("audience", _("Made for"), lambda row: row.get_visibility_display(), shown=False),
        Column("known_at", _("As known at the end of"), lambda row: row.known_at, "date", shown=False),
        Column("digest", _("Digest"), digest_cell, "code"),
        Column("changed", _("Changed"), lambda row: row.updated_at, "datetime", sort=("updated_at",), shown=False),
    ),
    filters=(
        choice_filter("state", _("State"), ReportState, prominent=True),
        Filter("template", _("Template"), by_template, template_options, prominent=True),
        day_filter("as_of", _("As of"), "as_of"),
        choice_filter("audience", _("Made for"), Visibility, "visibility"),
    ),
)


def name_cell(template: ReportTemplate) -> Cell:
    return Cell(str(template), kind="link", url=template.get_absolute_url())


TEMPLATES = ListSpec(
    code="report-templates",
    title=_("Report templates"),
    model=ReportTemplate,
    icon="file-description",
    rows=ReportTemplate.objects.visible_to,
    search=search_words,
    order=("code",),
    url_name="indicators:template-list",
    create_url_name="indicators:template-create",
    create_permission="indicators.change_template",
    empty_title=_("No template here yet"),
    empty_hint=_("A template says what a report says, with placeholders for its figures."),
    columns=(
        Column("name", _("Name"), name_cell, "link"),
        Column("code", _("Code"), lambda row: row.code, "code", sort=("code",)),
        Column("period", _("Made"), lambda row: row.get_period_display(), sort=("period",)),
        Column("scope", _("Scope"), lambda row: row.get_scope_display()),
        Column("language", _("Language"), lambda row: row.get_language_display()),
        Column("audience", _("Made for"), lambda row: row.get_audience_display()),
        Column("retired", _("No longer used"), lambda row: _("Yes") if row.retired else "", shown=False),
        Column("changed", _("Changed"), lambda row: row.updated_at, "datetime", sort=("updated_at",), shown=False),
    ),
    filters=(
        choice_filter("period", _("Made"), Every, prominent=True),
        choice_filter("language", _("Language"), Language, prominent=True),
        choice_filter("audience", _("Made for"), Visibility),
    ),
)
