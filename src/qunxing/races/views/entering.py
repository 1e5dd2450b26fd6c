"""Pages of entries: handing in, what came of it, the file, the receipt."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges import clock
from qunxing.challenges.views.bids import check_page
from qunxing.core.errors import Refused
from qunxing.ledger.edges import require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import visible_or_404
from qunxing.races.actions import disqualifying, scoring
from qunxing.races.actions.entering import Handed, hand_in, left_for
from qunxing.races.forms.entries import EntryForm
from qunxing.races.keys import entry_schema, set_in_force
from qunxing.races.lists.entries import ENTRIES
from qunxing.races.models import Entry, Lane, Stage
from qunxing.races.queries.courses import chart_of, courses_of
from qunxing.races.queries.entries import ahead_of, receipt_of, run_rows
from qunxing.races.queries.scales import scale_of
from qunxing.races.receipts import ENTRY_RECEIPT
from qunxing.races.rules.entering import Permission
from qunxing.races.scorewords import fault_rows
from qunxing.races.sealing import has, unseal
from qunxing.races.states.entry import EntryState
from qunxing.races.states.stage import StageState
from qunxing.races.uploading import MEGABYTE, file_name, let_go, taken, with_sealed_uploads

LARGEST_SIGNATURE = 10_000
UNDER_WAY = frozenset({EntryState.RECEIVED, EntryState.QUEUED, EntryState.SCORING})


def the_entry(request: HttpRequest, ref: str) -> Entry:
    rows = Entry.objects.select_related("lane__organization", "lane__race", "stage__race", "body__organization", "by")
    found: Entry = visible_or_404(rows, request.user, ref)
    return found


def the_place(request: HttpRequest, lane: str, stage: str) -> tuple[Lane, Stage]:
    """The lane and the stage of its race; 404 where the reader sees none of them."""
    found = visible_or_404(Lane.objects.select_related("race", "organization"), request.user, lane)
    at = visible_or_404(Stage.objects.select_related("race"), request.user, stage)
    if at.race_id != found.race_id:
        raise Http404
    return found, at


@login_required
@require_safe
def entry_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, ENTRIES)


# --- handing in -----------------------------------------------------------------------------------------------------


def prepare(request: HttpRequest, lane: str, stage: str) -> tuple[Any, int]:
    """Who may not hand in is told before a byte of the file is read."""
    found, at = the_place(request, lane, stage)
    require(request.user, Permission.HAND_IN_ENTRY, found)
    return at.race, at.gate.entries.megabytes * MEGABYTE


@with_sealed_uploads(prepare)
def entry_create(request: HttpRequest, lane: str, stage: str) -> HttpResponse:
    found, at_stage = the_place(request, lane, stage)
    require(request.user, Permission.HAND_IN_ENTRY, found)
    form = EntryForm(request.POST or None, request.FILES or None, stage=at_stage)
    if request.method == "POST":
        entry = received(request, form, found, at_stage)
        if entry is not None:
            return redirect(entry.get_absolute_url())
    words = enter_words(found, at_stage) | {"form": form}
    return render(request, "races/entries/create.html", words, status=422 if form.is_bound else 200)


def received(request: HttpRequest, form: EntryForm, lane: Lane, stage: Stage) -> Entry | None:
    """The entry that came with the request; None where the form says what is missing."""
    file, signed = taken(request), taken(request, "signature")
    if not form.is_valid() or file is None:
        if file is None and form.is_valid():
            form.add_error("file", _("Choose a file."))
        let_go(stage.race, file)
        let_go(stage.race, signed)
        return None
    words = form.cleaned_data
    handed = Handed(file, words["kind"], signature_in(stage, signed), words.get("remark", ""), words.get("cost"))
    try:
        entry = hand_in(lane, stage, actor=request.user, at=clock.arrival(request, stage.race.rules), handed=handed)
    except Refused:
        let_go(stage.race, file)
        raise
    finally:
        let_go(stage.race, signed)
    tell_received(request, entry)
    return entry


def signature_in(stage: Stage, signed: Any) -> bytes:
    if signed is None or signed.size > LARGEST_SIGNATURE:
        return b""
    return b"".join(unseal(stage.race, signed.sealed.name))


def tell_received(request: HttpRequest, entry: Entry) -> None:
    if entry.state == EntryState.REFUSED:
        messages.error(request, _("Received and kept, but it does not count: the file cannot be read as asked."))
    else:
        messages.success(request, _("Received. Keep the receipt: it proves what was handed in, and when."))


def enter_words(lane: Lane, stage: Stage) -> dict[str, Any]:
    """What the page of handing in tells: the window, what is left, the form of the file, what was handed in."""
    now, test_set, plan = clock.now(), set_in_force(stage), stage.gate
    entries = list(Entry.objects.filter(lane=lane, stage=stage).select_related("lane").order_by("-number")[:20])
    (course,) = courses_of([lane], stage) if plan.board.mode != "blind" else ([],)
    return {
        "lane": lane,
        "stage": stage,
        "race": stage.race,
        "plan": plan,
        "open": stage.takes_entries_at(now),
        "left": left_for(lane, stage, now),
        "test_set": test_set,
        "schema": entry_schema(test_set) if test_set else None,
        "questions": bool(test_set and test_set.questions_digest and handed_out(stage, now)),
        "entries": entries,
        "chart": chart_of([course], scale_of(plan), _("What the board showed")) if course else None,
    }


@login_required
@require_safe
def questions_file(request: HttpRequest, lane: str, stage: str) -> HttpResponse | StreamingHttpResponse:
    """The questions, for the teams once the window is open; staff and officers get them before."""
    found, at_stage = the_place(request, lane, stage)
    require(request.user, Permission.READ_ENTRY, found)
    test_set = set_in_force(at_stage)
    early = not handed_out(at_stage, clock.now())
    if test_set is None or not test_set.questions_digest:
        raise Http404
    if early and not request.user.has_perm(Permission.SEE_SEALED, at_stage):
        raise Refused(_("The questions are handed out when the window opens."), status=409)
    return sent(at_stage.race, f"questions/{test_set.questions_digest}", f"questions-{at_stage.order}")


def handed_out(stage: Stage, now: datetime) -> bool:
    """Whether the teams have the questions: the stage has begun, and its window is open or was."""
    return stage.state != StageState.PLANNED and stage.opens_at is not None and stage.opens_at <= now


def sent(race: Any, name: str, label: str) -> HttpResponse | StreamingHttpResponse:
    """A sealed file in the clear, always as a download; its first piece is opened before anything is sent."""
    if not has(race, name):
        raise Http404
    pieces = unseal(race, name)
    answer = StreamingHttpResponse(chained(next(pieces), pieces), content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{escape_uri_path(label)}"
    return answer


def chained(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces


# --- one entry ------------------------------------------------------------------------------------------------------


@login_required
@require_safe
def entry_detail(request: HttpRequest, ref: str) -> HttpResponse:
    entry = the_entry(request, ref)
    require(request.user, Permission.READ_ENTRY, entry)
    under_way = entry.state in UNDER_WAY
    words = {
        "entry": entry,
        "race": entry.stage.race,
        "faults": fault_rows(entry.faults),
        "runs": run_rows(entry, request.user),
        "scale": scale_of(entry.stage.gate),
        "under_way": under_way,
        "ahead": ahead_of(entry) if under_way else 0,
        "scores": request.user.has_perm(Permission.SCORE_ENTRY, entry),
        "sees": request.user.has_perm(Permission.SEE_SEALED, entry.stage),
        "disqualifies": request.user.has_perm(Permission.DISQUALIFY_ENTRY, entry),
    }
    return render(request, "races/entries/detail.html", words)


@login_required
@require_safe
def entry_file(request: HttpRequest, ref: str) -> HttpResponse | StreamingHttpResponse:
    """The file as it was handed in, for its team, staff and officers."""
    entry = the_entry(request, ref)
    require(request.user, Permission.READ_ENTRY, entry)
    return sent(entry.stage.race, file_name(entry.ref), entry.name)


@login_required
@require_safe
def entry_receipt(request: HttpRequest, ref: str) -> HttpResponse:
    entry = the_entry(request, ref)
    require(request.user, Permission.READ_ENTRY, entry)
    body = json.dumps(receipt_of(entry), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="entry-{entry.ref}.json"'}
    return HttpResponse(body, content_type="application/json", headers=headers)


def receipt_check(request: HttpRequest) -> HttpResponse:
    return check_page(request, ENTRY_RECEIPT)


# --- steps of staff -------------------------------------------------------------------------------------------------


@require_POST
def entry_step(request: HttpRequest, ref: str, step: str) -> HttpResponse:
    """Disqualify, reinstate, score again, take off the queue: each with its reason."""
    entry = the_entry(request, ref)
    steps: dict[str, tuple[Permission, Callable[..., Any], str]] = {
        "disqualify": (Permission.DISQUALIFY_ENTRY, disqualifying.disqualify, _("Disqualified.")),
        "reinstate": (Permission.DISQUALIFY_ENTRY, disqualifying.reinstate, _("Reinstated.")),
        "rerun": (Permission.SCORE_ENTRY, scoring.rerun, _("It waits to be scored again; the runs before stay.")),
        "cancel": (Permission.SCORE_ENTRY, scoring.cancel, pgettext("entry", "Taken off the queue.")),
    }
    if step not in steps:
        raise Http404
    permission, act, said = steps[step]
    require(request.user, permission, entry)
    words = {"at": clock.now()} if step == "cancel" else {}
    act(entry, actor=request.user, reason=request.POST.get("reason", ""), **words)
    messages.success(request, said)
    return redirect(entry.get_absolute_url())
