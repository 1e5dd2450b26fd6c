"""A made-up challenge for several winners, from its list to the award that becomes a race."""

from datetime import timedelta

from qunxing.challenges.actions import awarding, noticing, opening, publishing
from qunxing.challenges.models import Challenge, ChallengeList
from qunxing.demo.desk import Desk, ref_of
from qunxing.demo.made.contests import bids, judging
from qunxing.demo.made.contests.lists import add_list, at
from qunxing.demo.tables import Row, path_of, read_table

KEY = "imaging"
WINNERS = 3
BOARD: Row = {
    "key": "race",
    "title": "演示·医疗影像专项赛马榜单",
    "preface": "同一任务由三家单位并行研制，分阶段考核，经费随考核结果拨付。",
    "published": "262",
    "deadline": "222",
}
ENTRY: Row = {
    "key": KEY,
    "scenario": "",
    "goals": KEY,
    "issuer": "hospital",
    "title": "演示·影像报告危急值识别",
    "problem": "影像报告每天约三千份，危急值靠医生电话通报，漏报与迟报每月数起；希望报告签发即判定，并给出原文依据。",
    "fields": "industry-health|language-extraction",
    "money": "300万元",
    "start": "150",
    "end": "-240",
    "mechanism": "race",
}


def bid_rows() -> list[Row]:
    return read_table("race-bids.tsv")


def challenge() -> Challenge:
    found: Challenge = Challenge.objects.select_related("board").get(ref=ref_of(Challenge, KEY))
    return found


def add_board(desk: Desk) -> None:
    add_list(desk, BOARD, [ENTRY])


def add_bids(desk: Desk) -> None:
    stamped = path_of("stamped.pdf").read_bytes()
    for row in bid_rows():
        bids.add_bid(desk, row, challenge(), stamped)


def open_bids(desk: Desk) -> None:
    board = desk.find(ChallengeList, "race")
    publishing.close(board, actor=None, at=board.deadline + timedelta(minutes=5))
    opening.open_bids(board, first=desk.clerk, second=desk.user("officer"), at=at(desk.ago(220), 10))


def award(desk: Desk) -> None:
    """Checked, judged by a panel, and awarded to the first three together."""
    judging.check_all(desk, challenge(), bid_rows(), desk.ago(217))
    panel = judging.begin(desk, challenge(), desk.ago(215))
    judging.score(desk, panel, judging.quality_of(desk, panel, bid_rows()), whole=True)
    judging.finish(desk, panel)
    awarding.propose(challenge(), actor=desk.clerk, day=desk.ago(200), winners=WINNERS)
    notice = noticing.give_notice(challenge(), actor=desk.clerk, day=desk.ago(198))
    awarding.confirm_award(challenge(), actor=desk.user("officer"), day=notice.last_day + judging.ONE_DAY)
