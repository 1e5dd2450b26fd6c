"""What changed on the boards of a race, as a feed: as everybody may see it, and nothing that a board holds back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qunxing.core.exports import visible
from qunxing.matching.alerts.mailing import absolute
from qunxing.races.models import Race, Stage
from qunxing.races.queries.boards import Board, Part, View, board_of, told_report
from qunxing.races.queries.courses import Shown, courses_of
from qunxing.races.states.stage import StageState

LENGTH = 50


@dataclass(frozen=True)
class News:
    """One thing that happened on a board."""

    key: str
    at: datetime
    title: str
    text: str
    url: str


def board_feed(race: Race, *, now: datetime) -> str:
    """The newest things, as Atom."""
    place = reverse("races:board", args=[race.ref])
    feed = Atom1Feed(
        title=visible(_("Board of %(race)s") % {"race": race.title}),
        link=absolute(place),
        description=_("What the boards of this race show everybody."),
        language=get_language() or settings.LANGUAGE_CODE,
        feed_url=absolute(reverse("races:board-feed", args=[race.ref])),
    )
    stages = race.stages.exclude(state__in=[StageState.REPLACED, StageState.PLANNED]).select_related("race")
    news = [one for stage in stages for one in news_of(stage, now)]
    for one in sorted(news, key=lambda item: (item.at, item.key), reverse=True)[:LENGTH]:
        feed.add_item(
            title=visible(one.title),
            link=absolute(one.url),
            description=visible(one.text),
            unique_id=f"urn:qunxing:board:{one.key}",
            unique_id_is_permalink=False,
            pubdate=one.at,
            updateddate=one.at,
        )
    return str(feed.writeString("utf-8"))


def news_of(stage: Stage, now: datetime) -> Iterator[News]:
    """What the public part showed of each lane, and the result once it was told."""
    url = f"{reverse('races:board', args=[stage.race.ref])}?stage={stage.order}"
    found = board_of(stage, AnonymousUser(), part=Part.PUBLIC, now=now, wait=False)
    if found.view is not View.BLIND:
        lanes = [row.lane for row in found.rows if row.lane is not None]
        for course in courses_of(lanes, stage, found.as_of):
            yield from news_of_course(found, course, url)
    report = told_report(stage)
    if report is not None:
        at = datetime.combine(report.made_on, datetime.min.time(), tzinfo=timezone.get_current_timezone())
        title = _("Result of %(stage)s") % {"stage": stage.title}
        yield News(f"{stage.ref}:report:{report.number}", at, title, str(stage.race.title), f"{url}&part=final")


def news_of_course(board: Board, course: Sequence[Shown], url: str) -> Iterator[News]:
    """Each time that the shown score of a lane moved."""
    stage, shown = board.stage, None
    for one in course:
        if one.score == shown:
            continue
        shown = one.score
        words = {"team": one.lane.name, "score": board.scale.show(one.score), "stage": stage.title}
        title = _("%(team)s: %(score)s (%(stage)s)") % words
        yield News(f"{stage.ref}:{one.lane.ref}:{one.number}", one.at, title, str(board.scale.label), url)
