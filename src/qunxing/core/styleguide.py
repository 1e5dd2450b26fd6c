"""Made-up things for the page that shows every component."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

TONES = ("default", "info", "good", "warn", "bad", "muted", "accent")
LONG_NAME = "上海市徐汇区人工智能大模型创新生态社区联合实验室示范应用推广中心（有限合伙）" * 3
FIRST_DAY = date(2025, 5, 7)


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Happening:
    at: datetime
    verb: str
    what: str
    author: str = ""
    reason: str = ""
    source: str = ""
    tone: str = ""
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Work:
    """A job at one moment, as the progress bar wants it."""

    ref: str
    title: str
    state: str
    done: int
    total: int
    problem: str = ""

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0

    @property
    def over(self) -> bool:
        return self.state in {"done", "failed"}

    @property
    def get_state_display(self) -> str:
        return {"running": _("running"), "done": _("done"), "failed": _("failed"), "waiting": _("waiting")}[self.state]


@dataclass(frozen=True)
class Cell:
    text: Any
    kind: str = "text"
    url: str = ""
    tone: str = "default"


@dataclass(frozen=True)
class Row:
    url: str
    demo: bool
    cells: list[Cell]


class SampleForm(forms.Form):
    """Every kind of field."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    amount = forms.IntegerField(
        label=gettext_lazy("Amount in yuan"), min_value=0, help_text=gettext_lazy("A whole number.")
    )
    day = forms.DateField(
        label=gettext_lazy("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    size = forms.ChoiceField(
        label=gettext_lazy("Size"),
        choices=[("s", gettext_lazy("small")), ("m", gettext_lazy("medium"))],
        required=False,
    )
    way = forms.ChoiceField(
        label=gettext_lazy("Choose one"),
        choices=[("a", "揭榜挂帅"), ("b", "赛马"), ("c", "直接对接")],
        widget=forms.RadioSelect,
        required=False,
    )
    fields_of_work = forms.MultipleChoiceField(
        label=gettext_lazy("Choose several"),
        choices=[(str(number), f"技术领域 {number}") for number in range(1, 25)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    file = forms.FileField(label=gettext_lazy("File"), required=False, help_text=gettext_lazy("CSV or Excel (.xlsx)."))
    agreed = forms.BooleanField(label=gettext_lazy("I have read the terms"))


def samples(query: QueryDict) -> dict[str, Any]:
    """Everything the page shows; `form` is blank, `wrong_form` was sent with mistakes."""
    typed = {"amount": "-5", "day": "2025-05-07", "fields_of_work": ["2"], "note": LONG_NAME}
    return {
        "tones": TONES,
        "form": SampleForm(auto_id="blank_%s"),
        "wrong_form": SampleForm(typed, auto_id="wrong_%s"),
        "rows": sample_rows(),
        "sample_page": Paginator(range(4_000), 50).page(12),
        "happenings": happenings(),
        "jobs": jobs(),
        "charts": charts(),
        "long_name": LONG_NAME,
        "first_day": FIRST_DAY,
        "tab_items": tab_items(query.get("tab", "")),
        "record": Row("#", True, []),
    }


def tab_items(chosen: str) -> list[tuple[str, str, bool, int]]:
    titles = [("", _("Models"), 3), ("filings", _("Filings"), 12), ("links", _("Links"), 0)]
    return [(title, f"?tab={code}#tabs", code == chosen, count) for code, title, count in titles]


def sample_rows() -> list[Row]:
    states = [(_("granted"), "good"), (_("supplementing"), "warn"), (_("rejected"), "bad"), (_("withdrawn"), "muted")]
    rows = [
        Row(
            url=f"#row-{number}",
            demo=number > 1,
            cells=[
                Cell(LONG_NAME if number == 3 else f"演示企业{number}有限公司"),
                Cell(f"Shanghai-YanShi-2025050700{number:02}", "code"),
                Cell(state, "tag", tone=tone),
                Cell(FIRST_DAY.replace(day=number), "date"),
                Cell(1_234_567 * number if number != 4 else None, "number"),
            ],
        )
        for number, (state, tone) in enumerate(states, start=1)
    ]
    return [*rows, Row("", False, [Cell("<b>=1+1</b>"), *[Cell("")] * 4])]


def happenings() -> list[Happening]:
    at = datetime(2025, 5, 7, 6, 30, tzinfo=UTC)
    changes = [
        Change(_("Name"), "上海稀宇科技有限公司", "上海稀宇极智科技有限公司"),
        Change(_("Note"), "", LONG_NAME),
        Change(_("Day"), "2025-05-01", ""),
    ]
    return [
        Happening(at, _("changed"), _("Organisation"), "王芳", _("Renamed in the register of firms"), changes=changes),
        Happening(at.replace(month=4), _("added"), _("Filing"), "李明", tone="good"),
        Happening(at.replace(month=3), _("removed"), _("Contact"), tone="bad"),
    ]


def jobs() -> list[Work]:
    return [
        Work("a", _("Import of an official list"), "running", 2_412, 4_020),
        Work("b", _("Import of an official list"), "waiting", 0, 0),
        Work("c", _("Import of an official list"), "done", 4_020, 4_020),
        Work("d", _("Import of an official list"), "failed", 800, 4_020, _("The file ends in the middle of a row.")),
    ]


def charts() -> dict[str, dict[str, Any]]:
    note = _("Made up for the demonstration")
    quarters = ["2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1", "2025Q2"]
    filed, registered = _("filed"), _("registered")
    both = [{"name": filed, "data": [12, 18, 24, 31, 38, 43]}, {"name": registered, "data": [3, 6, 11, 19, 30, 52]}]
    kinds = ["算力", "语料", "空间", "人才", "资本", "政策"]
    return {
        "line": {
            "type": "line",
            "title": _("Line"),
            "note": note,
            "labels": quarters,
            "series": both,
            "unit": pgettext("unit", "models"),
        },
        "bar": {
            "type": "bar",
            "title": _("Bar"),
            "note": note,
            "across": True,
            "labels": kinds,
            "series": [{"name": _("offers"), "data": [38, 24, 19, 15, 9, None]}],
        },
        "stacked": {"type": "stacked", "title": _("Stacked bar"), "note": note, "labels": quarters, "series": both},
        "donut": {
            "type": "donut",
            "title": _("Ring"),
            "note": note,
            "labels": kinds,
            "series": [{"name": _("offers"), "data": [38, 24, 19, 15, 9, 4]}],
        },
        "graph": {"type": "graph", "title": _("Links"), "note": note, **links()},
    }


def links() -> dict[str, Any]:
    names = ["演示智能科技", "演示创业投资基金", "演示算力中心", "演示人民医院", "演示科技（北京）"]
    nodes = [{"id": str(at), "name": name, "url": "#", "centre": at == 0} for at, name in enumerate(names)]
    pairs = [("1", "0", _("invests")), ("2", "0", _("supplies")), ("0", "3", _("supplies")), ("0", "4", _("holds"))]
    return {"nodes": nodes, "links": [{"source": a, "target": b, "label": label} for a, b, label in pairs]}
