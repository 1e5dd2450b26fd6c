"""A made-up race of open entry that runs now: many teams, a public board, baselines, signs for people to look at."""

from qunxing.demo.desk import Desk
from qunxing.demo.made.contests.lists import at
from qunxing.demo.made.races.answers import Sheet, Task, climb, copied, lazy, table
from qunxing.demo.made.races.entering import lane_of, register, series, stage_of, teams_of
from qunxing.demo.tables import Row, codes_of
from qunxing.directory.models import Organization
from qunxing.races.actions import baselines, creating, flagging, lanes, publishing
from qunxing.races.actions.creating import Team
from qunxing.races.models import Race, Stage
from qunxing.races.models.races import Kind
from qunxing.races.uploading import receive

KEY = "hotline"
TASK = Task("wo", ("城管", "房屋", "交通", "环保", "民政", "教育", "医保", "人社", "公安", "市场监管"), 800)
LANES = 12
MONEY = 600_000
TEXT = (
    "按工单文字给出主办部门，共十类。公开部分随时出分，榜单不随噪声变动；名次以封存部分为准，"
    "前六名进入决赛，与第六名无法区分的一并进入。"
)
STAGE_TASKS = ("八百条脱敏工单，一单一行给出部门。", "以新一季工单复测，一队两次机会。")


def begin(desk: Desk) -> None:
    """Published, entered by a dozen teams, started."""
    race = Race(
        title="演示·政务热线工单分拨公开赛",
        kind=Kind.OPEN,
        text=TEXT,
        fields=codes_of("industry-law|language-documents"),
        organization=desk.find(Organization, "bureau"),
        lanes_most=LANES,
        enter_until=desk.ago(26),
        ends_on=desk.ago(-90),
    )
    made = creating.from_preset(
        desk.mark(race, KEY), "final", actor=desk.clerk, first=at(desk.ago(21), 9), budget=MONEY
    )
    desk.keep(made, KEY)
    for stage, task in zip(made.stages.order_by("order"), STAGE_TASKS, strict=True):
        creating.change_stage(stage, actor=desk.clerk, values={"task": task})
    publishing.publish(made, actor=desk.clerk, at=at(desk.ago(45), 10))
    for number, row in enumerate(teams_of(KEY)):
        lanes.enter(made, team_of(desk, row), actor=None, day=desk.ago(44 - number))
    publishing.start(made, actor=desk.clerk, day=desk.ago(24))


def team_of(desk: Desk, row: Row) -> Team:
    tags = tuple(row["tags"].split("|"))
    return Team(desk.find(Organization, row["key"]), row["name"], row["approach"], route=row["route"], tags=tags)


def run(desk: Desk) -> None:
    """Entries up to this morning."""
    race = desk.find(Race, KEY)
    stage = stage_of(race, 1)
    register(desk, stage, TASK, 23)
    for place, row in enumerate(teams_of(KEY)):
        series(lane_of(race, row["name"]), stage, sheets_of(row, 3 if place < 4 else 2), until=at(desk.day, 8))
    keep_baselines(desk, stage)
    flagging.raise_flags(stage, day=desk.day)
    look_at_first(desk, stage)


def keep_baselines(desk: Desk, stage: Stage) -> None:
    """What the house does today, and what says the same to everything."""
    rule, most = TASK.answers("rule", 0.74), dict.fromkeys(TASK.names, TASK.labels[0])
    for name, sheet, about in (
        ("现行规则分拨", rule, "热线系统现用的关键词规则"),
        ("全部判为城管", most, "不看内容，一律判为最多的一类"),
    ):
        file = receive(stage.race, table(sheet), "baseline.csv")
        baselines.keep_baseline(stage, actor=desk.clerk, day=desk.ago(23), name=name, file=file, about=about)


def look_at_first(desk: Desk, stage: Stage) -> None:
    """One sign is looked at, the others wait."""
    flag = stage.flags.filter(sign="constant").first()
    if flag is not None:
        looked = "请队伍说明：离线版本词表缺失，默认归入城管，非投机；已提示更正。"
        flagging.look_at(flag, actor=desk.clerk, found=False, looked=looked, day=desk.day)


def sheets_of(row: Row, count: int) -> list[Sheet]:
    """What the team hands in, one after the other; one team copies from another, one says the same to most."""
    own = [TASK.answers(row["key"], skill) for skill in climb(float(row["skill"]), count, row["key"])]
    if row["key"] == "zhuoyue":
        model = next(one for one in teams_of(KEY) if one["key"] == "daima")
        own[-1] = copied(TASK.answers("daima", float(model["skill"])), TASK.labels, row["key"])
    if row["key"] == "shoujizhu":
        own = [lazy(sheet, TASK.labels[0], row["key"]) for sheet in own]
    return own
