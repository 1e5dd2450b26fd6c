"""The rules of a panel and of its scoring, as plain data: read from JSON with every fault named, written back alike."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Self, cast

from django.utils.translation import gettext_noop as _

from qunxing.core.reasons import Unreadable, because

LARGEST = 99  # seats
HUNDRED = 100

TOO_SMALL = _("A panel of %(size)s is smaller than the %(minimum)s that the rules ask for.")
EVEN = _("A panel of %(size)s can be split evenly; the rules ask for an odd number.")
BAD_SHARE = _("%(name)s: “%(value)s” is not a share between 0 and 1, such as 2/3.")
BAD_NUMBER = _("%(name)s: “%(value)s” is not a whole number from %(low)s to %(high)s.")
BAD_CHOICE = _("%(name)s: “%(value)s” is not one of %(choices)s.")
BAD_FLAG = _("%(name)s: “%(value)s” is neither true nor false.")
BAD_LIST = _("%(name)s is not a list.")
BAD_NAME = _("There is no rule “%(name)s”.")
BAD_CRITERION = _("A criterion needs a code of its own, a name, a weight and a top score above nothing: “%(value)s”.")
BAD_WEIGHTS = _("The weights of the criteria add up to %(sum)s, not to 100.")
TOO_MANY_REVIEWS = _("%(count)s reviews of each item are more than the %(size)s seats of the panel.")
NOT_AN_OBJECT = _("%(name)s is not an object with named rules.")


def refuse(sentence: str, **values: Any) -> Unreadable:
    return Unreadable(because(sentence, **{name: str(value)[:80] for name, value in values.items()}))


def share(name: str, value: Any) -> Fraction:
    """A share from 0 to 1, written 2/3, 0.5 or 1; a decimal is taken as written."""
    try:
        found = Fraction(str(value).strip())
    except (ValueError, ZeroDivisionError):
        raise refuse(BAD_SHARE, name=name, value=value) from None
    if not 0 <= found <= 1:
        raise refuse(BAD_SHARE, name=name, value=value)
    return found


def whole(name: str, value: Any, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise refuse(BAD_NUMBER, name=name, value=value, low=low, high=high)


def one_of(name: str, value: Any, choices: Sequence[Any]) -> None:
    if value not in choices:
        raise refuse(BAD_CHOICE, name=name, value=value, choices=", ".join(map(str, choices)))


def flag(name: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise refuse(BAD_FLAG, name=name, value=value)


def at_least(part: Fraction, count: int) -> int:
    """The least whole number that is this share of the count."""
    return -(-part.numerator * count // part.denominator)


def known(kind: type[Any], name: str, data: Any) -> dict[str, Any]:
    """The named rules of an object; one that is not known is refused rather than passed over."""
    if not isinstance(data, Mapping):
        raise refuse(NOT_AN_OBJECT, name=name)
    names = {one.name for one in fields(kind)}
    for key in data:
        if key not in names:
            raise refuse(BAD_NAME, name=key)
    return dict(data)


def listed(name: str, value: Any) -> tuple[Any, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise refuse(BAD_LIST, name=name)
    return tuple(value)


@dataclass(frozen=True)
class PanelTerms:
    """Who may sit, how many, and how items are dealt out.

    `specialists` and `outside` are least shares of the seats. Whoever sat within `rest_days` before the day is not
    drawn. A tie counts until `recusal_years` after it ended. `reviews_per_item` None: everybody reads everything. Where
    not everybody does, `strict` keeps whoever has a conflict with one item off the panel altogether.
    """

    size: int = 5
    minimum: int = 5
    odd: bool = True
    specialists: str = "2/3"
    outside: str = "1/2"
    rest_days: int = 0
    recusal_years: int = 3
    reviews_per_item: int | None = None
    load_cap: int | None = None
    double_blind: bool = False
    strict: bool = False
    fields: tuple[str, ...] = ()

    @classmethod
    def read(cls, data: Any) -> Self:
        """The terms of a JSON object; a rule that is not given has its default. Unreadable names the fault."""
        found = known(cls, "terms", data)
        if "fields" in found:
            found["fields"] = tuple(str(code) for code in listed("fields", found["fields"]))
        terms = cls(**found)
        terms.check()
        return terms

    def check(self) -> None:
        whole("size", self.size, 1, LARGEST)
        whole("minimum", self.minimum, 1, LARGEST)
        whole("rest_days", self.rest_days, 0, 3_660)
        whole("recusal_years", self.recusal_years, 0, 50)
        for name in ("odd", "double_blind", "strict"):
            flag(name, getattr(self, name))
        for name in ("specialists", "outside"):
            share(name, getattr(self, name))
        self.check_numbers()

    def check_numbers(self) -> None:
        if self.load_cap is not None:
            whole("load_cap", self.load_cap, 1, 100_000)
        if self.reviews_per_item is not None:
            whole("reviews_per_item", self.reviews_per_item, 1, LARGEST)
            if self.reviews_per_item > self.size:
                raise refuse(TOO_MANY_REVIEWS, count=self.reviews_per_item, size=self.size)
        if self.size < self.minimum:
            raise refuse(TOO_SMALL, size=self.size, minimum=self.minimum)
        if self.odd and self.size % 2 == 0:
            raise refuse(EVEN, size=self.size)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"fields": list(self.fields)}

    @property
    def specialists_needed(self) -> int:
        return at_least(share("specialists", self.specialists), self.size)

    @property
    def outside_needed(self) -> int:
        return at_least(share("outside", self.outside), self.size)

    @property
    def everybody(self) -> bool:
        """Whether each seat reads each item."""
        return self.reviews_per_item is None

    @property
    def reviews(self) -> int:
        """How many reviews an item is to have."""
        return self.size if self.reviews_per_item is None else self.reviews_per_item


@dataclass(frozen=True)
class Criterion:
    """What is scored from 0 to `top` and counts `weight` of 100; `anchors` say what a score means, best first."""

    code: str
    zh: str
    en: str = ""
    weight: float = 0
    top: float = 0
    anchors: tuple[Any, ...] = ()

    @classmethod
    def read(cls, data: Any) -> Self:
        found = known(cls, "criterion", data)
        anchors = tuple(Anchor.read(one) for one in listed("anchors", found.pop("anchors", ())))
        try:
            made = cls(**found, anchors=anchors)
        except TypeError:
            raise refuse(BAD_CRITERION, value=data) from None
        made.check()
        return made

    def check(self) -> None:
        texts: tuple[Any, ...] = (self.code, self.zh, self.en)
        named = all(isinstance(text, str) for text in texts) and all(texts[:2])
        numbers: tuple[Any, ...] = (self.weight, self.top)
        counted = all(isinstance(one, int | float) and not isinstance(one, bool) for one in numbers)
        if not (named and counted and 0 < self.weight <= HUNDRED and 0 < self.top <= 1_000):
            raise refuse(BAD_CRITERION, value=self.code)

    def name(self, language: str) -> str:
        return self.zh if language.startswith("zh") or not self.en else self.en


@dataclass(frozen=True)
class Anchor:
    """From `points` on a score means this."""

    points: float
    zh: str
    en: str = ""

    @classmethod
    def read(cls, data: Any) -> Self:
        found = known(cls, "anchors", data)
        if not isinstance(found.get("points"), int | float) or not isinstance(found.get("zh"), str):
            raise refuse(BAD_CRITERION, value=data)
        return cls(**found)

    def name(self, language: str) -> str:
        return self.zh if language.startswith("zh") or not self.en else self.en


def thirds(top: float, *words: tuple[str, str]) -> tuple[Anchor, ...]:
    """Three anchors: from 80, 60 and 0 hundredths of the top."""
    return tuple(Anchor(top * part / HUNDRED, zh, en) for part, (zh, en) in zip((80, 60, 0), words, strict=True))


def usual(code: str, zh: str, en: str, weight: int, *words: tuple[str, str]) -> Criterion:
    return Criterion(code, zh, en, weight, weight, thirds(weight, *words))


USUAL = (
    usual("basis", "基础", "Basis", 15,
        ("已有同类成果并投入使用", "has delivered the like and it is in use"),
        ("有相关成果，未经同等规模验证", "has related results, not proven at this size"),
        ("缺少相关积累", "little that it could build on")),
    usual("content", "内容", "Content", 15,
        ("逐项回应指标，边界清楚", "answers each indicator and says where it ends"),
        ("回应主要指标，部分含糊", "answers the main indicators, partly vague"),
        ("未回应主要指标", "leaves main indicators unanswered")),
    usual("method", "方法", "Method", 20,
        ("路线先进且有实验数据支撑", "advanced, and backed by data of its own"),
        ("路线可行，依据不足", "workable, thinly founded"),
        ("路线不可行或无依据", "not workable, or unfounded")),
    usual("team", "团队", "Team", 15,
        ("挂帅人与骨干投入充分、分工明确", "leader and core people free for it, shares clear"),
        ("人员齐备，投入或分工不明", "people there, their time or shares unclear"),
        ("关键岗位缺人", "key people missing")),
    usual("schedule", "进度", "Schedule", 10,
        ("节点可考核且留有余量", "milestones can be tested and leave room"),
        ("节点可考核，无余量", "milestones can be tested, no room"),
        ("节点不可考核", "milestones cannot be tested")),
    usual("results", "成果", "Results", 15,
        ("成果可落地并可推广", "can be put to use, here and elsewhere"),
        ("成果可落地，推广不明", "can be put to use here"),
        ("成果难以落地", "hard to put to use")),
    usual("price", "价格", "Price", 10,
        ("预算合理，逐项有依据", "reasonable, every item founded"),
        ("预算总体合理，个别偏高", "reasonable on the whole, some items high"),
        ("预算明显不合理", "plainly unreasonable")),
)  # fmt: skip


@dataclass(frozen=True)
class ScoringTerms:
    """How marks become an order.

    `mean`: of all scores, or without the highest and the lowest (from five on). `quorum` is the least share of an
    item's reviews. A spread of `disagreement` points or more is flagged. `decides`: the raw or the calibrated order.
    `close_call` is the certainty beyond which two items can be told apart.
    """

    criteria: tuple[Criterion, ...] = USUAL
    mean: str = "mean"
    quorum: str = "2/3"
    disagreement: float = 15
    decides: str = "raw"
    close_call: float = 0.95

    MEANS: ClassVar = ("mean", "trimmed")
    DECIDERS: ClassVar = ("raw", "calibrated")

    @classmethod
    def read(cls, data: Any) -> Self:
        """The terms of a JSON object; a rule that is not given has its default. Unreadable names the fault."""
        found = known(cls, "scoring", data)
        if "criteria" in found:
            found["criteria"] = tuple(Criterion.read(one) for one in listed("criteria", found["criteria"]))
        terms = cls(**found)
        terms.check()
        return terms

    def check(self) -> None:
        one_of("mean", self.mean, self.MEANS)
        one_of("decides", self.decides, self.DECIDERS)
        one_of("close_call", self.close_call, (0.95,))
        share("quorum", self.quorum)
        if isinstance(self.disagreement, bool) or not isinstance(self.disagreement, int | float):
            raise refuse(BAD_NUMBER, name="disagreement", value=self.disagreement, low=0, high=HUNDRED)
        codes = [one.code for one in self.criteria]
        if not codes or len(set(codes)) < len(codes):
            raise refuse(BAD_CRITERION, value=", ".join(codes))
        total = sum(Decimal(str(one.weight)) for one in self.criteria)
        if total != HUNDRED:
            raise refuse(BAD_WEIGHTS, sum=total)

    def to_json(self) -> dict[str, Any]:
        return cast(dict[str, Any], plain(asdict(self)))

    def needed(self, reviews: int) -> int:
        """How many scores an item with so many reviews must have."""
        return at_least(share("quorum", self.quorum), reviews)

    def total(self, marks: Mapping[str, float]) -> float:
        """The weighted total, out of 100; every criterion must have its mark."""
        parts = (
            Decimal(str(one.weight)) * Decimal(str(marks[one.code])) / Decimal(str(one.top)) for one in self.criteria
        )
        return float(round(sum(parts, Decimal()), 3))

    def criterion(self, code: str) -> Criterion | None:
        return next((one for one in self.criteria if one.code == code), None)


def plain(value: Any) -> Any:
    """Tuples as lists, all the way down."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, tuple | list) else value
