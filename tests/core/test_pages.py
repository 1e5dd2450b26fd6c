"""Pages of no particular ledger: the style guide and the pages that say what went wrong."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override

from qunxing.portal.views.errors import came_from_here
from tests import factories

pytestmark = pytest.mark.django_db
LANGUAGES = ("zh-hans", "en")
HAN = re.compile(r"[\u4e00-\u9fff]")


class Reader(HTMLParser):
    """What a page holds that a strict policy forbids, its ids, and the labels that lead nowhere."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        runs = tag == "script" and "src" not in found and found.get("type") != "application/json"
        if tag == "style" or runs or "style" in found or any(name.startswith("on") for name in found):
            self.inline.append(f"{tag} {found}")
        self.ids += [found["id"] or ""] if "id" in found else []
        self.labelled |= {found["for"] or ""} if tag == "label" and "for" in found else set()


def page(path: str, language: str = "zh-hans", client: Client | None = None) -> str:
    client = client or Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/styleguide/", "/accounts/login/", "/accounts/password/reset/"])
def test_page_holds_no_inline_code_and_no_id_twice(path: str, language: str) -> None:
    reader = Reader(page(path, language))
    assert reader.inline == []
    assert sorted(set(reader.ids)) == sorted(reader.ids)
    assert reader.labelled - set(reader.ids) == set()


def test_styleguide_is_in_the_readers_language() -> None:
    assert "界面规范" in page("/styleguide/")
    assert "Style guide" in page("/styleguide/", "en")


def test_frame_offers_the_other_language_and_keeps_the_page() -> None:
    html = page("/styleguide/?tab=links")
    assert '<input type="hidden" name="next" value="/styleguide/?tab=links">' in html
    assert 'name="language" value="en"' in html
    assert 'name="language" value="zh-hans"' in page("/styleguide/", "en")


@pytest.mark.parametrize(
    "path", ["/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"]
)
def test_account_page_is_complete_in_chinese(path: str) -> None:
    client = Client()
    client.force_login(factories.user(name="王芳"))
    html = page(path, client=client)
    headings = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", html.split("<main", 1)[1], re.DOTALL)
    texts = [re.sub(r"<[^>]+>", "", heading).strip() for heading in headings]
    assert texts != []
    assert [text for text in texts if text and not HAN.search(text)] == []


def test_missing_page_says_what_to_do() -> None:
    answer = Client().get("/no-such-page/")
    assert answer.status_code == 404
    assert "页面不存在，或者您无权查看" in answer.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_standalone_page_needs_no_request(name: str) -> None:
    with override("zh-hans"):
        html = render_to_string(name)
    assert HAN.search(html)
    assert Reader(html).inline == []


# --- the expired form -----------------------------------------------------------------------------------------------


def send_expired(values: dict[str, Any], **headers: str) -> Any:
    client = Client(enforce_csrf_checks=True)
    return client.post("/accounts/login/?next=/x/", values, headers=headers)


def test_expired_form_keeps_what_was_typed() -> None:
    typed = {"login": '"王芳" <x>', "tags": ["a", "b"], "csrfmiddlewaretoken": "old"}
    answer = send_expired(typed, sec_fetch_site="same-origin")
    html = answer.content.decode()
    assert answer.status_code == 403
    assert '<input type="hidden" name="login" value="&quot;王芳&quot; &lt;x&gt;">' in html
    assert html.count('name="tags"') == 2
    assert 'action="/accounts/login/?next=/x/"' in html
    assert 'value="old"' not in html


def test_expired_form_keeps_no_password() -> None:
    html = send_expired({"login": "a", "password": "geheim"}, sec_fetch_site="same-origin").content.decode()
    assert "geheim" not in html
    assert "密码和文件不会保留" in html


def test_expired_form_of_another_site_is_not_offered_again() -> None:
    html = send_expired({"login": "planted"}, sec_fetch_site="cross-site").content.decode()
    assert "planted" not in html


def test_expired_form_sent_again_arrives() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "nobody"}, headers={"sec-fetch-site": "same-origin"})
    form = answer.content.decode().split('action="/accounts/login/"', 1)[1]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token is not None
    again = client.post("/accounts/login/", {"login": "nobody", "csrfmiddlewaretoken": token[1]})
    assert again.status_code == 200
    assert 'value="nobody"' in again.content.decode()


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Referer": "http://testserver/form/"}, True),
        ({}, False),
    ],
)
def test_form_is_ours_only_where_the_browser_says_so(headers: dict[str, str], ours: bool) -> None:
    assert came_from_here(RequestFactory().post("/", headers=headers)) == ours
