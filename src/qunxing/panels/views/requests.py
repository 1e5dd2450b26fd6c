"""A bidder's request that somebody not judge its item."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from qunxing.ledger.edges import require
from qunxing.panels import actions
from qunxing.panels.forms import RecusalForm
from qunxing.panels.models import Item, RecusalRequest
from qunxing.panels.rules import Permission


def request_create(request: HttpRequest, ref: str) -> HttpResponse:
    """The form, and what became of earlier requests. Nobody is told who sits on the panel."""
    item: Item = get_object_or_404(Item.objects.select_related("panel"), ref=ref, withdrawn=False)
    require(request.user, Permission.REQUEST, item)
    form = RecusalForm(request.POST or None, item=item, user=request.user)
    if request.method == "POST" and form.is_valid():
        actions.request_recusal(item, actor=request.user, **form.cleaned_data)
        messages.success(request, _("The request is filed; you will find the decision here."))
        return redirect(request.path)
    rows = RecusalRequest.objects.visible_to(request.user).filter(item=item)
    context = {"form": form, "item": item, "rows": rows}
    return render(request, "panels/request.html", context, status=422 if form.is_bound else 200)
