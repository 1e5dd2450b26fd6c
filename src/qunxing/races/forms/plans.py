"""The form of a gate: a field for each rule with its bounds; whatever is wrong stands at its field."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.forms.boards import MomentInput, YuanField
from qunxing.races.models import Scorer, Stage
from qunxing.races.plan import BadRule, GatePlan, Metric, Veto
from qunxing.races.planwords import CHOICES, PARTS, MetricKind, metric_kinds, metric_line, veto_line
from qunxing.races.readiness import gaps_of_metrics
from qunxing.races.words import TIE_BREAKS, gap_text

BETWEEN = "__"
WHOLES: Mapping[str, tuple[int, int]] = {
    "entries.a_day": (0, 1_000),
    "entries.in_all": (0, 10_000),
    "entries.dry_runs_a_day": (0, 1_000),
    "entries.megabytes": (1, 1_024),
    "rule.top": (1, 1_000),
    "rule.draw_seed": (0, 2**31 - 1),
    "board.hours": (1, 1_440),
    "public.percent": (0, 90),
    "public.seed": (0, 2**31 - 1),
    "counting.draws": (100, 100_000),
    "counting.seed": (0, 2**31 - 1),
    "counting.items": (1, 100),
    "appeal.days": (1, 60),
    "appeal.reply_days": (1, 60),
}
REALS: Mapping[str, tuple[float | None, float | None]] = {
    "expert.weight": (0, 1),
    "rule.threshold": (None, None),
    "counting.level": (0.5, 0.999),
}
VETO = re.compile(r"^(?P<metric>.+?)\s*(?P<sign>[<>＜＞])\s*(?P<bound>-?\d+(?:\.\d+)?)$")
BELOW = frozenset("<＜")
YES = frozenset({"yes", "true", "1", "是"})


def number_of(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise ValidationError(_("“%(text)s” is not a number.") % {"text": text[:40]})
    return found


class LinesField(forms.CharField):
    """Rows, one a line."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def rows(self, value: Any) -> list[list[str]]:
        lines = (line for line in str(value).splitlines() if line.strip())
        return [[part.strip() for part in line.replace("｜", "|").split("|")] for line in lines][:50]


