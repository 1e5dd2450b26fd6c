"""The bench of a stage, for staff and officers: test sets, scorers, testing bodies, baselines, the queue, signs."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.core.errors import Refused
from qunxing.ledger.edges import require
from qunxing.ledger.queries import visible_or_404
from qunxing.races.actions import baselines, testsets
from qunxing.races.actions.flagging import look_at
from qunxing.races.actions.testsets import BadAnswers, Proposed
from qunxing.races.forms.entries import BaselineForm, BodyForm, LookForm, ScorerForm, TestSetForm
from qunxing.races.keys import scorer_path
from qunxing.races.models import Entry, Flag, Scorer, Stage, TestingBody
from qunxing.races.queries.scales import scale_of
from qunxing.races.rules.entering import Permission
from qunxing.races.scorewords import FaultRow, fault_rows, stored
from qunxing.races.states.entry import EntryState, FlagState
from qunxing.races.uploading import MEGABYTE, let_go, taken, with_sealed_uploads

F = TypeVar("F", bound=forms.Form)
LARGEST = 200 * MEGABYTE
SHOWN = 200


def the_stage(request: HttpRequest, ref: str) -> Stage:
    found: Stage = visible_or_404(Stage.objects.select_related("race"), request.user, ref)
    return found


@login_required
@require_safe
def bench(request: HttpRequest, ref: str) -> HttpResponse:
    """Everything about a stage's scoring on one page."""
    stage = the_stage(request, ref)
    require(request.user, Permission.SEE_SEALED, stage)
    rows = Entry.objects.filter(stage=stage).select_related("lane").prefetch_related("runs")
    flags = Flag.objects.filter(stage=stage).select_related("lane", "other").order_by("state", "pk")
    words = {
        "stage": stage,
        "race": stage.race,
        "plan": stage.gate,
        "keeps": request.user.has_perm(Permission.KEEP_TEST_SET, stage),
        "looks": request.user.has_perm(Permission.LOOK_AT_FLAG, stage),
        "test_sets": list(stage.test_sets.order_by("-version")),
        "scorer": Scorer.objects.filter(digest=stage.gate.scorer).first() if stage.gate.scorer else None,
        "bodies": list(stage.testing_bodies.select_related("organization")),
        "baselines": list(stage.baselines.order_by("pk")),
        "scale": scale_of(stage.gate),
        "entries": [(row, last_run(row)) for row in rows.order_by("-received_at", "-pk")[:SHOWN]],
        "counts": counts_of(stage),
        "flags": list(flags),
        "open_flags": sum(flag.state == FlagState.OPEN for flag in flags),
        "look_form": LookForm(),
    }
    return render(request, "races/entries/bench.html", words)


def last_run(entry: Entry) -> Any:
    runs = list(entry.runs.all())
    return runs[-1] if runs else None


def counts_of(stage: Stage) -> list[tuple[Any, int]]:
    """How many entries stand in each state."""
    states = list(Entry.objects.filter(stage=stage).values_list("state", flat=True))
    return [(EntryState(state).label, states.count(state)) for state in EntryState if state in states]


# --- test sets ------------------------------------------------------------------------------------------------------


def prepare(request: HttpRequest, ref: str) -> tuple[Any, int]:
    stage = the_stage(request, ref)
    require(request.user, Permission.KEEP_TEST_SET, stage)
    return stage.race, LARGEST


@with_sealed_uploads(prepare)
def testset_create(request: HttpRequest, ref: str) -> HttpResponse:
    return kept_page(request, ref, TestSetForm, keep, _("The test set is sealed and in force."), "testset.html")


def kept_page(
    request: HttpRequest,
    ref: str,
    shape: type[F],
    keeper: Callable[[HttpRequest, F, Stage], list[FaultRow]],
    told: str,
    template: str,
    **words: Any,
) -> HttpResponse:
    """The form of something that is kept for a stage with its file; once it is kept, back to the bench."""
    stage = the_stage(request, ref)
    require(request.user, Permission.KEEP_TEST_SET, stage)
    form, faults = shape(request.POST or None, request.FILES or None), []
    if request.method == "POST":
        faults = keeper(request, form, stage)
        if form.is_valid() and not faults:
            messages.success(request, told)
            return redirect("races:bench", stage.ref)
    words |= {"form": form, "faults": faults, "stage": stage, "race": stage.race}
    return render(request, f"races/entries/{template}", words, status=422 if form.is_bound else 200)


def keep(request: HttpRequest, form: TestSetForm, stage: Stage) -> list[FaultRow]:
    """Register what the form says; the faults of its file, or errors on the form."""
    files = {name: taken(request, name) for name in ("file", "public", "questions")}
    main = files["file"]
    try:
        if form.is_valid() and main is None:
            form.add_error("file", _("Choose a file."))
        if not form.is_valid() or main is None:
            return []
        words = form.cleaned_data
        proposed = Proposed(
            words["name"],
            main,
            words["entry_schema"],
            words["key_schema"],
            files["public"],
            files["questions"],
            words["origin"],
        )
        testsets.keep_test_set(stage, actor=request.user, day=timezone.localdate(), proposed=proposed)
    except BadAnswers as bad:
        return fault_rows(stored(bad.faults))
    except Refused as refused:
        say_on(form, refused)
    finally:
        for received in files.values():
            let_go(stage.race, received)
    return []


