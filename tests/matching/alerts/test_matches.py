"""Saved matches: told of what is newly proposed, and of nothing that may not be known."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qunxing.ledger.actions import change
from qunxing.matching.alerts.matches import find_match
from qunxing.matching.alerts.queries import shown_notices
from tests import factories as people
from tests.funds.factories import fund
from tests.matching.alerts.factories import MONDAY, TUESDAY, WEDNESDAY, digest_of, look, watch
from tests.matching.bundles.factories import firm, need

pytestmark = pytest.mark.django_db


def told(user: Any) -> list[str]:
    notices = shown_notices(digest_of(user), user=user)
    return [str(row) for notice in notices for group in notice.groups for row in group.rows]


def test_firm_is_told_of_a_new_scenario() -> None:
    made = firm()
    user = people.member_of(made, "editor")
    need(title="门诊病历语音录入")
    watch(user, kind="match", target=f"scenarios/{made.ref}")
    need(title="住院病历语音录入")
    assert look().rows == 1
    assert told(user) == ["住院病历语音录入"]
    assert look(WEDNESDAY).rows == 0


def test_fund_manager_is_told_of_a_new_firm() -> None:
    house = people.organization(roles=("fund_manager",))
    made = fund(manager=house, fields=("medical",))
    user = people.member_of(house, "owner", "manager")
    watch(user, kind="match", target=f"mandate/{made.ref}")
    firm("新听写科技有限公司")
    look()
    assert told(user) == ["新听写科技有限公司"]


def test_staff_are_told_of_a_firm_for_a_scenario() -> None:
    asked, staff = need(), people.user("staff")
    mine = watch(staff, kind="match", target=f"firms/{asked.ref}")
    firm("新听写科技有限公司")
    look()
    assert told(staff) == ["新听写科技有限公司"]
    assert mine.name == f"可承接 {asked} 的企业"


def test_match_of_another_firm_is_not_computed() -> None:
    made, user = firm(), people.member_of(people.organization(), "owner")
    watch(user, kind="match", target=f"scenarios/{made.ref}")
    need()
    assert look().rows == 0


def test_hidden_firm_is_not_proposed_to_a_watcher() -> None:
    asked, staff = need(), people.user("staff")
    watch(staff, kind="match", target=f"firms/{asked.ref}")
    made = firm("新听写科技有限公司")
    look()
    change(made, actor=None, values={"visibility": "internal"})
    visitor = people.user("visitor")
    assert find_match(f"firms/{asked.ref}", visitor).rows(visitor, TUESDAY).count() == 0  # type: ignore[union-attr]


def test_subject_that_is_hidden_from_the_watcher_ends_the_match() -> None:
    asked, user = need(), people.user("visitor")
    watch(user, kind="match", target=f"firms/{asked.ref}", day=MONDAY)
    change(asked, actor=None, values={"visibility": "internal"})
    assert look().rows == 0
    client = Client()
    client.force_login(user)
    page = client.get(reverse("matching:alerts:watch-list")).content.decode()
    assert "所订阅的内容已不存在" in page


def test_page_of_a_shortlist_offers_the_alert() -> None:
    asked = need()
    client = Client()
    client.force_login(people.user("staff"))
    page = client.get(reverse("matching:scenario", args=[asked.ref])).content.decode()
    assert f"kind=match&amp;target=firms/{asked.ref}" in page
