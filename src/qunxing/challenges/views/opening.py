"""The opening of a list's bids: what waits, the two confirmations, what came out; and the key."""

from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges import clock, sealing
from qunxing.challenges.actions import opening
from qunxing.challenges.models import Bid, ChallengeList, Opening
from qunxing.challenges.openingjobs import MANY, start_opening
from qunxing.challenges.queries.bids import COUNTED
from qunxing.challenges.rules.bids import Permission
from qunxing.challenges.rulewords import CHOICES
from qunxing.challenges.verifying import set_aside_in
from qunxing.ledger.edges import require
from qunxing.ledger.models import LogEntry
from qunxing.ledger.queries import visible_or_404


def the_board(request: HttpRequest, ref: str) -> ChallengeList:
    """A list whose bids this reader may see being opened."""
    found: ChallengeList = visible_or_404(ChallengeList.objects.select_related("rule_set"), request.user, ref)
    require(request.user, Permission.RESTORE_KEY)
    return found


@require_safe
def opening_page(request: HttpRequest, ref: str) -> HttpResponse:
    board = the_board(request, ref)
    now = clock.now()
    rounds = openings_of(board)
    aside = set_aside_in(board).count()
    waiting = opening.waiting_opening(board, now) if aside or not rounds else None
    words = {
        "board": board,
        "roles": [CHOICES["opening.roles"][role] for role in board.rules.opening.roles],
        "counts": sealed_counts(board),
        "passed": opening.may_open_at(board, now),
        "key_problem": key_problem(board),
        "rounds": rounds,
        "aside": aside,
        "waiting": waiting,
        "may": request.user.has_perm(Permission.OPEN_BIDS, board),
        "may_second": waiting is not None and opening.makes_pair(board, waiting.first, request.user),
    }
    return render(request, "challenges/bids/opening.html", words)


def sealed_counts(board: ChallengeList) -> list[tuple[Any, int]]:
    """(challenge, bids received) for each challenge of the list."""
    rows = Bid.objects.filter(challenge__board=board, state__in=COUNTED).values("challenge").annotate(n=Count("pk"))
    counts = {row["challenge"]: row["n"] for row in rows.order_by()}
    return [(challenge, counts.get(challenge.pk, 0)) for challenge in board.challenges.all()]


def key_problem(board: ChallengeList) -> Any:
    """Why the list's key cannot be used; None when it can, or when there is none yet."""
    if not board.key_digest:
        return None
    try:
        sealing.key_of(board)
    except sealing.KeyMissing as problem:
        return problem
    return None


def openings_of(board: ChallengeList) -> list[tuple[Opening, LogEntry | None, list[dict[str, Any]]]]:
    """The openings that were done, the first first, each with its entry in the log and what became of each bid."""
    done = Opening.objects.filter(board=board, second__isnull=False).select_related("first", "second").order_by("pk")
    entries = LogEntry.objects.filter(kind=opening.OPENED_ENTRY, subject_ref=board.ref).order_by("index")
    return [(row, entry, shown_results(row)) for row, entry in zip_longest(done, entries) if row is not None]


def shown_results(done: Opening) -> list[dict[str, Any]]:
    bids = Bid.objects.filter(ref__in=[one["bid"] for one in done.results]).select_related("organization", "challenge")
    by_ref = {bid.ref: bid for bid in bids}
    return [{**one, "row": by_ref[one["bid"]]} for one in done.results if one["bid"] in by_ref]


@require_POST
def opening_begin(request: HttpRequest, ref: str) -> HttpResponse:
    board = the_board(request, ref)
    require(request.user, Permission.OPEN_BIDS, board)
    opening.begin_opening(board, actor=request.user, at=clock.now())
    messages.success(request, _("Confirmed. The bids open when the second person confirms, within half an hour."))
    return redirect("challenges:opening", board.ref)


@require_POST
def opening_confirm(request: HttpRequest, ref: str) -> HttpResponse:
    """The second word; many bids are opened by the worker, with a bar that shows how far it is."""
    board = the_board(request, ref)
    require(request.user, Permission.OPEN_BIDS, board)
    at = clock.now()
    waiting = opening.need_waiting(board, at)
    if sum(count for _challenge, count in sealed_counts(board)) > MANY:
        opening.check_second(waiting, request.user, at)
        job = start_opening(waiting, actor=request.user, at=at, language=get_language() or "zh-hans")
        return redirect("ledger:job-detail", job.ref)
    done = opening.confirm_opening(waiting, actor=request.user, at=at)
    tell_opened(request, done)
    return redirect("challenges:opening", board.ref)


def tell_opened(request: HttpRequest, done: Opening) -> None:
    opened = sum(one["verified"] for one in done.results)
    words = {"count": opened, "aside": len(done.results) - opened}
    if words["aside"]:
        told = _("%(count)s bids are open. %(aside)s are not what was received: they were set aside.")
        messages.warning(request, told % words)
    else:
        messages.success(request, _("%(count)s bids are open; every digest verified.") % words)


@require_POST
def key_restore(request: HttpRequest, ref: str) -> HttpResponse:
    board = the_board(request, ref)
    opening.restore_key(board, actor=request.user)
    messages.success(request, _("The key is in its place again."))
    return redirect("challenges:opening", board.ref)
