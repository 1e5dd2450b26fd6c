"""Word templates: what may be one, and what one is filled with."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from qunxing.core.sheets import sheets
from qunxing.directory.models import Contact
from qunxing.funds.models import Fund
from qunxing.intake.models import Paper
from qunxing.intake.papers import TemplateError, check_template, fill, filled_words, placeholders
from qunxing.ledger.actions import create
from tests import factories
from tests.intake.papers.writing import text, word

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


def filled(spec, record, user, *lines: str) -> list[str]:
    return text(fill(word(*lines), filled_words([record], spec, user=user, day=DAY)))


@pytest.fixture
def organizations():
    return sheets()["organizations"]


def test_record_is_written_in_the_words_of_its_page(organizations):
    firm = factories.organization(name="群星智能", founded_on=date(2023, 8, 31), registered_capital=6_300_000)
    asked = ("{{ record.name }}", "{{ record.registered_capital }}", "{{ record.founded_on }}", "{{ today }}")
    found = filled(organizations, firm, factories.user("staff"), *asked)
    assert found == ["群星智能", "CNY 6.3 million", "2023-08-31", "2026-03-01"]


def test_markup_in_a_value_stays_text(organizations):
    firm = factories.organization(name="<w:p>&甲{{ 1 }}")
    assert filled(organizations, firm, factories.user("staff"), "{{ record.name }}") == ["<w:p>&甲{{ 1 }}"]


def test_what_refers_to_the_record_is_a_list(organizations):
    firm = factories.organization()
    for name in ("王小明", "李四"):
        create(Contact(organization=firm, name=name, phone="13812345678"), actor=None)
    lines = ["{%p for row in record.contacts %}", "{{ row.name }} {{ row.phone }}", "{%p endfor %}"]
    assert filled(organizations, firm, factories.user("staff"), *lines) == ["王小明 13812345678", "李四 13812345678"]


def test_reader_gets_no_more_than_they_may_see():
    funds, firm = sheets()["funds"], factories.organization(name="暗处公司", visibility="internal")
    fund = create(Fund(name="明处基金", manager=firm), actor=None)
    line = "{{ record.name }}|{{ record.manager }}|{{ record.manager.uscc }}"
    assert filled(funds, fund, factories.user("visitor"), line) == ["明处基金||"]
    assert filled(funds, fund, factories.user("staff"), line)[0].startswith("明处基金|暗处公司|")


def test_every_placeholder_that_is_listed_can_be_filled(organizations):
    for spec in sheets().values():
        lines = [f"{{{{ {one.path} }}}}" for one in placeholders(spec)]
        check_template(word(*lines), spec)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{{ record.nmae }}", "nmae"),
        ("{{ recrod.name }}", "recrod"),
        ("{{ record.name", "not written as it should be"),
        ("{% for row in record.contacts %}", "not written as it should be"),
        ("{{ record.__class__.__mro__ }}", "may not use"),
        ("{{ ''.__class__ }}", "may not use"),
        ("nothing to fill", "no placeholder"),
    ],
)
def test_template_that_cannot_be_filled_says_why(organizations, line, said):
    with pytest.raises(TemplateError, match=said):
        check_template(word(line), organizations)


def test_file_that_is_no_word_file_is_refused(organizations):
    bomb, file = BytesIO(), BytesIO()
    with ZipFile(bomb, "w", 8) as archive:
        archive.writestr("word/document.xml", b"\0" * (60 * 2**20))
    with ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", b"no xml")
    macros = BytesIO(word("{{ record.name }}"))
    with ZipFile(macros, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    for content in (b"", b"%PDF-1.4", b"PK\x03\x04cut", bomb.getvalue(), file.getvalue(), macros.getvalue()):
        with pytest.raises(TemplateError):
            check_template(content, organizations)


def paper(code: str, *lines: str, **values) -> Paper:
    return create(
        Paper(
            name="备案奖励申请表",
            sheet_code=code,
            file=ContentFile(word(*lines), "a.docx"),
            visibility="community",
            **values,
        ),
        actor=None,
    )


def test_staff_keep_a_template_and_it_is_on_every_page_of_its_kind(client):
    firm, staff = factories.organization(name="群星智能"), factories.user("staff")
    client.force_login(staff)
    file = ContentFile(word("{{ record.name }}"), "表.docx")
    words = {"name": "申请表", "sheet_code": "organizations", "visibility": "internal", "reason": ""}
    bad = client.post("/papers/new/", {**words, "file": ContentFile(word("{{ record.nmae }}"), "表.docx")})
    assert (bad.status_code, "nmae" in bad.content.decode()) == (422, True)
    assert client.post("/papers/new/", {**words, "file": file}).status_code == 302
    kept = Paper.objects.get()
    assert len(kept.digest) == 64
    page = client.get(firm.get_absolute_url()).content.decode()
    assert f"/papers/{kept.ref}/fill/?record={firm.ref}" in page
    answer = client.get(f"/papers/{kept.ref}/fill/?record={firm.ref}")
    assert text(b"".join(answer.streaming_content)) == ["群星智能"]


def test_list_as_it_is_asked_for_fills_one_file(client):
    kept = paper("organizations", "{%p for record in records %}", "{{ record.name }}", "{%p endfor %}", together=True)
    for name in ("甲公司", "乙公司", "丙公司"):
        factories.organization(name=name)
    factories.organization(name="暗处公司", visibility="internal")
    client.force_login(factories.user("visitor"))
    page = client.get("/organizations/?q=公司").content.decode()
    assert f"/papers/{kept.ref}/fill/?q=" in page
    answer = client.get(f"/papers/{kept.ref}/fill/?of_list=organizations&q=公司")
    assert sorted(text(b"".join(answer.streaming_content))) == sorted(["甲公司", "乙公司", "丙公司"])
    assert client.get(f"/papers/{kept.ref}/fill/?of_list=funds").status_code == 404
    assert client.get(f"/papers/{kept.ref}/fill/?record=nobody").status_code == 422


def test_templates_are_found_from_where_one_would_look(client):
    """From the rail, from the sheets, and from the panel on a record that has one."""
    firm, clerk = factories.organization(), factories.user("staff")
    words = {"sheet_code": "organizations", "file": ContentFile(word("{{ record.name }}"), "a.docx")}
    create(Paper(name="证明", **words), actor=clerk)
    client.force_login(clerk)
    listed = reverse("intake:paper-list")
    hub, page = client.get(reverse("intake:sheet-hub")), client.get(firm.get_absolute_url()).content.decode()
    assert listed in [item.url for item in hub.context["nav"]]
    main = hub.content.decode().partition("<main")[2]
    assert (f'href="{listed}"' in main, f'href="{listed}"' in page.partition('id="papers"')[2]) == (True, True)
