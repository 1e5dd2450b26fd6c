"""What is told of real firms comes from a named source, and nothing was made up about them."""

from datetime import date
from typing import Any

import pytest

from qunxing.demo.facts import listed_sources
from qunxing.demo.tables import read_table
from qunxing.directory.models import (
    Contact,
    Link,
    Membership,
    Organization,
    OrganizationName,
    Residency,
    TechnicalField,
)
from qunxing.funds.models import Fund, Investment, Round, Stage
from qunxing.indicators.models import Claim, Definition, ReportTemplate
from qunxing.ledger.kinds import record_kinds
from qunxing.ledger.models import Evidence, Record, Source
from qunxing.registry.models import Filing, ModelVersion
from qunxing.resources.models import Offer
from qunxing.scenarios.models import Scenario

# What it says is the same on every database; test_loading.py loads it on each.
pytestmark = [pytest.mark.usefixtures("demonstration"), pytest.mark.slow]
# What the program brings along: words and forms, not facts.
VOCABULARY = (TechnicalField, Stage, Source, Definition, ReportTemplate)
# Hung by an import on what it cites; their versions name the list.
CITED_WITH_THEIR_PARENT = {"registry.ownership", "registry.coverage"}
CORE = [
    "上海稀宇科技有限公司",
    "上海阶跃星辰智能科技有限公司",
    "商汤科技",
    "斑马智行",
    "无问芯穹",
    "星纪魅族",
    "特赞科技",
]


def real_kinds() -> list[tuple[str, type[Record]]]:
    return [(code, kind) for code, kind in record_kinds().items() if kind not in VOCABULARY]


def cited_by_public_sources(code: str) -> set[int]:
    rows = Evidence.objects.filter(record_kind=code, source__demo=False)
    return set(rows.values_list("record_id", flat=True))


def test_real_rows_have_evidence() -> None:
    bare = [
        str(row)
        for code, kind in real_kinds()
        if code not in CITED_WITH_THEIR_PARENT
        for row in kind._default_manager.filter(demo=False).exclude(pk__in=cited_by_public_sources(code))
    ]
    assert bare == []


def test_real_rows_began_with_a_public_source() -> None:
    bare = [
        str(version.history_object)
        for _code, kind in real_kinds()
        for version in kind.history.filter(demo=False, history_type="+").select_related("source")
        if version.source is None or version.source.demo
    ]
    assert bare == []


def test_evidence_says_where_in_the_source() -> None:
    filings = Evidence.objects.filter(source__demo=False, place="").exclude(record_kind="registry.aimodel")
    assert [f"{row.record_kind} {row.values}" for row in filings] == []


@pytest.mark.parametrize(
    "rows",
    [
        Contact.objects.filter(organization__demo=False),
        Membership.objects.filter(organization__demo=False),
        Round.objects.filter(organization__demo=False),
        Offer.objects.filter(provider__demo=False),
        Scenario.objects.filter(organization__demo=False),
        Fund.objects.filter(demo=False).exclude(manager=None),
        Link.objects.filter(from_organization__demo=False),
        Link.objects.filter(to_organization__demo=False),
        Investment.objects.filter(investor__demo=False),
        Investment.objects.filter(investor_fund__demo=False),
    ],
    ids=lambda rows: rows.model.__name__,
)
def test_nothing_was_made_up_about_real_firms(rows: Any) -> None:
    assert list(rows.all()) == []


def test_real_firms_hold_nothing_but_what_sources_say() -> None:
    firms = Organization.objects.filter(demo=False)
    told = {"name", "name_key", "short_name", "roles", "description", "search_key", "visibility", "size_class"}
    plain = [f.name for f in Organization._meta.concrete_fields if f.name not in told | Organization.BOOKKEEPING]
    empty = [name for name in plain if name not in {"created_at", "updated_at"}]
    assert {getattr(firm, name) for firm in firms for name in empty} <= {None, "", ()}


def test_core_firms_stand_around_the_space() -> None:
    stays = Residency.objects.filter(tier=Residency.Tier.CORE).select_related("organization", "scope")
    assert sorted(stay.organization.name for stay in stays) == sorted(CORE)
    assert {(stay.scope.code, stay.entered_on, stay.demo) for stay in stays} == {("surroundings", None, False)}


def test_minimax_is_found_by_all_its_names() -> None:
    firm = Organization.objects.get(name="上海稀宇科技有限公司")
    assert firm.short_name == "稀宇科技"
    assert set(firm.names.values_list("kind", "text")) == {
        (OrganizationName.Kind.BRAND, "MiniMax"),
        (OrganizationName.Kind.SHORT, "稀宇极智"),
    }
    found = [Organization.objects.filter(search_key__contains=word).count() for word in ("minimax", "稀宇极智", "xykj")]
    assert found == [1, 1, 1]


def test_registered_name_was_chosen_for_a_reason() -> None:
    firm = Organization.objects.get(name="上海稀宇科技有限公司")
    choice = firm.history.filter(name=firm.name).earliest("history_id")
    assert (choice.history_type, choice.source.kind) == ("~", Source.Kind.LIST)
    assert "代码待核" in choice.history_change_reason


def test_sensenova_belongs_to_who_filed_and_who_named_it() -> None:
    version = ModelVersion.objects.get(version="SenseNova V6")
    assert {row.organization.name for row in version.model.ownerships.all()} == {
        "商汤科技",
        "上海商汤智能科技有限公司",
    }
    assert [row.filing.number for row in version.model.coverages.all()] == ["Shanghai-RiRiXin-20230821"]


def test_funds_keep_their_levels_apart() -> None:
    rows = Fund.objects.filter(demo=False).order_by("-size_low").values_list("name", "level", "size_low", "parent")
    assert list(rows) == [
        ("国家AI产业基金", "national", 60_000_000_000, None),
        ("上海市AI母基金", "city", 22_500_000_000, None),
        ("徐汇资本", "district", 20_000_000_000, None),
    ]


def test_claims_are_kept_as_claims() -> None:
    landed = Claim.objects.get(indicator="filed_models_landed")
    assert (landed.value_low, landed.value_high, landed.scope.code) == (43, 43, "surroundings")
    listed = sum(len(read_table(row["file"])) for row in listed_sources())
    assert Filing.objects.filter(demo=False).count() == listed


def test_claims_in_prose_are_ranges() -> None:
    rows = Claim.objects.filter(indicator__in=["resident_firms", "clustered_llm_firms", "cycle_time"])
    assert set(rows.values_list("indicator", "value_low", "value_high", "low_open", "high_open", "as_of_low")) == {
        ("resident_firms", 100, None, True, False, date(2025, 4, 29)),
        ("clustered_llm_firms", None, 400, False, True, date(2025, 5, 1)),
        ("cycle_time", 1, 2, False, False, date(2025, 4, 29)),
    }


def test_sources_hold_no_text_of_theirs() -> None:
    assert list(Source.objects.exclude(file="")) == []
