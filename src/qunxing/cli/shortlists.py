"""A shortlist on the command line."""

from typing import Annotated, Any

import typer
from django.utils import timezone
from django.utils.translation import gettext as _

from qunxing.cli.output import say, say_json, say_table
from qunxing.cli.system import need_ready
from qunxing.core.errors import Refused
from qunxing.directory.models import Organization
from qunxing.matching.computing import LIMIT, MOST, Computed, Found, compute
from qunxing.matching.engine.conditions import Finding, open_ones
from qunxing.matching.models import Standing
from qunxing.matching.reasons import ANSWER_KINDS
from qunxing.matching.wording import REMARKS, closing_text, finding_words
from qunxing.scenarios.models import Scenario


def shortlist(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help=_("Its number, or its reference."))],
    limit: Annotated[int, typer.Option(min=1, max=MOST, help=_("How many candidates at most."))] = LIMIT,
    json: Annotated[bool, typer.Option("--json", help=_("As JSON."))] = False,
) -> int:
    """Compute and print it; nothing is kept. 1 when nobody meets all conditions."""
    need_ready()
    found = the_scenario(scenario)
    day = timezone.localdate()
    computed = compute(found, day=day, limit=limit, closed=True)
    told = report(found, computed, day.isoformat())
    if json:
        say_json(told)
    else:
        show(told)
    return 0 if told["candidates"] else 1


def the_scenario(text: str) -> Scenario:
    wanted = text.strip()
    found = Scenario.objects.filter(number=wanted).first() or Scenario.objects.filter(ref=wanted).first()
    if found is None:
        raise Refused(_("There is no scenario %(scenario)s.") % {"scenario": wanted})
    scenario: Scenario = found
    return scenario


def report(scenario: Scenario, computed: Computed, day: str) -> dict[str, Any]:
    """The contract of `matching shortlist --json`."""
    names = {row.ref: row for row in Organization.objects.filter(ref__in=[one.ranked.key for one in computed.found])}
    rows = [(one, candidate(one, names[one.ranked.key])) for one in computed.found if one.ranked.key in names]
    return {
        "scenario": {"ref": scenario.ref, "number": scenario.number or "", "title": scenario.title},
        "day": day,
        "engine": computed.engine,
        "weights": computed.weights,
        "compared": computed.compared,
        "remarks": [{"code": code, "text": REMARKS[code][0]} for code in computed.remarks],
        "candidates": [told for one, told in rows if one.standing != Standing.MISSED],
        "near_misses": [told for one, told in rows if one.standing == Standing.MISSED],
    }


def candidate(found: Found, firm: Organization) -> dict[str, Any]:
    """One candidate; the parts add up to the score."""
    return {
        "place": found.place,
        "organization": {"ref": firm.ref, "name": firm.name, "uscc": firm.uscc or ""},
        "answer": answer(found),
        "standing": found.standing.value,
        "score": found.ranked.score,
        "parts": {part.name: part.value for part in found.ranked.parts},
        "conditions": [condition(finding) for finding in found.findings],
        "missing": [closing_text(finding_words(finding)) for finding in open_ones(found.findings)],
        "hits": [{"term": hit.term, "part": hit.part, "value": hit.value} for hit in found.reason.hits],
    }


def answer(found: Found) -> dict[str, str] | None:
    """The model, product or filing that answers best."""
    if found.reason.answer is None:
        return None
    kind, ref = found.reason.answer
    name = ANSWER_KINDS[kind].objects.filter(ref=ref).values_list("name", flat=True).first()
    return {"kind": kind, "ref": ref, "name": name or ""}


def condition(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "outcome": finding.outcome.value,
        "evidence": [{"kind": row.kind, "ref": row.ref, "text": row.text, "day": row.day} for row in finding.evidence],
        "closing": closing_text(finding_words(finding)),
    }


def show(told: dict[str, Any]) -> None:
    """The same for people."""
    say(_("Shortlist: %(subject)s") % {"subject": told["scenario"]["title"]})
    for remark in told["remarks"]:
        say(f"  {remark['text']}")
    rows = [*told["candidates"], *told["near_misses"]]
    if rows:
        headings = [_("place"), _("organisation"), _("score"), _("state")]
        say_table(headings, [line(row) for row in rows])
    for row in rows:
        for text in row["missing"]:
            say(f"  {row['place']}. {text}")


def line(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["place"], row["organization"]["name"], f"{row['score']:.2f}", Standing(row["standing"]).label
