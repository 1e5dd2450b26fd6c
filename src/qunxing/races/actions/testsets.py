"""Test sets, scorers and testing bodies: registered before anything is entered, and kept to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from secrets import token_hex
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.transaction import atomic
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.actions.common import locked
from qunxing.core.errors import IllegalTransition, Refused
from qunxing.ledger.actions import change, create
from qunxing.ledger.reasons import needed_reason
from qunxing.ledger.recording import Entry as LogEntry
from qunxing.ledger.recording import note, recording
from qunxing.races.evaluating import misfit_of, parts_of
from qunxing.races.keys import read_list, scorer_path
from qunxing.races.models import Scorer, Stage, TestingBody, TestSet
from qunxing.races.rules.entering import Permission
from qunxing.races.scorewords import fault_text, metric_fault, metric_label
from qunxing.races.scoring import BadMetric, Fault, Key, Reading, Schema, Wrong, read
from qunxing.races.sealing import discard, has, read_sealed, seal
from qunxing.races.states.stage import StageState
from qunxing.races.uploading import Received

OPEN = frozenset({StageState.PLANNED, StageState.RUNNING})
SHOWN = 20
LARGEST_SCORER = 1024 * 1024


class BadAnswers(Refused):
    """A file that is no test set; `faults` say why, by row and column."""

    def __init__(self, faults: Sequence[Fault], total: int) -> None:
        super().__init__(
            _("The file cannot be taken: %(count)s places in it are wrong.") % {"count": total},
            "\n".join(fault_text(fault) for fault in faults[:SHOWN]),
            422,
        )
        self.faults, self.total = tuple(faults), total


@dataclass(frozen=True)
class Proposed:
    """A test set as it is brought: the file of answers and its form, the form of entries, perhaps a list of the public
    items, and what is handed out.
    """

    name: str
    file: Received
    entry_schema: Schema
    key_schema: Schema
    public: Received | None = None
    questions: Received | None = None
    origin: str = ""


def keep_test_set(stage: Stage, *, actor: Any, day: date, proposed: Proposed) -> TestSet:
    """Register the sealed answers of a stage; a version before it is no longer in force.

    Refused once something was entered, BadAnswers with the faults of the file.
    """
    ask(actor, Permission.KEEP_TEST_SET, stage)
    check_replaceable(stage)
    check_form(stage, proposed)
    key = key_from(stage, proposed.file, proposed.key_schema)
    chosen = public_items(stage, proposed.public, key)
    values = put_all_away(stage, proposed, key, chosen)
    with recording(actor=actor):
        stored = locked(stage)
        check_replaceable(stored)
        version = stored.test_sets.count() + 1
        for before in stored.test_sets.filter(in_force=True):
            change(before, actor=actor, values={"in_force": False})
        made = create(TestSet(stage=stage, version=version, registered_on=day, **values), actor=actor)
        facts = {"stage": stage.ref, "version": version, "digest": made.digest, "items": made.items}
        note(LogEntry("test_set.registered", TestSet.kind_code(), made.ref, facts))
    return made


def put_all_away(stage: Stage, proposed: Proposed, key: Key, chosen: Sequence[str]) -> dict[str, Any]:
    """Keep the files under their digests; what the row says of them."""
    race, drawn = stage.race, stage.gate.public
    listed = put_away(race, "public", proposed.public) if proposed.public is not None else ""
    return {
        "name": proposed.name,
        "digest": put_away(race, "answers", proposed.file),
        "questions_digest": put_away(race, "questions", proposed.questions) if proposed.questions is not None else "",
        "size": proposed.file.size,
        "items": len(key.items),
        "public_items": len(chosen) if listed else public_count(key, stage),
        "schema": {"entry": proposed.entry_schema.as_json(), "key": proposed.key_schema.as_json()},
        "public": {"list": listed, "items": len(chosen)} if listed else {"percent": drawn.percent, "seed": drawn.seed},
        "note": proposed.origin,
    }


def ask(actor: Any, permission: str, row: Any) -> None:
    """PermissionDenied unless the actor may; nobody is asked where the program itself acts."""
    if actor is not None and not actor.has_perm(permission, row):
        raise PermissionDenied


def check_replaceable(stage: Stage) -> None:
    if stage.state not in OPEN:
        raise Refused(_("This stage takes no test set any more."), _("Its gate is being decided, or is over."), 409)
    if stage.has_entries:
        raise Refused(
            _("Something was entered against this test set: it stays as it is."),
            _("Replace the stage by a new edition; its gate then has a test set of its own."),
            409,
        )


def check_form(stage: Stage, proposed: Proposed) -> None:
    """Refused where a metric of the gate reads a column that the test set does not have, or not so."""
    try:
        found = misfit_of(stage.gate, proposed.entry_schema, proposed.key_schema)
    except BadMetric as error:
        raise Refused(_("The metrics make no score: %(found)s") % {"found": metric_fault(error)}, status=422) from error
    if found is None:
        return
    words = {"metric": metric_label(found.metric), "column": found.column}
    if found.kind:
        text = _("The metric %(metric)s cannot be computed from the column “%(column)s” as it is meant here.")
    elif found.keyed:
        text = _("The metric %(metric)s reads the true values from the column “%(column)s”, which is not named here.")
    else:
        text = _("The metric %(metric)s reads the answers from the column “%(column)s”, which is not named here.")
    raise Refused(text % words, _("Rename the column, or choose another kind; the plan of the gate is fixed."), 422)


def key_from(stage: Stage, file: Received, schema: Schema) -> Key:
    """What the file says is true; BadAnswers where it says nothing, or not in this form."""
    found: Reading = read(read_sealed(stage.race, file.sealed.name), schema)
    if found.key is None:
        raise BadAnswers(found.faults, found.total)
    if not found.key.items:
        raise BadAnswers([Fault(Wrong.EMPTY)], 1)
    return found.key


def public_items(stage: Stage, file: Received | None, key: Key) -> tuple[str, ...]:
    """The items of the list; BadAnswers where one is no item."""
    if file is None:
        return ()
    listed = read_list(read_sealed(stage.race, file.sealed.name))
    known = set(key.items)
    faults = [Fault(Wrong.UNKNOWN_ITEM, row, found=item) for row, item in listed if item not in known]
    if faults or not listed:
        raise BadAnswers(faults or [Fault(Wrong.EMPTY)], len(faults) or 1)
    return tuple(dict.fromkeys(item for _row, item in listed))


def public_count(key: Key, stage: Stage) -> int:
    return len(parts_of(key, stage.gate).public.items)


def put_away(race: Any, kind: str, file: Received) -> str:
    """Keep what was taken in under its digest; the digest."""
    name = f"{kind}/{file.digest}"
    if not has(race, name):
        seal(race, name, [read_sealed(race, file.sealed.name)])
    discard(race, file.sealed.name)
    return file.digest


# --- scorers --------------------------------------------------------------------------------------------------------


def keep_scorer(
    *, actor: Any, day: date, name: str, data: bytes, metrics: Sequence[str] = (), limits: Any = None, origin: str = ""
) -> Scorer:
    """Keep a Python file that scores entries; the same file is kept once. Refused where it is no scorer."""
    ask(actor, Permission.KEEP_SCORER, None)
    digest = check_scorer(data)
    found: Scorer | None = Scorer.objects.filter(digest=digest).first()
    if found is not None:
        return found
    write_scorer(digest, data)
    made = Scorer(
        name=name,
        digest=digest,
        size=len(data),
        metrics=list(metrics),
        limits=dict(limits or {}),
        note=origin,
        kept_on=day,
    )
    try:
        with atomic():
            return create(made, actor=actor)
    except IntegrityError:  # somebody kept the same file at the same time
        return Scorer.objects.get(digest=digest)


def write_scorer(digest: str, data: bytes) -> None:
    """Put the file in its place as a whole."""
    path = scorer_path(digest)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{token_hex(4)}.part")
    draft.write_bytes(data)
    draft.replace(path)


def check_scorer(data: bytes) -> str:
    """The digest of a file that can be a scorer; it is only read here, never run."""
    if len(data) > LARGEST_SCORER:
        raise Refused(_("The scorer has more than 1 MB."), _("A scorer is a single Python file."), 422)
    try:
        compile(data.decode("utf-8-sig"), "scorer.py", "exec", dont_inherit=True)
    except (UnicodeDecodeError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Refused(_("The scorer is no Python file: %(why)s") % {"why": str(error)[:200]}, status=422) from error
    if b"def score" not in data:
        raise Refused(_("The scorer defines neither score_item(answer, truth) nor score(answers, truths)."), status=422)
    return sha256(data).hexdigest()


# --- testing bodies -------------------------------------------------------------------------------------------------


def register_body(stage: Stage, *, actor: Any, day: date, organization: Any, key: str) -> TestingBody:
    """Let a body bring signed tables of scores to this gate; `key` is its Ed25519 public key in hex."""
    ask(actor, Permission.KEEP_TEST_SET, stage)
    key = key.strip().lower()
    if len(key) != 64 or any(letter not in "0123456789abcdef" for letter in key):
        raise Refused(_("This is no public key: 64 hexadecimal digits are expected."), status=422)
    made = TestingBody(stage=stage, organization=organization, key=key, registered_on=day)
    with recording(actor=actor):
        if locked(stage).testing_bodies.filter(key=key).exists():
            raise Refused(_("This key is registered at this gate already."), status=409)
        create(made, actor=actor)
        facts = {"stage": stage.ref, "organization": organization.ref, "key": key}
        note(LogEntry("testing_body.registered", TestingBody.kind_code(), made.ref, facts))
    return made


def revoke_body(body: TestingBody, *, actor: Any, day: date, reason: str) -> None:
    """Take no more tables with this key; those that were taken stay."""
    ask(actor, Permission.KEEP_TEST_SET, body.stage)
    why = needed_reason(reason)
    with recording(actor=actor, reason=why):
        stored = locked(body)
        if stored.revoked_on is not None:
            raise IllegalTransition
        change(stored, actor=actor, values={"revoked_on": day, "revoked_why": why}, reason=why)
