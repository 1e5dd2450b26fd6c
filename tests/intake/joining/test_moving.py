"""Whatever points at an organisation follows it into another, and comes back when the merge is undone."""

import json
import re
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection, models, transaction

from qunxing.core.errors import Refused
from qunxing.directory.models import Link, Organization, OrganizationName
from qunxing.intake import actions
from qunxing.intake.joining.candidates import tell_apart, told_apart
from qunxing.intake.joining.merging import merge
from qunxing.intake.joining.moving import FOUND_ANEW, by_model
from qunxing.intake.joining.searching import search
from qunxing.intake.models import AliasProposal, DuplicatePair, ForeignNumber
from qunxing.ledger.actions import cite, create
from qunxing.ledger.audit import audit_database
from qunxing.ledger.recording import recording
from qunxing.matching.models import RatingPair
from qunxing.registry.models import Ownership
from tests import factories as people
from tests.indicators.returning import return_of
from tests.registry import factories as registry
from tests.scenarios import factories as scenarios

pytestmark = pytest.mark.django_db
ONE, OTHER = "上海星澜智能科技有限公司", "星澜智能科技（上海）有限公司"
# Numbers of records kept without a foreign key: those of organisations are moved by hand in `joining.moving`, a
# SheetRow tells what it was compared with when it was previewed, which a merge does not change.
KEYS_WITHOUT_A_CONSTRAINT = {
    "ledger.Evidence.record_id",
    "intake.ForeignNumber.record_key",
    "intake.Distinct.first_key",
    "intake.Distinct.second_key",
    "intake.SheetRow.record_key",
}


def house_models():
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("qunxing.") and not hasattr(model, "instance_type")
    ]


def pointers():
    """(model, field) of everything that points at organisations, versions left out."""
    return {
        (model, field.name)
        for model in house_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is Organization
    }


def test_every_foreign_key_towards_organisations_is_moved_or_found_anew():
    moved = {(model, field.name) for model, fields in by_model().items() for field in fields}
    assert moved == pointers()
    assert {model for model, _name in moved} >= set(FOUND_ANEW)


def test_no_other_way_of_pointing_is_unknown():
    loose = {
        f"{model._meta.label}.{field.name}"
        for model in house_models()
        for field in model._meta.concrete_fields
        if not field.is_relation
        and isinstance(field, models.IntegerField)
        and re.search(r"_(key|id|pk|ref)$", field.name)
    }
    generic = [model for model in house_models() if any(field.is_relation for field in model._meta.private_fields)]
    assert (loose, generic) == (KEYS_WITHOUT_A_CONSTRAINT, [])


@pytest.fixture
def pair():
    return people.organization(name=ONE), people.organization(name=OTHER, address="龙台路180号")


def filler(field: Any, number: int) -> Any:
    """Some value that the column takes."""
    if field.has_default():
        return field.get_default()
    if field.null:
        return None
    if field.is_relation:
        return 1_000_000 + number
    if isinstance(field, models.DateTimeField):
        return datetime(2025, 5, 7, tzinfo=UTC)
    values = {
        "DateField": date(2025, 5, 7),
        "BooleanField": False,
        "JSONField": {},
        "BinaryField": b"",
        "TimeField": "09:00",
    }
    kind = field.get_internal_type()
    if kind in values:
        return values[kind]
    return number if isinstance(field, models.IntegerField | models.DecimalField | models.FloatField) else f"x{number}"


def raw_row(model: Any, name: str, target: Organization, number: int) -> Any:
    """A row as it stands in the table, resting on nothing but the organisation."""
    values = {field.attname: filler(field, number) for field in model._meta.concrete_fields if not field.primary_key}
    row = model(**values | {model._meta.get_field(name).attname: target.pk})
    models.Model.save_base(row, raw=True, force_insert=True)
    return row


