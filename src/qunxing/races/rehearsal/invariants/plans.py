"""What was fixed at publication stays."""

from collections.abc import Iterator

from qunxing.challenges.rehearsal.invariants.found import Found
from qunxing.ledger.versions import history_of
from qunxing.races.models import Stage
from qunxing.races.rehearsal.invariants.kept import bodies
from qunxing.races.rehearsal.memory import RaceMemory
from qunxing.races.states.race import RaceState

PUBLISHED, REPLACED = "race.published", "race.gate_replaced"


def frozen(memory: RaceMemory) -> Iterator[Found]:
    """The plan of a published stage has the digest that the log tells, in every version since."""
    told = {digest for one in bodies(PUBLISHED) for digest in one["facts"]["stages"].values()}
    told |= {one["facts"]["plan"] for one in bodies(REPLACED)}
    drafts = (RaceState.DRAFT,)
    for row in Stage.objects.exclude(race__state__in=drafts).filter(race__published_on__isnull=False):
        yield Found.of(row.ref, row.gate.digest() == row.plan_digest, "its plan is not that of its digest")
        yield Found.of(row.ref, row.plan_digest in told, "the log does not tell of its plan")
        kept = memory.frozen.get(row.ref)
        yield Found.of(row.ref, kept == row.plan_digest, "it is not the plan that was published")
        plans = history_of(Stage).objects.filter(id=row.pk, plan_digest=row.plan_digest).values_list("plan", flat=True)
        yield Found.of(row.ref, all(plan == row.plan for plan in plans), "a version has another plan")
