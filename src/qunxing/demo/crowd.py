"""A crowd of made-up firms for trying the program at size: each is the same in every installation.

Written in stretches, each a transaction with its entry in the log, so that a run that was cut off goes on where it
ended and a run for fewer firms than there are adds none.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from qunxing.demo.desk import Desk, all_marked, dice, ref_of
from qunxing.demo.made.words import firm_name, model_name
from qunxing.demo.tables import codes_of
from qunxing.directory.models import Organization, Residency, Scope, TechnicalField
from qunxing.funds.models import Precision, Round, Stage
from qunxing.ledger.actions import add_many
from qunxing.ledger.models import LogEntry, Record, Source, Visibility
from qunxing.ledger.recording import Entry, note, recording
from qunxing.registry.models import AIModel, Authority, Coverage, Filing, FilingKind, Modality, Openness, Ownership
from qunxing.registry.states import State

SUBJECT = "demo.firms"
STRETCH = 1_000
FILINGS = 2
MODEL_EVERY = 5
ROUND_EVERY = 8
DAYS = 1_100
Tell = Callable[[int], None]

LEVELS = (Visibility.PUBLIC,) * 18 + (Visibility.COMMUNITY, Visibility.INTERNAL)
SIZES = ("micro",) * 5 + ("small",) * 4 + ("medium", "large")
KINDS = (FilingKind.ALGORITHM,) * 6 + (FilingKind.FILED,) * 3 + (FilingKind.REGISTERED,)
STATES = (State.GRANTED,) * 16 + (State.CHANGED, State.WITHDRAWN, State.SUBMITTED, State.PREPARING)
REGIONS = (("31", "上海市", "Shanghai"),) * 6 + (
    ("11", "北京市", "Beijing"),
    ("33", "浙江省", "ZheJiang"),
    ("44", "广东省", "GuangDong"),
    ("32", "江苏省", "JiangSu"),
)
CLASSES = {"01": "synthesis", "02": "push", "03": "ranking", "04": "retrieval", "06": "scheduling"}
AMOUNTS = (2_000_000, 5_000_000, 10_000_000, 30_000_000, 80_000_000, 200_000_000)


@dataclass(frozen=True)
class Crowd:
    """What all firms of a run share."""

    day: date
    scopes: Sequence[Scope]
    fields: Sequence[str]
    stages: Sequence[Stage]


@dataclass
class Firm:
    """One firm by its number, with everything that hangs on it."""

    number: int
    crowd: Crowd
    chance: Random = field(init=False)
    organization: Organization = field(init=False)

    def __post_init__(self) -> None:
        self.chance = dice(f"firm/{self.number}")
        self.organization = self.build_organization()

    def past(self, most: int = DAYS) -> date:
        return self.crowd.day - timedelta(days=self.chance.randint(1, most))

    def build_organization(self) -> Organization:
        chance = self.chance
        made = Organization(
            ref=ref_of(Organization, f"crowd/{self.number}"),
            demo=True,
            name=firm_name(self.number),
            roles=codes_of("firm"),
            fields=codes_of("|".join(chance.sample(self.crowd.fields, 2))),
            industry="I",
            size_class=chance.choice(SIZES),
            founded_on=date(chance.randint(2012, 2025), chance.randint(1, 12), chance.randint(1, 28)),
            registered_capital=chance.choice(AMOUNTS),
            division=chance.choice(("310104", "310115", "310112", "310110")),
            entity_key=f"310104{self.number:07d}",
            visibility=chance.choice(LEVELS),
        )
        made.derive()
        return made

    def residency(self) -> Residency:
        entered = self.past()
        left = self.chance.random() < 0.15
        return Residency(
            ref=ref_of(Residency, f"crowd/{self.number}"),
            demo=True,
            organization=self.organization,
            scope=self.chance.choice(self.crowd.scopes),
            stage=Residency.Stage.GRADUATED if left else Residency.Stage.RESIDENT,
            entered_on=entered,
            left_on=self.crowd.day if left else None,
        )

    def filings(self) -> list[Filing]:
        return [self.filing(serial) for serial in range(1, FILINGS + 1)]

    def filing(self, serial: int) -> Filing:
        kind, state, granted = self.chance.choice(KINDS), self.chance.choice(STATES), self.past()
        region, region_text, pinyin = self.chance.choice(REGIONS)
        numbered = state not in {State.SUBMITTED, State.PREPARING}
        kind_of_algorithm = self.chance.choice(tuple(CLASSES)) if kind == FilingKind.ALGORITHM else ""
        made = Filing(
            ref=ref_of(Filing, f"crowd/{self.number}/{serial}"),
            demo=True,
            kind=kind,
            state=state,
            name=f"{model_name(self.number)}{serial}号",
            organization=self.organization,
            number=self.number_of(kind, granted, serial, pinyin, kind_of_algorithm) if numbered else "",
            authority=Authority.PROVINCIAL if kind == FilingKind.REGISTERED else Authority.NATIONAL,
            region=region,
            region_text=region_text,
            granted_on=granted if numbered else None,
            algorithm_class=CLASSES.get(kind_of_algorithm, ""),
        )
        made.derive()
        return made

    def number_of(self, kind: FilingKind, day: date, serial: int, pinyin: str, algorithm: str) -> str:
        if kind == FilingKind.ALGORITHM:
            return f"网信算备310104{self.number:07d}{algorithm}{day:%y}{serial:03d}1号"
        letter = "S" if kind == FilingKind.REGISTERED else ""
        return f"{pinyin}-YanShi{self.number}-{day:%Y%m%d}{letter}{serial:04d}"

    def model(self) -> AIModel:
        made = AIModel(
            ref=ref_of(AIModel, f"crowd/{self.number}"),
            demo=True,
            name=model_name(self.number),
            modalities=codes_of(self.chance.choice(Modality.values)),
            tasks=codes_of("dialogue"),
            openness=self.chance.choice(Openness.values),
            parameters=Decimal(self.chance.choice((1, 3, 7, 13, 34, 70))),
            visibility=self.organization.visibility,
        )
        made.derive()
        return made

    def round(self) -> Round:
        amount = self.chance.choice(AMOUNTS)
        return Round(
            ref=ref_of(Round, f"crowd/{self.number}"),
            demo=True,
            organization=self.organization,
            stage=self.chance.choice(self.crowd.stages),
            closed_on=self.past(),
            closed_precision=Precision.MONTH,
            amount_low=amount,
            amount_high=amount,
            visibility=self.organization.visibility,
        )


def firms_there() -> int:
    """How many firms of the crowd were written so far."""
    last = LogEntry.objects.filter(subject_kind=SUBJECT).order_by("-index").values_list("subject_ref", flat=True)
    return int(last[0]) if last else 0


def add_firms(wanted: int, *, day: date, tell: Tell) -> int:
    """Write the firms that are missing up to `wanted`; `tell` hears how many there are. Returns the rows written."""
    first, rows = firms_there() + 1, 0
    if first > wanted:
        return 0
    desk = Desk(day)
    crowd = gather(desk)
    source = source_of(desk)
    for start in range(first, wanted + 1, STRETCH):
        last = min(start + STRETCH - 1, wanted)
        with recording(actor=desk.clerk, reason="批量生成的演示数据", source=source):
            rows += write([Firm(number, crowd) for number in range(start, last + 1)])
            note(Entry("demo.loaded", SUBJECT, str(last), {"first": start}))
        tell(last)
    return rows


def write(firms: Sequence[Firm]) -> int:
    return sum(len(add_many(records)) for records in kinds_of_rows(firms))


def kinds_of_rows(firms: Sequence[Firm]) -> Iterator[Sequence[Record]]:
    """The rows of a stretch, kind after kind; what others hang on comes, and is saved, before them."""
    yield [firm.organization for firm in firms]
    yield [firm.residency() for firm in firms]
    filings = {firm.number: firm.filings() for firm in firms}
    yield [filing for found in filings.values() for filing in found]
    yield [firm.round() for firm in firms if firm.number % ROUND_EVERY == 0]
    makers = [firm for firm in firms if firm.number % MODEL_EVERY == 0]
    models = {firm.number: firm.model() for firm in makers}
    yield list(models.values())
    yield [Ownership(demo=True, model=models[firm.number], organization=firm.organization) for firm in makers]
    yield [Coverage(demo=True, model=models[firm.number], filing=filings[firm.number][0]) for firm in makers]


def gather(desk: Desk) -> Crowd:
    scopes = list(Scope.objects.filter(community__demo=False).order_by("width"))
    fields = list(TechnicalField.objects.filter(retired=False).order_by("code").values_list("code", flat=True))
    return Crowd(desk.day, scopes, fields, list(Stage.objects.order_by("code")))


def source_of(desk: Desk) -> Source:
    known: Source | None = Source.objects.filter(ref=ref_of(Source, SUBJECT)).first()
    if known is not None:
        return known
    with all_marked():
        title, words = "演示·批量生成名册", "由程序生成，随演示数据虚构。"
        made = Source(title=title, publisher="演示·社区运营", day=desk.day, note=words)
        return desk.add(made, SUBJECT, reason="演示资料")
