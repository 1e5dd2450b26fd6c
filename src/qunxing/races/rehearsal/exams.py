"""What a made-up gate asks: items with their truth, answers of a quality, and files that are no answers."""

from dataclasses import dataclass

from qunxing.challenges.rehearsal.acts.papers import phrase
from qunxing.challenges.rehearsal.chance import Dice
from qunxing.races.plan import GatePlan
from qunxing.races.scoring import Field, Schema

ITEMS = 40
LABELS = ("良性", "恶性", "待查")
STRATA = ("北区", "南区")
KINDS = {"accuracy": "label", "f1_macro": "label", "exact_match": "text", "mae": "number", "auc": "number"}
NOISE = 0.5


@dataclass(frozen=True)
class Exam:
    """The items and what is true of them; `secret` is the truth of one, which nobody may read or find."""

    metric: str
    truth: dict[str, str]
    secret: str = ""
    strata: bool = False

    @property
    def entry_schema(self) -> Schema:
        return Schema((Field("answer", KINDS[self.metric]),), may_miss=True)  # type: ignore[arg-type]

    @property
    def key_schema(self) -> Schema:
        kind = "label" if self.metric == "auc" else KINDS[self.metric]
        return Schema((Field("truth", kind),), stratum="stratum" if self.strata else "")  # type: ignore[arg-type]

    def key(self) -> bytes:
        """The file of the truth."""
        rows = ["item,truth" + ",stratum" * self.strata]
        for place, (item, truth) in enumerate(self.truth.items()):
            rows.append(f"{item},{truth}" + f",{STRATA[place % 2]}" * self.strata)
        return "\n".join(rows).encode()

    def answers(self, share: float, shift: int = 0, *, leave_out: int = 0) -> bytes:
        """So large a share is right, the same for the same share and shift; the first few may be left out."""
        rows = ["item,answer"]
        for place, (item, truth) in enumerate(self.truth.items()):
            right = (place * 17 + shift) % ITEMS < share * ITEMS and truth != self.secret
            if place >= leave_out:
                rows.append(f"{item},{self.said(truth, place, right=right)}")
        return "\n".join(rows).encode()

    def said(self, truth: str, place: int, *, right: bool) -> str:
        if self.metric == "mae":
            return str(float(truth) + (0 if right else 1 + place % 3))
        if self.metric == "auc":
            return str(0.25 + 0.5 * ((truth == LABELS[0]) == right))
        return truth if right else LABELS[(LABELS.index(truth) + 1) % 3 if truth in LABELS else 0]


def exam(dice: Dice, plan: GatePlan, *, one_class: bool = False) -> Exam:
    """A test set for the gate; of one class only where its metric is to be undefined."""
    name = plan.metrics[0].name
    metric = name if name in KINDS else "accuracy"
    items = [f"q{number:03d}" for number in range(ITEMS)]
    if metric == "mae":
        truth = {item: str(dice.randint(0, 50)) for item in items}
        return Exam(metric, truth, strata=bool(plan.counting.shares))
    truth = {item: LABELS[0] if one_class else dice.choice(LABELS) for item in items}
    secret = "" if metric == "auc" else phrase(dice)
    if secret:
        truth[items[-1]] = secret
    return Exam(metric, truth, secret, bool(plan.counting.shares))


def spoiled(dice: Dice, right: bytes) -> tuple[str, bytes]:
    """(what is wrong, a file that is no entry)."""
    lines = right.split(b"\n")
    item = lines[1].split(b",")[0]
    return dice.choice(
        [
            ("empty", b""),
            ("unknown_item", right + b"\nq999,x"),
            ("double_item", right + b"\n" + lines[1]),
            ("no_column", b"item,other\nq000,1"),
            ("encoding", "item,answer\nq000,良性".encode("gb18030")),
            ("cells", right + b"\nq000,1,2,3"),
            ("bad_zip", b"PK\x03\x04" + right),
            ("blank", right.replace(lines[1], item + b",")),
        ]
    )


def not_a_number(right: bytes) -> bytes:
    """The same with NaN for the first answer."""
    lines = right.split(b"\n")
    lines[1] = lines[1].split(b",")[0] + b",NaN"
    return b"\n".join(lines)
