"""The form of a rule set: a field for each rule with its bounds, wrong ones named one by one."""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Any, Literal, get_origin, get_type_hints

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.models import RuleSet
from qunxing.challenges.rulewords import CHOICES, PARTS, whole
from qunxing.challenges.terms import BadTerms, Terms
from qunxing.core.reasons import Unreadable
from qunxing.panels.terms import PanelTerms, ScoringTerms

BETWEEN = "__"
PANEL_BOUNDS = {
    "size": (1, 99),
    "minimum": (1, 99),
    "rest_days": (0, 3_660),
    "recusal_years": (0, 50),
    "reviews_per_item": (1, 99),
    "load_cap": (1, 100_000),
}
PANEL_FLAGS = ("odd", "double_blind", "strict")
OPTIONAL = {"panel.reviews_per_item", "panel.load_cap"}


class WordsField(forms.CharField):
    """Words, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        return [line.strip()[:100] for line in text.splitlines() if line.strip()][:50]


class ChosenField(forms.MultipleChoiceField):
    """Codes; the same as before, in whatever order they come, are as before."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[str]:
        found: list[str] = super().clean(value)
        kept = list(self.initial or ())
        return kept if set(kept) == set(found) else found


class PartsField(forms.CharField):
    """Percents that make a hundred: 40, 30, 30."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[int]:
        text = super().clean(value)
        pieces = [
            piece.strip(" %％") for piece in text.replace("，", ",").replace("、", ",").replace("/", ",").split(",")
        ]
        if not all(piece.isdecimal() and len(piece) < 4 and 0 < int(piece) <= 100 for piece in pieces):
            raise ValidationError(_("Write percents from 1 to 100 with commas between them, such as 40, 30, 30."))
        parts = [int(piece) for piece in pieces]
        if sum(parts) != 100:
            raise ValidationError(_("These make %(sum)s, not 100.") % {"sum": sum(parts)})
        return parts


class CriteriaField(forms.CharField):
    """Criteria, one a line: code | 中文 | English | weight; anchors stay with their code."""

    widget = forms.Textarea(attrs={"rows": 8, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return value
        return "\n".join(f"{row['code']} | {row['zh']} | {row['en']} | {row['weight']:g}" for row in value)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        kept = {row["code"]: row for row in self.initial or ()}
        return [self.row(line, kept) for line in super().clean(value).splitlines() if line.strip()]

    def row(self, line: str, kept: Mapping[str, Any]) -> dict[str, Any]:
        parts = [part.strip() for part in line.replace("｜", "|").split("|")]
        try:
            code, zh, en, weight = parts
            number = float(weight)
        except ValueError as wrong:
            raise ValidationError(
                _("“%(line)s” is not code | 中文 | English | weight.") % {"line": line[:60]}
            ) from wrong
        weight_of = int(number) if number.is_integer() else number
        found: dict[str, Any] = {
            "code": code[:40],
            "zh": zh[:60],
            "en": en[:60],
            "weight": weight_of,
            "top": weight_of,
            "anchors": [],
        }
        known = kept.get(code)
        return found | {"anchors": known["anchors"]} if known and known["top"] == weight_of else found


def rule_field(rule: str, hint: Any, bounds: tuple[int, int] | None) -> Any:
    """The form field of a rule by what it holds."""
    special = {
        "scoring.criteria": CriteriaField,
        "funding.tranches": PartsField,
        "eligibility.certificates": WordsField,
    }
    if rule in special:
        return special[rule](required=rule != "eligibility.certificates")
    if get_origin(hint) is tuple:
        return ChosenField(choices=list(CHOICES[rule].items()), required=rule in {"budget.categories", "opening.roles"})
    if get_origin(hint) is Literal or rule in CHOICES:
        return forms.ChoiceField(choices=list(CHOICES[rule].items()))
    if hint is bool:
        return forms.BooleanField(required=False)
    if hint is int:
        least, most = bounds or (0, 10_000)
        return forms.IntegerField(min_value=least, max_value=most, required=rule not in OPTIONAL)
    return forms.CharField(max_length=20)


def hints() -> dict[str, tuple[Any, tuple[int, int] | None]]:
    """{rule: (what it holds, its bounds)} of all rules that have words."""
    found: dict[str, tuple[Any, tuple[int, int] | None]] = {}
    for part, kind in get_type_hints(Terms).items():
        if part in {"panel", "scoring"}:
            continue
        types = get_type_hints(kind)
        found |= {f"{part}.{each.name}": (types[each.name], each.metadata.get("bounds")) for each in fields_of(kind)}
    found |= {f"panel.{name}": (int, bounds) for name, bounds in PANEL_BOUNDS.items()}
    found |= {f"panel.{name}": (bool, None) for name in PANEL_FLAGS}
    return found | {"scoring.disagreement": (int, (0, 100))}


class RuleSetForm(forms.Form):
    """All rules of a set; `present` is the version that is changed."""

    name = forms.CharField(label=_("Name"), max_length=120)
    basis = forms.CharField(
        label=_("Rests on"), max_length=300, required=False, help_text=_("The notice or law it follows.")
    )
    reason = forms.CharField(label=_("Reason for the change"), max_length=500)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, present: RuleSet | None = None, terms: Terms | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.present = present
        plain = whole(terms or (present.rules if present else Terms()))
        if present is not None:
            self.fields.pop("name")
            self.initial.update(basis=present.basis, revision=present.revision)
        else:
            self.fields.pop("reason")
        known = hints()
        for part in PARTS:
            for rule, (label, help_text) in part.rules.items():
                dotted = f"{part.code}.{rule}"
                field = rule_field(dotted, *known.get(dotted, (str, None)))
                field.label, field.help_text = label, help_text
                field.initial = plain[part.code].get(rule)
                self.fields[f"{part.code}{BETWEEN}{rule}"] = field

    def parts(self) -> list[tuple[Any, list[Any]]]:
        """The fields for the page, part by part."""
        return [(part.title, [self[f"{part.code}{BETWEEN}{rule}"] for rule in part.rules]) for part in PARTS]

    def clean_opening__roles(self) -> list[str]:
        roles: list[str] = self.cleaned_data["opening__roles"]
        if len(roles) != 2:
            raise ValidationError(_("Choose two different kinds of user."))
        return roles

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            self.check_whole()
        return cleaned

    def check_whole(self) -> None:
        """What only the rules together can tell."""
        plain = self.plain()
        checks = (("panel", PanelTerms.read, "size"), ("scoring", ScoringTerms.read, "criteria"))
        for part, read, place in checks:
            try:
                read(plain[part])
            except Unreadable as wrong:
                self.add_error(f"{part}{BETWEEN}{place}", str(wrong.message))
        try:
            Terms.read(plain)
        except BadTerms as wrong:
            words = {"found": str(wrong.found)[:60], "expected": wrong.expected}
            name = wrong.where.replace(".", BETWEEN)
            self.add_error(name if name in self.fields else None, _("Found %(found)s, expected %(expected)s.") % words)

    def plain(self) -> dict[str, Any]:
        """The rules as typed, as plain data."""
        stored = whole(self.present.rules) if self.present else whole(Terms())
        kept = {part: dict(stored[part]) for part in stored}
        for part in PARTS:
            for rule in part.rules:
                kept[part.code][rule] = self.cleaned_data[f"{part.code}{BETWEEN}{rule}"]
        return kept

    def get_context(self) -> dict[str, Any]:
        """The rules stand part by part; here only what is said of the set."""
        context = super().get_context()
        context["fields"] = [pair for pair in context["fields"] if BETWEEN not in pair[0].name]
        return context