def say_on(form: forms.Form, refused: Refused) -> None:
    """What is wrong with what was typed stands above it; a step that is not possible at all is told as ever."""
    if refused.status != 422:
        raise refused
    form.add_error(None, str(refused))


# --- scorers --------------------------------------------------------------------------------------------------------


@login_required
@require_safe
def scorer_list(request: HttpRequest) -> HttpResponse:
    """The scorers that are kept."""
    require(request.user, Permission.SEE_SEALED)
    keeps = request.user.has_perm(Permission.KEEP_SCORER)
    words = {"keeps": keeps, "scorers": list(Scorer.objects.visible_to(request.user))}
    return render(request, "races/entries/scorers.html", words)


@login_required
def scorer_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.KEEP_SCORER)
    form = ScorerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = scorer_in(form, request.user)
        except Refused as refused:
            say_on(form, refused)
        else:
            messages.success(request, _("Kept. A gate names it by its digest."))
            return redirect(made.get_absolute_url())
    return render(request, "races/entries/scorer_form.html", {"form": form}, status=422 if form.is_bound else 200)


def scorer_in(form: ScorerForm, actor: Any) -> Scorer:
    words = form.cleaned_data
    return testsets.keep_scorer(
        actor=actor,
        day=timezone.localdate(),
        name=words["name"],
        data=words["file"].read(testsets.LARGEST_SCORER + 1),
        limits={"seconds": words["seconds"], "megabytes": words["megabytes"]},
        origin=words["about"],
    )


@login_required
@require_safe
def scorer_detail(request: HttpRequest, ref: str) -> HttpResponse:
    scorer = visible_or_404(Scorer.objects.all(), request.user, ref)
    require(request.user, Permission.SEE_SEALED)
    path = scorer_path(scorer.digest)
    source = path.read_text(encoding="utf-8-sig", errors="replace") if path.exists() else ""
    return render(request, "races/entries/scorer.html", {"scorer": scorer, "source": source})


# --- bodies, baselines, signs ---------------------------------------------------------------------------------------


@login_required
def body_create(request: HttpRequest, ref: str) -> HttpResponse:
    stage = the_stage(request, ref)
    require(request.user, Permission.KEEP_TEST_SET, stage)
    form = BodyForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("organization", "key")}
        try:
            testsets.register_body(stage, actor=request.user, day=timezone.localdate(), **said)
        except Refused as refused:
            say_on(form, refused)
        else:
            messages.success(request, _("The key is registered at this gate."))
            return redirect("races:bench", stage.ref)
    words = {"form": form, "stage": stage, "race": stage.race, "title": _("Register a testing body")}
    return render(request, "races/entries/form.html", words, status=422 if form.is_bound else 200)


@require_POST
def body_revoke(request: HttpRequest, ref: str) -> HttpResponse:
    body = visible_or_404(TestingBody.objects.select_related("stage__race"), request.user, ref)
    require(request.user, Permission.KEEP_TEST_SET, body.stage)
    reason = request.POST.get("reason", "")
    testsets.revoke_body(body, actor=request.user, day=timezone.localdate(), reason=reason)
    messages.success(request, _("Tables with this key are taken no more."))
    return redirect("races:bench", body.stage.ref)


@with_sealed_uploads(prepare)
def baseline_create(request: HttpRequest, ref: str) -> HttpResponse:
    told, title = _("The baseline stands on the board."), _("Add a baseline")
    return kept_page(request, ref, BaselineForm, keep_baseline, told, "form.html", title=title)


def keep_baseline(request: HttpRequest, form: BaselineForm, stage: Stage) -> list[FaultRow]:
    file = taken(request)
    try:
        if form.is_valid() and file is None:
            form.add_error("file", _("Choose a file."))
        if not form.is_valid() or file is None:
            return []
        words = form.cleaned_data
        baselines.keep_baseline(
            stage,
            actor=request.user,
            day=timezone.localdate(),
            name=words["name"],
            file=file,
            about=words["about"],
        )
    except BadAnswers as bad:
        return fault_rows(stored(bad.faults))
    except Refused as refused:
        say_on(form, refused)
    finally:
        let_go(stage.race, file)
    return []


@require_POST
def flag_look(request: HttpRequest, ref: str) -> HttpResponse:
    """Close a sign of trouble with what was found."""
    flag = visible_or_404(Flag.objects.select_related("stage__race"), request.user, ref)
    require(request.user, Permission.LOOK_AT_FLAG, flag)
    form = LookForm(request.POST)
    words = form.cleaned_data if form.is_valid() else {"found": "no", "looked": ""}
    found = words["found"] == "yes"
    look_at(flag, actor=request.user, found=found, looked=words["looked"], day=timezone.localdate())
    messages.success(request, _("Kept. Nothing follows from it by itself."))
    return redirect("races:bench", flag.stage.ref)
