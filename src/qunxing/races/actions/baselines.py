"""Rows that lanes are held against: answers of staff's, scored by the same metrics; they win nothing."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.actions.common import locked
from qunxing.core.errors import Refused
from qunxing.ledger.actions import create
from qunxing.ledger.recording import recording
from qunxing.races import itemscores
from qunxing.races.actions.testsets import BadAnswers
from qunxing.races.evaluating import by_metrics, by_scorer, item_scores, metrics_of
from qunxing.races.keys import entry_schema, parts_for, scorer_for, set_in_force
from qunxing.races.models import Baseline, Stage
from qunxing.races.rules.entering import Permission
from qunxing.races.scoring import read
from qunxing.races.sealing import read_sealed
from qunxing.races.uploading import Received


def keep_baseline(stage: Stage, *, actor: Any, day: date, name: str, file: Received, about: str = "") -> Baseline:
    """Score the file and keep it as a row of the board; BadAnswers where it cannot be read."""
    if actor is not None and not actor.has_perm(Permission.KEEP_TEST_SET, stage):
        raise PermissionDenied
    test_set = set_in_force(stage)
    if test_set is None:
        raise Refused(_("This stage has no test set yet."), status=409)
    refuse_double(stage, name)
    parts = parts_for(test_set)
    reading = read(read_sealed(stage.race, file.sealed.name), entry_schema(test_set), parts.asked)
    if reading.answers is None:
        raise BadAnswers(reading.faults, reading.total)
    plan, scorer = stage.gate, scorer_for(stage)
    if scorer is not None:
        found = by_scorer(plan, scorer, reading.answers, parts)
    else:
        found = by_metrics(plan, metrics_of(plan), reading.answers, parts)
    if found.verdict != "ok":
        raise Refused(_("The baseline cannot be scored: %(why)s") % {"why": found.words or found.verdict}, status=422)
    scores = item_scores(found, parts)
    made = Baseline(
        stage=stage,
        name=name,
        note=about,
        digest=file.digest,
        overall_public=found.public.overall,
        overall_sealed=found.sealed.overall,
        items_digest=itemscores.keep(stage.race, scores) if scores is not None else "",
        kept_on=day,
    )
    with recording(actor=actor):
        refuse_double(locked(stage), name)
        return create(made, actor=actor)


def refuse_double(stage: Stage, name: str) -> None:
    if stage.baselines.filter(name=name).exists():
        raise Refused(_("A baseline of this name stands there already."), status=409)
