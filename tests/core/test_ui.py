"""The tags and filters that pages are made of."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from qunxing.core.charts import chart_table
from qunxing.core.styleguide import Cell, Row, Work

CORE = Path(__file__).resolve().parents[2] / "src" / "qunxing" / "core"
DAY = date(2025, 5, 7)


def shown(source: str, **context: Any) -> str:
    return re.sub(r"\s+", " ", Template(source).render(Context(context))).strip()


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- formats --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "chinese", "english"),
    [
        ("{{ value|day }}", "2025年5月7日", "2025-05-07"),
        ("{{ value|isoday }}", "2025-05-07", "2025-05-07"),
        ("{{ nothing|day }}", "—", "—"),
        ("{{ '2025-05-07'|day }}", "2025年5月7日", "2025-05-07"),
        ("{{ 'soon'|day }}", "—", "—"),
        ("{{ 1234567|number }}", "1,234,567", "1,234,567"),
        ("{{ 0|or_dash }}", "0", "0"),
        ("{{ ''|or_dash }}", "—", "—"),
        ("{{ 0.612|percent }}", "61%", "61%"),
        ("{{ 0.612|percent:1 }}", "61.2%", "61.2%"),
        ("{{ nothing|percent }}", "—", "—"),
        ("{{ nothing|yuan }}", "—", "—"),
        ("{{ 1|counted }} {{ 4020|counted }}", "共 1 条 共 4,020 条", "1 record 4,020 records"),
    ],
)
def test_formats_follow_the_language(source: str, chinese: str, english: str) -> None:
    with override("zh-hans"):
        assert shown(source, value=DAY, nothing=None) == chinese
    with override("en"):
        assert shown(source, value=DAY, nothing=None) == english


def test_moment_is_shown_in_the_local_zone() -> None:
    assert shown("{{ at|moment }}", at=datetime(2025, 5, 7, 17, 30, tzinfo=UTC)) == "2025-05-08 01:30"


def test_day_of_a_moment_is_the_local_one() -> None:
    assert shown("{{ at|isoday }}", at=datetime(2025, 5, 7, 17, 30, tzinfo=UTC)) == "2025-05-08"


def test_codes_are_shown_by_their_labels() -> None:
    with override("en"):
        assert shown("{{ codes|codes:labels }}", codes=("a", "b"), labels={"a": "Ä"}) == "Ä; b"


# --- marks ------------------------------------------------------------------------------------------------------------


def test_tag_of_an_unknown_tone_is_plain() -> None:
    assert shown('{% tag "new" "shiny" %}') == '<span class="tag tag-default">new</span>'


def test_tag_escapes_its_text() -> None:
    assert shown("{% tag text %}", text="<b>") == '<span class="tag tag-default">&lt;b&gt;</span>'


def test_tag_of_nothing_is_nothing() -> None:
    assert shown('{% tag "" "good" %}') == ""


def test_icon_is_unseen_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in shown('{% icon "star" %}')
    assert 'role="img" aria-label="Star"' in shown('{% icon "star" label="Star" %}')


def test_demo_mark_stands_on_made_up_records_only() -> None:
    with override("zh-hans"):
        assert text_of(shown("{% demo_mark row %}", row=Row("", True, []))) == "演示"
        assert shown("{% demo_mark row %}", row=Row("", False, [])) == ""


# --- rows of a list ---------------------------------------------------------------------------------------------------


def row(*cells: Cell, url: str = "/r/") -> str:
    return shown("{% table_row row %}", row=Row(url, False, [Cell("Name"), *cells]))


def test_first_cell_heads_the_row_and_links_to_the_record() -> None:
    assert row() == '<tr data-row><th class="cell-title" scope="row"><a href="/r/">Name</a></th></tr>'


@pytest.mark.parametrize(
    ("cell", "inside"),
    [
        (Cell("<script>"), "&lt;script&gt;"),
        (Cell(""), '<span class="quiet">—</span>'),
        (Cell(0, "number"), "0"),
        (Cell(1234567, "number"), "1,234,567"),
        (Cell(DAY, "date"), "2025-05-07"),
        (Cell("granted", "tag", tone="good"), '<span class="tag tag-good">granted</span>'),
        (Cell("here", url="javascript:alert(1)"), "here"),
        (Cell("here", url="/x/"), '<a href="/x/">here</a>'),
    ],
)
def test_cell_is_shown_by_its_kind(cell: Cell, inside: str) -> None:
    assert row(cell).endswith(f'<td class="cell-{cell.kind}">{inside}</td></tr>')


def test_long_text_is_cut_by_the_style_sheet_and_kept_in_the_title() -> None:
    assert f'<span class="clip" title="{"长" * 100}">{"长" * 100}</span>' in row(Cell("长" * 100))


# --- components -------------------------------------------------------------------------------------------------------


def test_progress_asks_again_until_the_job_is_over() -> None:
    source = '{% progress job url="/jobs/a/" %}'
    assert 'hx-get="/jobs/a/"' in shown(source, job=Work("a", "Import", "running", 1, 4))
    assert "hx-get" not in shown(source, job=Work("a", "Import", "done", 4, 4))


def test_progress_shows_its_share_and_its_problem() -> None:
    html = shown("{% progress job %}", job=Work("a", "Import", "failed", 1, 4, "Row 2 is broken"))
    assert '<progress max="100" value="25"' in html
    assert "Row 2 is broken" in text_of(html)


def test_confirm_posts_with_its_token_and_its_reason() -> None:
    html = shown('{% confirm "/go/" "Go" reason="required" name="step" value="publish" %}', csrf_token="t" * 32)
    assert 'action="/go/" method="post"' in html
    assert '<input type="hidden" name="step" value="publish">' in html
    assert 'name="reason" rows="2" maxlength="500" required' in html
    assert "csrfmiddlewaretoken" in html


def test_stat_names_its_source_and_its_day() -> None:
    with override("en"):
        html = shown('{% stat "Models" 43 source="上观新闻" day=day %}', day=DAY)
    assert text_of(html) == "Models 43 as of 2025-04-29 · 上观新闻".replace("2025-04-29", "2025-05-07")


@dataclass(frozen=True)
class Page:
    number: int
    last: int
    links: dict[str, str] = field(default_factory=dict)
    hidden_fields: tuple[tuple[str, str], ...] = (("q", "a"),)


def test_pager_of_one_page_is_nothing() -> None:
    assert shown("{% pager page %}", page=Page(1, 1)) == ""


def test_pager_keeps_the_filters_when_it_jumps() -> None:
    html = shown("{% pager page %}", page=Page(2, 3, {"next": "?q=a&page=3"}))
    assert 'rel="next" href="?q=a&amp;page=3"' in html
    assert 'rel="prev"' not in html
    assert '<input type="hidden" name="q" value="a">' in html


def test_pager_turns_the_pages_of_a_paginator_without_htmx() -> None:
    request = RequestFactory().get("/imports/", {"rows": "new", "page": "2"})
    page = Paginator(range(50), 10).page(2)
    html = shown("{% pager page anchor='rows' %}", page=page, request=request)
    assert 'rel="next" href="?rows=new&amp;page=3#rows"' in html
    assert 'action="/imports/#rows"' in html
    assert '<input type="hidden" name="rows" value="new">' in html
    assert "hx-" not in html  # nothing on such a page says what it would swap


def test_tabs_mark_the_present_one() -> None:
    html = shown("{% tabs items %}", items=[("A", "?a", True), ("B", "?b", False, 3)])
    assert html.count('aria-current="page"') == 1
    assert text_of(html) == "A B 3"


def test_chart_table_has_a_row_for_each_label() -> None:
    data = {"type": "line", "labels": ["a", "b"], "series": [{"name": "one", "data": [1, None]}]}
    assert chart_table(data).rows == [["a", "1"], ["b", "—"]]


def test_chart_table_of_a_graph_has_a_row_for_each_link() -> None:
    nodes = [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]
    data = {"type": "graph", "nodes": nodes, "links": [{"source": 1, "target": 2, "label": "holds"}]}
    assert chart_table(data).rows == [["A", "holds", "B"]]


def test_chart_data_cannot_end_its_script() -> None:
    data = {"type": "bar", "title": "</script>", "labels": ["a"], "series": [{"name": "n", "data": [1]}]}
    assert (
        "</script>"
        not in shown('{% chart "c" data %}', data=data).split("application/json", 1)[1].split("</script>")[0]
    )


# --- the sprite -------------------------------------------------------------------------------------------------------


def test_every_icon_used_is_in_the_sprite() -> None:
    known = set((CORE / "static" / "src" / "icons.txt").read_text(encoding="utf-8").split("\n"))
    named = re.compile(r"""\{% icon "([^"]+)"|icon=["']([a-z0-9-]+)["']|empty_state "([^"]+)\"""")
    files = [*CORE.parent.rglob("*.html"), *CORE.parent.rglob("*.py")]
    used = {
        name for path in files for match in named.findall(path.read_text(encoding="utf-8")) for name in match if name
    }
    assert used - known == set()
