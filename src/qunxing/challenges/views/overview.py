"""The public page of open challenges: what is open, what came of the rest, and the funnel over all lists."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from qunxing.challenges.models import Call
from qunxing.challenges.queries import funnel as queries
from qunxing.challenges.rules.boards import Permission
from qunxing.challenges.views.tabs import tabs


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    user, at = request.user, timezone.now()
    day = timezone.localdate(at)
    funnel = queries.funnel_of(user)
    boards = queries.open_lists(user)
    context = {
        "tabs": tabs(request, "overview"),
        "today": day,
        "funnel": funnel,
        "chart": queries.funnel_chart(funnel, day),
        "money_chart": queries.money_chart(funnel, day),
        "states_chart": queries.states_chart(user, day),
        "boards": [
            (board, (timezone.localdate(board.deadline) - day).days) for board in boards if at <= board.deadline
        ],
        "calls": Call.objects.visible_to(user)
        .filter(state="open", closes_on__gte=day)
        .order_by("closes_on", "pk")[:10],
        "results": queries.results_of(user),
        "can_create": user.has_perm(Permission.CREATE_LIST),
    }
    return render(request, "challenges/overview.html", context)
