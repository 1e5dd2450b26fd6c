"""Who may do what with calls, needs, lists, challenges and questions, over HTTP; and what nobody gets to see."""

from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qunxing.challenges.actions import boards as actions
from qunxing.challenges.models import ChallengeList, NeedAppraisal
from qunxing.challenges.publishing.content import content_of, digest_of
from qunxing.ledger.actions import change
from tests import factories as people
from tests import grounds
from tests.challenges import factories
from tests.scenarios import factories as scenarios

pytestmark = pytest.mark.django_db
SECRET = "不可外传"
ALL = frozenset(grounds.ROLES)
SIGNED_IN = ALL - {"public"}
STAFF = frozenset({"staff"})
OVERSIGHT = STAFF | {"officer"}
WRITERS = STAFF | {"owner", "editor"}
INSIDE = WRITERS | {"viewer", "officer"}
EDIT_SOME = WRITERS | {"elsewhere", "manager"}

# {address: (way, name of the row in the ground, data, who)}
TABLE: Mapping[str, tuple[str, str, Mapping[str, Any], frozenset[str]]] = {
    "overview": ("get", "", {}, ALL),
    "list-list": ("get", "", {}, ALL),
    "challenge-list": ("get", "", {}, ALL),
    "call-list": ("get", "", {}, ALL),
    "ruleset-list": ("get", "", {}, ALL),
    "need-list": ("get", "", {}, ALL),
    "list-detail": ("get", "open", {}, ALL),
    "list-detail draft": ("get", "draft", {}, OVERSIGHT),
    "list-page": ("get", "open", {}, ALL),
    "list-page draft": ("get", "draft", {}, OVERSIGHT),
    "list-word draft": ("get", "draft", {}, OVERSIGHT),
    "list-json draft": ("get", "draft", {}, OVERSIGHT),
    "list-csv draft": ("get", "draft", {}, OVERSIGHT),
    "list-rules draft": ("get", "draft", {}, OVERSIGHT),
    "list-create": ("get", "", {}, STAFF),
    "list-edit": ("get", "draft", {}, STAFF),
    "list-publish": ("post", "draft", {}, STAFF),
    "list-remove": ("post", "draft", {}, STAFF),
    "list-amend": ("get", "open", {}, STAFF),
    "list-close": ("post", "over", {}, STAFF),
    "list-reopen": ("get", "closed", {}, STAFF),
    "list-withdraw": ("post", "open", {"reason": "撤"}, STAFF),
    "list-follow": ("post", "open", {}, SIGNED_IN),
    "question-create": ("get", "open", {}, SIGNED_IN),
    "challenge-detail": ("get", "entry", {}, ALL),
    "challenge-detail draft": ("get", "draft_entry", {}, INSIDE),
    "challenge-create": ("get", "draft", {}, STAFF),
    "challenge-edit": ("get", "draft_entry", {}, WRITERS),
    "challenge-place": ("post", "draft_entry", {"way": "up"}, STAFF),
    "challenge-remove": ("post", "draft_entry", {}, STAFF),
    "challenge-amend": ("get", "entry", {}, STAFF),
    "challenge-withdraw": ("post", "entry", {"reason": "撤"}, STAFF),
    "from-scenario": ("post", "scenario", {}, STAFF),
    "from-need": ("post", "recommended", {}, STAFF),
    "need-create": ("get", "", {}, EDIT_SOME),
    "need-detail": ("get", "need", {}, INSIDE),
    "need-edit": ("get", "need", {}, WRITERS),
    "need-from-scenario": ("post", "scenario", {}, WRITERS),
    "need-experts": ("get", "appraised", {}, STAFF),
    "call-detail": ("get", "call", {}, ALL),
    "call-detail draft": ("get", "draft_call", {}, OVERSIGHT),
    "call-create": ("get", "", {}, STAFF),
    "call-edit": ("get", "call", {}, STAFF),
    "ruleset-detail": ("get", "rules", {}, ALL),
    "ruleset-compare": ("get", "rules", {}, ALL),
    "ruleset-create": ("get", "", {}, STAFF),
    "ruleset-edit": ("get", "rules", {}, STAFF),
}


