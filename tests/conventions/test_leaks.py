"""What a reader may not see shows in no list: not on its page, not in its exports, the API, a search or a total."""

import json
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from qunxing.accounts.models import Kind
from qunxing.challenges.models import RuleSet
from qunxing.core.specs import declared
from qunxing.directory.models import Community, Product
from qunxing.intake.models import Paper
from qunxing.ledger.actions import create
from qunxing.ledger.lists import ListSpec
from tests import factories as people
from tests.challenges import factories as challenges
from tests.challenges import rows as deciding
from tests.funds import factories as funds
from tests.indicators import reporting
from tests.indicators.factories import claim
from tests.races import entrants
from tests.registry import factories as registry
from tests.resources import factories as resources
from tests.scenarios import factories as scenarios

pytestmark = pytest.mark.django_db

SECRET, OPEN = "不可外传", "人人可见"
HIDDEN = {"visibility": "internal"}
# Rows between the parties to them, at no level open to others; tests/<app>/test_access.py holds who sees them.
BETWEEN_PARTIES = {
    "invitations", "needs", "contracts", "payments", "bad-records", "experts", "panels", "returns", "readings",
    "report-templates",
}  # fmt: skip
SPECS: dict[str, ListSpec] = {
    spec.code: spec for spec in declared("lists", "LISTS") if spec.code not in BETWEEN_PARTIES
}
Make = Callable[..., Any]


def firm(**values: Any) -> Any:
    return people.organization(name=f"{SECRET}有限公司", **values)


def product(name: str, **values: Any) -> Any:
    organization = values.pop("organization", None) or people.organization()
    return create(Product(organization=organization, name=name, **values), actor=None)


def model(name: str, **values: Any) -> Any:
    return registry.model(*values.pop("owners", ()), name=name, **values)


def report(name: str, state: str = "issued", **values: Any) -> Any:
    template = reporting.template(name_zh=name, name_en=name, body="# A")
    make = reporting.issued if state == "issued" else reporting.report
    return make(template, values.pop("scope", None), **{"visibility": "public"} | values)


# What makes a row of each list that carries the name.
MAKE: dict[str, Make] = {
    "sources": lambda name, **values: people.source(title=name, publisher=name, **values),
    "organizations": lambda name, **values: people.organization(name=name, short_name=name, **values),
    "products": product,
    "models": model,
    "filings": lambda name, **values: registry.filing(values.pop("state", "granted"), name=name, **values),
    "funds": lambda name, **values: funds.fund(name=name, **values),
    "rounds": lambda name, **values: funds.round_of(
        values.pop("organization", None) or people.organization(name=name), note=name, **values
    ),
    "offers": lambda name, **values: resources.offer(title=name, **values),
    "scenarios": lambda name, **values: scenarios.scenario(values.pop("state", "published"), title=name, **values),
    "claims": lambda name, **values: claim(subject=name, wording=name, **values),
    "reports": report,
    "challenge-lists": lambda name, **values: challenges.board(values.pop("state", "published"), title=name, **values),
    "challenges": lambda name, **values: challenges.challenge(
        values.pop("board", None) or challenges.board("published"), title=name, **values
    ),
    "calls": lambda name, **values: challenges.call(values.pop("state", "open"), title=name, **values),
    "races": lambda name, **values: entrants.race(
        values.pop("state", "running"), title=name, **{"text": name, **values}
    ),
    "rule-sets": lambda name, **values: create(RuleSet(name=name, **values), actor=None),
    "papers": lambda name, **values: create(Paper(name=name, sheet_code="organizations", **values), actor=None),
    "notices": lambda name, **values: deciding.notice(
        values.pop("of", None) or deciding.challenge("notice"),
        title=name,
        **values,
    ),
}


def secret_scope() -> Any:
    community = create(Community(name=f"{SECRET}空间", **HIDDEN), actor=None)
    return people.scope(community, name_zh=SECRET)


