"""The pages of labels."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from qunxing.matching.labelling.models import RatingSkip
from qunxing.matching.models import Label
from tests import factories as people
from tests.matching.labelling.factories import pair, rated
from tests.scenarios.factories import scenario

pytestmark = pytest.mark.django_db


def url(name: str, *args: Any) -> str:
    return reverse(f"matching:labels:{name}", args=args)


def signed_in(kind: str = "staff") -> tuple[Client, Any]:
    client, user = Client(), people.user(kind)
    client.force_login(user)
    return client, user


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_rater_goes_from_pair_to_pair_and_back() -> None:
    client, user = signed_in("expert")
    made = {pair().ref, pair().ref}
    start = client.get(url("rate-next"))
    first = start.context["shown"].pair.ref
    assert 'data-key="4"' in text(start)
    answer = client.post(url("grade", first), {"grade": "3", "note": "有类似交付"})
    assert answer.headers["Location"] == url("rate-next")
    following = client.get(url("rate-next"))
    assert {first, following.context["shown"].pair.ref} == made
    assert url("rate", first) in text(following)
    again = text(client.get(url("rate", first)))
    assert ('aria-pressed="true"' in again, "有类似交付" in again) == (True, True)
    client.post(url("grade", first), {"grade": "1"})
    assert Label.objects.get(rater=user).grade == 1


def test_page_is_blind_to_the_grades_of_others() -> None:
    client, _user = signed_in()
    need, firm = scenario("published"), people.organization(name="甲企业")
    made = pair(need, firm)
    before = text(client.get(url("rate", made.ref)))
    rater = rated(made, 4)[0]
    after = text(client.get(url("rate", made.ref)))
    strip = {"csrfmiddlewaretoken"}
    assert [line for line in after.splitlines() if not strip & set(line.split('"'))] == [
        line for line in before.splitlines() if not strip & set(line.split('"'))
    ]
    assert str(rater) not in after


def test_page_shows_nothing_of_a_side_that_the_rater_may_not_see() -> None:
    client, _user = signed_in("expert")
    firm = people.organization()
    firm.products.create(name="不可外传", visibility="internal")
    firm.products.create(name="人人可见")
    shown = text(client.get(url("rate", pair(firm=firm).ref)))
    assert ("不可外传" in shown, "人人可见" in shown) == (False, True)


def test_pair_is_passed_over() -> None:
    client, user = signed_in()
    made = pair()
    assert client.post(url("skip", made.ref)).status_code == 302
    assert RatingSkip.objects.get().rater == user
    assert client.get(url("rate-next")).headers["Location"] == url("overview")


@pytest.mark.parametrize("grade", ["", "0", "9", "x", "²"])
def test_wrong_grade_is_refused(grade: str) -> None:
    client, _user = signed_in()
    assert client.post(url("grade", pair().ref), {"grade": grade}).status_code == 422
    assert not Label.objects.exists()


def test_overview_shows_agreement_and_settles() -> None:
    client, _user = signed_in()
    made = pair()
    rated(made, 1, 4)
    rated(pair(), 2, 2)
    page = text(client.get(url("overview")))
    assert ("1 / 4" in page, "加权" in page) == (True, True)
    assert client.post(url("settle", made.ref), {"grade": "2", "reason": "核对后定"}).status_code == 302
    assert "1 / 4" not in text(client.get(url("overview")))
    assert client.post(url("settle", made.ref), {"grade": "2", "reason": ""}).status_code == 422


def test_overview_of_a_rater_tells_of_no_grades() -> None:
    client, _user = signed_in("expert")
    rated(pair(), 1, 4)
    page = text(client.get(url("overview")))
    assert ("1 / 4" in page, "加权" in page) == (False, False)


def test_overview_asks_the_same_for_one_row_and_for_three(django_assert_max_num_queries: Any) -> None:
    client, _user = signed_in()
    for count in (1, 3):
        for _number in range(count):
            rated(pair(), 1, 4)
        client.get(url("overview"))
        with django_assert_max_num_queries(14):
            client.get(url("overview"))


def test_files_go_out_and_come_in() -> None:
    client, _user = signed_in()
    rated(pair(), 3, 3)
    answer = client.get(url("export"))
    archive = zipfile.ZipFile(BytesIO(answer.content))
    assert sorted(archive.namelist()) == ["labels.csv", "needs.csv", "supplies.csv"]
    file = SimpleUploadedFile("labels.csv", archive.read("labels.csv") + b"x,y,9\n")
    page = client.post(url("take"), {"file": file})
    assert (page.status_code, "x" in text(page)) == (200, True)
    assert Label.objects.count() == 3


@pytest.mark.parametrize("file", [None, b"", b"no table at all"])
def test_file_that_is_no_table_is_refused_with_a_message(file: bytes | None) -> None:
    client, _user = signed_in()
    data = {"file": SimpleUploadedFile("labels.csv", file)} if file is not None else {}
    assert client.post(url("take"), data).status_code == 422


def test_pairs_are_drawn() -> None:
    client, _user = signed_in()
    scenario("published")
    people.organization()
    answer = client.post(url("draw"), follow=True)
    assert "1 对" in text(answer)