@pytest.fixture
def place() -> SimpleNamespace:
    """Lists, challenges and needs of one issuer in the states that the table asks for."""
    firm, house = people.organization(name="示例发榜医院"), people.organization()
    later = timezone.now() + timedelta(days=60)
    found = SimpleNamespace(firm=firm, house=house, rules=factories.rule_set())
    found.draft = factories.board(rule_set=found.rules, deadline=later, publisher=people.organization())
    found.draft_entry = factories.challenge(found.draft, issuer=firm, payer=firm)
    found.open = factories.board("published", rule_set=found.rules, deadline=later)
    found.entry = factories.challenge(found.open, issuer=firm)
    found.over = factories.board("published", rule_set=found.rules, deadline=timezone.now() - timedelta(days=1))
    found.closed = factories.board("closed", rule_set=found.rules)
    found.scenario = scenarios.scenario("published", organization=firm)
    found.need = factories.need(organization=firm)
    found.appraised = factories.need("in_appraisal", organization=firm)
    found.recommended = factories.need("recommended", organization=firm)
    found.call, found.draft_call = factories.call(), factories.call("draft")
    return found


def answer_of(client: Client, key: str, place: SimpleNamespace) -> int:
    """The status of the answer; what came of it is taken back."""
    way, row, data, _who = TABLE[key]
    args = [getattr(place, row).ref] if row else []
    with transaction.atomic():
        answer = getattr(client, way)(reverse(f"challenges:{key.split(maxsplit=1)[0]}", args=args), data)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return int(answer.status_code)


@pytest.mark.parametrize("role", grounds.ROLES)
def test_who_may(place: SimpleNamespace, role: str) -> None:
    user, client = grounds.ROLES[role](place.firm, place.house), Client()
    if user.is_authenticated:
        client.force_login(user)
    passed = {"get": {200}, "post": {302, 422}}
    found = {key for key in TABLE if answer_of(client, key, place) in passed[TABLE[key][0]]}
    if role == "public":  # sent to sign in, which is a redirect too
        found = {key for key in found if TABLE[key][0] == "get"}
    assert found == {key for key, (*_rest, who) in TABLE.items() if role in who}


def test_an_expert_sees_and_appraises_the_needs_they_were_asked_for_and_nobody_elses(
    client: Client, place: SimpleNamespace
) -> None:
    mine, other = people.user("expert"), people.user("expert")
    asked = factories.appraisal(place.appraised, mine)
    theirs = factories.appraisal(place.appraised, other, notes=SECRET)
    client.force_login(mine)
    url = reverse("challenges:appraisal", args=[asked.ref])
    assert client.get(place.appraised.get_absolute_url()).status_code == 200
    assert client.get(place.recommended.get_absolute_url()).status_code == 404
    assert client.get(reverse("challenges:appraisal", args=[theirs.ref])).status_code == 404
    marks = {"necessity": "20", "novelty": "26", "feasibility": "18", "worth": "12", "verdict": "list", "notes": "可"}
    assert client.post(url, marks).status_code == 422
    assert client.post(url, marks | {"novelty": "25"}).status_code == 302
    assert NeedAppraisal.objects.get(pk=asked.pk).total == 75
    assert SECRET not in client.get(place.appraised.get_absolute_url()).content.decode()


def test_the_owner_of_a_need_never_reads_who_appraised_it(client: Client, place: SimpleNamespace) -> None:
    factories.appraisal(place.appraised, people.user("expert", name="秘密专家"), notes=SECRET, given_on=factories.DAY)
    client.force_login(people.member_of(place.firm, "owner"))
    page = client.get(place.appraised.get_absolute_url()).content.decode()
    assert ("秘密专家" in page, SECRET in page) == (False, False)


