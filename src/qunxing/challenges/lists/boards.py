"""The lists of published lists, of challenges, of needs, calls and rule sets."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.models import Call, Challenge, ChallengeList, Need, RuleSet
from qunxing.challenges.models.boards import Kind, Mechanism, Purpose
from qunxing.challenges.states.board import TONES, ListState
from qunxing.challenges.states.call import CallState, NeedState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.core.money import show_money
from qunxing.core.text import search_terms
from qunxing.directory.models import Organization
from qunxing.directory.queries import field_options
from qunxing.ledger.lists import Cell, Column, ListSpec, choice_filter, code_filter, day_filter, flag_filter
from qunxing.ledger.models import Visibility

YES_NO = (("yes", _("yes")), ("no", _("no")))


def link(row: Any) -> Cell:
    return Cell(str(row), kind="link", url=row.get_absolute_url())


def state_cell(row: Any) -> Cell:
    return Cell(row.get_state_display(), kind="tag", tone=row.tone)


def board_state_cell(board: ChallengeList) -> Cell:
    state = board.state_at(timezone.now())
    return Cell(state.label, kind="tag", tone=TONES[state])


def money_cell(row: Any) -> Cell:
    return Cell("" if row.money is None else show_money(row.money), kind="money", value=row.money)


def organization_cell(name: str) -> Any:
    """The name of an organisation the row names, with its page."""

    def cell(row: Any) -> Cell:
        found: Organization | None = getattr(row, name)
        return Cell() if found is None else link(found)

    return cell


def board_rows(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With the publisher where everybody may see it, and how many challenges everybody may see."""
    shown = Q(challenges__visibility=Visibility.PUBLIC, challenges__issuer__visibility=Visibility.PUBLIC)
    publishers = Organization.objects.visible_to(AnonymousUser())
    counted = rows.select_related("rule_set").annotate(entries=Count("challenges", filter=shown))
    found: QuerySet[Any] = counted.prefetch_related(Prefetch("publisher", publishers))
    return found


