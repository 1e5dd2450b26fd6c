"""What the codes of conditions, parts and remarks say to a reader."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any, Final

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from qunxing.core.divisions import division_name
from qunxing.core.errors import Text
from qunxing.directory.models import SizeClass
from qunxing.matching.changes import Change
from qunxing.matching.engine.conditions import Finding, Outcome

PARTS: Final[Mapping[str, Text]] = {
    "title": _("names of products and models"),
    "text": _("descriptions"),
    "history": _("filings and delivered work"),
    "pairs": _("pairs of characters"),
    "characters": _("single characters"),
    "codes": _("technical fields and tasks"),
    "meaning": _("meaning"),
}
NEED_FIELDS: Final[Mapping[str, Text]] = {
    "title": pgettext_lazy("of what is asked for", "title"),
    "text": pgettext_lazy("of what is asked for", "description"),
    "history": pgettext_lazy("of what is asked for", "history"),
    "codes": _("technical fields and tasks"),
}
CONDITIONS: Final[Mapping[str, Text]] = {
    "filing": _("Filing"),
    "security": _("Security level"),
    "chips": _("Domestic chips"),
    "on_site": _("On site"),
    "place": _("Place"),
    "size": _("Size"),
    "certificate": _("Certificates"),
    "capacity": _("Capacity"),
    "relation": _("Related party"),
    "buying": _("Still investing"),
    "stage": _("Stage of financing"),
    "fields": _("Technical fields"),
    "portfolio": _("Portfolio"),
}
OUTCOMES: Final[Mapping[str, Text]] = {
    Outcome.PASS: pgettext_lazy("condition", "passes"),
    Outcome.FAIL: pgettext_lazy("condition", "fails"),
    Outcome.UNKNOWN: pgettext_lazy("condition", "not known"),
}
TONES: Final = {Outcome.PASS: "good", Outcome.FAIL: "bad", Outcome.UNKNOWN: "warn"}
ICONS: Final = {Outcome.PASS: "circle-check", Outcome.FAIL: "circle-x", Outcome.UNKNOWN: "help-circle"}
# What would make a condition pass; %(…)s are the words of the finding.
CLOSINGS: Final[Mapping[str, Text]] = {
    "filing_file": _("No filing on the ledger. A model of its own is filed (备案) in 6 to 8 months; a service over a "
                     "filed model is registered (登记) in 3 to 4."),
    "filing_register": _("No filing yet; the model it is made from is filed as %(number)s. Calling that model "
                         "unmodified, it can register (登记) in 3 to 4 months."),
    "filing_ended": _("Its filing is withdrawn or revoked; it must file anew."),
    "filing_reliance_ended": _("The filing that its registration relies on has ended; it must register with another "
                               "filed model."),
    "filing_name_the_model": _("It is registered, but the filed model it calls is not on record: name that filing."),
    "security_ask": _("Nothing on record: ask for its certificate of 等保 level %(level)s."),
    "security_raise": _("Assessed at a lower level: it needs an assessment at 等保 level %(level)s."),
    "security_assess": _("Its assessment has run out or is lacking: it needs one at 等保 level %(level)s."),
    "chips_ask": _("Nothing on record: ask whether its system runs on domestic chips, and on which."),
    "chips_make": _("It does not run on domestic chips: it would have to be ported, or another partner runs it."),
    "on_site_ask": _("Nothing on record: ask whether it delivers and operates on the owner's site."),
    "on_site_make": _("It does not work on the owner's site: agree on another way of delivery."),
    "place_ask": _("Its division is not on record: enter it on its page."),
    "place_settle": _("It is registered elsewhere; wanted is %(places)s."),
    "region_other": _("It is registered outside the regions of the mandate (%(places)s)."),
    "size_ask": _("Its size is not on record: enter it on its page."),
    "size_other": _("It is of another size; wanted is %(sizes)s."),
    "certificate_ask": _("Nothing on record of %(names)s: ask for the certificate."),
    "certificate_renew": _("Run out or not held: %(names)s."),
    "capacity_full": _("%(running)s projects under contract, and it can carry %(capacity)s at once: agree on a later "
                       "start, or wait until one is delivered."),
    "capacity_ask": _("%(running)s projects under contract; how many it can carry is not on record: ask it."),
    "relation_same": _("It is the owner of the need itself."),
    "relation_control": _("One controls the other, or both are controlled by the same."),
    "relation_influence": _("One holds 20% of the other or more."),
    "relation_share": _("One has invested in the other, the share is not on record: enter it with the link."),
    "buying_over": _("The fund has been exited and buys no more."),
    "stage_ask": _("No round of financing is on record."),
    "stage_other": _("Its last round was of a stage outside the mandate."),
    "fields_ask": _("Its technical fields are not on record: enter them on its page."),
    "fields_other": _("It works in none of the fields of the mandate."),
    "portfolio_held": _("The fund has invested in it already."),
    "portfolio_self": _("It manages the fund itself."),
}  # fmt: skip
REMARKS: Final[Mapping[str, tuple[Text, Text]]] = {
    "nothing": (
        _("Nothing on the ledgers has to do with these words"),
        _("Describe the need in more words, and name its technical fields and tasks."),
    ),
    "wordless": (
        _("There are no words to go by"),
        _("Title and description hold symbols only. Write in a sentence or two what should work."),
    ),
    "meaningless": (
        _("Meaning was not weighed"),
        _("The embedding service did not answer as it should; words, fields and tasks alone made the order."),
    ),
    "nobody": (
        _("Nobody meets all the conditions"),
        _("The nearest misses stand below, each with what it lacks and how that could be closed."),
    ),
}


def closing_text(finding: Mapping[str, Any]) -> str:
    """How the finding could come to pass, in the reader's language; empty where there is nothing to close."""
    text = CLOSINGS.get(finding["closing"])
    if text is None:
        return ""
    return str(text) % shown_words(dict(finding["words"]))


