"""Labels in and out as files: needs.csv, supplies.csv and labels.csv, the shape that `matching evaluate` reads."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _

from qunxing.core.errors import Refused
from qunxing.core.exports import escape, unescape
from qunxing.directory.models import Organization
from qunxing.ledger.actions import add_many, change_many
from qunxing.ledger.recording import recording
from qunxing.matching.gathering import EVERYTHING
from qunxing.matching.gathering.organizations import organization_profiles
from qunxing.matching.gathering.profiles import scenario_profile
from qunxing.matching.gathering.vocabulary import Vocabulary
from qunxing.matching.labelling.models import RatingPair
from qunxing.matching.labelling.queries import Key, final_grades
from qunxing.matching.models import Label
from qunxing.scenarios.models import Scenario

NEEDS, SUPPLIES, LABELS = ("need_id", "title", "content"), ("supply_id", "keywords"), ("need_id", "supply_id", "level")
MOST_ROWS = 50_000
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class Exported:
    """The three tables as text, and how many pairs are left out because their raters disagree."""

    files: Mapping[str, str]
    labels: int
    left_out: int


def exported() -> Exported:
    """Every pair with a grade that counts; `supplies.csv` has each firm once."""
    found, left_out = final_grades()
    words = Vocabulary.read()
    scenarios = {row.pk: row for row in Scenario.objects.filter(pk__in={one for one, _other in found})}
    firms = Organization.objects.filter(pk__in={other for _one, other in found})
    profiles = {built.profile.key: built.profile for built in organization_profiles(firms, words, EVERYTHING)}
    refs = dict(firms.values_list("pk", "ref"))
    needs = (scenario_profile(row, words) for row in sorted(scenarios.values(), key=lambda row: row.pk))
    files = {
        "needs.csv": table(NEEDS, ([one.key, one.title, one.text] for one in needs)),
        "supplies.csv": table(SUPPLIES, ([key, keywords(profiles[key])] for key in sorted(profiles))),
        "labels.csv": table(LABELS, label_rows(found, scenarios, refs)),
    }
    return Exported(files, len(found), left_out)


def keywords(profile: Any) -> str:
    return " ".join(part for part in (profile.title, profile.text, profile.history) if part)


def label_rows(found: Mapping[Key, int], scenarios: Mapping[int, Scenario], refs: Mapping[int, str]) -> Iterator[Any]:
    for (scenario, organization), grade in sorted(found.items()):
        yield [scenarios[scenario].ref, refs[organization], grade]


def table(headings: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([escape(str(value)) for value in row] for row in rows)
    return text.getvalue()


# --- in -------------------------------------------------------------------------------------------------------------


@dataclass
class Imported:
    """What became of a file: (row as a spreadsheet numbers it, what is wrong with it) for those not taken."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    wrong: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """One row that can be taken."""

    scenario: int
    organization: int
    grade: int


def take_in(data: bytes, *, actor: Any, day: date) -> Imported:
    """Take the labels of a file as given blind by the actor; rows that cannot be taken are named, the others stay."""
    told = Imported()
    wanted = list(read_rows(rows_of(data), told))
    with recording(actor=actor, reason=str(_("Labels taken in from a file"))):
        draw(wanted, day)
        keep(wanted, told, actor=actor, day=day)
    return told


def rows_of(data: bytes) -> list[dict[str, str]]:
    """The rows by their headings; Refused for what is no such table."""
    reader = csv.DictReader(StringIO(decoded(data)), restval="")
    headings = [(name or "").strip().lower() for name in reader.fieldnames or []]
    missing = [name for name in LABELS if name not in headings]
    if missing:
        raise Refused(
            _("The first row must name the columns need_id, supply_id and level; missing: %(names)s.")
            % {"names": ", ".join(missing)},
            status=422,
        )
    reader.fieldnames = headings
    try:
        found = [row for _number, row in zip(range(MOST_ROWS + 1), reader, strict=False)]
    except csv.Error as error:
        raise Refused(_("The file is no table: %(error)s") % {"error": error}, status=422) from error
    if len(found) > MOST_ROWS:
        raise Refused(_("The file has more than %(most)s rows; split it.") % {"most": MOST_ROWS}, status=422)
    return found


def decoded(data: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding).replace("\x00", "")
        except UnicodeDecodeError:
            continue
    raise Refused(_("The file is no text in UTF-8 or GB 18030."), status=422)


def read_rows(rows: list[dict[str, str]], told: Imported) -> Iterator[Wanted]:
    """The rows that can be taken; the last of several for the same pair counts, the others are named."""
    scenarios, firms = known_scenarios(rows), known_firms(rows)
    places: dict[Key, int] = {}
    found: dict[Key, Wanted] = {}
    for number, row in enumerate(rows, start=2):
        wanted = read_row(row, scenarios, firms)
        if isinstance(wanted, str):
            told.wrong.append((number, wanted))
            continue
        key = (wanted.scenario, wanted.organization)
        if key in found:
            told.wrong.append(
                (places[key], _("row %(row)s gives the same pair again; that one counts") % {"row": number})
            )
        found[key], places[key] = wanted, number
    yield from found.values()


def read_row(row: Mapping[str, str], scenarios: Mapping[str, int], firms: Mapping[str, int]) -> Wanted | str:
    """The row, or what is wrong with it: what was found, and what was expected."""
    need, supply, level = (unescape(str(row.get(name) or "")).strip() for name in LABELS)
    if need not in scenarios:
        return _("no scenario “%(text)s”: give its reference or number") % {"text": need[:60]}
    if supply.upper() not in firms:
        return _("no firm “%(text)s”: give its reference or credit code") % {"text": supply[:60]}
    if level not in {"1", "2", "3", "4"}:
        return _("level “%(text)s”: give 1, 2, 3 or 4") % {"text": level[:20]}
    return Wanted(scenarios[need], firms[supply.upper()], int(level))


def known_scenarios(rows: list[dict[str, str]]) -> dict[str, int]:
    """{reference or number: key} of the scenarios that the rows name."""
    named = {unescape(str(row.get("need_id") or "")).strip() for row in rows}
    return known(Scenario, named, "ref", "number")


def known_firms(rows: list[dict[str, str]]) -> dict[str, int]:
    named = {unescape(str(row.get("supply_id") or "")).strip() for row in rows}
    found = known(Organization, named | {name.upper() for name in named}, "ref", "uscc")
    return {name.upper(): key for name, key in found.items()}


def known(kind: Any, named: set[str], *columns: str) -> dict[str, int]:
    found: dict[str, int] = {}
    names = sorted(named)
    for start in range(0, len(names), 500):
        for column in columns:
            rows = kind.objects.filter(**{f"{column}__in": names[start : start + 500]})
            found |= dict(rows.values_list(column, "pk"))
    return found


def draw(wanted: list[Wanted], day: date) -> None:
    """Every pair that is labelled counts as drawn."""
    rows = [RatingPair(scenario_id=one.scenario, organization_id=one.organization, drawn_on=day) for one in wanted]
    RatingPair.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def keep(wanted: list[Wanted], told: Imported, *, actor: Any, day: date) -> None:
    mine = Label.objects.filter(rater=actor, origin=Label.Origin.RATED)
    stored = {(label.scenario_id, label.organization_id): label for label in mine}
    new, changed = [], []
    for one in wanted:
        label = stored.get((one.scenario, one.organization))
        if label is None:
            new.append(new_label(one, actor, day))
        elif label.grade != one.grade:
            label.grade, label.day = one.grade, day
            changed.append(label)
    add_many(new)
    change_many(changed, ["grade", "day"])
    told.added, told.changed = len(new), len(changed)
    told.unchanged = len(wanted) - len(new) - len(changed)


def new_label(one: Wanted, actor: Any, day: date) -> Label:
    sides = {"scenario_id": one.scenario, "organization_id": one.organization}
    return Label(**sides, grade=one.grade, rater=actor, origin=Label.Origin.RATED, day=day, visibility="internal")
