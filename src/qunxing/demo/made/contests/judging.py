"""Made-up checks, panels, scores, proposals and notices."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import count

from qunxing.challenges.actions import awarding, checking, noticing, objecting, reviewing
from qunxing.challenges.checkpoints import FAIL, UNKNOWN
from qunxing.challenges.models import Challenge, FormalCheck, Notice, ReviewItem
from qunxing.demo.desk import Desk, dice
from qunxing.demo.made.contests.lists import at, challenge_of
from qunxing.demo.tables import Row, read_table
from qunxing.directory.models import Organization
from qunxing.panels import actions as panels
from qunxing.panels import drawing
from qunxing.panels.actions.drawing import pool_of
from qunxing.panels.drawing import Drawable
from qunxing.panels.models import Expert, Panel, Review, Seat
from qunxing.panels.proof import code_of, said_seed
from qunxing.panels.states import ReviewState, SeatState

ONE_DAY = timedelta(days=1)
# How severe the five seats of a panel are, in points of a hundred.
SEVERITY = (-4.0, 2.0, 0.0, 5.0, -2.0)
FAILED = {"refused": "未提交同类项目交付证明，形式审查不通过。", "related": "与发榜方存在控股关系，依规则不得揭榜。"}
# Challenge: days ago of check and review, of scoring's end, of the notice; none where it has not come so far.
REVIEWED = (
    ("energy", 385, 375, 370),
    ("flood", 385, 374, 370),
    ("course", 384, 374, 369),
    ("customs", 47, None, None),
    ("followup", 46, 30, 26),
    ("appearance", 47, 12, 8),
    ("lostfound", 47, 6, 3),
)

WAITING = ("appearance",)  # its notice is over, its award not confirmed
OPENED = ("service", *(key for key, *_days in REVIEWED))


def check_bids(desk: Desk) -> None:
    for key in OPENED:
        check_all(desk, challenge_of(desk, key), bids_for(key), desk.ago(days_of_check(key)))


def check_all(desk: Desk, challenge: Challenge, bids: Sequence[Row], day: date) -> None:
    """Every bid checked; refused are those whose row says so."""
    firms = {desk.find(Organization, row["lead"]).pk: FAILED.get(row["state"], "") for row in bids}
    for check in checking.check_all(challenge, actor=desk.clerk, day=day):
        decide(desk, check, day, firms[check.bid.organization_id or 0])


def bids_for(key: str) -> list[Row]:
    return [row for row in read_table("bids.tsv") if row["entry"] == key]


def days_of_check(entry: str) -> int:
    return next((days for key, days, _closed, _told in REVIEWED if key == entry), 48)


def decide(desk: Desk, check: FormalCheck, day: date, refusal: str) -> None:
    for point in check.points:
        if point["state"] == UNKNOWN or (point["state"] == FAIL and not refusal):
            words = {"code": point["code"], "state": "pass", "detail": "已电话核实，材料齐备。"}
            check = checking.judge(check, actor=desk.clerk, **words)
    verdict = "refuse" if refusal else "admit"
    checking.decide_check(check, actor=desk.clerk, day=day, verdict=verdict, reason=refusal)


def end_empty(desk: Desk) -> None:
    """A challenge for which nobody is left."""
    reason = "仅一家揭榜且形式审查不通过，按规则流标，需求并入下一批。"
    awarding.end_without_award(challenge_of(desk, "service"), actor=desk.clerk, day=desk.ago(45), reason=reason)


def review(desk: Desk) -> None:
    for key, began, closed, _told in REVIEWED:
        panel = begin(desk, challenge_of(desk, key), desk.ago(began), wanted="qin" if key == "customs" else "")
        score(desk, panel, quality_of(desk, panel, bids_for(key)), whole=closed is not None)
        if closed is not None:
            finish(desk, panel)


def begin(desk: Desk, challenge: Challenge, day: date, *, wanted: str = "") -> Panel:
    """The panel of the challenge, seated and scoring."""
    panel = reviewing.begin_review(challenge, actor=desk.clerk, day=day).panel
    open_scoring(desk, panel, wanted=wanted)
    return panel


def open_scoring(desk: Desk, panel: Panel, *, wanted: str = "") -> None:
    """Seats drawn and taken, every item given to them."""
    seat(desk, panel, wanted=wanted)
    panels.assign(panel, actor=desk.clerk)
    panels.open_scoring(panel, actor=desk.clerk)


def finish(desk: Desk, panel: Panel) -> None:
    """Closed, and signed by all who scored."""
    panels.close(panel, actor=desk.clerk)
    for member in Seat.objects.filter(panel=panel, state=SeatState.SERVING):
        panels.sign(member, actor=None)


def seat(desk: Desk, panel: Panel, *, wanted: str = "") -> list[Seat]:
    """Draw with the first seed that brings whoever is wanted; all who are drawn accept."""
    seed = next(seeds(panel, desk.find(Expert, wanted) if wanted else None))
    panels.commit_draw(panel, actor=desk.clerk, seed=seed)
    seats = panels.draw(panel, actor=desk.clerk)
    panels.accept_many(seats, actor=None)
    panel.refresh_from_db()
    return seats


def seeds(panel: Panel, wanted: Expert | None) -> Iterator[str]:
    if wanted is not None:
        panels.check_conflicts(panel)
    pool = pool_of(panel) if wanted is not None else []
    for number in count(1):
        seed = f"演示-{panel.number}-{number}"
        if wanted is None or code_of(panel, wanted) in drawn_by(panel, pool, seed):
            yield seed


def drawn_by(panel: Panel, pool: list[Drawable], seed: str) -> set[str]:
    return {one.ref for one in drawing.draw(pool, panel.rules, said_seed(seed, "")).seats}


def score(desk: Desk, panel: Panel, quality: Mapping[int, int], *, whole: bool) -> None:
    """By how good the item is and how severe the seat; a panel that still scores has the first seats' sheets only."""
    account = desk.find(Expert, "qin").pk
    rows = Review.objects.filter(panel=panel, state=ReviewState.ASSIGNED).select_related("item", "seat", "panel")
    ready = [row for row in rows if whole or (row.seat.position <= 3 and row.seat.expert_id != account)]
    handed = [(row, filled(row, quality[row.item_id])) for row in ready]
    panels.submit_many(panel, handed, actor=None)


