"""What hangs on a model (owners, versions) and on a filing (coverages, steps); one set of pages for all."""

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
from qunxing.ledger.edges import edit_response, require
from qunxing.ledger.queries import visible_or_404
from qunxing.registry import actions
from qunxing.registry.forms import CoverageForm, OwnershipForm, StepCorrectionForm, VersionForm
from qunxing.registry.models import AIModel, Coverage, Filing, FilingStep, ModelVersion, Ownership
from qunxing.registry.rules import Permission
from qunxing.registry.views.common import form_of, remove_response


@dataclass(frozen=True)
class PartPages:
    """How one kind of part is added and edited, and by whom."""

    model: Any
    parent: Any
    form: Any
    permission: Permission
    title: Text


VERSION = PartPages(ModelVersion, AIModel, VersionForm, Permission.CHANGE_MODEL, gettext_lazy("Version of the model"))
OWNERSHIP = PartPages(
    Ownership, AIModel, OwnershipForm, Permission.CHANGE_OWNERSHIP, gettext_lazy("Owner of the model")
)
COVERAGE = PartPages(Coverage, Filing, CoverageForm, Permission.CHANGE_COVERAGE, gettext_lazy("Model covered"))
STEP = PartPages(FilingStep, Filing, StepCorrectionForm, Permission.CHANGE_STEP, gettext_lazy("Step of the filing"))


def parent_of(request: HttpRequest, pages: PartPages, ref: str) -> Any:
    """The model or filing, when the user may see it and change what hangs on it."""
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
    build = partial(form_of, pages.form, request.user)
    return edit_response(request, row, build, title=str(pages.title), save=actions.change_part)


def stored_part(request: HttpRequest, ref: str, part_ref: str, pages: PartPages) -> Any:
    parent = parent_of(request, pages, ref)
    return visible_or_404(pages.model.objects.filter(**{pages.model.PARENT: parent}), request.user, part_ref)


@require_POST
def part_remove(request: HttpRequest, ref: str, part_ref: str, pages: PartPages) -> HttpResponse:
    row = stored_part(request, ref, part_ref, pages)
    return remove_response(request, row, back=row.get_absolute_url())
