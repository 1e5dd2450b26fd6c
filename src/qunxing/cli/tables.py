"""Tables for the commands of panels: scores, conflicts, loads. A row that cannot be read is named, none is guessed."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from qunxing.core.errors import Refused
from qunxing.intake.headers import BodyRow, Column, HeaderSpec, SkipKind, read_body
from qunxing.intake.reading import ReadingError, Table, read_tables
from qunxing.panels.calibration import MOST_REVIEWERS, Score

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
ABSTAINED = frozenset({"弃权", "弃评", "回避", "abstain", "abstained", "recused"})
PASSED_OVER = {SkipKind.TITLE, SkipKind.HEADER, SkipKind.BLANK}

ENTRY = Column("entry", ("entry_id", "entry", "参评编号", "项目编号", "揭榜书编号", "申报编号", "作品编号", "参评项目",
    "项目名称", "揭榜书", "项目", "作品", "选手", "bid", "bid_id", "proposal", "proposal_id", "contestant",
    "contestant_id", "编号"), required=True)  # fmt: skip
REVIEWER = Column("reviewer", ("reviewer_id", "reviewer", "评委编号", "专家编号", "评委", "专家", "评审专家", "评审人",
    "评委姓名", "专家姓名", "评审", "judge", "judge_id", "referee", "referee_id", "expert", "expert_id", "assessor",
    "assessor_id"), required=True)  # fmt: skip
SCORE = Column("score", ("score", "得分", "评分", "分数", "分值", "打分", "total_score", "总分", "points", "mark",
    "rating"), required=True)  # fmt: skip
PANEL = Column("panel", ("panel", "panel_id", "panel_name", "评审组", "专家组", "组别", "分组", "场次", "评审会",
    "session", "group"))  # fmt: skip
ENTRY_HOME = Column("entry_affiliation", ("entry_affiliation", "参评单位", "申报单位", "项目单位", "揭榜单位",
    "揭榜方", "所属单位", "entry_organisation", "entry_organization", "bidder", "applicant", "单位"))  # fmt: skip
REVIEWER_HOME = Column("reviewer_affiliation", ("reviewer_affiliation", "评委单位", "专家单位", "评审专家单位",
    "专家工作单位", "工作单位", "评委所在单位", "专家所在单位", "reviewer_organisation", "reviewer_organization",
    "judge_affiliation", "expert_affiliation"))  # fmt: skip
BID = Column("bid", ("bid", "bid_id", "揭榜书编号", "揭榜书", "投标编号", "标书", "项目编号", "项目", "entry",
    "entry_id", "proposal", "proposal_id", "编号"), required=True)  # fmt: skip
EXPERT = Column("expert", ("expert", "expert_id", *REVIEWER.synonyms), required=True)
FIT = Column("score", ("score", "匹配度", "相关度", "适配度", "similarity", "fit", "weight", *SCORE.synonyms),
    required=True)  # fmt: skip
LOAD = Column("load", ("load", "max_load", "capacity", "limit", "上限", "评审上限", "可评数", "最多", "负荷", "容量"),
    required=True)  # fmt: skip

PANEL_SCORES = HeaderSpec((PANEL, ENTRY, REVIEWER, SCORE, ENTRY_HOME, REVIEWER_HOME), minimum=2)
FITS = HeaderSpec((BID, EXPERT, FIT), minimum=2)
CONFLICTS = HeaderSpec((BID, EXPERT), minimum=2)
LOADS = HeaderSpec((EXPERT, LOAD), minimum=2)
PEOPLE = HeaderSpec((EXPERT,), minimum=1)


def read_rows(file: Path, spec: HeaderSpec) -> Iterator[BodyRow]:
    """The rows below the headings of the first visible sheet."""
    if not file.is_file():
        raise Refused(_("There is no file %(file)s.") % {"file": file})
    try:
        table = visible(read_tables(file))
        for row in read_body(table.rows(), spec, sheet=table.sheet):
            if isinstance(row, BodyRow):
                yield row
            elif row.kind not in PASSED_OVER:
                raise Refused(_("Row %(row)s holds no record: “%(text)s”.") % {"row": row.first, "text": row.text})
    except ReadingError as error:
        raise located(error) from error


def visible(tables: Sequence[Table]) -> Table:
    return next((table for table in tables if not table.hidden), tables[0])


def located(error: ReadingError) -> Refused:
    """The error with its place in words."""
    if error.row is None:
        return Refused(str(error))
    return Refused(_("Row %(row)s: %(problem)s") % {"row": error.row, "problem": error})


def needed(row: BodyRow, name: str) -> str:
    found = row.text(name)
    if not found:
        raise wrong(row, name, _("it is empty"))
    return found


def wrong(row: BodyRow, name: str, problem: str) -> Refused:
    words = {"row": row.raw.number, "column": row.header.printed(name), "problem": problem}
    return Refused(_("Row %(row)s, column %(column)s: %(problem)s.") % words)


def number_in(row: BodyRow, name: str) -> float:
    found = needed(row, name)
    text = unicodedata.normalize("NFKC", found).strip().removesuffix("分").strip()
    if not NUMBER.fullmatch(text) or abs(float(text)) > 1e12:
        raise wrong(row, name, _("“%(found)s” is no number") % {"found": found[:40]})
    return float(text)


class Once:
    """Remembers each pair with its row and value: the same again is counted, another value refused."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, ...], tuple[int, float | None]] = {}
        self.repeated = 0

    def is_new(self, row: BodyRow, key: tuple[str, ...], value: float | None) -> bool:
        before, known = self.seen.setdefault(key, (row.raw.number, value))
        if before == row.raw.number:
            return True
        if known != value:
            words = {"name": " + ".join(filter(None, key)), "before": before, "row": row.raw.number}
            raise Refused(_("%(name)s stands in rows %(before)s and %(row)s with different values.") % words)
        self.repeated += 1
        return False


