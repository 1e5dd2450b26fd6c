"""The pages of sheets, from the upload to what was written."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from qunxing.accounts.models import Kind
from qunxing.directory.models import Organization
from qunxing.intake.models import Batch
from qunxing.ledger.jobs import run_job
from qunxing.ledger.models import Job
from tests import factories as people
from tests.intake.files import workbook
from tests.intake.sheets.made import uscc

pytestmark = pytest.mark.django_db
HEADINGS = ["登记名称", "地址", "成立日期"]


@pytest.fixture
def clerk(client):
    user = people.user(Kind.STAFF)
    client.force_login(user)
    client.cookies["language"] = "en"
    return user


def do_job(answer):
    run_job.func(Job.objects.get(ref=answer.url.rstrip("/").rsplit("/", 1)[-1]).pk)


def upload(client, *rows):
    """Post the form and do the job; the batch that came of it."""
    data = {
        "file": SimpleUploadedFile("table.xlsx", workbook(list(rows))),
        "day": timezone.localdate().isoformat(),
        "origin": "招商中心",
        "reason": "核对",
    }
    answer = client.post(reverse("intake:sheet-import", args=["organizations"]), data)
    assert answer.status_code == 302, answer.content.decode()
    do_job(answer)
    return Batch.objects.latest("pk")


def page(client, batch, **query):
    answer = client.get(batch.get_absolute_url(), query)
    assert answer.status_code == 200
    return answer.content.decode()


def act(client, name, batch, *more, **data):
    return client.post(reverse(f"intake:{name}", args=[batch.ref, *more]), data)


def test_row_is_previewed_and_applied(client, clerk):
    batch = upload(client, HEADINGS, ["上海甲智能科技有限公司", "演示路1号", "2021-03-18"])
    assert "上海甲智能科技有限公司" in page(client, batch, rows="new")
    do_job(act(client, "sheet-apply", batch))
    batch.refresh_from_db()
    assert (batch.state, Organization.objects.get().address) == (Batch.State.APPLIED, "演示路1号")


def test_change_shows_old_and_new(client, clerk):
    people.organization(name="上海甲智能科技有限公司", address="旧路1号")
    batch = upload(client, HEADINGS, ["上海甲智能科技有限公司", "新路2号", ""])
    text = page(client, batch, rows="changed")
    assert ("<del>旧路1号</del>" in text, "<ins>新路2号</ins>" in text, "B2" in text) == (True, True, True)


def test_unknown_heading_is_settled_before_anything_is_applied(client, clerk):
    batch = upload(client, [*HEADINGS, "谁也不懂"], ["上海甲智能科技有限公司", "", "", "某事"])
    assert "谁也不懂" in page(client, batch)
    answer = act(client, "sheet-columns", batch, **{"target-0-3": "@leave"})
    do_job(answer)
    batch.refresh_from_db()
    assert (batch.mapping[0]["headings"][3]["target"], batch.state) == ("@leave", Batch.State.PREVIEWED)


def test_column_that_there_is_not_is_refused(client, clerk):
    batch = upload(client, HEADINGS, ["上海甲智能科技有限公司", "", ""])
    assert act(client, "sheet-columns", batch, **{"target-0-1": "nonsense"}).status_code == 422


def test_cell_is_corrected_in_place(client, clerk):
    batch = upload(client, HEADINGS, ["上海甲智能科技有限公司", "", "不详"])
    assert batch.rows.get().outcome == "error"
    act(client, "sheet-row", batch, 1, **{"cell-2": "2021-03-18"})
    assert batch.rows.get().outcome == "new"


def test_row_is_left_out_and_taken_in_again(client, clerk):
    batch = upload(client, HEADINGS, ["上海甲智能科技有限公司", "", ""])
    act(client, "sheet-leave", batch, rows="new", number="1", out="yes")
    assert batch.rows.get().left_out
    act(client, "sheet-leave", batch, rows="new", out="no")
    assert not batch.rows.get().left_out


def test_rows_are_found_by_name_and_number(client, clerk):
    names = [f"上海{number}号智能科技有限公司" for number in range(1, 31)]
    batch = upload(client, HEADINGS, *([name, "", ""] for name in names))
    found = page(client, batch, rows="new", q="上海7号")
    assert [name in found for name in (names[6], names[7])] == [True, False]
    assert names[29] in page(client, batch, rows="new", page="2")
    assert names[8] in page(client, batch, rows="new", q="10")


def test_export_follows_the_filters_of_the_list(client, clerk):
    people.organization(name="上海甲智能科技有限公司")
    people.organization(name="北京乙数据有限公司")
    url = reverse("intake:sheet-export", args=["organizations"])
    answer = client.get(url, {"list": "organizations", "q": "北京", "format": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert [name in text for name in ("北京乙数据有限公司", "上海甲智能科技有限公司")] == [True, False]


@pytest.mark.parametrize("name", ["sheet-template", "sheet-export", "sheet-import"])
def test_sheet_that_there_is_not_is_not_found(client, clerk, name):
    assert client.get(reverse(f"intake:{name}", args=["nonsense"])).status_code == 404


@pytest.mark.parametrize("query", [{"rows": "x", "page": "-1", "q": "\x00", "column": "x' or 1"}, {"page": "10" * 20}])
def test_odd_queries_break_nothing(client, clerk, query):
    batch = upload(client, HEADINGS, ["上海甲智能科技有限公司", "", ""])
    assert page(client, batch, **query)


def test_list_offers_its_rows_as_a_sheet_to_who_may(client, clerk):
    url = reverse("directory:organization-list")
    offered = reverse("intake:sheet-export", args=["organizations"])
    assert offered in client.get(url, {"q": "甲"}).content.decode()
    client.force_login(people.user(Kind.VISITOR))
    assert offered not in client.get(url).content.decode()


def test_preview_speaks_the_language_of_its_reader(client, clerk):
    firm = people.organization(name="上海甲智能科技有限公司", uscc=uscc(1), registered_capital=10_000_000)
    head = ["登记名称", "统一社会信用代码", "注册资本", "规模"]
    rows = [[firm.name, uscc(1), "3000万", ""], ["上海乙有限公司", "", "", "小店"]]
    batch = upload(client, head, *rows)
    assert batch.rows.get(number=1).name == f"{firm.name} · {uscc(1)}"
    assert "30,000,000" in page(client, batch, rows="changed")
    told = {}
    for language in ("en", "zh-hans"):
        client.cookies["language"] = language
        told[language] = page(client, batch, rows="error")
    assert "large / medium / small / micro" in told["en"]
    assert "大型 / 中型 / 小型 / 微型" in told["zh-hans"]


def test_rows_of_a_preview_turn_their_pages(client, clerk):
    batch = upload(client, HEADINGS, *([f"上海第{number}号有限公司", "", ""] for number in range(60)))
    html = page(client, batch, rows="new", page="2")
    assert 'rel="next" href="?rows=new&amp;page=3#rows"' in html
    assert "第50号" not in html
    assert "第49号" in html
