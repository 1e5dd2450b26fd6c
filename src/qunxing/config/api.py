"""The API: one router an app, mounted here. It reads; what may be read is asked as on the pages."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from qunxing.accounts.tokens import AUTH
from qunxing.challenges.api import router as challenges
from qunxing.core.errors import Problem
from qunxing.directory.api import router as directory
from qunxing.funds.api import router as funds
from qunxing.indicators.api import router as indicators
from qunxing.matching.api import router as matching
from qunxing.races.api import router as races
from qunxing.registry.api import router as registry
from qunxing.resources.api import router as resources
from qunxing.scenarios.api import router as scenarios
from qunxing.search.api import router as search

api = NinjaAPI(title="Qunxing", version="1", docs_url=None, auth=AUTH)
api.add_router("", directory)
api.add_router("", registry)
api.add_router("", funds)
api.add_router("", resources)
api.add_router("", scenarios)
api.add_router("", challenges)
api.add_router("", races)
api.add_router("", search)
api.add_router("", matching)
api.add_router("", indicators)


@api.exception_handler(PermissionDenied)
def refuse(request: HttpRequest, _error: PermissionDenied) -> HttpResponse:
    return api.create_response(request, {"detail": "Forbidden"}, status=403)


@api.exception_handler(Problem)
def explain(request: HttpRequest, problem: Problem) -> HttpResponse:
    body = {"detail": str(problem.message), "advice": str(problem.advice)}
    return api.create_response(request, body, status=problem.status)