# {list: {how the row is hidden: the values that hide it}}; a row is made anew for each reader.
HIDING: dict[str, dict[str, Callable[[], Mapping[str, Any]]]] = {
    "sources": {"itself": lambda: HIDDEN},
    "organizations": {"itself": lambda: HIDDEN},
    "products": {"itself": lambda: HIDDEN, "its organisation": lambda: {"organization": firm(**HIDDEN)}},
    "models": {"itself": lambda: HIDDEN},
    "filings": {
        "itself": lambda: HIDDEN,
        "its organisation": lambda: {"organization": firm(**HIDDEN)},
        "its state": lambda: {"state": "submitted"},
    },
    "funds": {"itself": lambda: HIDDEN},
    "rounds": {
        "its organisation": lambda: {"organization": firm(**HIDDEN)},
        "itself": lambda: {"organization": people.organization(), **HIDDEN},
    },
    "offers": {"itself": lambda: HIDDEN, "its provider": lambda: {"provider": firm(**HIDDEN)}},
    "scenarios": {
        "itself": lambda: HIDDEN,
        "its organisation": lambda: {"organization": firm(**HIDDEN)},
        "its state": lambda: {"state": "draft"},
    },
    "claims": {
        "itself": lambda: HIDDEN,
        "its source": lambda: {"origin": people.source(title=SECRET, **HIDDEN)},
        "its community": lambda: {"scope": secret_scope()},
    },
    "reports": {
        "itself": lambda: HIDDEN,
        "its state": lambda: {"state": "draft"},
        "its community": lambda: {"scope": secret_scope()},
    },
    "challenge-lists": {"itself": lambda: HIDDEN, "its state": lambda: {"state": "draft"}},
    "challenges": {
        "itself": lambda: HIDDEN,
        "its list": lambda: {"board": challenges.board("published", **HIDDEN)},
        "its list's state": lambda: {"board": challenges.board()},
        "its issuer": lambda: {"issuer": firm(**HIDDEN)},
    },
    "calls": {"itself": lambda: HIDDEN, "its state": lambda: {"state": "draft"}},
    "rule-sets": {"itself": lambda: HIDDEN},
    "races": {
        "itself": lambda: HIDDEN,
        "its state": lambda: {"state": "draft", "published_on": None},
        "its asker": lambda: {"organization": firm(**HIDDEN)},
        "its challenge": lambda: {"kind": "challenge", "challenge": challenges.challenge(**HIDDEN)},
        "its challenge's list": lambda: {
            "kind": "challenge",
            "challenge": challenges.challenge(challenges.board("published", **HIDDEN)),
        },
    },
    "papers": {"itself": lambda: HIDDEN},
    "notices": {
        "itself": lambda: HIDDEN,
        "its challenge": lambda: {"of": deciding.challenge("notice", **HIDDEN)},
        "its issuer": lambda: {"of": deciding.challenge("notice", issuer=firm(**HIDDEN))},
    },
}
# Rows that stay open and name something hidden in a column.
NAMING: dict[str, dict[str, Callable[[], Mapping[str, Any]]]] = {
    "models": {
        "a hidden owner": lambda: {"owners": (people.organization(), firm(**HIDDEN))},
        "a hidden base": lambda: {"base_model": registry.model(name=SECRET, **HIDDEN)},
    },
    "filings": {
        "a hidden filing relied on": lambda: {"kind": "registered", "relies_on": registry.filing(name=SECRET, **HIDDEN)}
    },
    "funds": {
        "a hidden manager": lambda: {"manager": firm(**HIDDEN)},
        "a hidden parent": lambda: {"parent": funds.fund(name=SECRET, **HIDDEN)},
    },
    "challenge-lists": {"a hidden publisher": lambda: {"publisher": firm(**HIDDEN)}},
    "challenges": {"a hidden payer": lambda: {"payer": firm(**HIDDEN)}},
}
READERS: dict[str, Callable[[], Any]] = {
    "anonymous": lambda: None,
    "visitor": lambda: people.user(Kind.VISITOR),
    "expert": lambda: people.user(Kind.EXPERT),
    "member elsewhere": lambda: people.member_of(people.organization()),
}
CASES = [(code, how) for code, ways in HIDING.items() for how in ways]
NAMED = [(code, how) for code, ways in NAMING.items() for how in ways]


def reader_client(reader: str) -> Client:
    client = Client()
    user = READERS[reader]()
    if user is not None:
        client.force_login(user)
    return client


def every_column(spec: ListSpec) -> str:
    return "&".join(f"col={column.name}" for column in spec.columns)


def api_address(spec: ListSpec) -> str:
    """Where the API gives the list; nothing where it does not."""
    try:
        return reverse(f"api-1:{spec.code}")
    except NoReverseMatch:
        return ""