def quality_of(desk: Desk, panel: Panel, bids: Sequence[Row]) -> dict[int, int]:
    """{item: how good the bid is}."""
    leads = {desk.find(Organization, row["lead"]).pk: int(row["quality"]) for row in bids}
    items = ReviewItem.objects.filter(round__panel=panel).values_list("item_id", "bid__organization_id")
    return {item: leads[lead] for item, lead in items}


def filled(review: Review, quality: int) -> panels.Filled:
    chance = dice(f"score/{review.panel.number}/{review.item.code}/{review.seat.position}")
    points = quality + SEVERITY[review.seat.position - 1] + chance.uniform(-3, 3)
    marks = {}
    for one in review.panel.marking.criteria:
        share = min(max((points + chance.uniform(-6, 6)) / 100, 0), 1)
        marks[one.code] = round(one.top * share * 2) / 2
    return panels.Filled(
        marks=marks, confidence=chance.randint(3, 5), note_to_bidder="指标回应清楚，建议补充现场对接计划。"
    )


def propose(desk: Desk) -> None:
    for key, _began, closed, told in REVIEWED:
        if closed is None or told is None:
            continue
        challenge = challenge_of(desk, key)
        awarding.propose(challenge, actor=desk.clerk, day=desk.ago(closed))
        notice = noticing.give_notice(challenge, actor=desk.clerk, day=desk.ago(told))
        if key == "lostfound":
            object_to(desk, notice)
        elif key not in WAITING:
            awarding.confirm_award(challenge, actor=desk.user("officer"), day=notice.last_day + ONE_DAY)


def object_to(desk: Desk, notice: Notice) -> None:
    """Somebody holds something against the notice that runs."""
    voice = objecting.Voice("柳如烟", "演示·同舟软件有限公司", email="liu@demo.example")
    grounds = "公示方案所列同类业绩与公开信息不一致，请核实其验收报告。"
    objecting.object_to(notice, at=at(desk.ago(1), 10), voice=voice, grounds=grounds)
