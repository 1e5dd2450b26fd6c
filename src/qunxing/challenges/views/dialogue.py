"""Questions and answers in public, amendments, and who follows a list."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qunxing.challenges import telling
from qunxing.challenges.actions import amendments, questions
from qunxing.challenges.actions.amendments import Wanted
from qunxing.challenges.forms.boards import AmendEntryForm, AmendListForm
from qunxing.challenges.forms.calls import AnswerForm, QuestionForm
from qunxing.challenges.models import Challenge, Question
from qunxing.challenges.rules.boards import Permission
from qunxing.challenges.views.boards import the_board
from qunxing.challenges.views.entries import the_challenge
from qunxing.ledger.edges import edit_response, require


@require_POST
def follow_list(request: HttpRequest, ref: str) -> HttpResponse:
    board = the_board(request, ref)
    require(request.user, Permission.FOLLOW_LIST, board)
    if telling.follows(board, request.user):
        telling.unfollow(board, actor=request.user)
        messages.success(request, _("You will not be told of this list any more."))
    else:
        telling.follow(board, actor=request.user)
        messages.success(request, _("You will be told what changes in this list."))
    return redirect(board.get_absolute_url())


def ask(request: HttpRequest, ref: str) -> HttpResponse:
    board = the_board(request, ref)
    require(request.user, Permission.ASK_QUESTION, board)
    entries = Challenge.objects.visible_to(request.user).filter(board=board)
    asked = entries.filter(ref=request.GET.get("challenge", "")).first()
    form = QuestionForm(request.POST or None, challenges=entries, initial={"challenge": asked})
    if request.method == "POST" and form.is_valid():
        questions.ask(board, actor=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Your question is kept; it shows with its answer, without your name."))
        return redirect(f"{board.get_absolute_url()}#questions")
    context = {"form": form, "title": _("Ask in public"), "back": board.get_absolute_url(), "record": board}
    return render(request, "challenges/ask.html", context, status=422 if form.is_bound else 200)


def answer(request: HttpRequest, ref: str, part_ref: str) -> HttpResponse:
    board = the_board(request, ref)
    rows = Question.objects.visible_to(request.user).filter(board=board).select_related("board", "challenge")
    question: Question = get_object_or_404(rows, ref=part_ref)
    require(request.user, Permission.ANSWER_QUESTION, question)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        settle(question, form.cleaned_data, request.user)
        messages.success(request, _("Everybody can read it now."))
        return redirect(f"{board.get_absolute_url()}#questions")
    context = {"form": form, "title": _("Answer"), "back": board.get_absolute_url(), "record": board}
    context["question"] = question
    return render(request, "challenges/answer.html", context, status=422 if form.is_bound else 200)


def settle(question: Question, said: dict[str, Any], actor: Any) -> None:
    if said["decline"]:
        questions.decline(question, actor=actor, at=timezone.now(), reason=said["text"])
    else:
        questions.answer(question, actor=actor, at=timezone.now(), text=said["text"])


def amend_list(request: HttpRequest, ref: str) -> HttpResponse:
    board = the_board(request, ref)
    require(request.user, Permission.AMEND_LIST, board)
    wanted: dict[str, Any] = {}

    def build(data: Any, instance: Any) -> AmendListForm:
        form = AmendListForm(data, instance=instance, user=request.user)
        wanted["form"] = form if data is not None else wanted.get("form")
        return form

    def save(stored: Any, *, actor: Any, values: Any, expected: int, reason: str, **_words: Any) -> Any:
        deadline = wanted["form"].cleaned_data["deadline"]
        change = Wanted(values=values, deadline=deadline, expected=expected)
        amendments.amend(stored, change, actor=actor, at=timezone.now(), why=reason)
        return stored

    return edit_response(request, board, build, title=_("Amend the list"), template="challenges/amend.html", save=save)


def amend_challenge(request: HttpRequest, ref: str) -> HttpResponse:
    entry = the_challenge(request, ref)
    require(request.user, Permission.AMEND_LIST, entry.board)
    build = partial(entry_form, request)
    template = "challenges/challenge_form.html"
    return edit_response(request, entry, build, title=_("Amend the challenge"), template=template, save=save_amended)


def entry_form(request: HttpRequest, data: Any, instance: Challenge) -> AmendEntryForm:
    return AmendEntryForm(data, instance=instance, user=request.user, posted=request.POST)


def save_amended(entry: Any, *, actor: Any, values: Any, expected: int, reason: str, **_words: Any) -> Challenge:
    rows = values.pop("rows")
    change = Wanted(entry, values, rows, expected=expected)
    amendments.amend(entry.board, change, actor=actor, at=timezone.now(), why=reason)
    found: Challenge = entry
    return found
