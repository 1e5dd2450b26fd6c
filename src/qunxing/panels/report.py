"""The panel's report in Word, with dissent and signatures; the template is made by tools/panel_report.py."""

from io import BytesIO
from pathlib import Path
from typing import Any, Final

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from docxtpl import DocxTemplate

from qunxing.core.formats import NOTHING, show_day, show_moment
from qunxing.panels.models import Dissent, Panel, Seat, Sheet, Signature
from qunxing.panels.queries import StandingRow, standings
from qunxing.panels.queries.scores import sheets_in
from qunxing.panels.states import HOLDS, SeatState

TEMPLATE: Final = Path(__file__).with_name("data") / "report.docx"


def report(panel: Panel) -> bytes:
    """The document in the reader's language, as the panel stands."""
    document = DocxTemplate(TEMPLATE)
    document.render(report_words(panel), autoescape=True)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def report_words(panel: Panel) -> dict[str, Any]:
    """Everything that the template names, as text."""
    seats = list(Seat.objects.filter(panel=panel).select_related("expert__employer", "replaces"))
    rows = standings(panel)
    return {
        "title": _("Report of the panel"),
        "made": f"{panel} · {show_day(panel.day)} · {panel.get_state_display()}",
        "facts": rule_lines(panel),
        "facts_of_draw": draw_lines(panel),
        "members": [member_words(seat) for seat in seats if seat.state in HOLDS],
        "changes": change_lines(seats),
        "rule": rule_line(panel),
        "results": [result_words(row) for row in rows],
        "remarks": remark_lines(rows),
        "notes": note_lines(panel),
        "dissents": dissent_lines(panel),
        "signatures": signature_words(panel, seats),
        "closing": _("Digest of the result: %(digest)s. The log of this installation attests each step.")
        % {"digest": panel.result_digest or NOTHING},
        "headings": headings(),
        "columns": columns(),
    }


def headings() -> dict[str, str]:
    return {
        "draw": _("How it was drawn"),
        "members": _("Members"),
        "results": _("Result"),
        "notes": _("Abstentions"),
        "dissents": _("Dissent"),
        "signatures": _("Signatures"),
    }


def columns() -> dict[str, str]:
    return {
        "seat": _("Seat"),
        "name": _("Name"),
        "title": _("Title"),
        "employer": _("Employer"),
        "place": pgettext("in an order", "Place"),
        "item": _("Item"),
        "raw": _("Raw"),
        "raw_rank": _("Rank"),
        "calibrated": _("Calibrated (95%)"),
        "calibrated_rank": _("Rank"),
        "scores": _("Scores (needed)"),
        "at": _("Signed at"),
        "hand": _("Signature"),
    }


def rule_lines(panel: Panel) -> list[str]:
    terms, marking = panel.rules, panel.marking
    language = get_language() or "zh"
    criteria = pgettext("between the items of a list", ", ").join(
        f"{one.name(language)} {one.weight:g}" for one in marking.criteria
    )
    words = {"size": terms.size, "reviews": terms.reviews, "quorum": marking.quorum, "years": terms.recusal_years}
    return [
        _("%(size)s seats, %(reviews)s reviews of each item, quorum %(quorum)s; ties count for %(years)s years.")
        % words,
        _("Criteria: %(criteria)s.") % {"criteria": criteria},
    ]


def draw_lines(panel: Panel) -> list[str]:
    if panel.drawn_at is None:
        return []
    lines = [
        _("Pool of %(count)s, fixed on %(at)s; digest %(digest)s.")
        % {"count": len(panel.pool), "at": show_moment(panel.committed_at), "digest": panel.pool_digest},
        _("Seed %(seed)s, its digest logged beforehand: %(digest)s.")
        % {"seed": panel.seed, "digest": panel.seed_digest},
        _("Drawn on %(at)s.") % {"at": show_moment(panel.drawn_at)},
    ]
    if panel.word:
        lines.append(_("Said in public at the draw: %(word)s.") % {"word": panel.word})
    return lines


