"""Addresses: each app brings its own."""

from django.urls import URLPattern, URLResolver, include, path

from qunxing.config.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", api.urls),
    path("", include("qunxing.accounts.urls")),
    path("", include("qunxing.ledger.urls")),
    path("", include("qunxing.directory.urls")),
    path("", include("qunxing.registry.urls")),
    path("", include("qunxing.funds.urls")),
    path("", include("qunxing.resources.urls")),
    path("", include("qunxing.scenarios.urls")),
    path("", include("qunxing.matching.urls")),
    path("", include("qunxing.panels.urls")),
    path("", include("qunxing.challenges.urls")),
    path("", include("qunxing.races.urls")),
    path("", include("qunxing.search.urls")),
    path("", include("qunxing.indicators.urls")),
    path("", include("qunxing.intake.urls")),
    path("", include("qunxing.portal.urls")),
]

handler429 = "qunxing.portal.views.errors.too_many_requests"  # asked for by allauth
