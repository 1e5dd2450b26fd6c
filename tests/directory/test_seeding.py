"""The vocabulary that a new installation begins with."""

import pytest

from qunxing.directory.models import TechnicalField
from qunxing.directory.seeding import plant_fields, seed_rows
from qunxing.ledger.actions import change, remove
from qunxing.ledger.models import LogEntry

pytestmark = pytest.mark.django_db


def test_seed_has_two_levels() -> None:
    parents = {row["code"] for row in seed_rows() if not row["parent"]}
    assert {row["parent"] for row in seed_rows()} - {""} == parents


def test_seed_names_every_term_in_both_languages() -> None:
    assert [row["code"] for row in seed_rows() if not (row["name_zh"] and row["name_en"] and row["synonyms"])] == []


def test_seed_repeats_no_name() -> None:
    names = [row[name] for row in seed_rows() for name in ("code", "name_zh", "name_en")]
    assert len(names) == len(set(names))


def test_fields_are_planted_with_their_parents() -> None:
    plant_fields(actor=None)
    glasses = TechnicalField.objects.get(code="devices-glasses")
    assert glasses.parent is not None
    assert (glasses.parent.code, glasses.synonyms.split("\n")[:2]) == ("devices", ["AR", "VR"])


def test_fields_are_planted_once() -> None:
    first = plant_fields(actor=None)
    entries = LogEntry.objects.count()
    assert (len(first), plant_fields(actor=None), LogEntry.objects.count()) == (len(seed_rows()), [], entries)


def test_fields_stay_as_staff_left_them() -> None:
    plant_fields(actor=None)
    change(TechnicalField.objects.get(code="speech-music"), actor=None, values={"name_zh": "作曲"})
    remove(TechnicalField.objects.get(code="devices-toys"), actor=None, reason="不用")
    plant_fields(actor=None)
    assert TechnicalField.objects.get(code="speech-music").name_zh == "作曲"
    assert not TechnicalField.objects.filter(code="devices-toys").exists()
