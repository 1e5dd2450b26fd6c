"""The register: list, page, form, steps, and what experts declare."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST, require_safe

from qunxing.core.errors import Text
from qunxing.core.masking import mask_email, mask_name, mask_phone
from qunxing.directory.queries import field_names
from qunxing.ledger.actions import create, remove
from qunxing.ledger.edges import create_response, edit_response, record_context, require
from qunxing.ledger.lists import list_response
from qunxing.ledger.queries import Fact, facts, visible_or_404
from qunxing.panels import actions
from qunxing.panels.forms import ExpertForm, JobForm, KinForm, OwnForm, StakeForm
from qunxing.panels.lists import experts_for
from qunxing.panels.models import Expert, Job, Kin, Seat, Stake
from qunxing.panels.models.experts import Language
from qunxing.panels.rules import Permission
from qunxing.panels.states import EXPERT

FACTS = (
    "title", "employer", "profession", "outside", "fields", "languages", "load_cap", "email", "phone", "keywords",
)  # fmt: skip


@require_safe
def expert_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE_REGISTER)
    return list_response(request, experts_for(request.user))


@require_safe
def expert_detail(request: HttpRequest, ref: str) -> HttpResponse:
    expert = shown_expert(request, ref)
    full = request.user.has_perm(Permission.SEE_EXPERT, expert)
    context = record_context(request, expert, EXPERT)
    context |= {
        "name": expert.name if full else mask_name(expert.name),
        "full": full,
        "facts": expert_facts(context["record"], full=full),
        "ties": tie_panels(expert, request.user, full=full),
        "seats": Seat.objects.filter(expert=expert).select_related("panel").order_by("-panel__day", "-pk"),
        "sees_panels": request.user.has_perm(Permission.SEE_PANELS),
        "may_edit": request.user.has_perm(Permission.DECLARE, expert),
    }
    return render(request, "panels/expert.html", context)


def shown_expert(request: HttpRequest, ref: str) -> Expert:
    found: Expert = visible_or_404(Expert.objects.select_related("employer", "user"), request.user, ref)
    return found


def expert_facts(expert: Expert, *, full: bool) -> list[Fact]:
    """Personal data in full for staff and the expert, masked for others."""
    labels = dict(Language.choices)
    return facts(
        expert,
        FACTS,
        (),
        employer=expert.employer_label,
        fields=pgettext("between the items of a list", ", ").join(name.strip() for name in field_names(expert.fields)),
        languages=pgettext("between the items of a list", ", ").join(
            str(labels.get(code, code)) for code in expert.languages
        ),
        email=expert.email if full else mask_email(expert.email),
        phone=expert.phone if full else mask_phone(expert.phone),
    )


def expert_create(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.CREATE_EXPERT)
    form = ExpertForm(request.POST or None, user=request.user)
    return create_response(request, form, title=_("New expert"), back=reverse("panels:expert-list"))


def expert_edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Staff keep everything, experts what they know best themselves."""
    expert = shown_expert(request, ref)
    require(request.user, Permission.DECLARE, expert)
    kind = ExpertForm if request.user.has_perm(Permission.CHANGE_EXPERT, expert) else OwnForm
    return edit_response(request, expert, partial(form_of, kind, request.user), title=_("Edit expert"))


def form_of(kind: Any, user: Any, data: Any, instance: Any) -> Any:
    return kind(data, instance=instance, user=user)


@require_POST
def expert_move(request: HttpRequest, ref: str) -> HttpResponse:
    expert = shown_expert(request, ref)
    reason = request.POST.get("reason", "")
    actions.move_expert(expert, request.POST.get("step", ""), actor=request.user, reason=reason)
    words = {"expert": expert, "state": expert.get_state_display()}
    messages.success(request, _("%(expert)s is now %(state)s.") % words)
    return redirect(expert.get_absolute_url())


# --- declarations ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TiePages:
    """How one kind of declaration is shown and filled in."""

    model: Any
    form: Any
    title: Text
    icon: str
    of: Callable[[Expert], Any]


TIES = {
    "jobs": TiePages(Job, JobForm, gettext_lazy("Past and present jobs"), "briefcase", lambda one: one.jobs),
    "stakes": TiePages(Stake, StakeForm, gettext_lazy("Stakes and offices"), "coins", lambda one: one.stakes),
    "kin": TiePages(Kin, KinForm, gettext_lazy("Relatives"), "users", lambda one: one.kin),
}


@dataclass(frozen=True)
class ShownTie:
    label: str
    name: str
    days: str
    edit_url: str
    remove_url: str


@dataclass(frozen=True)
class TiePanel:
    """The declarations of one kind; addresses are empty for whoever may not."""

    code: str
    title: Text
    icon: str
    rows: list[ShownTie]
    add_url: str


def tie_panels(expert: Expert, user: Any, *, full: bool) -> list[TiePanel]:
    may = user.has_perm(Permission.DECLARE, expert)
    return [
        TiePanel(
            code,
            pages.title,
            pages.icon,
            [
                shown_tie(expert, code, row, may=may, full=full)
                for row in pages.of(expert).select_related("organization")
            ],
            reverse("panels:tie-create", args=[expert.ref, code]) if may else "",
        )
        for code, pages in TIES.items()
    ]


def shown_tie(expert: Expert, code: str, row: Any, *, may: bool, full: bool) -> ShownTie:
    name = getattr(row, "name", "")
    urls = [
        reverse(f"panels:tie-{verb}", args=[expert.ref, code, row.ref]) if may else "" for verb in ("edit", "remove")
    ]
    ends = (row.from_day, row.to_day)
    days = f"{ends[0] or '…'} – {ends[1] or _('today')}" if any(ends) else ""
    return ShownTie(str(row), name if full else mask_name(name), days, *urls)


def pages_of(kind: str) -> TiePages:
    if kind not in TIES:
        raise Http404
    return TIES[kind]


def declaring(request: HttpRequest, ref: str) -> Expert:
    """The expert, when the user may declare for them."""
    expert = shown_expert(request, ref)
    require(request.user, Permission.DECLARE, expert)
    return expert


def tie_create(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    pages, expert = pages_of(kind), declaring(request, ref)
    form = pages.form(request.POST or None, user=request.user, instance=pages.model(expert=expert))
    back = expert.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        create(form.save(commit=False), actor=request.user, **form.words)
        messages.success(request, _("The declaration is saved."))
        return redirect(back)
    context = {"form": form, "title": pages.title, "back": back, "record": expert}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


def tie_edit(request: HttpRequest, ref: str, kind: str, part_ref: str) -> HttpResponse:
    pages, expert = pages_of(kind), declaring(request, ref)
    row = visible_or_404(pages.model.objects.filter(expert=expert), request.user, part_ref)
    return edit_response(request, row, partial(form_of, pages.form, request.user), title=str(pages.title))


@require_POST
def tie_remove(request: HttpRequest, ref: str, kind: str, part_ref: str) -> HttpResponse:
    pages, expert = pages_of(kind), declaring(request, ref)
    row = visible_or_404(pages.model.objects.filter(expert=expert), request.user, part_ref)
    remove(row, actor=request.user, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("The declaration is removed; its versions are kept."))
    return redirect(expert.get_absolute_url())
