"""Who may see and do what with sources, evidence, the log and jobs."""

from enum import StrEnum
from typing import Any, TypeVar

import rules

from qunxing.accounts.rules import grant, oversight, signed_in, staff

T = TypeVar("T")


class Permission(StrEnum):
    CREATE_SOURCE = "ledger.create_source"
    CHANGE_SOURCE = "ledger.change_source"
    CITE = "ledger.cite"
    FOLLOW = "ledger.follow"
    SEE_TIMELINE = "ledger.see_timeline"
    SEE_AUTHORS = "ledger.see_authors"
    SEE_LOG = "ledger.see_log"
    SEE_JOB = "ledger.see_job"
    CANCEL_JOB = "ledger.cancel_job"
    MARK_INTERNAL = "ledger.change_visibility"


def hung_on(row: Any, kind: type[T], name: str) -> T | None:
    """The record of this kind that a row is, or hangs on by that name."""
    found = row if isinstance(row, kind) else getattr(row, name, None)
    return found if isinstance(found, kind) else None


@rules.predicate
def owns_job(user: Any, job: Any) -> bool:
    return job is not None and job.owner_id == user.pk


GRANTS = {
    Permission.CREATE_SOURCE: staff,
    Permission.CHANGE_SOURCE: staff,
    Permission.CITE: staff,
    Permission.FOLLOW: staff,
    Permission.SEE_TIMELINE: signed_in,
    Permission.SEE_AUTHORS: oversight,
    Permission.SEE_LOG: oversight,
    Permission.SEE_JOB: owns_job | oversight,
    Permission.CANCEL_JOB: owns_job | staff,
    Permission.MARK_INTERNAL: staff,
}
grant(GRANTS)