@contextmanager
def without_rules():
    """Rows that rest on nothing may be written; all is rolled back in the end."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        try:
            with transaction.atomic():
                cursor.execute("PRAGMA defer_foreign_keys = ON")
                yield
                transaction.set_rollback(True)
        finally:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite takes rows that rest on nothing")
def test_a_row_of_every_kind_that_points_at_the_other_points_at_the_kept_one(pair):
    kept, other = pair
    wanted = sorted(pointers(), key=lambda one: (one[0]._meta.label, one[1]))
    kinds = [one for one in wanted if one[0] not in FOUND_ANEW]
    with without_rules():
        rows = [(model, name, raw_row(model, name, other, at).pk) for at, (model, name) in enumerate(kinds, start=1)]
        merge(kept, other, actor=None, reason="x")
        found = {
            f"{model._meta.label}.{name}": model._base_manager.filter(pk=key, **{name: kept.pk}).exists()
            for model, name, key in rows
        }
    assert [name for name, moved in found.items() if not moved] == []
    assert len(found) > 40


# --- and back ---------------------------------------------------------------------------------------------------------

WHEN = {"revision", "created_at", "updated_at"}
WRITTEN_ANYWAY = {"Historical", "LogEntry", "LogHead", "Checkpoint", "Batch", "Turn", "DuplicateSearch"}


def dump():
    """Every row of the house but the log, versions and batches, without how often and when it was written."""
    rows = {}
    for model in house_models():
        if any(model.__name__.startswith(name) for name in WRITTEN_ANYWAY) or model in FOUND_ANEW:
            continue
        for row in json.loads(serializers.serialize("json", model._base_manager.order_by("pk"))):
            fields = {name: value for name, value in row["fields"].items() if name not in WHEN}
            rows[row["model"], row["pk"]] = fields
    return rows


@pytest.fixture
def rich_pair(pair):
    """Two records with rows of both, rows of each alone, rows that are no records, and what points without a key."""
    kept, other = pair
    clerk, source, third = people.member_of(kept, "viewer"), people.source(), people.organization(name="砚池软件")
    people.membership(clerk, other, "owner")
    people.member_of(other)
    create(OrganizationName(organization=other, text=OTHER, from_day=date(2020, 1, 1)), actor=None)
    create(OrganizationName(organization=other, text="星澜", kind="short"), actor=None)
    create(Link(from_organization=kept, to_organization=other, kind=Link.Kind.FORMER), actor=None)
    create(Link(from_organization=other, to_organization=third, kind=Link.Kind.FORMER), actor=None)
    cite(other, actor=None, source=source, values={"address": "龙台路180号"})
    for firm, number in ((kept, "1"), (other, "2")):
        ForeignNumber.objects.create(origin="x", record_kind=firm.kind_code(), record_key=firm.pk, number=number)
    registry.model(kept, other)
    registry.filing(organization=other)
    drawn = {"scenario": scenarios.scenario(), "drawn_on": date(2025, 5, 7)}
    for firm in (kept, other):
        RatingPair.objects.create(organization=firm, **drawn)
    words = {"organization": other, "short": "星澜", "short_key": "星澜", "score": 900}
    AliasProposal.objects.create(**words)
    tell_apart(other, third, actor=None)
    return pair


def test_merge_that_is_undone_leaves_every_row_as_it_was(rich_pair):
    kept, other = rich_pair
    before = dump()
    made = merge(kept, other, actor=None, reason="同一家", taken={"name", "address"})
    assert dump() != before
    actions.undo_batch(made, actor=None, reason="两家")
    assert dump() == before
    assert audit_database().findings == ()


def test_rows_that_are_no_records_move_or_go_and_come_back(rich_pair):
    kept, other = rich_pair
    made = merge(kept, other, actor=None, reason="x")
    assert [one.organization for one in AliasProposal.objects.all()] == [kept]
    assert RatingPair.objects.count() == 1
    actions.undo_batch(made, actor=None, reason="x")
    assert RatingPair.objects.filter(organization__ref=other.ref).count() == 1
    assert [one.organization.ref for one in AliasProposal.objects.all()] == [other.ref]


def test_who_was_told_apart_from_the_other_is_told_apart_from_the_kept_one(rich_pair):
    kept, _other = rich_pair
    third = Organization.objects.get(name="砚池软件")
    merge(*rich_pair, actor=None, reason="x")
    assert tuple(sorted((kept.pk, third.pk))) in told_apart()


def test_pairs_of_the_other_vanish_with_it(rich_pair):
    search()
    assert DuplicatePair.objects.count() == 1
    merge(*rich_pair, actor=None, reason="x")
    assert DuplicatePair.objects.count() == 0


# --- names ------------------------------------------------------------------------------------------------------------


def registered(firm):
    return {name.text: name.to_day for name in firm.names.filter(kind="registered")}


def test_names_end_by_the_day_of_the_recording_and_not_of_the_clock(pair):
    with recording(actor=None) as frame:
        vars(frame)["at"] = datetime(2024, 3, 1, 4, tzinfo=UTC)
        merge(*pair, actor=None, reason="x")
    assert registered(Organization.objects.get()) == {ONE: None, OTHER: date(2024, 2, 29)}


def test_name_that_was_kept_already_ends_too(pair):
    kept, other = pair
    create(OrganizationName(organization=other, text=OTHER, from_day=date(2020, 1, 1)), actor=None)
    create(OrganizationName(organization=kept, text=OTHER, kind="brand"), actor=None)
    merge(kept, other, actor=None, reason="x")
    assert registered(kept)[OTHER] is not None
    assert (registered(kept)[ONE], len(registered(kept))) == (None, 2)


# --- what cannot be of one --------------------------------------------------------------------------------------------


def test_two_rows_that_say_different_things_are_named_and_nothing_is_joined(pair):
    kept, other = pair
    model = registry.model(kept)
    theirs = registry.ownership(model, other, from_day=date(2024, 1, 1))
    with pytest.raises(Refused) as refused:
        merge(kept, other, actor=None, reason="x")
    ours = Ownership.objects.get(organization=kept)
    assert (ours.ref in str(refused.value), theirs.ref in str(refused.value), refused.value.status) == (True, True, 409)
    assert Organization.objects.count() == 2


def test_two_rows_that_say_the_same_become_one(pair):
    kept, other = pair
    registry.ownership(registry.model(kept), other)
    merge(kept, other, actor=None, reason="x")
    assert [one.organization for one in Ownership.objects.all()] == [kept]


def test_two_returns_of_one_quarter_are_named(pair):
    kept, other = pair
    refs = [return_of(firm, submitted_on=date(2025, 4, day)).ref for day, firm in enumerate(pair, start=9)]
    with pytest.raises(Refused) as refused:
        merge(kept, other, actor=None, reason="x")
    assert all(ref in str(refused.value) for ref in refs)


def test_reason_is_kept_without_what_no_database_holds(pair):
    assert merge(*pair, actor=None, reason="同\x00一家 ").reason == "同一家"
