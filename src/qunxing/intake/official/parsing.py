"""One row of a published list: to a filing, or to staff with the reasons."""

from collections.abc import Callable, Iterator
from datetime import date

from django.utils.translation import gettext_noop as _

from qunxing.core.dates import DateError, ParsedDay, parse_day
from qunxing.core.reasons import Reason, because
from qunxing.core.regions import province_of
from qunxing.core.text import fold_name, shorten
from qunxing.intake.cells import has_lost_digits
from qunxing.intake.headers import BodyRow
from qunxing.intake.official.owners import SEPARATORS, split_owners
from qunxing.intake.official.remarks import PartKind, read_remark
from qunxing.intake.official.rows import Family, ListKind, ListRow, Place, RejectedRow
from qunxing.registry.numbers import (
    AlgorithmNumber,
    GenAINumber,
    NumberShapeError,
    parse_algorithm_number,
    parse_genai_number,
)

Number = GenAINumber | AlgorithmNumber
PARSERS: dict[Family, Callable[[str], Number]] = {
    Family.GENAI: parse_genai_number,
    Family.ALGORITHM: parse_algorithm_number,
}
NAME_LIMIT = 200
NUMBER_LIMIT = 80
LABEL_LIMIT = 60
REGION_LIMIT = 40
NOTHING = {"-", "--", "---", "—", "——", "－－", "/", "无"}

NO_VALUE = _("%(heading)s is empty.")
TOO_LONG = _("%(heading)s has %(found)s characters; at most %(most)s are kept. It begins: “%(begin)s”.")
LOST_DIGITS = _("The number was stored as a figure and lost its last digits: %(found)s. Ask for the list anew.")
OTHER_KIND = _("The list calls this %(stated)s, the number is that of the other kind (登记 numbers have an S).")
OTHER_REGION = _("The region is %(region)s, the number begins with %(prefix)s.")
ONE_OWNER = _("“%(text)s” may name several organisations; it was taken as one.")
NO_DAY = _("The list gives no day for this row.")
FOREIGN_RENAME = _("The remark renames “%(old)s” to “%(new)s”; the row names neither.")
LIMITS = {
    "title": NAME_LIMIT,
    "number": NUMBER_LIMIT,
    "batch": LABEL_LIMIT,
    "region": REGION_LIMIT,
    "category": LABEL_LIMIT,
    "role": LABEL_LIMIT,
}


class _Findings:
    """What is wrong with a row, collected so that staff see all of it at once."""

    def __init__(self, row: BodyRow) -> None:
        self.row = row
        self.reasons: list[Reason] = []
        self.warnings: list[Reason] = []

    def heading(self, name: str) -> str:
        return self.row.header.printed(name)

    def check_length(self, name: str, text: str, limit: int) -> None:
        if len(text) > limit:
            begin = shorten(text, 20)
            self.reasons.append(because(TOO_LONG, heading=self.heading(name), found=len(text), most=limit, begin=begin))


def parse_row(row: BodyRow, family: Family) -> ListRow | RejectedRow:
    """The filing a row holds; every reason against it when it cannot be taken."""
    findings = _Findings(row)
    texts = {name: _line(row, name) for name in row.header.mapping}
    for name, limit in LIMITS.items():
        findings.check_length(name, texts.get(name, ""), limit)
    owners = _read_owners(findings)
    number = _read_number(findings, texts["number"], family)
    granted = _read_day(findings)
    if not texts["title"]:
        findings.reasons.append(because(NO_VALUE, heading=findings.heading("title")))
    place = Place(row.raw.sheet, row.raw.number)
    if findings.reasons or number is None:
        return RejectedRow(place, tuple(findings.reasons), row.labelled(), texts["number"])
    made = _build(row, texts, owners, number, granted)
    made.kind = _kind(findings, texts, number)
    _warn(findings, made, number)
    made.warnings = (*number.warnings, *findings.warnings)
    return made


