"""The ledger's rows as a sheet: which were asked for, and the workbook of many, which a job writes."""

import time
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_noop

from qunxing.accounts.models import User
from qunxing.core.sheets import SheetSpec, sheets
from qunxing.core.specs import declared
from qunxing.intake.sheets import out
from qunxing.ledger.jobs import Progress, start, work
from qunxing.ledger.lists.page import narrowed, read_wish
from qunxing.ledger.models import Job
from qunxing.ledger.reasons import bare

KIND = "intake.sheet_export"
SOON = 2_000  # rows of a workbook that is written while its reader waits
KEPT = 24 * 60 * 60  # seconds that a written workbook stays
WRITING = gettext_noop("Writing the workbook")


def asked_rows(spec: SheetSpec, user: Any, query: QueryDict) -> QuerySet[Any]:
    """The rows the reader may see, of the named list as its filters have it, in the standing order.

    LookupError where the ledger has no such list.
    """
    rows = spec.model.objects.visible_to(user)
    asked = query.get("list", "")
    if asked:
        found = next((one for one in declared("lists", "LISTS") if one.code == asked and one.model is spec.model), None)
        if found is None:
            raise LookupError(asked)
        query = query.copy()
        query.pop("known_at", None)
        rows = rows.filter(pk__in=narrowed(read_wish(found, user, query)).values("pk"))
    return cast("QuerySet[Any]", rows.order_by("pk"))


def start_export(spec: SheetSpec, query: QueryDict, *, actor: Any, language: str) -> Job:
    words = {"sheet": spec.code, "query": query.urlencode(), "actor_pk": actor.pk}
    return start(KIND, actor=actor, title=str(spec.label), language=language, back=reverse("intake:sheet-hub"), **words)


@work(KIND)
def export(progress: Progress, arguments: dict[str, Any]) -> dict[str, Any]:
    """Write the workbook; one that was stopped leaves no file."""
    spec, actor = sheets()[arguments["sheet"]], User.objects.get(pk=arguments["actor_pk"])
    rows = asked_rows(spec, actor, QueryDict(arguments["query"]))
    progress.stage(WRITING, rows.count())
    path = file_of(progress.job)
    path.parent.mkdir(parents=True, exist_ok=True)
    clear(path.parent)
    draft = path.with_suffix(".draft")
    try:
        with draft.open("w+b") as file:
            out.workbook(spec, rows, file, user=actor, tell=progress.advance)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return {"url": f"{reverse('intake:sheet-hub')}?ready={progress.job.ref}"}


def file_of(job: Job) -> Path:
    folder: Path = settings.ENV.data_dir / "exports"
    return folder / f"{job.ref}.xlsx"


def clear(folder: Path) -> None:
    """Remove what was written long ago."""
    for path in folder.iterdir():
        if path.stat().st_mtime < time.time() - KEPT:
            path.unlink(missing_ok=True)


def ready(ref: str, user: Any) -> Job | None:
    """The export of this reader, as long as its workbook is there."""
    job = Job.objects.filter(ref=bare(ref), kind=KIND, owner=user, state=Job.State.DONE).first()
    return job if job is not None and file_of(job).exists() else None
