"""What falls due."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qunxing.core.errors import Text
from qunxing.ledger.edges import require
from qunxing.registry.queries import DueByTime, DueItem, due_by_time, due_items
from qunxing.registry.rules import Permission

SHOWN = 200


@require_safe
def due_soon(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE_DUE)
    today = timezone.localdate()
    due = due_by_time(due_items(request.user, today), today)
    return render(request, "registry/due.html", {"due": due, "groups": groups(due), "today": today, "shown": SHOWN})


@dataclass(frozen=True)
class Group:
    """One table of the page; `rows` are its first ones."""

    code: str
    title: Text
    icon: str
    items: list[DueItem]

    @property
    def rows(self) -> list[DueItem]:
        return self.items[:SHOWN]


def groups(due: DueByTime) -> list[Group]:
    """The tables of the page; an empty one is left out."""
    found = [
        Group("overdue", _("Overdue"), "alert-circle", due.overdue),
        Group("week", _("This week"), "clock", due.this_week),
        Group("later", _("Later"), "calendar", due.later),
    ]
    return [group for group in found if group.items]
