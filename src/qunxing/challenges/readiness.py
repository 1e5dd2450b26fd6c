"""What a list lacks before it can be published, each gap with the record that fills it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.models import Challenge, ChallengeList
from qunxing.challenges.terms import Terms
from qunxing.core.errors import Problem, Text
from qunxing.core.formats import show_isoday
from qunxing.core.workdays import WorkCalendar


@dataclass(frozen=True)
class Gap:
    """Something that is missing: of the list itself, or of one of its challenges."""

    label: Text
    wanted: Text
    challenge: Challenge | None = None


class NotReady(Problem):
    """The list cannot be published yet; `gaps` names everything that is missing."""

    def __init__(self, gaps: list[Gap]) -> None:
        named = "; ".join(f"{gap.label}: {gap.wanted}" for gap in gaps)
        super().__init__(_("The list is not complete yet."), named, 422)
        self.gaps = gaps


def gaps_of(board: ChallengeList, *, at: datetime, calendar: WorkCalendar) -> list[Gap]:
    """All that is missing to publish the list at that moment."""
    found = [Gap(_("Bids until"), wanted) for wanted in deadline_faults(board.deadline, board.rules, at, calendar)]
    if board.publisher_id is None:
        found.append(Gap(_("Published by"), _("Name the authority that signs the list.")))
    entries = list(board.challenges.prefetch_related("targets"))
    if not entries:
        found.append(Gap(_("Challenges"), _("Put at least one challenge on the list.")))
    for entry in entries:
        found += [Gap(entry.title, wanted, entry) for wanted in entry_faults(entry, board)]
    return found


def deadline_faults(deadline: datetime, terms: Terms, at: datetime, calendar: WorkCalendar) -> Iterator[Text]:
    """What speaks against a deadline: it is past, too near by the rules, or on a day that is not worked."""
    least = at + timedelta(days=terms.bidding.open_days)
    if deadline <= at:
        yield _("The deadline lies in the past; choose a later one.")
    elif deadline.date() < least.date():
        yield _("The rules keep a list open for %(days)s days at least: until %(day)s or later.") % {
            "days": terms.bidding.open_days,
            "day": show_isoday(timezone.localtime(least).date()),
        }
    if (wanted := day_fault(deadline, calendar)) is not None:
        yield wanted


def day_fault(deadline: datetime, calendar: WorkCalendar) -> Text | None:
    """Why bids cannot end on that day: it is not worked. The next day that is, is named."""
    day = timezone.localtime(deadline).date()
    if calendar.is_working_day(day):
        return None
    words = {"day": show_isoday(day), "next": show_isoday(calendar.roll(day).day)}
    return _("%(day)s is not a working day; the next one is %(next)s.") % words


def rolled(deadline: datetime, calendar: WorkCalendar) -> datetime:
    """The same hour on that day, or on the next that is worked."""
    local = timezone.localtime(deadline)
    moved: date = calendar.roll(local.date()).day
    return deadline + timedelta(days=(moved - local.date()).days)


def entry_faults(entry: Challenge, board: ChallengeList) -> Iterator[Text]:
    """What a challenge lacks."""
    if not entry.targets.all():
        yield _("Add at least one core indicator: what must be reached, and how it is tested.")
    if not (entry.contact_name and (entry.contact_phone or entry.contact_email)):
        yield _("Name a contact with a phone number or an e-mail address.")
    if entry.money is None:
        yield _("Say how much money there is; 0 where the parties agree on it.")
    elif entry.money and entry.payer_id is None:
        yield _("Say who pays.")
    if entry.starts_on is None or entry.ends_on is None:
        yield _("Say when the work is to start and to end.")
    elif entry.ends_on <= timezone.localtime(board.deadline).date():
        yield _("The work ends before bids do; correct one of the two.")
    cap = board.rules.funding.cap_amount
    if cap and (entry.money or 0) > cap:
        yield _("The rules allow %(cap)s yuan at most.") % {"cap": f"{cap:,}"}
