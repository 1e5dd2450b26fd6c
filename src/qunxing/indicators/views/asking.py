"""A question about figures as it stands in an address."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.indicators.figures.catalogue import Indicator
from qunxing.indicators.figures.telling import Teller
from qunxing.indicators.forms.asking import AskingForm, end_of
from qunxing.indicators.queries.figures import Asked


class Asking:
    """A question in an address: its form, its teller, and how it is asked again elsewhere."""

    def __init__(self, request: HttpRequest) -> None:
        today = timezone.localdate()
        scopes = Teller(request.user).scopes
        self.form = AskingForm(request.GET, scopes=scopes, today=today)
        self.valid = self.form.is_valid()
        cleaned = self.form.cleaned_data
        self.today = today
        narrowest = "" if self.form.narrowest == "all" else self.form.narrowest
        self.asked = Asked(cleaned.get("as_of") or today, cleaned.get("scope", narrowest), cleaned.get("span", "month"))
        self.known_at: date | None = cleaned.get("known_at")
        self.teller = Teller(request.user, end_of(self.known_at))

    @property
    def query(self) -> str:
        """The question as it stands in an address; always with its day, so that it means the same tomorrow."""
        words = {"as_of": self.asked.day.isoformat(), "scope": self.asked.scope or "all", "span": self.asked.span}
        known = {"known_at": self.known_at.isoformat()} if self.known_at else {}
        return urlencode({**words, **known})

    @property
    def scope_name(self) -> str:
        found = {scope.code: str(scope) for scope in self.teller.scopes}
        return found.get(self.asked.scope, _("everywhere"))

    @property
    def words(self) -> dict[str, Any]:
        """What every page of figures shows above them."""
        return {
            "form": self.form,
            "valid": self.valid,
            "asked": self.asked,
            "known_at": self.known_at,
            "scope_name": self.scope_name,
            "query": self.query,
            "sees_all": self.teller.sees_all,
        }

    def indicator(self, code: str) -> Indicator:
        found = self.teller.indicators.get(code)
        if found is None:
            raise Http404
        return found
