"""Playing seeds, and what is told of them."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from qunxing.challenges.rehearsal.cast import Cast, gather
from qunxing.challenges.rehearsal.chance import repeatable
from qunxing.challenges.rehearsal.coverage import Coverage
from qunxing.challenges.rehearsal.ground import Ground, make_tables, need_nothing
from qunxing.challenges.rehearsal.memory import Broken
from qunxing.challenges.rehearsal.season import play
from qunxing.challenges.rehearsal.size import Size
from qunxing.challenges.rehearsal.stage import Stage
from qunxing.ledger.models import LogHead

COUNTS = ("done", "refused", "crashes", "checked")


@dataclass
class Played:
    """One seed: how long it took, what was done, refused, struck down and checked, and what was broken."""

    seed: int
    seconds: float = 0.0
    entries: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    broken: list[Broken] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)

    def as_json(self) -> dict[str, Any]:
        plain = {"seed": self.seed, "seconds": self.seconds, "entries": self.entries, "counts": self.counts}
        return {**plain, "broken": [asdict(one) for one in self.broken], "coverage": self.coverage.as_json()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Played":
        broken = [Broken(**one) for one in stored["broken"]]
        coverage = Coverage.from_json(stored["coverage"])
        return cls(stored["seed"], stored["seconds"], stored["entries"], stored["counts"], broken, coverage)


def play_seed(seed: int, size: Size, cast: Cast) -> Played:
    """One season on the database at hand, checked; an error that nobody foresaw is told like a broken rule."""
    began = time.monotonic()
    stage = Stage(seed, size, cast)
    with repeatable(seed), stage.clock.running():
        try:
            play(stage)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next seed is played
            stage.memory.breaks("error", type(error).__name__, where(error))
    entries = LogHead.objects.values_list("size", flat=True).first() or 0
    counts = {name: dict(values) for name, values in stage.memory.counts().items()}
    seconds = round(time.monotonic() - began, 2)
    return Played(seed, seconds, entries, counts, stage.memory.broken, Coverage().read())


def where(error: BaseException) -> str:
    """The error with the places it came through, the innermost last."""
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return f"{error} ({' > '.join(places[-12:])})"


def play_here(seeds: Iterable[int], size: Size) -> Iterator[Played]:
    """Seed after seed on the process's own database, which must be empty; each finds the same ground."""
    need_nothing()
    make_tables()
    cast = gather(size)
    with TemporaryDirectory(dir=settings.ENV.data_dir) as folder:
        ground = Ground(Path(folder))
        ground.keep()
        for seed in seeds:
            ground.bring_back()
            yield play_seed(seed, size, cast)


@dataclass
class Report:
    """All seeds together."""

    size: Size
    seeds: list[int] = field(default_factory=list)
    seconds: float = 0.0
    entries: int = 0
    counts: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in COUNTS})
    broken: list[tuple[int, Broken]] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)

    def add(self, played: Played) -> None:
        self.seeds.append(played.seed)
        self.seconds += played.seconds
        self.entries += played.entries
        for name, values in played.counts.items():
            self.counts[name].update(values)
        self.broken += [(played.seed, one) for one in played.broken]
        self.coverage.add(played.coverage)

    def as_json(self) -> dict[str, Any]:
        broken = Counter(one.rule for _seed, one in self.broken)
        checked = sorted({*self.counts["checked"], *broken})
        return {
            "ok": not self.broken,
            "seeds": sorted(self.seeds),
            "size": asdict(self.size),
            "seconds": round(self.seconds, 1),
            "seconds_a_seed": round(self.seconds / max(len(self.seeds), 1), 2),
            "log_entries": self.entries,
            "invariants": {name: {"checked": self.counts["checked"][name], "broken": broken[name]} for name in checked},
            "broken": [{"seed": seed, **asdict(one)} for seed, one in self.broken],
            **{name: dict(sorted(self.counts[name].items())) for name in ("done", "refused", "crashes")},
            "coverage": self.coverage.counts(),
        }