def finding_words(finding: Finding, closed: Collection[tuple[str, str]] = ()) -> dict[str, Any]:
    """A finding as it is stored, with a mark on the evidence that is closed: (kind of record, reference)."""
    words = asdict(finding)
    for one in words["evidence"]:
        if (one["kind"], one["ref"]) in closed:
            one["closed"] = True
    return words


def shown_words(words: Mapping[str, str]) -> dict[str, str]:
    """The words of a finding with codes told as names."""
    found = dict(words)
    if "places" in found:
        found["places"] = "、".join(division_name(code) for code in found["places"].split())
    if "sizes" in found:
        found["sizes"] = "、".join(size_name(code) for code in found["sizes"].split())
    return found


def size_name(code: str) -> str:
    return str(SizeClass(code).label) if code in SizeClass else code


def evidence_text(code: str, evidence: Mapping[str, str]) -> str:
    """What a row says of a condition; codes as names, a bare yes as the name of the condition."""
    text = evidence["text"]
    if code == "place":
        return division_name(text)
    if code == "size":
        return size_name(text)
    if code == "capacity" and evidence["kind"] == "directory.capability":
        return gettext("%(number)s at once") % {"number": text}
    return text or str(condition_label(code))


def condition_label(code: str) -> Text:
    return CONDITIONS.get(code, code)


POOL_TITLES: Final[Mapping[str, tuple[Text, str]]] = {
    "organization": (_("Firms"), "building"),
    "scenario": (_("Scenarios"), "bulb"),
    "fund": (_("Funds"), "coins"),
    "offer": (_("Resources"), "server"),
}


def change_text(change: Change) -> str:
    """What would change the order, as a sentence."""
    words = {"place": change.place, "points": f"{change.points:.1f}", "part_points": f"{change.part_points:.1f}"}
    if change.code == "closed":
        return gettext("If what it lacks were closed, it would stand in place %(place)s.") % words
    if change.code == "known":
        return (
            gettext("If what is not known turns out well, it stands in place %(place)s; if not, it drops out.") % words
        )
    if not change.part or change.part_points <= 0:
        return gettext("%(points)s points behind the one above.") % words
    text = gettext("%(points)s points behind the one above, which gained %(part_points)s more by %(part)s.")
    return text % {**words, "part": PARTS.get(change.part, change.part)}