def member_words(seat: Seat) -> dict[str, str]:
    expert = seat.expert
    return {
        "seat": str(seat.position),
        "name": expert.name,
        "title": expert.title or NOTHING,
        "employer": expert.employer_label or NOTHING,
    }


def change_lines(seats: list[Seat]) -> list[str]:
    """Who left which seat, and why."""
    told = _("Seat %(position)s: %(name)s, %(state)s: %(reason)s")
    return [
        told
        % {
            "position": seat.position,
            "name": seat.expert.name,
            "state": seat.get_state_display(),
            "reason": seat.reason or NOTHING,
        }
        for seat in seats
        if seat.state not in HOLDS
    ]


def rule_line(panel: Panel) -> str:
    marking = panel.marking
    mean = _("the mean without the highest and the lowest") if marking.mean == "trimmed" else _("the mean")
    if marking.decides == "calibrated":
        return _("The calibrated order decides; beside it stands %(mean)s.") % {"mean": mean}
    return _("The order of %(mean)s decides; beside it stands the calibrated one.") % {"mean": mean}


def result_words(row: StandingRow) -> dict[str, str]:
    one = row.standing
    raw = one.trimmed_mean if row.by_trimmed else one.raw_mean
    return {
        "place": str(row.place or NOTHING),
        "item": str(row.item),
        "raw": points(raw),
        "raw_rank": str(one.raw_rank or NOTHING),
        "calibrated": between(one.calibrated, one.low, one.high),
        "calibrated_rank": str(one.calibrated_rank or NOTHING),
        "scores": f"{one.scores} ({one.needed})",
    }


def points(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"


def between(value: float | None, low: float | None, high: float | None) -> str:
    if value is None or low is None or high is None:
        return points(value)
    return f"{value:.2f} ({low:.2f} – {high:.2f})"


def remark_lines(rows: tuple[StandingRow, ...]) -> list[str]:
    """Bands that are too close to call, disagreement, and what lacks its quorum."""
    bands: dict[int, list[str]] = {}
    for row in rows:
        if row.standing.band is not None:
            bands.setdefault(row.standing.band, []).append(row.item.code)
    found = [_("Too close to call: %(items)s.") % {"items": "、".join(codes)} for codes in bands.values() if codes[1:]]
    apart = [f"{row.item.code} ({row.standing.spread:g})" for row in rows if row.standing.disagreement]
    short = [row.item.code for row in rows if not row.standing.quorum]
    if apart:
        found.append(_("The scores lie far apart: %(items)s.") % {"items": "、".join(apart)})
    if short:
        found.append(_("Without a quorum: %(items)s.") % {"items": "、".join(short)})
    return found


def note_lines(panel: Panel) -> list[str]:
    rows: list[Sheet] = list(sheets_in(panel).filter(abstain=True).select_related("review__item", "review__seat"))
    told = _("Seat %(position)s, %(item)s: %(reason)s")
    return [
        told % {"position": row.review.seat.position, "item": row.review.item.code, "reason": row.abstain_reason}
        for row in rows
    ]


def dissent_lines(panel: Panel) -> list[str]:
    rows = Dissent.objects.filter(panel=panel, seat__state=SeatState.SERVING).select_related("seat__expert")
    return [f"{row.seat.position} {row.seat.expert.name}: {row.text}" for row in rows]


def signature_words(panel: Panel, seats: list[Seat]) -> list[dict[str, str]]:
    """A line for each member who serves, signed or not."""
    rows = Signature.objects.filter(panel=panel, digest=panel.result_digest) if panel.result_digest else []
    signed = {row.seat_id: row for row in rows}
    found = []
    for seat in seats:
        if seat.state == SeatState.SERVING:
            row = signed.get(seat.pk)
            at = show_moment(row.signed_at) if row else NOTHING
            hand = row.digest[:16] if row else ""
            found.append({"seat": str(seat.position), "name": seat.expert.name, "at": at, "hand": hand})
    return found