def published(place: SimpleNamespace) -> ChallengeList:
    """The open list with its content frozen as publication does."""
    content = content_of(place.open)
    return change(place.open, actor=None, values={"content": content, "content_digest": digest_of(content)})


@pytest.mark.parametrize("hidden", ["the entry", "its issuer"])
def test_a_challenge_that_is_closed_shows_in_nothing_of_its_published_list(
    client: Client, place: SimpleNamespace, hidden: str
) -> None:
    issuer = people.organization(name=f"{SECRET}医院")
    entry = factories.challenge(place.open, issuer=issuer, title=SECRET, number="BD-X-99")
    published(place)
    change(entry if hidden == "the entry" else issuer, actor=None, values={"visibility": "internal"})
    for name in ("list-detail", "list-page", "list-json", "list-csv", "list-word"):
        answer = client.get(reverse(f"challenges:{name}", args=[place.open.ref]))
        said = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert (answer.status_code, SECRET.encode() in said, b"BD-X-99" in said) == (200, False, False), name
    said = client.get(reverse("api-1:challenge_list", args=[place.open.ref])).content.decode()
    assert (SECRET in said, client.get(entry.get_absolute_url()).status_code) == (False, 404)
    assert client.get(reverse("challenges:overview")).context["funnel"].published == 1


@pytest.mark.parametrize("role", ["payer", "publisher"])
def test_an_organisation_that_is_closed_is_not_named(client: Client, place: SimpleNamespace, role: str) -> None:
    hidden = people.organization(name=f"{SECRET}公司", visibility="internal")
    change(place.entry if role == "payer" else place.open, actor=None, values={role: hidden})
    published(place)
    addresses = [place.open.get_absolute_url(), place.entry.get_absolute_url(), reverse("challenges:overview")]
    addresses += [reverse(f"challenges:{name}", args=[place.open.ref]) for name in ("list-page", "list-json")]
    addresses += [reverse("challenges:list-list"), reverse("challenges:challenge-list")]
    assert [url for url in addresses if SECRET in client.get(url).content.decode()] == []


def test_personal_data_of_a_contact_is_shown_in_part_unless_its_person_agreed(
    client: Client, place: SimpleNamespace
) -> None:
    published(place)
    urls = [place.entry.get_absolute_url(), reverse("challenges:list-page", args=[place.open.ref])]
    urls += [reverse(f"challenges:{name}", args=[place.open.ref]) for name in ("list-json", "list-csv")]
    for url in urls:
        answer = client.get(url)
        said = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        assert "13812345678" not in said, url
    change(place.entry, actor=None, values={"contact_open": True})
    published(place)
    assert "13812345678" in client.get(urls[1]).content.decode()


def test_a_question_shows_to_its_asker_alone_until_it_is_answered(client: Client, place: SimpleNamespace) -> None:
    asker, url = people.user(), place.open.get_absolute_url()
    client.force_login(asker)
    asked = client.post(reverse("challenges:question-create", args=[place.open.ref]), {"text": SECRET})
    assert (asked.status_code, SECRET in client.get(url).content.decode()) == (302, True)
    assert SECRET not in Client().get(url).content.decode()
    client.force_login(people.user("staff"))
    page = client.get(url).content.decode()
    assert (SECRET in page, asker.name in page, asker.username in page) == (True, False, False)


def test_a_scenario_that_is_closed_is_not_named_by_the_challenge_made_of_it(client: Client) -> None:
    scenario = scenarios.scenario("published", title="来源场景", number="CJ-2020-777")
    entry = actions.add_from_scenario(factories.board(), scenario, actor=None)
    change(entry, actor=None, values={"title": "新名"})
    change(entry.board, actor=None, values={"state": "published", "published_on": factories.DAY})
    assert "CJ-2020-777" in client.get(entry.get_absolute_url()).content.decode()
    change(scenario, actor=None, values={"visibility": "internal"})
    assert "CJ-2020-777" not in client.get(entry.get_absolute_url()).content.decode()
