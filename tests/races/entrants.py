"""Made-up races that run, with teams in lanes, a sealed test set and entries; saved the way the program saves them."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from qunxing.ledger.actions import create
from qunxing.races.actions.entering import Handed, hand_in
from qunxing.races.actions.reading import statement_for
from qunxing.races.actions.scoring import drain
from qunxing.races.actions.testsets import Proposed, keep_test_set, register_body
from qunxing.races.keys import set_in_force
from qunxing.races.models import Entry, Lane, Race, Stage, TestingBody, TestSet
from qunxing.races.plan import GatePlan
from qunxing.races.scoring import Field, Schema
from qunxing.races.scoring.tables import sign
from qunxing.races.uploading import receive
from tests import factories as people

OPENS = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
CLOSES = datetime.fromisoformat("2026-03-20T17:00:00+08:00")
DURING = OPENS + timedelta(days=3)
LATE = CLOSES - timedelta(hours=1)  # within the last day, when a frozen board stands still
DAY = date(2026, 3, 1)
ITEMS = tuple(f"q{number:03d}" for number in range(100))
LABELS = ("benign", "malignant")
TRUTH = {item: LABELS[number % 2] for number, item in enumerate(ITEMS)}
ENTRY_SCHEMA = Schema((Field("answer", "label", LABELS),), "item")
KEY_SCHEMA = Schema((Field("truth", "label", LABELS),), "item")
numbers = count(1)


def plan(**parts: Any) -> dict[str, Any]:
    words = {"opens": OPENS.isoformat(), "closes": CLOSES.isoformat(), "public": {"percent": 30, "seed": 7}} | parts
    return GatePlan.read(words).as_json()


def race(state: str = "running", **values: Any) -> Race:
    words = {
        "title": f"病理判读赛马{next(numbers)}",
        "kind": "invited",
        "published_on": DAY,
        "started_on": DAY,
    } | values
    words = {"number": f"SM-2025-{next(numbers):03d}", "organization": people.organization()} | words
    return create(Race(state=state, **words), actor=None)


def stage(of: Race | None = None, state: str = "running", **parts: Any) -> Stage:
    of = of or race()
    order = of.stages.count() + 1
    return create(Stage(race=of, order=order, title=f"第{order}赛段", state=state, plan=plan(**parts)), actor=None)


def lane(of: Race, *, state: str = "running", **values: Any) -> Lane:
    number = of.lanes.count() + 1
    words = {"organization": people.organization(), "name": f"第{number}队", "number": number} | values
    return create(Lane(race=of, state=state, entered_on=DAY, **words), actor=None)


def table(answers: dict[str, str], column: str = "truth") -> bytes:
    return "\n".join([f"item,{column}", *(f"{item},{answer}" for item, answer in answers.items())]).encode()


def answers(right: float = 1.0, *, shift: int = 0) -> bytes:
    """Answers of which that share is right; `shift` says which."""
    kept = {}
    for number, item in enumerate(ITEMS):
        good = ((number * 37 + shift) % 100) < right * 100
        kept[item] = TRUTH[item] if good else LABELS[1 - LABELS.index(TRUTH[item])]
    return table(kept, "answer")


def answer_key(of: Stage, data: bytes | None = None, **values: Any) -> TestSet:
    file = receive(of.race, table(TRUTH) if data is None else data, "key.csv")
    words = {"entry_schema": ENTRY_SCHEMA, "key_schema": KEY_SCHEMA} | values
    proposed = Proposed(name="判读测试集", file=file, **words)
    return keep_test_set(of, actor=None, day=DAY, proposed=proposed)


def field(of: Stage | None = None, lanes: int = 2, **parts: Any) -> tuple[Stage, list[Lane]]:
    """A stage that runs with its test set, and lanes."""
    made = of or stage(**parts)
    answer_key(made)
    return made, [lane(made.race) for _each in range(lanes)]


def entry(of: Lane, at_stage: Stage, data: bytes, at: datetime = DURING, **values: Any) -> Entry:
    """An entry as it stands after it was received."""
    actor = values.pop("actor", None)
    file = receive(at_stage.race, data, values.pop("label", "answers.csv"))
    return hand_in(of, at_stage, actor=actor, at=at, handed=Handed(file, **values))


def scored(of: Lane, at_stage: Stage, data: bytes, at: datetime = DURING, **values: Any) -> Entry:
    """An entry that the queue has been through."""
    made = entry(of, at_stage, data, at, **values)
    drain("test")
    made.refresh_from_db()
    return made


def body(of: Stage) -> tuple[TestingBody, Ed25519PrivateKey]:
    """A testing body with its key."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw().hex()
    made = register_body(of, actor=None, day=DAY, organization=people.organization(), key=public)
    return made, key


def signature(of: Lane, at_stage: Stage, data: bytes, by: TestingBody, key: Ed25519PrivateKey) -> bytes:
    """What the body signs for just this table."""

    likeness = Entry(lane=of, stage=at_stage, digest=sha256(data).hexdigest())
    return sign(key, statement_for(likeness, set_in_force(at_stage), by))
