"""What follows when a merge is undone, beside the records themselves."""

from qunxing.directory.models import Organization
from qunxing.intake.models import Batch, ForeignNumber
from qunxing.ledger.models import Evidence


def part_again(batch: Batch) -> None:
    """What is said and numbered of the record that was joined into another is its own again."""
    Evidence.objects.filter(pk__in=batch.summary["evidence"]).delete()
    key = Organization.objects.filter(ref=batch.summary["removed"]).values_list("pk", flat=True).first()
    if key is not None:
        ForeignNumber.objects.filter(pk__in=batch.summary["numbers"]).update(record_key=key)
