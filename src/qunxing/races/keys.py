"""What the files of a test set say, read once and held: the key with its parts, the form of answers, own scorers."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.sealing import damaged
from qunxing.core.errors import Refused
from qunxing.races.evaluating import OwnScorer, Parts, parts_of
from qunxing.races.models import Scorer, Stage, TestSet
from qunxing.races.models.races import read_plan
from qunxing.races.sandbox import Limits
from qunxing.races.scoring import Key, Schema, read
from qunxing.races.sealing import read_sealed

HELD = 4  # keys in memory; one of 100,000 items takes some 20 MB


def set_in_force(stage: Stage) -> TestSet | None:
    """The test set in force."""
    found: TestSet | None = stage.test_sets.filter(in_force=True).first()
    return found


def entry_schema(test_set: TestSet) -> Schema:
    """What a file of answers must look like; items may be missing where the gate's rule says what that costs."""
    return Schema.read(test_set.schema["entry"])


def parts_for(test_set: TestSet) -> Parts:
    """The key in its parts, as the stage's plan parts it."""
    return held_parts(test_set.stage.race, test_set.digest, Sealedness(test_set), json.dumps(test_set.stage.plan))


class Sealedness:
    """What of a test set names its content, to tell two of them apart in what is held."""

    def __init__(self, test_set: TestSet) -> None:
        self.schema: Mapping[str, Any] = test_set.schema["key"]
        self.listed = str(test_set.public.get("list", ""))
        self.own = (test_set.digest, self.listed, repr(sorted(self.schema.items(), key=lambda pair: pair[0])))

    def __hash__(self) -> int:
        return hash(self.own)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealedness) and self.own == other.own


@lru_cache(maxsize=HELD)
def held_parts(race: Any, digest: str, about: Sealedness, plan: str) -> Parts:
    key = key_in(race, digest, Schema.read(about.schema))
    listed = None
    if about.listed:
        listed = [item for _row, item in read_list(read_sealed(race, f"public/{about.listed}"))]
    return parts_of(key, read_plan(plan), listed)


def key_in(race: Any, digest: str, schema: Schema) -> Key:
    found = read(read_sealed(race, f"answers/{digest}"), schema).key
    if found is None:
        raise damaged()
    return found


def read_list(data: bytes) -> list[tuple[int, str]]:
    """(row, item) of a list with one item a line; a heading “item” is passed over."""
    lines = data.decode("utf-8-sig", "replace").splitlines()
    rows = [(row, line.strip().strip('",').strip()) for row, line in enumerate(lines, 1)]
    return [(row, item) for row, item in rows if item and not (row == 1 and item.casefold() == "item")]


def scorer_for(stage: Stage) -> OwnScorer | None:
    """The gate's own scorer, as it was frozen; None where the metrics are the built-in ones."""
    digest = stage.gate.scorer
    if not digest:
        return None
    found = Scorer.objects.filter(digest=digest).first()
    path = scorer_path(digest)
    if found is None or not path.exists():
        raise Refused(_("The scorer that the gate names is not kept here."), status=409)
    return OwnScorer(digest, path.read_bytes(), limits_of(found.limits))


def scorer_path(digest: str) -> Path:
    """Where the file of a scorer lies: code, no secret, outside of everything that is served."""
    return Path(settings.ENV.data_dir) / "races" / "scorers" / f"{digest}.py"


def limits_of(told: Mapping[str, Any]) -> Limits:
    """The limits of a scorer; what is not told is as by default, nothing goes beyond what a worker can bear."""
    seconds = min(float(told.get("seconds", 60)), 600.0)
    megabytes = min(int(told.get("megabytes", 2048)), 8192)
    return Limits(seconds=seconds, cpu_seconds=int(seconds), memory_bytes=megabytes * 1024**2)