def texts(client: Client, spec: ListSpec) -> dict[str, str]:
    """{where: what is said there} of the list with all its columns."""
    address, columns = reverse(spec.url_name), every_column(spec)
    places = {
        "page": f"{address}?{columns}",
        "fragment": f"{address}?{columns}",
        "csv": f"{address}?format=csv&{columns}",
        "xlsx": f"{address}?format=xlsx&{columns}",
        "json": f"{address}?format=json&{columns}",
        "api": f"{api_address(spec)}?{columns}" if api_address(spec) else "",
    }
    headers = {"fragment": {"HX-Request": "true"}}
    return {name: told(client.get(place, headers=headers.get(name))) for name, place in places.items() if place}


def told(answer: Any) -> str:
    """What the answer says; a workbook's cells, one a line."""
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if "json" in answer.headers["Content-Type"]:
        return json.dumps(json.loads(content), ensure_ascii=False)
    if "spreadsheet" not in answer.headers["Content-Type"]:
        return str(content.decode())
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    return "\n".join(str(value) for row in sheet.iter_rows(values_only=True) for value in row)


def totals(client: Client, spec: ListSpec, words: str = "") -> dict[str, int]:
    query = f"?q={words}" if words else ""
    found = {"page": client.get(f"{reverse(spec.url_name)}{query}").context["page"].total}
    if api_address(spec):
        found["api"] = client.get(f"{api_address(spec)}{query}").json()["total"]
    return found


def test_every_list_is_tried() -> None:
    assert set(SPECS) == set(MAKE) == set(HIDING)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("code", "how"), CASES, ids=[f"{code}: {how}" for code, how in CASES])
def test_hidden_row_shows_nowhere(code: str, how: str, reader: str) -> None:
    spec, client = SPECS[code], reader_client(reader)
    MAKE[code](OPEN)
    before = totals(client, spec)
    MAKE[code](SECRET, **HIDING[code][how]())
    assert totals(client, spec) == before
    assert set(totals(client, spec, SECRET).values()) == {0}
    said = texts(client, spec)
    assert [place for place, text in said.items() if SECRET in text] == []


@pytest.mark.parametrize("reader", READERS)
def test_hidden_rows_are_not_found(reader: str) -> None:
    """All of them at once: a search asks every list."""
    client = reader_client(reader)
    for code, how in CASES:
        MAKE[code](SECRET, **HIDING[code][how]())
    found = client.get(reverse("portal:search"), {"q": SECRET})
    assert [hits.spec.code for hits in found.context["found"]] == []


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("code", "how"), NAMED, ids=[f"{code}: {how}" for code, how in NAMED])
def test_open_row_names_nothing_hidden(code: str, how: str, reader: str) -> None:
    spec, client = SPECS[code], reader_client(reader)
    row = MAKE[code](OPEN, **NAMING[code][how]())
    said = texts(client, spec)
    assert [place for place, text in said.items() if SECRET in text] == []
    assert set(totals(client, spec, SECRET).values()) == {0}
    assert SECRET not in told(client.get(row.get_absolute_url()))


@pytest.mark.parametrize("code", SPECS)
@pytest.mark.parametrize("reader", ["anonymous", "visitor"])
def test_open_row_shows_everywhere(code: str, reader: str) -> None:
    spec, client = SPECS[code], reader_client(reader)
    MAKE[code](OPEN)
    said = texts(client, spec)
    assert [place for place, text in said.items() if OPEN not in text] == []
    assert 1 in totals(client, spec, OPEN).values()
    found = client.get(reverse("portal:search"), {"q": OPEN})
    assert code in [hits.spec.code for hits in found.context["found"]]


@pytest.mark.parametrize("code", SPECS)
def test_hidden_row_shows_to_oversight(code: str) -> None:
    spec, client = SPECS[code], Client()
    client.force_login(people.user(Kind.OFFICER))
    MAKE[code](SECRET, **next(iter(HIDING[code].values()))())
    assert [place for place, text in texts(client, spec).items() if SECRET not in text] == []


@pytest.mark.parametrize("code", SPECS)
def test_community_row_shows_to_who_is_signed_in(code: str) -> None:
    spec = SPECS[code]
    MAKE[code](OPEN, visibility="community")
    seen = {reader: totals(reader_client(reader), spec)["page"] for reader in ("anonymous", "visitor")}
    assert seen == {"anonymous": 0, "visitor": 1}
