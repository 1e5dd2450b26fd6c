"""Figures of an article on the command line: the JSON that programs rely on, and what becomes of odd files."""

import json

import pytest
from django.utils.translation import override

from qunxing.cli import app
from tests import factories

pytestmark = pytest.mark.django_db
ARTICLE = "“云帆空间”创新社区截至今年2月已入驻企业100余家，占全市的61%。\n管理规模6.5亿元的云帆创新基金。"
KEYS = [
    "subject", "indicator", "low", "high", "low_open", "high_open", "unit", "scope", "as_of", "approximate", "phrase",
    "start", "end",
]  # fmt: skip


@pytest.fixture
def said(capsys, tmp_path):
    def run(content, *more, language="en"):
        path = tmp_path / "article.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        capsys.readouterr()
        with override(language):
            status = app.run(["claims", "extract", str(path), *more])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def test_extract_prints_the_contract(said):
    status, out, err = said(ARTICLE, "--json", "--published", "2025-04-29")
    first, share, fund = json.loads(out)
    assert (status, err, list(first)) == (0, "", KEYS)
    phrase = "“云帆空间”创新社区截至今年2月已入驻企业100余家"
    plain = {key: value for key, value in first.items() if key not in {"phrase", "start", "end"}}
    assert plain == {
        "subject": "云帆空间", "indicator": "resident_firms", "low": 100, "high": None, "low_open": True,
        "high_open": False, "unit": "家", "scope": "space", "as_of": "2025-02", "approximate": True,
    }  # fmt: skip
    assert ARTICLE[first["start"] : first["end"]] == first["phrase"]
    assert first["phrase"] in phrase
    assert (share["indicator"], share["low"], share["unit"]) == ("share_of_city_total", 61, "%")
    assert (fund["indicator"], fund["low"], fund["unit"]) == ("scale", 650_000_000, "元")


def test_extract_keeps_nothing(said):
    from qunxing.indicators.models import Claim

    said(ARTICLE, "--json")
    assert Claim.objects.count() == 0


def test_extract_knows_the_names_of_the_ledger(said):
    text = "记者看到，云帆里已入驻企业120家。"
    assert json.loads(said(text, "--json")[1]) == []
    factories.community(name="云帆里")
    assert [found["subject"] for found in json.loads(said(text, "--json")[1])] == ["云帆里"]


def test_extract_for_people_is_a_table(said):
    status, out, _err = said(ARTICLE, "--published", "2025-04-29", language="zh-hans")
    assert status == 0
    assert all(word in out for word in ["3 个数字", "入驻企业", ">100 家", "2025-02"])


def test_an_article_without_figures_gives_an_empty_list(said):
    assert said("没有数字的文章。", "--json")[:2] == (0, "[]\n")


@pytest.mark.parametrize(
    ("content", "more"),
    [
        (b"", ()),
        (b"%PDF-1.7 nonsense", ()),
        (b"PK\x03\x04 nonsense", ()),
        (b"\x89PNG\r\n\x1a\n1234", ()),
        (b"text 120", ("--published", "2025")),
        (b"text 120", ("--published", "2025-02-30")),
        (b"text 120", ("--published", "yesterday")),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(said, content, more):
    status, out, err = said(content, "--json", *more)
    assert (status, out, err.count("\n"), "Traceback" in err) == (2, "", 1, False)


def test_a_missing_file_and_a_folder_are_told(capsys, tmp_path):
    for path in (tmp_path / "none.txt", tmp_path):
        assert app.run(["claims", "extract", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_proposed_they_wait_on_the_desk_and_are_not_asked_twice(said, monkeypatch):
    from qunxing.cli import claims
    from qunxing.indicators.models import Claim, Proposal, Reading

    monkeypatch.setattr(claims, "need_ready", lambda: None)
    for _round in range(2):
        status, _out, err = said(ARTICLE, "--propose", "--published", "2025-04-29", "--title", "一篇报道")
        assert (status, err) == (0, "")
    assert (Reading.objects.get().origin.title, Proposal.objects.count(), Claim.objects.count()) == ("一篇报道", 3, 0)
    assert said(ARTICLE, "--propose")[0] == 2
