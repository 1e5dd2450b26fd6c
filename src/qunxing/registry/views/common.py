"""What the pages of models and of filings share."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from qunxing.core.states import Machine
from qunxing.ledger.edges import record_context
from qunxing.ledger.models import Record
from qunxing.registry import actions
from qunxing.registry.rules import Permission


def form_of(form_class: Any, user: Any, data: Any, instance: Any) -> Any:
    return form_class(data, instance=instance, user=user)


def remove_response(request: HttpRequest, record: Record, *, back: str) -> HttpResponse:
    name = str(record)
    actions.remove_record(record, actor=request.user, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("%(record)s is removed; its versions are kept.") % {"record": name})
    return redirect(back)


def page_context(request: HttpRequest, record: Record, machine: Machine | None = None) -> dict[str, Any]:
    """As `record_context`, with what the reader may do."""
    return record_context(request, record, machine) | {"can": abilities(request.user, record)}


def abilities(user: Any, record: Record) -> dict[str, bool]:
    """{permission's short name: may the user} for the buttons of the page."""
    return {permission.name.lower(): user.has_perm(permission, record) for permission in Permission}