def panel_scores(file: Path) -> tuple[list[Score], list[str]]:
    """The scores, and what the reader should know: abstentions and repeated rows."""
    scores, once, abstained = [], Once(), 0
    for row in read_rows(file, PANEL_SCORES):
        panel = needed(row, "panel") if "panel" in row.header.mapping else ""
        entry, reviewer = needed(row, "entry"), needed(row, "reviewer")
        if row.text("score").casefold() in ABSTAINED:
            abstained += 1
            continue
        value = number_in(row, "score")
        if once.is_new(row, (panel, entry, reviewer), value):
            scores.append(Score(panel, entry, reviewer, value, row.text("entry_affiliation"),
                row.text("reviewer_affiliation")))  # fmt: skip
    if not scores:
        raise Refused(_("The table has no scores."))
    if len({score.reviewer for score in scores}) > MOST_REVIEWERS:
        raise Refused(_("At most %(most)s reviewers can be calibrated at once.") % {"most": MOST_REVIEWERS})
    return scores, [*told_abstained(abstained), *told_repeated(once.repeated)]


def told_abstained(count: int) -> Iterator[str]:
    if count:
        yield _("Rows left out as abstentions: %(count)s.") % {"count": count}


def told_repeated(count: int) -> Iterator[str]:
    if count:
        yield _("Repeated rows, counted once: %(count)s.") % {"count": count}


def fits(file: Path) -> dict[tuple[str, str], float]:
    """How well each expert fits each bid."""
    found, once = {}, Once()
    for row in read_rows(file, FITS):
        pair, value = (needed(row, "bid"), needed(row, "expert")), number_in(row, "score")
        if once.is_new(row, pair, value):
            found[pair] = value
    if not found:
        raise Refused(_("The table has no scores."))
    return found


def conflicts(file: Path) -> set[tuple[str, str]]:
    return {(needed(row, "bid"), needed(row, "expert")) for row in read_rows(file, CONFLICTS)}


def loads(file: Path) -> dict[str, int]:
    """How many bids each expert takes at most."""
    found, once = {}, Once()
    for row in read_rows(file, LOADS):
        expert, load = needed(row, "expert"), number_in(row, "load")
        if load < 0 or load != int(load):
            raise wrong(row, "load", _("a whole number from 0 was expected"))
        if once.is_new(row, (expert,), load):
            found[expert] = int(load)
    return found


def people(file: Path) -> set[str]:
    return {needed(row, "expert") for row in read_rows(file, PEOPLE)}


def listed(names: Iterable[str], most: int = 5) -> str:
    """A few names for a sentence, and how many more there are."""
    known = list(names)
    shown = "、".join(known[:most])
    if len(known) <= most:
        return shown
    return _("%(names)s and %(count)s more") % {"names": shown, "count": len(known) - most}
