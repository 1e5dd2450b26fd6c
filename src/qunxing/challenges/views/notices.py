"""Public notices, open to everybody; objections to them and their answers."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.challenges import clock
from qunxing.challenges.about import about
from qunxing.challenges.actions import noticing, objecting
from qunxing.challenges.forms.deciding import AnswerForm, ObjectionForm
from qunxing.challenges.lists.deciding import NOTICES
from qunxing.challenges.models import Notice, Objection, Objector
from qunxing.challenges.papers import in_language, notice_paper, paper_response
from qunxing.challenges.reads import countdown
from qunxing.challenges.rules.deciding import Permission
from qunxing.challenges.states import notice as notices
from qunxing.challenges.states.objection import OPEN
from qunxing.challenges.views.steps import done, form_page, posted, reason_of, today
from qunxing.core.calendars import work_calendar
from qunxing.core.errors import Refused
from qunxing.core.states import available_transitions
from qunxing.ledger.edges import record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import facts, visible_or_404

STEPS = frozenset({"suspend", "resume"})
FACTS = ("number", "first_day", "last_day")


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    return list_response(request, NOTICES)


def the_notice(request: HttpRequest, ref: str) -> Notice:
    rows = Notice.objects.select_related("challenge__board__rule_set", "challenge__issuer", "issuer", "proposal")
    found: Notice = visible_or_404(rows, request.user, ref)
    return found


@require_safe
def notice_detail(request: HttpRequest, ref: str) -> HttpResponse:
    notice = the_notice(request, ref)
    context = record_context(request, notice)
    user: Any = request.user
    oversees = user.has_perm(Permission.SEE_DECIDING, notice)
    mine = Objection.objects.visible_to(user).filter(notice=notice)
    steps = [step for step in available_transitions(user, notice, notices.LIFE) if step.name in STEPS]
    context |= {
        "notice": notice,
        "about": about(notice),
        "lines": [(line, in_language(line.get("what", {}))) for line in notice.lines],
        "facts": facts(notice, FACTS, context["evidence"]),
        "countdown": countdown(notice, today(), work_calendar()),
        "rule": notice.rule,
        "takes": notice.takes_objections_on(today()),
        "objections": list(mine),
        "oversees": oversees,
        "steps": steps,
    }
    return render(request, "challenges/deciding/notice.html", context)


@require_safe
def notice_word(request: HttpRequest, ref: str) -> HttpResponse:
    notice = the_notice(request, ref)
    return paper_response(notice_paper(notice), notice.number)


@require_POST
def notice_move(request: HttpRequest, ref: str, step: str) -> HttpResponse:
    notice = the_notice(request, ref)
    moves = {"suspend": noticing.suspend_notice, "resume": noticing.resume_notice}
    require(request.user, Permission.CONFIRM_AWARD, notice)
    taken = notices.LIFE.named(step)
    if step not in moves:
        return redirect(notice.get_absolute_url())
    moves[step](notice, actor=request.user, day=today(), reason=reason_of(request))
    return done(request, taken.label, notice.get_absolute_url())


def notice_object(request: HttpRequest, ref: str) -> HttpResponse:
    """The form of an objection; who is not signed in may object as well."""
    notice = the_notice(request, ref)
    require(request.user, Permission.OBJECT, notice)
    objecting.check_in_time(notice, today())
    initial = own_words(request.user)
    form = ObjectionForm(posted(request), initial=initial)
    if form.is_bound and form.is_valid():
        return taken_objection(request, notice, form)
    context = {"form": form, "notice": notice, "title": _("Object to this notice"), "back": notice.get_absolute_url()}
    return render(request, "challenges/deciding/object.html", context, status=422 if form.is_bound else 200)


def own_words(user: Any) -> dict[str, str]:
    """What the account tells of who is signed in."""
    return {"name": user.name, "email": user.email} if user.is_authenticated else {}


def taken_objection(request: HttpRequest, notice: Notice, form: ObjectionForm) -> HttpResponse:
    words = form.cleaned_data
    voice = objecting.Voice(words["name"], words["employer"], words["phone"], words["email"], request.user)
    try:
        made = objecting.object_to(notice, at=clock.now(), voice=voice, grounds=words["grounds"], proof=words["proof"])
    except Refused as refused:
        form.add_error(refused.field if isinstance(refused, objecting.BadVoice) else None, str(refused))
        context = {"form": form, "notice": notice, "title": _("Object to this notice")}
        context["back"] = notice.get_absolute_url()
        return render(request, "challenges/deciding/object.html", context, status=422)
    return render(request, "challenges/deciding/objected.html", {"objection": made, "notice": notice})


def the_objection(request: HttpRequest, ref: str) -> Objection:
    rows = Objection.objects.select_related("notice__challenge__board", "objector")
    found: Objection = visible_or_404(rows, request.user, ref)
    return found


@require_safe
def objection_detail(request: HttpRequest, ref: str) -> HttpResponse:
    objection = the_objection(request, ref)
    context = record_context(request, objection)
    user: Any = request.user
    context |= {
        "objection": objection,
        "notice": objection.notice,
        "about": about(objection.notice),
        "objector": Objector.objects.visible_to(user).filter(objection=objection).first(),
        "may_answer": objection.state in OPEN and user.has_perm(Permission.ANSWER_OBJECTION, objection),
        "may_withdraw": objection.state in OPEN and user.has_perm(Permission.WITHDRAW_OBJECTION, objection),
        "overdue": objection.state in OPEN and objection.reply_by < today(),
    }
    return render(request, "challenges/deciding/objection.html", context)


@require_POST
def objection_examine(request: HttpRequest, ref: str) -> HttpResponse:
    objection = the_objection(request, ref)
    objecting.examine(objection, actor=request.user)
    return done(request, _("Examine"), objection.get_absolute_url())


def objection_answer(request: HttpRequest, ref: str) -> HttpResponse:
    objection = the_objection(request, ref)
    require(request.user, Permission.ANSWER_OBJECTION, objection)
    do = partial(objecting.answer, objection, actor=request.user, day=today())
    return form_page(request, AnswerForm(posted(request)), do, title=_("Answer the objection"), row=objection)


@require_POST
def objection_withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    objection = the_objection(request, ref)
    objecting.withdraw(objection, actor=request.user)
    return done(request, _("Withdraw the objection"), objection.get_absolute_url())
