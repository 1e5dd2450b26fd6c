"""Saved matches: what is proposed to a firm, a fund or a scenario."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qunxing.accounts.rules import staff
from qunxing.core.errors import Text
from qunxing.directory.models import Organization
from qunxing.funds.models import Fund
from qunxing.matching.computing import MOST, compute
from qunxing.matching.models import Shortlist, Standing
from qunxing.matching.reasons import TARGETS
from qunxing.matching.rules import Permission
from qunxing.scenarios.models import Scenario


@dataclass(frozen=True)
class Pairing:
    """Whom something is proposed to, what, in which list it stands, and how that is called."""

    subject: str
    kind: Any
    pool: str
    code: str
    title: Text


# By what stands before the reference in a watch's target.
PAIRINGS: Mapping[str, Pairing] = {
    "scenarios": Pairing("organization", Organization, "scenario", "scenarios", _("Scenarios that suit %(subject)s")),
    "funds": Pairing("organization", Organization, "fund", "funds", _("Funds whose mandate %(subject)s is in")),
    "offers": Pairing("organization", Organization, "offer", "offers", _("Offers that suit %(subject)s")),
    "firms": Pairing("scenario", Scenario, "organization", "organizations", _("Firms for %(subject)s")),
    "mandate": Pairing("fund", Fund, "organization", "organizations", _("Firms in the mandate of %(subject)s")),
}


@dataclass(frozen=True)
class Match:
    """A pairing of one subject that the reader may see."""

    pairing: Pairing
    subject: Any

    @property
    def code(self) -> str:
        return self.pairing.code

    @property
    def title(self) -> str:
        return str(self.pairing.title) % {"subject": self.subject}

    @property
    def url(self) -> str:
        return str(self.subject.get_absolute_url())

    def rows(self, user: Any, day: date) -> QuerySet[Any]:
        """What is proposed on the day, near misses left out: computed for whoever may compute it, else as shared."""
        seen: QuerySet[Any] = TARGETS[self.pairing.pool].objects.visible_to(user)
        if user.has_perm(Permission.COMPUTE, self.subject):
            found = compute(self.subject, day=day, limit=MOST, closed=bool(staff(user))).found
            return seen.filter(ref__in=[one.ranked.key for one in found if self.proposes(one.pool, one.standing)])
        newest = (
            Shortlist.objects.visible_to(user).filter(**{self.pairing.subject: self.subject}).order_by("-pk").first()
        )
        kept = newest.candidates.all() if newest is not None else ()
        return seen.filter(pk__in=[one.target_id for one in kept if self.proposes(one.pool, one.standing)])

    def proposes(self, pool: str, standing: str) -> bool:
        return pool == self.pairing.pool and standing != Standing.MISSED


def find_match(target: str, user: Any) -> Match | None:
    """The match that the target names; None where it names none, or nothing that the user may see."""
    name, _slash, ref = target.partition("/")
    pairing = PAIRINGS.get(name)
    if pairing is None:
        return None
    subject = pairing.kind.objects.visible_to(user).filter(ref=ref).first()
    return Match(pairing, subject) if subject is not None else None
