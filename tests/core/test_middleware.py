"""The language of an answer is the reader's choice and nobody else's."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("cookie", "prefers", "spoken"),
    [("", "en-US", "zh-hans"), ("en", "zh-CN", "en"), ("zh-hans", "en-US", "zh-hans"), ("tlh", "en-US", "zh-hans")],
)
def test_language_follows_the_cookie_and_not_the_browser(client, cookie, prefers, spoken):
    if cookie:
        client.cookies["language"] = cookie
    assert client.get("/accounts/login/", headers={"accept-language": prefers}).headers["Content-Language"] == spoken


def test_language_is_one_click_away(client):
    client.post("/i18n/setlang/", {"language": "en", "next": "/accounts/login/"})
    assert client.get("/accounts/login/").headers["Content-Language"] == "en"
