"""Challenges: list, page, forms, their place on the list, and how scenarios and needs become one."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges.actions import boards as actions
from qunxing.challenges.actions import publishing
from qunxing.challenges.forms.boards import ChallengeForm, PutOnListForm
from qunxing.challenges.lists.boards import ENTRIES
from qunxing.challenges.models import Bid, Challenge, ChallengeList, Need, RuleSet
from qunxing.challenges.queries import boards as queries
from qunxing.challenges.readiness import rolled
from qunxing.challenges.rules.bids import Permission as BidPermission
from qunxing.challenges.rules.boards import Permission
from qunxing.challenges.states.challenge import SEALED
from qunxing.challenges.views.boards import seen_by, the_board
from qunxing.challenges.views.tabs import tabs
from qunxing.challenges.wording import listed
from qunxing.core.calendars import work_calendar
from qunxing.core.errors import Refused
from qunxing.core.money import show_money
from qunxing.directory.queries import field_names
from qunxing.ledger.actions import create
from qunxing.ledger.edges import edit_response, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import Fact, facts, visible_or_404
from qunxing.scenarios.models import Appraisal, Scenario
from qunxing.scenarios.rows import stored_rows

FACTS = (
    "number", "issuer", "kind", "purpose", "mechanism", "fields", "money", "payer", "starts_on", "ends_on", "ownership",
)  # fmt: skip
TEXTS = ("problem", "conditions")
CAN = (Permission.CHANGE_CHALLENGE, Permission.CREATE_CHALLENGE, Permission.AMEND_LIST, Permission.WITHDRAW_CHALLENGE)


@require_safe
def challenge_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, ENTRIES, "challenges/list_list.html", tabs=tabs(request, "challenges"))


def the_challenge(request: HttpRequest, ref: str) -> Challenge:
    rows = Challenge.objects.select_related("board__rule_set", "issuer", "payer", "scenario", "need")
    found: Challenge = visible_or_404(rows, request.user, ref)
    return found


@require_safe
def challenge_detail(request: HttpRequest, ref: str) -> HttpResponse:
    entry = the_challenge(request, ref)
    context = record_context(request, entry)
    record, user, at = context["record"], request.user, timezone.now()
    board = entry.board
    context |= {
        "board": board,
        "facts": challenge_facts(record, context["evidence"], user),
        "texts": facts(record, TEXTS, context["evidence"]),
        "steps": queries.way_of_challenge(entry),
        "targets": stored_rows(record, "targets"),
        "contact": queries.contact_of(record, user=user),
        "questions": queries.questions_of(board, user=user, challenge=entry),
        "source": source_of(entry, user),
        "can": {permission.name.lower(): user.has_perm(permission, about(permission, entry)) for permission in CAN},
        "in_draft": entry.state == "draft",
        "unappraised": user.has_perm(Permission.CHANGE_CHALLENGE, entry) and is_unappraised(entry),
        "withdrawable": entry.state in publishing.WITHDRAWABLE and entry.state != "draft",
        "sealed": entry.state in SEALED and board.published_on is not None,
        "takes_bids": (takes_bids := board.takes_bids_at(at) and entry.state == "open"),
        "may_bid": takes_bids
        and user.has_perm(BidPermission.CREATE_BID)
        and not user.has_perm("challenges.run_challenge"),
        "bids": list(
            Bid.objects.visible_to(user).filter(challenge=entry).select_related("challenge").order_by("pk")[:50]
        ),
    }
    return render(request, "challenges/challenge.html", context)


def is_unappraised(entry: Challenge) -> bool:
    """Whether it is still to be published though nobody found its scenario fit for that; needs come recommended."""
    if entry.state != "draft" or entry.need is not None:
        return False
    return entry.scenario is None or not entry.scenario.appraisals.filter(verdict=Appraisal.Verdict.FIT).exists()


def about(permission: Permission, entry: Challenge) -> Any:
    return entry.board if permission == Permission.AMEND_LIST else entry


def source_of(entry: Challenge, user: Any) -> Scenario | None:
    """The scenario it was made of, where the reader may see that."""
    found: Scenario | None = Scenario.objects.visible_to(user).filter(pk=entry.scenario_id).first()
    return found


def challenge_facts(entry: Challenge, evidence: Any, user: Any) -> list[Fact]:
    payer = seen_by(user, entry.payer)
    shown = facts(
        entry,
        FACTS,
        evidence,
        issuer=entry.issuer.name,
        payer=payer.name if payer else "",
        fields=listed(name for name in field_names(entry.fields)),
        money="" if entry.money is None else show_money(entry.money),
    )
    links = {"issuer": entry.issuer.get_absolute_url(), "payer": payer.get_absolute_url() if payer else ""}
    labels = {"money": _("Money")}
    return [
        replace(item, url=links.get(name, "") or item.url, label=labels.get(name, item.label))
        for name, item in zip(FACTS, shown, strict=True)
    ]


def form_of(request: HttpRequest, data: Any, instance: Challenge | None) -> ChallengeForm:
    return ChallengeForm(data, instance=instance, user=request.user, posted=request.POST)


def challenge_create(request: HttpRequest, ref: str) -> HttpResponse:
    board = the_board(request, ref)
    require(request.user, Permission.CREATE_CHALLENGE)
    require(request.user, Permission.CHANGE_LIST, board)
    form = form_of(request, request.POST or None, None)
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)
        made.board = board
        actions.add_challenge(made, actor=request.user, rows=form.rows or (), **form.words)
        messages.success(request, _("%(record)s is saved.") % {"record": made})
        return redirect(made.get_absolute_url())
    context = {"form": form, "title": _("New challenge"), "back": board.get_absolute_url(), "record": board}
    return render(request, "challenges/challenge_form.html", context, status=422 if form.is_bound else 200)


def challenge_edit(request: HttpRequest, ref: str) -> HttpResponse:
    entry = the_challenge(request, ref)
    require(request.user, Permission.CHANGE_CHALLENGE, entry)
    build = partial(form_of, request)
    template = "challenges/challenge_form.html"
    return edit_response(request, entry, build, title=_("Edit challenge"), template=template, save=save_challenge)


def save_challenge(entry: Any, *, values: dict[str, Any], **words: Any) -> Challenge:
    rows = values.pop("rows")
    return actions.change_challenge(entry, values=values, rows=rows, **words)


@require_POST
def challenge_place(request: HttpRequest, ref: str) -> HttpResponse:
    entry = the_challenge(request, ref)
    actions.move_challenge(entry, -1 if request.POST.get("way") == "up" else 1, actor=request.user)
    return redirect(f"{entry.board.get_absolute_url()}#entries")


@require_POST
def challenge_remove(request: HttpRequest, ref: str) -> HttpResponse:
    entry = the_challenge(request, ref)
    board = entry.board
    actions.remove_challenge(entry, actor=request.user, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("%(record)s is removed; its versions are kept.") % {"record": entry})
    return redirect(board.get_absolute_url())


@require_POST
def challenge_withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    entry = the_challenge(request, ref)
    reason = request.POST.get("reason", "")[:500]
    publishing.withdraw_challenge(entry, actor=request.user, at=timezone.now(), reason=reason)
    messages.success(request, _("The challenge is withdrawn."))
    return redirect(entry.get_absolute_url())


@require_POST
def from_scenario(request: HttpRequest, ref: str) -> HttpResponse:
    """One click: a scenario goes on a list in the making, or on a new one."""
    scenario: Scenario = visible_or_404(Scenario.objects.select_related("organization", "contact"), request.user, ref)
    require(request.user, Permission.CREATE_CHALLENGE)
    made = actions.add_from_scenario(chosen_board(request, scenario.title), scenario, actor=request.user)
    messages.success(request, _("“%(record)s” stands on the list.") % {"record": made})
    return redirect(made.get_absolute_url())


@require_POST
def from_need(request: HttpRequest, ref: str) -> HttpResponse:
    need: Need = visible_or_404(Need.objects.select_related("organization", "scenario"), request.user, ref)
    require(request.user, Permission.CREATE_CHALLENGE)
    made = actions.add_from_need(chosen_board(request, need.title), need, actor=request.user)
    messages.success(request, _("“%(record)s” stands on the list.") % {"record": made})
    return redirect(made.get_absolute_url())


def chosen_board(request: HttpRequest, title: str) -> ChallengeList:
    """The list that was chosen; else the newest in the making; else a new one under the first rule set in force."""
    form = PutOnListForm(request.POST)
    if not form.is_valid():
        raise Refused(_("This list is published or gone."), _("Choose a list that is in the making."), 409)
    found: ChallengeList | None = form.cleaned_data["board"]
    if found is not None:
        return found
    rules = RuleSet.objects.filter(in_force=True).order_by("pk").first()
    if rules is None:
        raise Refused(_("There is no rule set yet."), _("Take one over among the rule sets first."), 409)
    return create(new_board(title, rules), actor=request.user)


def new_board(title: str, rules: RuleSet) -> ChallengeList:
    """A list that is open as long as its rules ask, until five in the afternoon of a day that is worked."""
    local = timezone.localtime() + timedelta(days=rules.rules.bidding.open_days + 7)
    deadline = rolled(local.replace(hour=17, minute=0, second=0, microsecond=0), work_calendar())
    return ChallengeList(title=title[:190], rule_set=rules, deadline=deadline)
