"""Figures of matching, for programs and for people."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunxing.cli.output import say, say_table
from qunxing.matching.engine import Engine
from qunxing.matching.engine.hiding import Found, by_language
from qunxing.matching.engine.judging import MEASURES, Figures, Judged
from qunxing.matching.engine.metrics import Estimate
from qunxing.matching.engine.training import Trained

DIGITS = 4
INGREDIENTS = {
    "words": gettext_noop("words as cut"),
    "pairs": gettext_noop("pairs of characters"),
    "characters": gettext_noop("characters"),
    "text of the need": gettext_noop("the need's text"),
    "what needs often say": gettext_noop("what needs often say"),
    "meaning": gettext_noop("meaning"),
}
Row = tuple[str, ...]


def estimates(found: Figures) -> dict[str, Any]:
    """The means by name, and beside them their intervals."""
    means = {name: rounded(one.mean) for name, one in found.items()}
    return {**means, "intervals": {name: [rounded(one.low), rounded(one.high)] for name, one in found.items()}}


def rounded(number: float) -> float:
    return round(number, DIGITS)


def report(found: Mapping[str, Any], engine: Engine, judged: Judged, seconds: float) -> dict[str, Any]:
    """The contract of `matching evaluate --json`."""
    own = estimates(found["figures"])
    intervals = own.pop("intervals")
    return {
        **own,
        "needs": len(judged.judged),
        "seconds": round(seconds, 2),
        "intervals": intervals,
        "supplies": len(judged.supplies),
        "labels": sum(map(len, judged.labels.values())),
        "weights": engine.weights.digest,
        "embeddings": engine.vectors.model if engine.vectors else None,
        "baseline": compared(found["baseline"]),
        "without": {name: compared(one) for name, one in found["without"].items()},
        "others": {name: compared(one) for name, one in found["others"].items()},
    }


def compared(one: Mapping[str, Figures]) -> dict[str, Any]:
    """Figures of another engine, and by how much ours is better."""
    return {**estimates(one["figures"]), "gain": estimates(one["gain"])}


def training_report(found: Trained, *, switched: bool, file: str) -> dict[str, Any]:
    """The contract of `matching train --json`."""
    return {
        "better": found.better,
        "switched": switched,
        "needs": found.needs,
        "present": estimates(found.present),
        "trained": estimates(found.fitted),
        "gain": estimates(found.gain),
        "weights": found.weights.digest,
        "file": file,
    }


def show(found: Mapping[str, Any]) -> None:
    say(_("%(needs)s needs, %(supplies)s offers, %(labels)s labels") % found)
    rows = [row_of(_("this engine"), found), row_of(_("plain BM25"), found["baseline"])]
    rows += [
        row_of(_("without %(ingredient)s") % {"ingredient": _(INGREDIENTS.get(name, name))}, one)
        for name, one in found["without"].items()
    ]
    rows += [row_of(name, one) for name, one in found["others"].items()]
    say_table(("", *MEASURES, _("nDCG@10: this engine is better by")), rows)
    say(_("In brackets the interval that holds 95 of 100 draws over needs. %(seconds)s s.") % found)


def row_of(name: str, one: Mapping[str, Any]) -> Row:
    cells = (told(one[measure], one["intervals"][measure]) for measure in MEASURES)
    gain = one.get("gain")
    return (name, *cells, told(gain["ndcg_at_10"], gain["intervals"]["ndcg_at_10"], sign="+") if gain else "")


def told(mean: float, interval: list[float], sign: str = "") -> str:
    return f"{mean:{sign}.3f} [{interval[0]:{sign}.3f}, {interval[1]:{sign}.3f}]"


def show_training(found: Trained) -> None:
    """What the fitted weights do on needs they were not fitted on."""
    say(_("%(needs)s needs, each judged by weights that were fitted on others.") % {"needs": found.needs})
    rows = [
        (name, *(line(one[measure], sign) for measure in MEASURES))
        for name, one, sign in (
            (_("weights in use"), found.present, ""),
            (_("trained"), found.fitted, ""),
            (_("better by"), found.gain, "+"),
        )
    ]
    say_table(("", *MEASURES), rows)


def line(one: Estimate, sign: str) -> str:
    return told(one.mean, [one.low, one.high], sign)


def retrieval_report(found: Sequence[Found], firms: int) -> dict[str, Any]:
    """The contract of `matching find-filings --json`."""
    groups = {name: estimates(one) for name, one in by_language(found).items()}
    places = [{"filing": one.sentence.filing, "language": one.sentence.language, "place": one.place} for one in found]
    return {**groups.pop("all"), "sentences": len(found), "firms": firms, "languages": groups, "places": places}


def show_retrieval(found: Mapping[str, Any]) -> None:
    say(_("%(sentences)s sentences, %(firms)s firms with two filings or more") % found)
    groups = {_("all"): found, **found["languages"]}
    names = ("mrr", "hit_at_10")
    say_table(
        ("", *names),
        [(group, *(told(one[name], one["intervals"][name]) for name in names)) for group, one in groups.items()],
    )
    say(_("%(seconds)s s.") % found)
