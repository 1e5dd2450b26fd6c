"""What the pages of models and of filings share."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from qunxing.core.errors import Problem
from qunxing.core.states import Machine
from qunxing.ledger.edges import record_context
from qunxing.ledger.models import Record
from qunxing.registry import actions
from qunxing.registry.queries.records import opened_at
from qunxing.registry.rules import Permission


def form_of(form_class: Any, user: Any, data: Any, instance: Any) -> Any:
    return form_class(data, instance=instance, user=user)


def remove_response(request: HttpRequest, record: Record, *, back: str) -> HttpResponse:
    name = str(record)
    actions.remove_record(record, actor=request.user, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("%(record)s is removed; its versions are kept.") % {"record": name})
    return redirect(back)


def page_context(request: HttpRequest, record: Record, machine: Machine | None = None) -> dict[str, Any]:
    """As `record_context`, without what was kept while the record was closed to this reader."""
    context = record_context(request, record, machine)
    opened = opened_at(record, user=request.user) if context["timeline"] or context["moment"] else None
    if opened is not None:
        if context["moment"] is not None and context["moment"] < opened:
            raise Problem(_("This record was not yet kept at that moment."), _("Choose a later day."), 404)
        context["timeline"] = [item for item in context["timeline"] if item.at >= opened]
    return context | {"can": abilities(request.user, record)}


def abilities(user: Any, record: Record) -> dict[str, bool]:
    """{permission's short name: may the user} for the buttons of the page."""
    return {permission.name.lower(): user.has_perm(permission, record) for permission in Permission}