class MetricsField(LinesField):
    """name | direction | weight | low | high | options; what is left out is as by default."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(metric_line, value)) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[dict[str, Any]]:
        return [self.metric(row) for row in self.rows(super().clean(value))]

    def metric(self, row: list[str]) -> dict[str, Any]:
        name, direction, weight, low, high, options = [*row, *[""] * 6][:6]
        if not name or direction not in {"", "higher", "lower"} or len(row) > 6:
            words = {"line": " | ".join(row)[:60]}
            raise ValidationError(
                _("“%(line)s” is not name | higher or lower | weight | low | high | options.") % words
            )
        usual = Metric()
        return {
            "name": name[:100],
            "direction": direction or usual.direction,
            "weight": number_of(weight) if weight else usual.weight,
            "low": number_of(low) if low else usual.low,
            "high": number_of(high) if high else usual.high,
            "options": options_of(options),
        }


def options_of(text: str) -> dict[str, Any]:
    """What a metric is told beside its weight: ``positive=malignant; at=0.95``."""
    found: dict[str, Any] = {}
    for part in re.split(r"[;；]", text):
        name, _sign, value = (piece.strip() for piece in part.partition("="))
        if name in {"positive", "tokens", "answer", "truth", "title"}:
            found[name] = value
        elif name == "at":
            found[name] = number_of(value)
        elif name == "plain":
            found[name] = value in YES
        elif part.strip():
            words = {"text": part[:40]}
            raise ValidationError(_("“%(text)s” is none of positive=…, tokens=…, plain=yes, at=….") % words)
    return found


class VetoesField(LinesField):
    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(veto_line, value)) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[dict[str, Any]]:
        return [self.veto(line.strip()) for line in super().clean(value).splitlines() if line.strip()]

    def veto(self, line: str) -> dict[str, Any]:
        found = VETO.match(line)
        if found is None:
            raise ValidationError(_("“%(line)s” is no veto such as accuracy < 0.6.") % {"line": line[:60]})
        when = "below" if found["sign"] in BELOW else "above"
        return asdict(Veto(found["metric"].strip(), "below" if when == "below" else "above", number_of(found["bound"])))


class SharesField(LinesField):
    def prepare_value(self, value: Any) -> Any:
        return (
            "\n".join(f"{name} | {share:g}" for name, share in value.items()) if isinstance(value, Mapping) else value
        )

    def clean(self, value: Any) -> dict[str, float]:
        found = {}
        for row in self.rows(super().clean(value)):
            if len(row) != 2 or not row[0]:
                words = {"line": " | ".join(row)[:60]}
                raise ValidationError(_("“%(line)s” is not stratum | share.") % words)
            found[row[0]] = number_of(row[1])
        return found


class OrderField(forms.CharField):
    """Tie-breaks in their order, by their names or codes."""

    def prepare_value(self, value: Any) -> Any:
        return "、".join(str(TIE_BREAKS[code]) for code in value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        by_name = {str(label): code for code, label in TIE_BREAKS.items()} | {code: code for code in TIE_BREAKS}
        names = [part.strip() for part in re.split(r"[、,，→>]", super().clean(value)) if part.strip()]
        wrong = [name for name in names if name not in by_name]
        if wrong:
            known = "、".join(map(str, TIE_BREAKS.values()))
            raise ValidationError(_("“%(name)s” is none of %(known)s.") % {"name": wrong[0][:40], "known": known})
        return list(dict.fromkeys(by_name[name] for name in names))


def scorer_choices() -> Iterable[tuple[str, str]]:
    yield "", str(_("none"))
    yield from ((row.digest, f"{row.name} · {row.digest[:8]}") for row in Scorer.objects.order_by("-pk")[:200])


def rule_field(rule: str) -> forms.Field:
    """The form field of a rule by what it holds."""
    special: Mapping[str, Any] = {
        "opens": lambda: forms.DateTimeField(widget=MomentInput, required=False),
        "closes": lambda: forms.DateTimeField(widget=MomentInput, required=False),
        "metrics": lambda: MetricsField(required=False),
        "vetoes": lambda: VetoesField(required=False),
        "counting.shares": lambda: SharesField(required=False),
        "rule.tie_break": lambda: OrderField(required=False, max_length=100),
        "release": lambda: YuanField(required=False),
        "scorer": lambda: forms.ChoiceField(choices=scorer_choices, required=False),
        "entries.takes": lambda: forms.MultipleChoiceField(
            choices=list(CHOICES[rule].items()), widget=forms.CheckboxSelectMultiple, required=False
        ),
    }
    if rule in special:
        made: forms.Field = special[rule]()
        return made
    if rule in CHOICES:
        return forms.ChoiceField(choices=list(CHOICES[rule].items()))
    if rule in WHOLES:
        least, most = WHOLES[rule]
        return forms.IntegerField(min_value=least, max_value=most)
    low, high = REALS[rule]
    return forms.FloatField(min_value=low, max_value=high)


def value_of(plan: GatePlan, rule: str) -> Any:
    """What the plan says of the rule, as its field begins with it."""
    found: Any = plan
    for name in rule.split("."):
        found = getattr(found, name)
    if rule in {"opens", "closes"}:
        moment = getattr(plan, f"{rule}_at")
        return timezone.localtime(moment).replace(tzinfo=None) if moment is not None else None
    return list(found) if isinstance(found, tuple) else found


class StageForm(forms.Form):
    """A stage with the plan of its gate; `present` is the stage that is changed."""

    title = forms.CharField(label=_("Title"), max_length=120)
    task = forms.CharField(label=_("Task"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, present: Stage | None = None, reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = present.gate if present is not None else GatePlan()
        if present is not None:
            self.initial.update(title=present.title, task=present.task, revision=present.revision)
        if reason:
            self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=500)
        for part in PARTS:
            for rule, (label, help_text) in part.rules.items():
                field = rule_field(rule)
                field.label, field.help_text = str(label), str(help_text or field.help_text)
                field.initial = value_of(self.plan, rule)
                self.fields[rule.replace(".", BETWEEN)] = field

    def parts(self) -> list[tuple[Any, list[Any]]]:
        """The fields for the page, part by part."""
        return [(part.title, [self[rule.replace(".", BETWEEN)] for rule in part.rules]) for part in PARTS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                cleaned["plan"] = plan = GatePlan.read(self.typed())
            except BadRule as wrong:
                self.point_at(wrong)
            else:
                self.check_metrics(plan)
        return cleaned

    def check_metrics(self, plan: GatePlan) -> None:
        """Metrics that make no score are told here, not only when the race is published."""
        if plan.measured and plan.metrics and not plan.scorer:
            for gap in gaps_of_metrics(plan):
                self.add_error("metrics", gap_text(gap))

    def typed(self) -> dict[str, Any]:
        """The plan as typed, what the form does not ask as it was."""
        plain = self.plan.as_json()
        for part in PARTS:
            for rule in part.rules:
                put(plain, rule, stored_value(self.cleaned_data[rule.replace(".", BETWEEN)]))
        return plain

    def point_at(self, wrong: BadRule) -> None:
        """The fault at the field it is in."""
        words = {"found": str(wrong.found)[:60], "expected": wrong.expected}
        parts = wrong.where.split(".")
        names = [BETWEEN.join(parts[:length]) for length in range(len(parts), 0, -1)]
        place = next((name for name in names if name in self.fields), None)
        self.add_error(place, _("Found %(found)s, expected %(expected)s.") % words)

    def metric_kinds(self) -> list[MetricKind]:
        """The built-in metrics, for the page."""
        return metric_kinds()

    def get_context(self) -> dict[str, Any]:
        """The rules stand part by part; here only what is said of the stage."""
        context = super().get_context()
        ruled = {rule.replace(".", BETWEEN) for part in PARTS for rule in part.rules}
        context["fields"] = [pair for pair in context["fields"] if pair[0].name not in ruled]
        return context


def stored_value(value: Any) -> Any:
    """Moments with their zone, nothing for none."""
    if hasattr(value, "isoformat"):
        return (
            timezone.localtime(value).isoformat()
            if timezone.is_aware(value)
            else timezone.make_aware(value).isoformat()
        )
    return "" if value is None else value


def put(plain: dict[str, Any], rule: str, value: Any) -> None:
    """Set what stands under a dotted name."""
    *way, last = rule.split(".")
    for name in way:
        plain = plain[name]
    plain[last] = (value or 0) if rule == "release" else value
