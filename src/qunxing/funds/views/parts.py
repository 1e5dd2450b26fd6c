"""What hangs on a fund (commitments) and on a round (investments); one set of pages for both."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qunxing.core.errors import Text
from qunxing.funds import actions
from qunxing.funds.forms import CommitmentForm, InvestmentForm
from qunxing.funds.models import Commitment, Fund, Investment, Round
from qunxing.funds.rules import Permission
from qunxing.funds.views.funds import form_of, remove_response
from qunxing.ledger.edges import edit_response, require
from qunxing.ledger.queries import visible_or_404


@dataclass(frozen=True)
class PartPages:
    """How one kind of part is added and edited, and by whom."""

    model: Any
    parent: Any
    form: Any
    permission: Permission
    title: Text


COMMITMENT = PartPages(
    Commitment, Fund, CommitmentForm, Permission.CHANGE_COMMITMENT, gettext_lazy("Commitment to a fund")
)
INVESTMENT = PartPages(
    Investment, Round, InvestmentForm, Permission.CHANGE_INVESTMENT, gettext_lazy("Investment in a round")
)


def parent_of(request: HttpRequest, pages: PartPages, ref: str) -> Any:
    """The fund or round, when the user may see it and change what hangs on it."""
    parent = visible_or_404(pages.parent.objects, request.user, ref)
    require(request.user, pages.permission, parent)
    return parent


def part_create(request: HttpRequest, ref: str, pages: PartPages) -> HttpResponse:
    parent = parent_of(request, pages, ref)
    unsaved = pages.model(**{pages.model.PARENT: parent})
    form = pages.form(request.POST or None, user=request.user, instance=unsaved)
    back = parent.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        saved = actions.add_part(form.save(commit=False), parent, actor=request.user, **form.words)
        messages.success(request, _("%(record)s is saved.") % {"record": saved})
        return redirect(back)
    context = {"form": form, "title": pages.title, "back": back, "record": parent}
    return render(request, "ledger/form.html", context, status=422 if form.is_bound else 200)


def part_edit(request: HttpRequest, ref: str, part_ref: str, pages: PartPages) -> HttpResponse:
    row = stored_part(request, ref, part_ref, pages)
    return edit_response(request, row, partial(form_of, pages.form, request.user), title=str(pages.title))


def stored_part(request: HttpRequest, ref: str, part_ref: str, pages: PartPages) -> Any:
    parent = parent_of(request, pages, ref)
    return visible_or_404(pages.model.objects.filter(**{pages.model.PARENT: parent}), request.user, part_ref)


@require_POST
def part_remove(request: HttpRequest, ref: str, part_ref: str, pages: PartPages) -> HttpResponse:
    row = stored_part(request, ref, part_ref, pages)
    return remove_response(request, row, back=row.get_absolute_url())