def _build(
    row: BodyRow, texts: dict[str, str], owners: tuple[str, ...], number: Number, granted: ParsedDay | None
) -> ListRow:
    remark = _paragraph(row, "remark")
    return ListRow(
        place=Place(row.raw.sheet, row.raw.number),
        kind=ListKind.ALGORITHM,
        organizations=owners,
        title=texts["title"],
        number=texts["number"],
        number_key=number.folded,
        region=texts.get("region", ""),
        granted=granted,
        batch=texts.get("batch", ""),
        category=texts.get("category", ""),
        role=texts.get("role", ""),
        product=_paragraph(row, "product"),
        purpose=_paragraph(row, "purpose"),
        remark=remark,
        remark_parts=read_remark(remark),
        extras=row.extras(),
    )


def _line(row: BodyRow, name: str) -> str:
    """The text of a cell on one line; a dash that stands for nothing is nothing."""
    text = " ".join(row.text(name).split())
    return "" if text in NOTHING else text


def _paragraph(row: BodyRow, name: str) -> str:
    text = row.text(name)
    return "" if text in NOTHING else text


def _read_owners(findings: _Findings) -> tuple[str, ...]:
    owners = split_owners("" if (text := findings.row.text("organization")) in NOTHING else text)
    if not owners:
        findings.reasons.append(because(NO_VALUE, heading=findings.heading("organization")))
    for owner in owners:
        findings.check_length("organization", owner, NAME_LIMIT)
    if len(owners) == 1 and any(separator in owners[0] for separator in SEPARATORS):
        findings.warnings.append(because(ONE_OWNER, text=shorten(owners[0], 60)))
    return owners


def _read_number(findings: _Findings, text: str, family: Family) -> Number | None:
    if not text:
        findings.reasons.append(because(NO_VALUE, heading=findings.heading("number")))
        return None
    if has_lost_digits(findings.row.cell("number")):
        findings.reasons.append(because(LOST_DIGITS, found=text))
        return None
    try:
        return PARSERS[family](text)
    except NumberShapeError as error:
        findings.reasons.append(error.reason)
        return None


def _read_day(findings: _Findings) -> ParsedDay | None:
    cell = findings.row.cell("granted")
    if "granted" not in findings.row.header.mapping:
        return None
    if not findings.row.text("granted") or findings.row.text("granted") in NOTHING:
        findings.warnings.append(because(NO_DAY))
        return None
    try:
        return parse_day(cell if isinstance(cell, str | float | date) else str(cell), serials=True)
    except DateError as error:
        findings.reasons.append(error.reason)
        return None


def _kind(findings: _Findings, texts: dict[str, str], number: Number) -> ListKind:
    """As the row itself says; else a 登记 where its header or its number says so. Words at odds are worth a warning."""
    if isinstance(number, AlgorithmNumber):
        return ListKind.ALGORITHM
    by_number = ListKind.REGISTERED if number.registered else ListKind.FILED
    by_header = _stated_kind("".join(findings.heading(name) for name in ("number", "organization", "granted")))
    stated = _stated_kind(texts.get("type", "")) or by_header
    if stated and stated is not by_number:
        findings.warnings.append(because(OTHER_KIND, stated="登记" if stated is ListKind.REGISTERED else "备案"))
    if _stated_kind(texts.get("type", "")) or by_header is ListKind.REGISTERED:
        return stated or by_number
    return by_number


def _stated_kind(text: str) -> ListKind | None:
    if "登记" in text or "上线" in text:
        return ListKind.REGISTERED
    return ListKind.FILED if "备案" in text else None


def _warn(findings: _Findings, made: ListRow, number: Number) -> None:
    if isinstance(number, GenAINumber):
        region = province_of(made.region)
        if region and number.region and region != number.region:
            findings.warnings.append(because(OTHER_REGION, region=made.region, prefix=number.province))
    findings.warnings.extend(_foreign_renames(made))


def _foreign_renames(made: ListRow) -> Iterator[Reason]:
    owners = {fold_name(owner) for owner in made.organizations}
    for part in made.remark_parts:
        names = {fold_name(part.old), fold_name(part.new)}
        if part.kind is PartKind.ORGANIZATION_RENAMED and not names & owners:
            yield because(FOREIGN_RENAME, old=part.old, new=part.new)
