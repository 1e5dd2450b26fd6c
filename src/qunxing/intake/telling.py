"""The plan of an undo as a person reads it: which record, what it gets back, what stays because of whom."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from qunxing.core.formats import show_moment
from qunxing.ledger.models import Record
from qunxing.ledger.queries import FieldChange, Words, readable_fields, value_text
from qunxing.ledger.undoing import Fate, Step, Why
from qunxing.ledger.versions import history_of


@dataclass(frozen=True)
class ToldStep:
    """`changes` are from what stands to what it gets back, `later` the fields that somebody has set since."""

    mark: str
    kind: str
    name: str
    url: str = ""
    fate: str = ""
    why: str = ""
    author: str = ""
    moment: str = ""
    changes: Sequence[FieldChange] = field(default_factory=list)
    later: Sequence[tuple[str, str]] = field(default_factory=list)


def told_steps(steps: Iterable[Step]) -> list[ToldStep]:
    """The steps in their order; a fixed number of queries for each kind of record, but for names that ask more."""
    by_kind: dict[type[Record], list[Step]] = defaultdict(list)
    ordered = list(steps)
    for step in ordered:
        by_kind[step.kind].append(step)
    words = Words()
    found: dict[tuple[str, int], ToldStep] = {}
    for kind, ones in by_kind.items():
        found |= {one.mark: told for one, told in zip(ones, told_of_kind(kind, ones, words), strict=True)}
    return [found[step.mark] for step in ordered]


def told_of_kind(kind: type[Record], steps: Sequence[Step], words: Words) -> list[ToldStep]:
    keys = [step.key for step in steps]
    related = [one.name for one in kind._meta.concrete_fields if one.is_relation]
    stored = kind._base_manager.select_related(*related).in_bulk(keys)
    latest = latest_versions(kind, [step.key for step in steps if step.later or step.fate is Fate.KEPT])
    return [told_step(step, stored.get(step.key), latest.get(step.key), words) for step in steps]


def latest_versions(kind: type[Record], keys: Sequence[int]) -> dict[int, Any]:
    if not keys:
        return {}
    rows = history_of(kind).objects.filter(id__in=keys).select_related("history_user").order_by("history_id")
    return {row.id: row for row in rows}


def told_step(step: Step, record: Record | None, latest: Any, words: Words) -> ToldStep:
    fields = {one.attname: one for one in readable_fields(step.kind)}
    changes = [
        FieldChange(fields[name].verbose_name, value_text(fields[name], step.stored[name], words), new)
        for name, value in step.values.items()
        if step.fate is Fate.RESTORED and name in fields
        for new in [value_text(fields[name], value, words)]
    ]
    later = [
        (str(fields[name].verbose_name), value_text(fields[name], step.stored[name], words))
        for name in step.later
        if name in fields
    ]
    return ToldStep(
        mark=f"{step.kind.kind_code()}:{step.stored['ref']}",
        kind=str(step.kind._meta.verbose_name),
        name=name_of(step, record),
        url=url_of(record),
        fate=str(step.fate),
        why=str(Why(step.why).label) if step.why else "",
        author=str(latest.history_user or "") if latest is not None else "",
        moment=show_moment(latest.history_date) if latest is not None else "",
        changes=changes,
        later=later,
    )


def name_of(step: Step, record: Record | None) -> str:
    """What the record is called; of one that is gone, and what it hung on too, its reference."""
    try:
        return str(record or step.kind(**step.stored)) or str(step.stored["ref"])
    except ObjectDoesNotExist:
        return str(step.stored["ref"])


def url_of(record: Record | None) -> str:
    if record is None or not (record.PARENT or record.DETAIL_URL):
        return ""
    return record.get_absolute_url()


def as_json(told: ToldStep) -> dict[str, Any]:
    """The step as plain JSON, for the batch to keep and for the command line."""
    changes = [[str(one.label), one.before, one.after] for one in told.changes]
    return asdict(told) | {"changes": changes, "later": [list(pair) for pair in told.later]}
