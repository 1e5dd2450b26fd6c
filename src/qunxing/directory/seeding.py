"""The technical fields that a new installation begins with; staff edit them afterwards."""

from csv import QUOTE_NONE, DictReader
from importlib.resources import files
from typing import Any

from qunxing.directory.models import TechnicalField
from qunxing.ledger.actions import add_many
from qunxing.ledger.recording import recording

BETWEEN_SYNONYMS = "、"


def plant_fields(*, actor: Any) -> list[TechnicalField]:
    """Add the terms that were never there; one that staff changed, retired or removed stays as they left it."""
    ever = set(TechnicalField.history.values_list("code", flat=True))
    rows = [row for row in enumerate(seed_rows(), start=1) if row[1]["code"] not in ever]
    with recording(actor=actor):
        parents = add_many([field_of(row, place) for place, row in rows if not row["parent"]])
        known = {field.code: field for field in TechnicalField.objects.filter(parent=None)}
        placed = [(place, row) for place, row in rows if row["parent"] in known]
        return parents + add_many([field_of(row, place, known[row["parent"]]) for place, row in placed])


def seed_rows() -> list[dict[str, str]]:
    """The vocabulary as the file holds it, parents before their children."""
    text = (files("qunxing.directory") / "data" / "fields.tsv").read_text(encoding="utf-8")
    return list(DictReader(text.splitlines(), delimiter="\t", quoting=QUOTE_NONE))


def field_of(row: dict[str, str], place: int, parent: TechnicalField | None = None) -> TechnicalField:
    synonyms = row["synonyms"].replace(BETWEEN_SYNONYMS, "\n")
    names = {name: row[name] for name in ("code", "name_zh", "name_en")}
    return TechnicalField(**names, synonyms=synonyms, parent=parent, position=place * 10)
