"""What a reader may not see is in no hit, count, filter, suggestion or answer; the index asks as the ledgers do."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from qunxing.core.specs import DocumentSpec
from qunxing.directory.models import OrganizationName
from qunxing.ledger.actions import change, create
from qunxing.search.finding import suggest
from qunxing.search.gathering import key_of, specs
from qunxing.search.queries import narrowed, term
from qunxing.search.reading import reader
from qunxing.search.scope import scope_of
from qunxing.search.wording import read
from tests import factories, grounds, matrix
from tests.conventions import test_leaks as leaks
from tests.conventions.test_leaks import NAMING, firm
from tests.races import entrants
from tests.registry import factories as registry
from tests.search.conftest import refs, seek

pytestmark = pytest.mark.django_db
SECRET, OPEN = "不可外传", "人人可见"
KINDS = [spec.code for spec in specs()]
OUTSIDERS = ("public", "visitor", "elsewhere", "expert")
# What is searched and stands in no list of its own.
MAKE = leaks.MAKE | {
    "lanes": lambda name, **values: entrants.lane(values.pop("race", None) or entrants.race(), name=name, **values)
}
HIDING = leaks.HIDING | {
    "lanes": {
        "itself": lambda: leaks.HIDDEN,
        "its team": lambda: {"organization": firm(**leaks.HIDDEN)},
        "its race": lambda: {"race": entrants.race(**leaks.HIDDEN)},
        "its race's state": lambda: {"race": entrants.race("draft", published_on=None)},
    }
}
CASES = [(code, how) for code in KINDS for how in HIDING[code]]


def keys_in_scope(spec: DocumentSpec, user: Any) -> set[str]:
    """The documents of the kind that the scope lets in."""
    one = reader()
    assert one is not None
    query = narrowed(term("kind", spec.code), scope_of(user), {})
    hits = one.searcher.search(query, 1_000).hits
    return {one.searcher.doc(address).get_first("key") for _score, address in hits}


def test_scope_of_every_role_is_what_the_ledgers_show(catch_up: Callable[[], None]) -> None:
    place = matrix.prepare()
    dict(matrix.visible_rows(place))
    catch_up()
    found = []
    for people in (place.people, place.house_people):
        for role, user in people.items():
            for spec in specs():
                seen = {key_of(spec, row.ref) for row in spec.model._default_manager.visible_to(user)}
                if keys_in_scope(spec, user) != seen:
                    found.append((role, spec.code))
    assert found == []


def everything_said(client: Client, words: str) -> str:
    """All that pages, suggestions and API say to these words, without the words as they were typed."""
    said = [client.get("/search/", {"q": words}).content.decode()]
    said += [client.get("/search/", {"q": words, "kind": kind}).content.decode() for kind in KINDS]
    said.append(client.get("/search/suggestions/", {"q": words}).content.decode())
    said.append(json.dumps(client.get("/api/v1/search", {"q": words}).json(), ensure_ascii=False))
    return "\n".join(said)


@pytest.mark.parametrize("role", OUTSIDERS)
@pytest.mark.parametrize(("code", "how"), CASES, ids=[f"{code}: {how}" for code, how in CASES])
def test_hidden_row_is_nowhere(code: str, how: str, role: str, catch_up: Callable[[], None]) -> None:
    MAKE[code](OPEN)
    MAKE[code](f"{SECRET}甲", **HIDING[code][how]())
    catch_up()
    user = grounds.ROLES[role](factories.organization(), factories.organization())
    found = seek(user, SECRET)
    assert (found.total, found.counts, found.meant, suggest(user, read(SECRET))) == (0, {}, "", [])
    assert seek(user, "外传甲").total == seek(user, "bkwc").total == 0
    client = Client()
    if user.is_authenticated:
        client.force_login(user)
    assert f"{SECRET}甲" not in everything_said(client, "不可外")
    assert seek(user, OPEN).counts["kind"][code] >= 1


@pytest.mark.parametrize("code", KINDS)
def test_hidden_row_is_found_by_oversight(code: str, catch_up: Callable[[], None]) -> None:
    MAKE[code](SECRET, **next(iter(HIDING[code].values()))())
    catch_up()
    assert code in seek(factories.user("officer"), SECRET).counts["kind"]


@pytest.mark.parametrize(
    ("code", "how"), [(code, how) for code, ways in NAMING.items() if code in KINDS for how in ways]
)
def test_open_row_is_not_found_by_what_is_hidden_beside_it(code: str, how: str, catch_up: Callable[[], None]) -> None:
    row = MAKE[code](OPEN, **NAMING[code][how]())
    catch_up()
    public = AnonymousUser()
    assert (row.ref in refs(seek(public, OPEN)), seek(public, SECRET).total) == (True, 0)
    assert seek(factories.user(), SECRET).total == 0


def test_names_more_closed_than_their_organisation_are_left_out(catch_up: Callable[[], None]) -> None:
    firm = factories.organization(name=OPEN)
    filing = registry.filing(organization=firm, name="某备案")
    create(OrganizationName(organization=firm, text=SECRET, visibility="internal"), actor=None)
    create(OrganizationName(organization=firm, text="曾用之名"), actor=None)
    catch_up()
    assert seek(AnonymousUser(), SECRET).total == 0
    assert refs(seek(AnonymousUser(), "曾用之名")) == {firm.ref, filing.ref}


def test_members_find_what_is_theirs(catch_up: Callable[[], None]) -> None:
    hidden = factories.organization(name=SECRET, visibility="internal")
    create(OrganizationName(organization=hidden, text="内部代号", visibility="internal"), actor=None)
    filing = registry.filing("preparing", organization=hidden, name="在办")
    catch_up()
    member = factories.member_of(hidden, "viewer")
    assert {hidden.ref, filing.ref} <= refs(seek(member, SECRET))
    assert hidden.ref in refs(seek(member, "内部代号"))
    assert seek(factories.member_of(factories.organization()), SECRET).total == 0


def test_stale_index_shows_nothing_that_was_closed_since(catch_up: Callable[[], None], client: Client) -> None:
    firm = factories.organization(name=SECRET)
    registry.filing(organization=firm, name=f"{SECRET}备案")
    catch_up()
    public = AnonymousUser()
    assert seek(public, SECRET).total == 2
    change(firm, actor=None, values={"visibility": "internal"})
    found = seek(public, SECRET)
    assert (found.hits, found.total, suggest(public, read(SECRET))) == ([], 0, [])
    assert SECRET not in client.get("/search/", {"q": "不可外"}).content.decode()


def test_former_owner_of_a_model_loses_it_with_the_day(catch_up: Callable[[], None], monkeypatch: Any) -> None:
    today = timezone.localdate()
    firm = factories.organization()
    model = registry.model(factories.organization(), name=SECRET, visibility="internal")
    registry.ownership(model, firm, to_day=today)
    catch_up()
    member = factories.member_of(firm)
    assert refs(seek(member, SECRET)) == {model.ref}
    monkeypatch.setattr(timezone, "localdate", lambda *_args: today + timedelta(days=1))
    catch_up()
    [spec] = [spec for spec in specs() if spec.code == "models"]
    assert keys_in_scope(spec, member) == set()
