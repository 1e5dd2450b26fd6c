"""The long work of indicators."""

from typing import Any

from django.urls import reverse

from qunxing.accounts.models import User
from qunxing.indicators.actions.proposals import read_article
from qunxing.indicators.models import Reading
from qunxing.ledger.jobs import Progress, start, work
from qunxing.ledger.models import Job


@work("indicators.read")
def read(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Read an article; what it proposes is kept in one transaction."""
    reading = Reading.objects.get(ref=arguments["reading"])
    read_article(reading, actor=User.objects.get(pk=arguments["actor_pk"]), progress=progress)
    return {"url": reading.get_absolute_url()}


def start_reading(reading: Reading, *, actor: Any, language: str) -> Job:
    back = reverse("indicators:reading-detail", args=[reading.ref])
    words = {"reading": reading.ref, "actor_pk": actor.pk}
    job = start("indicators.read", actor=actor, title=str(reading), language=language, back=back, **words)
    Reading.objects.filter(pk=reading.pk).update(job=job)
    return job
