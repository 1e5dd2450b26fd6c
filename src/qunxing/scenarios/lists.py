"""The list of scenarios."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.core.divisions import division_name
from qunxing.core.text import search_terms
from qunxing.directory.models import Task
from qunxing.directory.queries import field_options
from qunxing.ledger.lists import (
    Cell,
    Column,
    ListSpec,
    choice_filter,
    code_filter,
    day_filter,
    flag_filter,
    on_day_filter,
)
from qunxing.scenarios.models import Mechanism, Scenario, SecurityLevel
from qunxing.scenarios.queries import budget_text
from qunxing.scenarios.states import State

YES_NO = (("yes", _("yes")), ("no", _("no")))
TASKS = dict(Task.choices)


def title_cell(scenario: Scenario) -> Cell:
    return Cell(scenario.title, kind="link", url=scenario.get_absolute_url())


def owner_cell(scenario: Scenario) -> Cell:
    return Cell(scenario.organization.name, kind="link", url=scenario.organization.get_absolute_url())


def state_cell(scenario: Scenario) -> Cell:
    return Cell(scenario.get_state_display(), kind="tag", tone=scenario.tone)


def tasks_cell(scenario: Scenario) -> str:
    return "、".join(str(TASKS.get(task, task)) for task in scenario.tasks)


def yes_cell(name: str) -> Any:
    """Yes, or nothing: a column of noes says little."""
    return lambda row: _("yes") if getattr(row, name) else ""


def search(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Each word must occur in the scenario's title, number or problem, or in a name of its owner."""
    condition = Q()
    for term in search_terms(words):
        condition &= Q(search_key__holds=term) | Q(organization__search_key__holds=term)
    return rows.filter(condition)


SCENARIOS = ListSpec(
    code="scenarios",
    title=_("Scenarios"),
    model=Scenario,
    icon="bulb",
    rows=Scenario.objects.visible_to,
    search=search,
    fetch=lambda rows: rows.select_related("organization"),
    order=("-pk",),
    url_name="scenarios:scenario-list",
    create_url_name="scenarios:scenario-create",
    create_permission="scenarios.create_scenario",
    empty_title=_("No scenario here yet"),
    empty_hint=_("A demand owner describes a need, staff appraise it, and once it is published it stands here."),
    columns=(
        Column("title", _("Title"), title_cell, "link", sort=("title",)),
        Column("number", pgettext_lazy("scenario", "Number"), lambda row: row.number, "code", sort=("number",)),
        Column("owner", _("Owner of the need"), owner_cell, "link"),
        Column("state", _("State"), state_cell, "tag", sort=("state",)),
        Column("mechanism", _("Mechanism"), lambda row: row.get_mechanism_display(), sort=("mechanism",)),
        Column("budget", _("Budget"), budget_text, "money", sort=("budget_high",)),
        Column("apply_by", _("Apply by"), lambda row: row.apply_by, "date", sort=("apply_by",)),
        Column("starts_on", _("Starts on"), lambda row: row.starts_on, "date", sort=("starts_on",), shown=False),
        Column("ends_on", _("Ends on"), lambda row: row.ends_on, "date", sort=("ends_on",), shown=False),
        Column("published_on", _("Published on"), lambda row: row.published_on, "date", sort=("published_on",)),
        Column("tasks", _("Tasks"), tasks_cell, shown=False),
        Column("indicators", _("Core indicators"), lambda row: row.indicators_text, shown=False),
        Column("on_site", _("On site"), yes_cell("on_site"), shown=False),
        Column("domestic_chips", _("Domestic chips"), yes_cell("domestic_chips"), shown=False),
        Column("security", _("Security level"), lambda row: row.get_security_level_display(), shown=False),
        Column("filing", _("Needs a filing"), yes_cell("serves_public_generated"), shown=False),
        Column("division", _("Division"), lambda row: division_name(row.division), shown=False),
        Column("changed", _("Changed"), lambda row: row.updated_at, "datetime", sort=("updated_at",), shown=False),
    ),
    filters=(
        choice_filter("state", _("State"), State, prominent=True),
        choice_filter("mechanism", _("Mechanism"), Mechanism, prominent=True),
        code_filter("field", _("Technical field"), field_options, "fields", prominent=True),
        code_filter("task", _("Task"), lambda _user: Task.choices, "tasks"),
        on_day_filter("on", _("Published by the day"), lambda rows, day: rows.filter(published_on__lte=day)),
        day_filter("apply_by", _("Apply by"), "apply_by"),
        choice_filter("security", _("Security level"), SecurityLevel, "security_level"),
        flag_filter("on_site", _("On site"), Q(on_site=True), YES_NO),
        flag_filter("domestic_chips", _("Domestic chips"), Q(domestic_chips=True), YES_NO),
        flag_filter("filing", _("Needs a filing"), Q(serves_public_generated=True), YES_NO),
    ),
)
LISTS = (SCENARIOS,)
