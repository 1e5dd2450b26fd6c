"""The rules of a gate in words: what each is called, and what a plan says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qunxing.core.errors import Text
from qunxing.core.money import show_money
from qunxing.races.plan import GatePlan, Metric, Veto
from qunxing.races.scorewords import metric_label
from qunxing.races.scoring.metrics.kinds import KINDS
from qunxing.races.words import TIE_BREAKS

CHOICES: Mapping[str, Mapping[str, Text]] = {
    "entries.takes": {
        "answers": pgettext_lazy("what a gate takes", "answers to the test set"),
        "table": pgettext_lazy("what a gate takes", "tables of scores of a testing body, signed"),
    },
    "entries.counts": {
        "last": pgettext_lazy("entry that counts", "the last"),
        "best": pgettext_lazy("entry that counts", "the one with the best public score"),
    },
    "rule.kind": {
        "top": pgettext_lazy("rule of a gate", "the first so many"),
        "threshold": pgettext_lazy("rule of a gate", "whoever reaches the threshold"),
        "both": pgettext_lazy("rule of a gate", "the first so many of those who reach it"),
    },
    "rule.tied": {
        "go_on": pgettext_lazy("tied at the line", "all of them go on"),
        "cut": pgettext_lazy("tied at the line", "the score decides, then the tie-break"),
    },
    "board.mode": {
        "open": pgettext_lazy("board", "open"),
        "frozen": pgettext_lazy("board", "frozen before the end"),
        "blind": pgettext_lazy("board", "blind"),
    },
    "counting.method": {
        "bootstrap": pgettext_lazy("method of intervals", "bootstrap"),
        "analytic": pgettext_lazy("method of intervals", "analytic (Student's t)"),
    },
    "counting.missing": {
        "zero": pgettext_lazy("item without a score", "counts nothing"),
        "own": pgettext_lazy("item without a score", "left out for whoever lacks it"),
        "drop": pgettext_lazy("item without a score", "left out for everybody"),
    },
    "appeal.mode": {
        "working": pgettext_lazy("days of a notice", "working days"),
        "natural": pgettext_lazy("days of a notice", "natural days"),
    },
}
DIRECTIONS: Mapping[str, Text] = {
    "higher": pgettext_lazy("direction of a metric", "higher is better"),
    "lower": pgettext_lazy("direction of a metric", "lower is better"),
}


@dataclass(frozen=True)
class Part:
    """A group of rules on the form: {rule: (label, help)}; a rule is named with dots."""

    code: str
    title: Text
    rules: Mapping[str, tuple[Text, Text]]


PARTS: tuple[Part, ...] = (
    Part(
        "window",
        gettext_lazy("Window"),
        {
            "opens": (gettext_lazy("Opens"), ""),
            "closes": (gettext_lazy("Closes"), gettext_lazy("The last moment, by the clock of this program.")),
        },
    ),
    Part(
        "measure",
        gettext_lazy("What is measured"),
        {
            "metrics": (
                gettext_lazy("Metrics"),
                gettext_lazy(
                    "One a line: name | higher or lower | weight | what counts as nothing | what counts as full marks"
                    " | options. All but the name may be left out; another name is a column of a testing body's table."
                ),
            ),
            "vetoes": (gettext_lazy("Vetoes"), gettext_lazy("One a line: accuracy < 0.6, or latency > 2.")),
            "scorer": (gettext_lazy("Scorer of one's own"), gettext_lazy("Without one the built-in metrics score.")),
            "expert.weight": (gettext_lazy("Weight of the experts"), gettext_lazy("From 0 to 1; 1: experts alone.")),
        },
    ),
    Part(
        "entries",
        gettext_lazy("Entries"),
        {
            "entries.takes": (gettext_lazy("What is taken"), ""),
            "entries.counts": (gettext_lazy("Which entry counts"), ""),
            "entries.a_day": (gettext_lazy("Entries a day"), gettext_lazy("0 is no cap.")),
            "entries.in_all": (gettext_lazy("Entries in all"), gettext_lazy("0 is no cap.")),
            "entries.dry_runs_a_day": (gettext_lazy("Dry runs a day"), ""),
            "entries.megabytes": (gettext_lazy("Largest file (MB)"), ""),
        },
    ),
    Part(
        "rule",
        gettext_lazy("Who goes on"),
        {
            "rule.kind": (pgettext_lazy("gate", "Rule"), ""),
            "rule.top": (gettext_lazy("How many"), ""),
            "rule.threshold": (
                gettext_lazy("Threshold"),
                gettext_lazy("Of the score as it stands on the board: higher is better, errors count below nought."),
            ),
            "rule.tied": (gettext_lazy("Tied at the line"), ""),
            "rule.tie_break": (gettext_lazy("Tie-break, in this order"), ""),
            "rule.draw_seed": (gettext_lazy("Seed of the draw"), ""),
            "release": (gettext_lazy("Money released to each passing"), gettext_lazy("At the last gate: the award.")),
        },
    ),
    Part(
        "board",
        gettext_lazy("Board"),
        {
            "board.mode": (gettext_lazy("Board"), ""),
            "board.hours": (gettext_lazy("Frozen for so many hours"), ""),
            "public.percent": (
                gettext_lazy("Public part (percent)"),
                gettext_lazy("It answers while the window is open; the rest decides."),
            ),
            "public.seed": (gettext_lazy("Seed of the public part"), ""),
        },
    ),
    Part(
        "counting",
        gettext_lazy("How the standing is computed"),
        {
            "counting.method": (gettext_lazy("Intervals"), ""),
            "counting.draws": (gettext_lazy("Draws"), ""),
            "counting.seed": (gettext_lazy("Seed"), ""),
            "counting.level": (gettext_lazy("Level of the intervals"), gettext_lazy("Such as 0.95.")),
            "counting.missing": (gettext_lazy("Items without a score"), ""),
            "counting.items": (gettext_lazy("Part of the test set (percent)"), ""),
            "counting.shares": (gettext_lazy("Weights of strata"), gettext_lazy("One a line: stratum | share.")),
        },
    ),
    Part(
        "appeal",
        gettext_lazy("Public notice and appeals"),
        {
            "appeal.days": (gettext_lazy("Days of the notice"), ""),
            "appeal.mode": (gettext_lazy("Counted as"), ""),
            "appeal.reply_days": (gettext_lazy("Working days to answer an appeal"), ""),
        },
    ),
)  # fmt: skip


def label_of(rule: str, code: str) -> str:
    return str(CHOICES[rule].get(code, code))


def metric_line(metric: Metric) -> str:
    """A metric as it is typed."""
    line = f"{metric.name} | {metric.direction} | {metric.weight:g} | {metric.low:g} | {metric.high:g}"
    options = "; ".join(f"{name}={option_text(value)}" for name, value in metric.options.items())
    return f"{line} | {options}" if options else line


def option_text(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class MetricKind:
    """A built-in metric as the form of a gate offers it."""

    name: str
    label: Text
    better: Text
    scale: str
    options: str


def metric_kinds() -> list[MetricKind]:
    """Those that a gate may name."""
    return [
        MetricKind(
            kind.name,
            metric_label(kind.name),
            DIRECTIONS["higher" if kind.higher else "lower"],
            f"{kind.worst:g} – {kind.best:g}" if kind.worst is not None and kind.best is not None else "",
            ", ".join(kind.options),
        )
        for kind in KINDS.values()
    ]


def veto_line(veto: Veto) -> str:
    return f"{veto.metric} {'<' if veto.when == 'below' else '>'} {veto.bound:g}"


def said_metric(metric: Metric) -> str:
    text = f"{metric_label(metric.name)}（{DIRECTIONS[metric.direction]}）"
    return f"{text} × {metric.weight:g}" if metric.weight != 1 else text


def said(plan: GatePlan) -> Iterator[tuple[Text, str]]:
    """(label, what the plan says), for a reader: what matters, in the order in which it does."""
    yield gettext_lazy("Window"), window_text(plan)
    yield gettext_lazy("Metrics"), "；".join(said_metric(metric) for metric in plan.metrics) if plan.measured else ""
    if plan.expert.weight:
        yield gettext_lazy("Weight of the experts"), f"{plan.expert.weight:.0%}"
    yield gettext_lazy("Who goes on"), rule_text(plan)
    if plan.vetoes:
        yield gettext_lazy("Vetoes"), "；".join(veto_line(veto) for veto in plan.vetoes)
    yield gettext_lazy("Tied at the line"), tied_text(plan)
    if plan.measured:
        yield gettext_lazy("Entries"), entries_text(plan)
    yield gettext_lazy("Board"), board_text(plan)
    yield gettext_lazy("Intervals"), counting_text(plan)
    yield gettext_lazy("Public notice and appeals"), appeal_text(plan)


def window_text(plan: GatePlan) -> str:
    ends = [timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else "—" for at in (plan.opens_at, plan.closes_at)]
    return " – ".join(ends)


def rule_text(plan: GatePlan) -> str:
    rule = plan.rule
    words: dict[str, Any] = {"top": rule.top, "threshold": f"{rule.threshold:g}"}
    texts = {
        "top": _("the first %(top)s"),
        "threshold": _("whoever reaches %(threshold)s"),
        "both": _("the first %(top)s of those who reach %(threshold)s"),
    }
    return texts[rule.kind] % words


def tied_text(plan: GatePlan) -> str:
    breaks = " → ".join(str(TIE_BREAKS[name]) for name in plan.rule.tie_break)
    label = label_of("rule.tied", plan.rule.tied)
    return f"{label}（{breaks}）" if plan.rule.tied == "cut" and breaks else label


def entries_text(plan: GatePlan) -> str:
    entries = plan.entries
    takes = "、".join(label_of("entries.takes", code) for code in entries.takes)
    words = {"a_day": entries.a_day or "∞", "in_all": entries.in_all or "∞"}
    caps = _("%(a_day)s a day, %(in_all)s in all") % words
    return f"{takes}；{caps}；{label_of('entries.counts', entries.counts)}"


def board_text(plan: GatePlan) -> str:
    words: dict[str, Any] = {"hours": plan.board.hours, "percent": plan.public.percent}
    text = label_of("board.mode", plan.board.mode)
    if plan.board.mode == "frozen":
        text += "；" + _("stands still for the last %(hours)s hours") % words
    return text + ("；" + _("public part %(percent)s %%") % words if plan.public.percent else "")


def counting_text(plan: GatePlan) -> str:
    counting = plan.counting
    text = f"{label_of('counting.method', counting.method)} · {counting.level:.0%}"
    if counting.method == "bootstrap":
        text += " · " + _("%(draws)s draws, seed %(seed)s") % {"draws": counting.draws, "seed": counting.seed}
    return f"{text} · {_('missing')}: {label_of('counting.missing', counting.missing)}"


def appeal_text(plan: GatePlan) -> str:
    return f"{plan.appeal.days} {label_of('appeal.mode', plan.appeal.mode)}"


def release_text(plan: GatePlan) -> str:
    return show_money(plan.release)
