"""A shortlist as an annex in Word; the template is made by tools/annex.py."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _
from docxtpl import DocxTemplate

from qunxing.core.formats import show_day
from qunxing.matching.reading import ShownList
from qunxing.matching.shown import Shown
from qunxing.matching.wording import POOL_TITLES, REMARKS, change_text

TEMPLATE: Final = Path(__file__).with_name("data") / "shortlist.docx"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def annex_response(shown: ShownList, *, day: date) -> HttpResponse:
    name = f"shortlist-{shown.shortlist.ref}-{day:%Y%m%d}.docx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(annex(shown, day=day), content_type=DOCX, headers=headers)


def annex(shown: ShownList, *, day: date) -> bytes:
    """The document in the reader's language."""
    document = DocxTemplate(TEMPLATE)
    document.render(annex_words(shown, day), autoescape=True)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def annex_words(shown: ShownList, day: date) -> dict[str, Any]:
    """Everything that the template names, as text."""
    shortlist = shown.shortlist
    computed = _("Computed on %(day)s by %(engine)s, weights %(weights)s; printed on %(today)s.")
    return {
        "title": _("Annex: shortlist"),
        "subject": str(shortlist.subject),
        "made": computed
        % {
            "day": show_day(shortlist.day),
            "engine": shortlist.engine,
            "weights": shortlist.weights,
            "today": show_day(day),
        },
        "order": order_words(shown),
        "remarks": [str(REMARKS[code][0]) for code in shortlist.remark_codes if code in REMARKS],
        "pools": [pool_words(pool.pool, pool.proposed, pool.misses) for pool in shown.pools],
        "headings": {
            "place": _("Place"),
            "name": _("Name"),
            "score": _("Score"),
            "state": _("State"),
            "conditions": _("Conditions"),
        },
        "misses_title": _("The nearest misses"),
        "closing": _(
            "The score is the sum of its parts. Only records open to the community were read; whoever is concerned "
            "may ask for the reasons and need not follow the computed order."
        ),
    }


def order_words(shown: ShownList) -> str:
    if shown.order != "manual":
        return _("The computed order counts.")
    return _("The manual order counts: %(reason)s") % {"reason": shown.shortlist.manual_reason}


def pool_words(name: str, proposed: list[Shown], misses: list[Shown]) -> dict[str, Any]:
    return {
        "title": str(POOL_TITLES[name][0]),
        "proposed": [candidate_words(one) for one in proposed],
        "misses": [candidate_words(one) for one in misses],
    }


def candidate_words(one: Shown) -> dict[str, Any]:
    """One candidate: a line of the table and a paragraph of reasons."""
    judged = f"{one.judgement.get_verdict_display()}: {one.judgement.reason}" if one.judgement else ""
    return {
        "place": str(one.shown_place),
        "name": str(one.target),
        "answer": one.answer.name if one.answer is not None else "",
        "score": _("recompute") if one.stale else f"{one.score:.1f}",
        "state": str(one.standing.label),
        "conditions": "\n".join(f"{finding.label}: {finding.state}" for finding in one.findings),
        "parts": " + ".join(f"{share.label} {share.value:.2f}" for share in one.shares),
        "terms": "、".join(one.terms),
        "evidence": [said(finding) for finding in one.findings if finding.evidence],
        "missing": one.missing,
        "changes": [change_text(change) for change in one.changes],
        "judgement": judged,
        "computed": _("computed: %(place)s") % {"place": one.place},
    }


def said(finding: Any) -> str:
    rows = "; ".join(" ".join(part for part in (row.text, row.day) if part) for row in finding.evidence)
    return f"{finding.label}: {rows}"
