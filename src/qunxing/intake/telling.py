"""The plan of an undo as a person reads it: which record, what it gets back, what stays because of whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from qunxing.core.chunks import chunks
from qunxing.core.formats import show_moment
from qunxing.core.masking import STARS, mask_name
from qunxing.core.sheets import sheet_of
from qunxing.ledger.kinds import record_kinds
from qunxing.ledger.models import Record
from qunxing.ledger.models.records import SEES_ALL, RecordQuerySet
from qunxing.ledger.queries import Words, readable_fields, value_text
from qunxing.ledger.undoing import Fate, Mark, Step, UndoPlan, Why
from qunxing.ledger.versions import history_of

SHOWN = 100  # of each fate
Json = dict[str, Any]
Records = Mapping[Mark, Record]


@dataclass(frozen=True)
class ToldStep:
    """`changes` are {label, before, after} from what stands to what it gets back, `later` (label, text) of the fields
    that somebody has set since, `holders` {kind, name, url} of records for which it stays.
    """

    mark: str
    kind: str
    name: str
    url: str = ""
    fate: str = ""
    why: str = ""
    author: str = ""
    moment: str = ""
    changes: Sequence[Mapping[str, str]] = field(default_factory=list)
    later: Sequence[tuple[str, str]] = field(default_factory=list)
    holders: Sequence[Mapping[str, str]] = field(default_factory=list)
    # For who reads it later, in another language.
    why_code: str = ""
    later_names: Sequence[str] = ()


def plan_json(plan: UndoPlan, *, user: Any) -> Json:
    """{"counts": {fate: records}, "steps": {fate: the first of them}} of what this reader may see."""
    seen = UndoPlan(seen_steps(plan.steps, user))
    steps = {str(fate): [as_json(one) for one in told_steps(seen.of(fate)[:SHOWN], user=user)] for fate in Fate}
    return {"counts": seen.counts, "steps": steps}


def as_json(told: ToldStep) -> Json:
    """The step as plain JSON, for the batch to keep and for the command line."""
    return asdict(told) | {"later": [list(pair) for pair in told.later], "later_names": list(told.later_names)}


# --- who may see what -------------------------------------------------------------------------------------------------


def seen_steps(steps: Sequence[Step], user: Any) -> list[Step]:
    """Those of records that the reader may see, the command line all; what is gone is for who sees every record."""
    hidden = hidden_marks([(step.kind, step.key) for step in steps], user)
    return [step for step in steps if (step.kind, step.key) not in hidden]


def hidden_marks(marks: Iterable[Mark], user: Any) -> set[Mark]:
    found: set[Mark] = set()
    for kind, keys in keys_by_kind(marks).items():
        if user is None or not issubclass(kind, Record) or sees_all(kind, user):
            continue
        for chunk in chunks(keys):
            seen = kind.objects.visible_to(user).filter(pk__in=chunk).values_list("pk", flat=True)
            there = kind._base_manager.filter(pk__in=chunk).values_list("pk", flat=True)
            shown = set(seen) | (set(chunk) - set(there) if user.kind in SEES_ALL else set())
            found |= {(kind, key) for key in chunk if key not in shown}
    return found


def sees_all(kind: type[Record], user: Any) -> bool:
    """Whether the reader sees every record of a kind that makes no rule of its own."""
    return user.kind in SEES_ALL and type(kind.objects.all()).visible_to is RecordQuerySet.visible_to


def keys_by_kind(marks: Iterable[Mark]) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = defaultdict(list)
    for kind, key in marks:
        found[kind].append(key)
    return found


# --- steps ------------------------------------------------------------------------------------------------------------


def told_steps(steps: Iterable[Step], *, user: Any) -> list[ToldStep]:
    """The steps in their order; a fixed number of queries for each kind of record, but for names that ask more."""
    ordered = list(steps)
    own = [(step.kind, step.key) for step in ordered]
    resting = [mark for step in ordered for mark in step.holders]
    hidden = hidden_marks(resting, user)
    stored = stored_records([*own, *(mark for mark in resting if mark not in hidden)])
    latest = latest_versions([(step.kind, step.key) for step in ordered if step.later or step.fate is Fate.KEPT])
    words = Words()
    return [told_step(step, stored, latest.get((step.kind, step.key)), words) for step in ordered]


def stored_records(marks: Iterable[Mark]) -> dict[Mark, Record]:
    found: dict[Mark, Record] = {}
    for kind, keys in keys_by_kind(marks).items():
        if not issubclass(kind, Record):
            continue
        related = [one.name for one in kind._meta.concrete_fields if one.is_relation]
        for chunk in chunks(dict.fromkeys(keys)):
            rows = kind._base_manager.select_related(*related).in_bulk(chunk)
            found |= {(kind, key): row for key, row in rows.items()}
    return found


def latest_versions(marks: Iterable[Mark]) -> dict[Mark, Any]:
    found: dict[Mark, Any] = {}
    for kind, keys in keys_by_kind(marks).items():
        for chunk in chunks(keys):
            rows = history_of(kind).objects.filter(id__in=chunk).select_related("history_user").order_by("history_id")
            found |= {(kind, row.id): row for row in rows}
    return found


def told_step(step: Step, stored: Records, latest: Any, words: Words) -> ToldStep:
    record = stored.get((step.kind, step.key))
    return ToldStep(
        mark=f"{step.kind.kind_code()}:{step.stored['ref']}",
        kind=str(step.kind._meta.verbose_name),
        name=name_of(step, record),
        url=url_of(record),
        fate=str(step.fate),
        why=str(Why(step.why).label) if step.why else "",
        author=str(latest.history_user or "") if latest is not None else "",
        moment=show_moment(latest.history_date) if latest is not None else "",
        changes=told_changes(step, words),
        later=[(label, told_value(step.kind, name, step.stored[name], words)) for name, label in told_later(step)],
        holders=[holder_json(stored[mark]) for mark in step.holders if mark in stored],
        why_code=step.why,
        later_names=[name for name, _label in told_later(step)],
    )


def told_changes(step: Step, words: Words) -> list[dict[str, str]]:
    """What the record gets back; of one that is removed or comes back its name is enough."""
    if step.fate is not Fate.RESTORED:
        return []
    labels = labels_of(step.kind)
    return [
        {
            "label": str(labels[name]),
            "before": told_value(step.kind, name, step.stored[name], words),
            "after": told_value(step.kind, name, value, words),
        }
        for name, value in step.values.items()
        if name in labels
    ]


def told_later(step: Step) -> list[tuple[str, str]]:
    labels = labels_of(step.kind)
    return [(name, str(labels[name])) for name in step.later if name in labels]


def labels_of(kind: type[Record]) -> dict[str, Any]:
    return {one.attname: one.verbose_name for one in readable_fields(kind)}


def told_value(kind: type[Record], name: str, value: Any, words: Words) -> str:
    """The value as text; of personal data that there is one: who may see it does so on its own page."""
    if name in personal_fields(kind):
        return STARS if value else ""
    return value_text(kind._meta.get_field(name), value, words)


@cache
def personal_fields(kind: type[Record]) -> frozenset[str]:
    spec = sheet_of(kind)
    return frozenset(column.name for column in spec.columns if column.personal) if spec is not None else frozenset()


def holder_json(record: Record) -> dict[str, str]:
    return {"kind": str(record._meta.verbose_name), "name": called(record), "url": url_of(record)}


def name_of(step: Step, record: Record | None) -> str:
    """What the record is called; of one that is gone, and what it hung on too, its reference."""
    try:
        return called(record or step.kind(**step.would_be)) or str(step.stored["ref"])
    except ObjectDoesNotExist:
        return str(step.stored["ref"])


def called(record: Record) -> str:
    """Its name, of a person its first letter."""
    return mask_name(str(record)) if "name" in personal_fields(type(record)) else str(record)


def url_of(record: Record | None) -> str:
    if record is None or not (record.PARENT or record.DETAIL_URL):
        return ""
    return record.get_absolute_url()


# --- what an undoing kept ---------------------------------------------------------------------------------------------


def kept_steps(kept: Iterable[Json], *, user: Any) -> list[Json]:
    """The steps that an undoing kept with itself, in the reader's language, of records that the reader may see."""
    told = [(one, *one["mark"].split(":", 1)) for one in kept]
    known = [(one, record_kinds()[code], ref) for one, code, ref in told if code in record_kinds()]
    keys: dict[tuple[Any, str], int] = {}
    for kind in {kind for _one, kind, _ref in known}:
        refs = [ref for _one, other, ref in known if other is kind]
        keys |= {(kind, ref): key for ref, key in kind._base_manager.filter(ref__in=refs).values_list("ref", "pk")}
    hidden = hidden_marks([(kind, key) for (kind, _ref), key in keys.items()], user)
    return [retold(one, kind) for one, kind, ref in known if (kind, keys.get((kind, ref))) not in hidden]


def retold(one: Json, kind: type[Record]) -> Json:
    labels = labels_of(kind)
    later = zip(one.get("later_names", ()), one["later"], strict=False)
    words = [[str(labels.get(name, label)), text] for name, (label, text) in later] or one["later"]
    why = str(Why(one["why_code"]).label) if one.get("why_code") else one["why"]
    return one | {"kind": str(kind._meta.verbose_name), "why": why, "later": words}
