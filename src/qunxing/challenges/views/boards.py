"""Lists of challenges: page, forms, publication, closing, withdrawal."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges.actions import amendments, boards, publishing
from qunxing.challenges.actions.questions import questions_until
from qunxing.challenges.forms.boards import BoardForm, ReopenForm
from qunxing.challenges.lists.boards import BOARDS
from qunxing.challenges.models import Challenge, ChallengeList
from qunxing.challenges.publishing.changes import told
from qunxing.challenges.queries import boards as queries
from qunxing.challenges.readiness import NotReady, gaps_of
from qunxing.challenges.rules.bids import Permission as BidPermission
from qunxing.challenges.rules.boards import Permission
from qunxing.challenges.rulewords import said_rules
from qunxing.challenges.states.board import TONES, ListState
from qunxing.challenges.telling import follows
from qunxing.challenges.views.tabs import tabs
from qunxing.core.calendars import work_calendar
from qunxing.directory.models import Organization
from qunxing.ledger.edges import create_response, edit_response, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import Fact, facts, visible_or_404

FACTS = ("number", "published_on", "deadline", "publisher", "rule_set", "opened_at")


@require_safe
def list_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, BOARDS, "challenges/list_list.html", tabs=tabs(request, "lists"))


def the_board(request: HttpRequest, ref: str) -> ChallengeList:
    rows = ChallengeList.objects.select_related("rule_set", "publisher")
    found: ChallengeList = visible_or_404(rows, request.user, ref)
    return found


@require_safe
def list_detail(request: HttpRequest, ref: str) -> HttpResponse:
    return detail(request, the_board(request, ref))


def detail(request: HttpRequest, board: ChallengeList, missing: list[Any] | None = None) -> HttpResponse:
    """The page of a list; with what is missing when its publication was refused for it."""
    context = record_context(request, board)
    record, user, at = context["record"], request.user, timezone.now()
    state = board.state_at(at)
    context |= {
        "facts": board_facts(record, context["evidence"], user),
        "steps": queries.way_of_board(board, at),
        "state": state,
        "state_tone": TONES[state],
        "entries": entries_of(board, user),
        "dates": queries.dates_of(board) if board.published_on else [],
        "questions": queries.questions_of(board, user=user),
        "questions_until": amendable(board, at),
        "amendments": [(row, told(row.changes)) for row in board.amendments.all()],
        "notices": queries.notices_of(board, user=user),
        "refused": missing is not None,
        "missing": to_do(board, user) if missing is None else missing,
        "can": {permission.name.lower(): user.has_perm(permission, board) for permission in Permission},
        "follows": follows(board, user),
        "draft": board.state == ListState.DRAFT,
        "closable": state == ListState.CLOSED and board.state == ListState.PUBLISHED,
        "oversees": user.has_perm(BidPermission.RESTORE_KEY, board),
        "openable": board.state in {ListState.CLOSED, ListState.OPENED, ListState.CONCLUDED},
        "opened": board.state == ListState.OPENED,
        "reopenable": board.state == ListState.CLOSED,
        "withdrawable": board.state not in {ListState.CONCLUDED, ListState.WITHDRAWN},
    }
    return render(request, "challenges/list.html", context, status=200 if missing is None else 422)


def amendable(board: ChallengeList, at: Any) -> Any:
    """Until when questions are taken; None once that is over."""
    until = questions_until(board)
    return until if board.takes_bids_at(at) and at <= until else None


def seen_by(user: Any, organization: Organization | None) -> Organization | None:
    """The organisation, where the user may see it."""
    if organization is None or not Organization.objects.visible_to(user).filter(pk=organization.pk).exists():
        return None
    return organization


def board_facts(board: ChallengeList, evidence: Any, user: Any) -> list[Fact]:
    publisher, rules = seen_by(user, board.publisher), board.rule_set
    names = {"publisher": publisher.name if publisher else "", "rule_set": str(rules)}
    found = facts(board, FACTS, evidence, **names)
    links = {"publisher": publisher.get_absolute_url() if publisher else "", "rule_set": rules_url(board)}
    return [
        Fact(item.label, item.value, url=links[name]) if links.get(name) else item
        for name, item in zip(FACTS, found, strict=True)
    ]


def rules_url(board: ChallengeList) -> str:
    return reverse("challenges:list-rules", args=[board.ref])


def entries_of(board: ChallengeList, user: Any) -> list[Challenge]:
    rows = Challenge.objects.visible_to(user).filter(board=board).select_related("issuer").prefetch_related("targets")
    return list(rows.order_by("position", "pk"))


def to_do(board: ChallengeList, user: Any) -> list[Any]:
    """What a draft still lacks, for whoever publishes it."""
    if board.state != ListState.DRAFT or not user.has_perm(Permission.PUBLISH_LIST, board):
        return []
    return gaps_of(board, at=timezone.now(), calendar=work_calendar())


@require_safe
def list_rules(request: HttpRequest, ref: str) -> HttpResponse:
    """The rules that a list is held to, in words."""
    board = the_board(request, ref)
    context = {"record": board, "parts": said_rules(board.rules), "digest": board.rules.digest()}
    return render(request, "challenges/list_rules.html", context)


def list_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CREATE_LIST)
    form = BoardForm(request.POST or None, user=request.user)
    back = reverse("challenges:list-list")
    return create_response(request, form, title=_("New list"), back=back, template="ledger/form.html")


def list_edit(request: HttpRequest, ref: str) -> HttpResponse:
    board = the_board(request, ref)
    require(request.user, Permission.CHANGE_LIST, board)
    build = partial(form_of, request.user)
    return edit_response(request, board, build, title=_("Edit list"), template="ledger/form.html")


def form_of(user: Any, data: Any, instance: ChallengeList) -> BoardForm:
    return BoardForm(data, instance=instance, user=user)


@require_POST
def list_remove(request: HttpRequest, ref: str) -> HttpResponse:
    board = the_board(request, ref)
    boards.remove_board(board, actor=request.user, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("%(record)s is removed; its versions are kept.") % {"record": board})
    return redirect("challenges:list-list")


@require_POST
def list_publish(request: HttpRequest, ref: str) -> HttpResponse:
    board = the_board(request, ref)
    require(request.user, Permission.PUBLISH_LIST, board)
    try:
        publishing.publish(board, actor=request.user, at=timezone.now())
    except NotReady as refused:
        return detail(request, the_board(request, ref), refused.gaps)
    messages.success(request, _("The list is published as %(number)s.") % {"number": board.number})
    return redirect(board.get_absolute_url())


@require_POST
def list_close(request: HttpRequest, ref: str) -> HttpResponse:
    board = the_board(request, ref)
    publishing.close(board, actor=request.user, at=timezone.now())
    messages.success(request, _("Bidding is closed."))
    return redirect(board.get_absolute_url())


def list_reopen(request: HttpRequest, ref: str) -> HttpResponse:
    board = the_board(request, ref)
    require(request.user, Permission.CLOSE_LIST, board)
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        amendments.reopen(board, actor=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Bids are taken again."))
        return redirect(board.get_absolute_url())
    context = {"form": form, "title": _("Open the bidding again"), "back": board.get_absolute_url(), "record": board}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


@require_POST
def list_withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    board = the_board(request, ref)
    reason = request.POST.get("reason", "")[:500]
    publishing.withdraw(board, actor=request.user, at=timezone.now(), reason=reason)
    messages.success(request, _("The list is withdrawn."))
    return redirect(board.get_absolute_url())
