"""Playing seeds: the ground once, then race after race on it."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from qunxing.challenges.rehearsal.cast import Cast, gather
from qunxing.challenges.rehearsal.chance import Dice, repeatable
from qunxing.challenges.rehearsal.ground import Ground, make_tables, need_nothing
from qunxing.challenges.rehearsal.playing import Played, where
from qunxing.ledger.models import LogHead
from qunxing.races.rehearsal import contests
from qunxing.races.rehearsal.coverage import RaceCoverage
from qunxing.races.rehearsal.size import RaceSize
from qunxing.races.rehearsal.stage import RaceStage
from qunxing.races.rehearsal.story import play

OF_CHALLENGES = 0.1


def play_here(seeds: Iterable[int], size: RaceSize) -> Iterator[Played]:
    """Seed after seed on the process's own database, which must be empty."""
    need_nothing()
    make_tables()
    cast, wanted = gather(size), list(seeds)
    with TemporaryDirectory(dir=settings.ENV.data_dir) as folder:
        plain, contest = Ground(Path(folder) / "plain"), Ground(Path(folder) / "contest")
        plain.keep()
        if any(map(from_challenge, wanted)):
            contests.award(size, cast)
            contest.keep()
        for seed in wanted:
            of_challenge = from_challenge(seed)
            (contest if of_challenge else plain).bring_back()
            yield play_seed(seed, size, cast, of_challenge=of_challenge)


def from_challenge(seed: int) -> bool:
    """Whether this race begins from an awarded challenge."""
    return Dice(f"kind {seed}").happens(OF_CHALLENGES)


def play_seed(seed: int, size: RaceSize, cast: Cast, *, of_challenge: bool = False) -> Played:
    """One race on the database at hand, checked; an error that nobody foresaw is told like a broken rule."""
    began = time.process_time()
    stage = RaceStage(seed, size, cast)
    with repeatable(seed), stage.clock.running():
        try:
            play(stage, of_challenge=of_challenge)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next seed is played
            stage.memory.breaks("error", type(error).__name__, where(error))
    entries = LogHead.objects.values_list("size", flat=True).first() or 0
    counts = {name: dict(values) for name, values in stage.memory.counts().items()}
    seconds = round(time.process_time() - began, 2)
    return Played(seed, seconds, entries, counts, stage.memory.broken, RaceCoverage().read())