def search_boards(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Each word in the list's title or number, or in a challenge on it that everybody may see."""
    shown, condition = Challenge.objects.visible_to(AnonymousUser()), Q()
    for term in search_terms(words):
        entries = shown.filter(search_key__holds=term).values("board")
        condition &= Q(title__icontains=term) | Q(number__icontains=term) | Q(pk__in=entries)
    return rows.filter(condition)


def search_entries(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Each word in the challenge, or in a name of its issuer."""
    condition = Q()
    for term in search_terms(words):
        condition &= Q(search_key__holds=term) | Q(issuer__search_key__holds=term)
    return rows.filter(condition)


def search_needs(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    condition = Q()
    for term in search_terms(words):
        condition &= Q(search_key__holds=term) | Q(organization__search_key__holds=term)
    return rows.filter(condition)


def search_titles(*fields: str) -> Any:
    """Each word in one of the fields."""

    def search(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        condition = Q()
        for term in words.split()[:10]:
            here = Q()
            for field in fields:
                here |= Q(**{f"{field}__icontains": term})
            condition &= here
        return rows.filter(condition)

    return search


BOARDS = ListSpec(
    code="challenge-lists",
    title=_("Lists of challenges"),
    model=ChallengeList,
    icon="list-check",
    rows=ChallengeList.objects.visible_to,
    search=search_boards,
    fetch=board_rows,
    order=("-published_on", "-pk"),
    url_name="challenges:list-list",
    create_url_name="challenges:list-create",
    create_permission="challenges.create_list",
    empty_title=_("No list is published yet"),
    empty_hint=_("Staff put scenarios and recommended needs on a list and publish it under a set of rules."),
    columns=(
        Column("title", _("Title"), link, "link", sort=("title",)),
        Column("number", pgettext_lazy("list of challenges", "Number"), lambda row: row.number, "code", ("number",)),
        Column("state", _("State"), board_state_cell, "tag", sort=("state",)),
        Column("entries", _("Challenges"), lambda row: row.entries, "number"),
        Column("published_on", _("Published on"), lambda row: row.published_on, "date", sort=("published_on",)),
        Column("deadline", _("Bids until"), lambda row: row.deadline, "datetime", sort=("deadline",)),
        Column("publisher", _("Published by"), organization_cell("publisher"), "link"),
        Column("rules", _("Rule set"), lambda row: str(row.rule_set), shown=False),
    ),
    filters=(
        choice_filter("state", _("State"), ListState, prominent=True),
        day_filter("published", _("Published on"), "published_on"),
        day_filter("deadline", _("Bids until"), "deadline__date"),
    ),
)

ENTRIES = ListSpec(
    code="challenges",
    title=_("Challenges"),
    model=Challenge,
    icon="flag",
    rows=Challenge.objects.visible_to,
    search=search_entries,
    fetch=lambda rows: rows.select_related("board", "issuer"),
    order=("-board__published_on", "-board", "position", "pk"),
    url_name="challenges:challenge-list",
    empty_title=_("No challenge is published yet"),
    empty_hint=_("A challenge is an entry of a list: a problem, targets, money and conditions."),
    columns=(
        Column("title", _("Title"), link, "link", sort=("title",)),
        Column("number", pgettext_lazy("list of challenges", "Number"), lambda row: row.number, "code", ("number",)),
        Column("issuer", _("Issuer"), organization_cell("issuer"), "link"),
        Column("state", _("State"), state_cell, "tag", sort=("state",)),
        Column("money", _("Money"), money_cell, "money", sort=("money",)),
        Column("deadline", _("Bids until"), lambda row: row.board.deadline, "datetime", sort=("board__deadline",)),
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), sort=("kind",)),
        Column("mechanism", _("Mechanism"), lambda row: row.get_mechanism_display(), shown=False),
        Column("purpose", _("Purpose"), lambda row: row.get_purpose_display(), shown=False),
        Column("list", pgettext_lazy("of challenges", "List"), lambda row: link(row.board), "link", shown=False),
        Column("starts_on", _("Starts on"), lambda row: row.starts_on, "date", sort=("starts_on",), shown=False),
        Column("ends_on", _("Ends on"), lambda row: row.ends_on, "date", sort=("ends_on",), shown=False),
    ),
    filters=(
        choice_filter("state", _("State"), ChallengeState, prominent=True),
        choice_filter("kind", _("Kind"), Kind, prominent=True),
        code_filter("field", _("Technical field"), field_options, "fields", prominent=True),
        choice_filter("mechanism", _("Mechanism"), Mechanism),
        choice_filter("purpose", _("Purpose"), Purpose),
        day_filter("deadline", _("Bids until"), "board__deadline__date"),
    ),
)

NEEDS = ListSpec(
    code="needs",
    title=pgettext_lazy("challenges", "Needs"),
    model=Need,
    icon="inbox",
    rows=Need.objects.visible_to,
    search=search_needs,
    fetch=lambda rows: rows.select_related("organization", "call"),
    order=("-pk",),
    url_name="challenges:need-list",
    create_url_name="challenges:need-create",
    create_permission="challenges.create_need",
    empty_title=_("No need here yet"),
    empty_hint=_("An organisation hands in what it wants solved; experts appraise it, and it may go on a list."),
    columns=(
        Column("title", _("Title"), link, "link"),
        Column("number", pgettext_lazy("list of challenges", "Number"), lambda row: row.number, "code", ("number",)),
        Column("owner", _("Owner of the need"), organization_cell("organization"), "link"),
        Column("state", _("State"), state_cell, "tag", sort=("state",)),
        Column("money", _("Money"), money_cell, "money", sort=("money",)),
        Column("submitted_on", _("Handed in on"), lambda row: row.submitted_on, "date", sort=("submitted_on",)),
        Column("call", _("Call for needs"), lambda row: link(row.call) if row.call else "", "link", shown=False),
    ),
    filters=(
        choice_filter("state", _("State"), NeedState, prominent=True),
        code_filter("field", _("Technical field"), field_options, "fields", prominent=True),
        day_filter("submitted", _("Handed in on"), "submitted_on"),
    ),
)

CALLS = ListSpec(
    code="calls",
    title=_("Calls for needs"),
    model=Call,
    icon="send",
    rows=Call.objects.visible_to,
    search=search_titles("title", "text"),
    order=("-opens_on", "-pk"),
    url_name="challenges:call-list",
    create_url_name="challenges:call-create",
    create_permission="challenges.run_call",
    empty_title=_("No call for needs yet"),
    empty_hint=_("A call says what needs are looked for and until when they may be handed in."),
    columns=(
        Column("title", _("Title"), link, "link"),
        Column("state", _("State"), state_cell, "tag", sort=("state",)),
        Column("opens_on", _("Needs from"), lambda row: row.opens_on, "date", sort=("opens_on",)),
        Column("closes_on", _("Needs until"), lambda row: row.closes_on, "date", sort=("closes_on",)),
    ),
    filters=(
        choice_filter("state", _("State"), CallState, prominent=True),
        day_filter("closes", _("Needs until"), "closes_on"),
    ),
)

RULESETS = ListSpec(
    code="rule-sets",
    title=_("Rule sets"),
    model=RuleSet,
    icon="scale",
    rows=RuleSet.objects.visible_to,
    search=search_titles("name", "basis"),
    order=("-in_force", "name", "-version", "-pk"),
    url_name="challenges:ruleset-list",
    create_url_name="challenges:ruleset-create",
    create_permission="challenges.change_rule_set",
    empty_title=_("No rule set yet"),
    empty_hint=_("A rule set says how lists are run. Take over one that comes with the program, or write your own."),
    columns=(
        Column("name", _("Name"), lambda row: Cell(row.name, kind="link", url=row.get_absolute_url()), "link"),
        Column("version", _("Version"), lambda row: row.version, "number"),
        Column("in_force", _("In force"), lambda row: Cell(_("in force"), "tag", tone="good") if row.in_force else ""),
        Column("basis", _("Rests on"), lambda row: row.basis),
        Column("made", _("Written on"), lambda row: row.created_at, "datetime", sort=("created_at",)),
    ),
    filters=(flag_filter("in_force", _("In force"), Q(in_force=True), YES_NO),),
)

LISTS = (BOARDS, ENTRIES, NEEDS, CALLS, RULESETS)
