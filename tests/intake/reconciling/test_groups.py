"""What a published list means for us: who of ours is on it, what is new, changed or gone, who may be ours."""

import csv
from datetime import date

import pytest

from qunxing.directory.models import Link, OrganizationName
from qunxing.intake import actions
from qunxing.intake.catalogue import known_list
from qunxing.intake.reconciling.grouping import group_plan
from qunxing.intake.reconciling.telling import groups_json, told
from qunxing.ledger.actions import change, create
from qunxing.registry.models import Filing
from tests import factories as people
from tests.intake.made import (
    DATA,
    DAY,
    LATER,
    OWNER,
    algorithm,
    algorithms,
    filed,
    registered,
    registrations,
    sheet,
    take_in,
)
from tests.intake.reconciling.made import OTHER, grouped_of, live_in

pytestmark = pytest.mark.django_db
GENAI, ALGORITHM = "genai-filings", "algorithm-filings"


def names(group):
    return [one["name"] for one in group["items"]]


# --- our firms -------------------------------------------------------------------------------------------------------


def test_our_firms_are_told_with_their_rows(tmp_path):
    live_in(people.organization(name=OWNER))
    groups = grouped_of(tmp_path, sheet(filed(1), filed(2, owner=OTHER), filed(3)))
    ours = groups["our_firms"]
    assert (ours["count"], ours["here"], ours["rows"], names(ours)) == (1, 1, 2, [OWNER])
    assert [(row["place"], row["outcome"]) for row in ours["items"][0]["rows"]] == [
        ("list!2", "added"),
        ("list!4", "added"),
    ]


@pytest.mark.parametrize(
    ("values", "here"),
    [
        ({"entered_on": date(2025, 1, 1)}, True),
        ({"entered_on": date(2025, 6, 2)}, False),
        ({"left_on": date(2025, 6, 2), "stage": "left"}, True),
        ({"left_on": date(2025, 6, 1), "stage": "left"}, False),
        ({"stage": "left"}, False),
        ({"where": "surroundings"}, False),
    ],
    ids=["entered", "enters later", "leaves later", "left", "left on a day not known", "outside the space"],
)
def test_residence_is_that_of_the_day_of_the_list(tmp_path, values, here):
    live_in(people.organization(name=OWNER), **values)
    ours = grouped_of(tmp_path, sheet(filed(1)))["our_firms"]
    assert (ours["count"], ours["here"], ours["items"][0]["here"]) == (1, int(here), here)


def test_firm_is_ours_by_its_former_name_and_by_its_former_self(tmp_path):
    firm, earlier = people.organization(name=OWNER), people.organization(name="上海丁智能科技有限公司")
    live_in(firm)
    create(OrganizationName(organization=firm, text="上海旧智能科技有限公司"), actor=None)
    create(Link(from_organization=earlier, to_organization=firm, kind=Link.Kind.FORMER), actor=None)
    rows = [filed(1, owner="上海旧智能科技有限公司"), filed(2, owner=earlier.name), filed(3, owner=OTHER)]
    groups = grouped_of(tmp_path, sheet(*rows))
    assert (names(groups["our_firms"]), groups["our_firms"]["rows"]) == ([OWNER], 2)
    assert (groups["our_new"]["count"], groups["other_new"]["count"]) == (2, 1)


def test_row_for_staff_still_names_our_firm(tmp_path):
    live_in(people.organization(name=OWNER))
    ours = grouped_of(tmp_path, sheet(filed(1, record="?")))["our_firms"]
    assert [(row["place"], row["outcome"]) for row in ours["items"][0]["rows"]] == [("list!2", "for_staff")]


def test_firm_that_files_with_another_is_told(tmp_path):
    live_in(people.organization(name=OWNER))
    groups = grouped_of(tmp_path, sheet(filed(1, owner=f"{OTHER}、{OWNER}")))
    assert (names(groups["our_firms"]), groups["our_new"]["count"]) == ([OWNER], 1)


# --- new -------------------------------------------------------------------------------------------------------------


def test_new_ones_are_parted_by_whose_they_are_and_models_counted(tmp_path):
    live_in(people.organization(name=OWNER))
    take_in(tmp_path, sheet(filed(1)))
    rows = [filed(1), filed(2), filed(3, owner=OTHER), filed(4, owner=OTHER, title="模型3")]
    groups = grouped_of(tmp_path, sheet(*rows), day=LATER)
    assert (groups["our_new"]["count"], groups["our_new"]["models"], names(groups["our_new"])) == (1, 1, ["模型2"])
    assert (groups["other_new"]["count"], groups["other_new"]["models"]) == (2, 1)


# --- changed ---------------------------------------------------------------------------------------------------------


def test_changed_filings_tell_old_and_new_field_by_field(tmp_path):
    take_in(tmp_path, sheet(filed(1), filed(2)))
    rows = [filed(1, title="模型1改", region="北京市"), filed(2)]
    changed = grouped_of(tmp_path, sheet(*rows), day=LATER)["changed"]
    fields = changed["items"][0]["fields"]
    assert changed["count"] == 1
    assert [(one["field"], one["old"], one["new"], one["taken"]) for one in fields] == [
        ("name", "模型1", "模型1改", True),
        ("region", "31", "11", True),
        ("region_text", "上海市", "北京市", True),
    ]


def test_what_somebody_typed_is_told_as_staying(tmp_path):
    take_in(tmp_path, sheet(filed(1)))
    change(Filing.objects.get(), actor=None, values={"name": "手写的名"}, reason="")
    fields = grouped_of(tmp_path, sheet(filed(1, title="模型1改")), day=LATER)["changed"]["items"][0]["fields"]
    assert [(one["old"], one["new"], one["taken"]) for one in fields] == [("模型1", "模型1改", False)]


def test_same_list_again_tells_of_nothing(tmp_path):
    take_in(tmp_path, sheet(filed(1)))
    groups = grouped_of(tmp_path, sheet(filed(1)), day=LATER)
    assert [groups[code]["count"] for code in ("our_new", "other_new", "changed", "vanished")] == [0, 0, 0, 0]


# --- vanished --------------------------------------------------------------------------------------------------------


def test_what_the_last_list_named_and_this_one_does_not_has_vanished(tmp_path):
    live_in(people.organization(name=OWNER))
    take_in(tmp_path, sheet(filed(1), filed(2), filed(3, owner=OTHER)))
    vanished = grouped_of(tmp_path, sheet(filed(1), filed(2)), day=LATER)["vanished"]
    assert (vanished["count"], vanished["items"][0]["name"], vanished["items"][0]["ours"]) == (1, "模型3", False)
    assert vanished["items"][0]["place"] == "list!4"
    last = vanished["last"]
    assert (last["day"], last["stood"], last["shared"], last["followed"]) == ("2025-06-01", 3, 2, True)


def test_only_the_latest_earlier_list_counts(tmp_path):
    take_in(tmp_path, sheet(filed(1), filed(2), filed(9)), day=date(2025, 5, 1))
    take_in(tmp_path, sheet(filed(1), filed(2)))
    take_in(tmp_path, sheet(filed(1), filed(2), filed(3)), day=date(2025, 8, 1))
    assert grouped_of(tmp_path, sheet(filed(1), filed(2), filed(4)), day=LATER)["vanished"]["count"] == 0


def test_list_that_adds_to_the_last_makes_nothing_vanish(tmp_path):
    take_in(tmp_path, sheet(filed(1), filed(2), filed(3)))
    vanished = grouped_of(tmp_path, sheet(filed(4)), day=LATER)["vanished"]
    assert (vanished["count"], vanished["last"]["followed"], vanished["last"]["stood"]) == (0, False, 3)


def test_other_kind_and_other_region_are_not_missed(tmp_path):
    take_in(tmp_path, sheet(filed(1), filed(2)))
    rows = [registered(1), registered(2, region="北京市", record="Beijing-B-20240501S0001")]
    take_in(tmp_path, registrations(*rows), day=date(2025, 6, 2))
    vanished = grouped_of(tmp_path, registrations(registered(1), registered(3)), day=LATER)["vanished"]
    assert (vanished["count"], vanished["last"]["stood"], vanished["last"]["shared"]) == (0, 1, 1)


def test_row_that_went_to_staff_has_not_vanished(tmp_path):
    take_in(tmp_path, sheet(filed(1), filed(2), filed(3)))
    content = sheet(filed(1), filed(2), filed(3, title="另一个", owner=OTHER))
    groups = grouped_of(tmp_path, content, day=LATER)
    assert groups["vanished"]["count"] == 0


def test_first_list_of_a_series_has_nothing_before_it(tmp_path):
    assert grouped_of(tmp_path, sheet(filed(1)))["vanished"] == {"count": 0, "last": None, "items": []}


# --- perhaps ours ----------------------------------------------------------------------------------------------------


def signs(groups):
    return [(one["name"], [sign["kind"] for sign in one["signs"]]) for one in groups["candidates"]["items"]]


def test_firm_under_our_entity_key_is_perhaps_ours(tmp_path):
    firm = people.organization(name=OWNER, entity_key="3101041234567")
    live_in(firm, division="110105")
    content = algorithms(algorithm(1, owner=OTHER), algorithm(2, owner="北京丙科技有限公司", entity="7654321"))
    groups = grouped_of(tmp_path, content, code=ALGORITHM)
    assert signs(groups) == [(OTHER, ["entity_key"])]
    assert told(groups)["candidates"]["items"][0]["signs"][0]["reason"] == (
        f"It files under the entity key 3101041234567 of {OWNER}."
    )


def test_firm_of_our_district_is_perhaps_ours_after_stronger_signs(tmp_path):
    firm = people.organization(name=OWNER, entity_key="3101041234567")
    live_in(firm)
    content = algorithms(algorithm(1, owner="上海丙科技有限公司", entity="7654321"), algorithm(2, owner=OTHER))
    groups = grouped_of(tmp_path, content, code=ALGORITHM)
    assert signs(groups) == [(OTHER, ["entity_key", "division"]), ("上海丙科技有限公司", ["division"])]
    assert groups["candidates"]["signs"] == {"entity_key": 1, "division": 2}


def test_kept_firm_without_residency_is_told_by_its_address_its_name_and_the_place_on_the_list(tmp_path):
    live_in(people.organization(name=OWNER, short_name="甲智能", address=""), address="上海市徐汇区云锦路701号")
    people.organization(name=OTHER, address="上海市徐汇区云锦路701号B座")
    rows = [
        filed(1, owner=OTHER),
        filed(2, owner="甲智能"),
        filed(3, owner="上海丙科技有限公司", region="上海市徐汇区"),
    ]
    groups = grouped_of(tmp_path, sheet(*rows))
    assert signs(groups) == [(OTHER, ["address"]), ("甲智能", ["name"]), ("上海丙科技有限公司", ["division"])]
    assert [bool(one["ref"]) for one in groups["candidates"]["items"]] == [True, False, False]


def test_our_own_firms_are_not_perhaps_ours(tmp_path):
    live_in(people.organization(name=OWNER, entity_key="3101041234567", division="310104"))
    assert grouped_of(tmp_path, algorithms(algorithm(1)), code=ALGORITHM)["candidates"]["count"] == 0


# --- whole -----------------------------------------------------------------------------------------------------------


def test_queries_do_not_grow_with_the_list(tmp_path, django_assert_num_queries):
    for number in range(3):
        live_in(people.organization(name=f"上海甲{number}智能科技有限公司"))
    take_in(tmp_path, sheet(filed(1), filed(2)))
    for count in (2, 40):
        path = tmp_path / "next.csv"
        path.write_bytes(sheet(*(filed(number, owner=f"上海甲{number}智能科技有限公司") for number in range(1, count))))
        prepared = actions.prepare_file(path, path.name, known_list(GENAI), day=LATER)
        with django_assert_num_queries(7):
            groups_json(group_plan(prepared.found, prepared.plan, series=GENAI, digest=prepared.digest))


def test_counts_are_full_and_rows_bounded(tmp_path):
    groups = grouped_of(tmp_path, sheet(*(filed(number) for number in range(150))))
    assert (groups["other_new"]["count"], len(groups["other_new"]["items"])) == (150, 100)


@pytest.mark.parametrize(("file", "code"), [("genai_filings.csv", GENAI), ("algorithm_filings.csv", ALGORITHM)])
def test_published_list_is_parted_without_loss(tmp_path, file, code):
    path = DATA / file
    if not path.exists():
        pytest.skip(f"{path} is not there")
    lines = path.read_bytes().decode("utf-8-sig").splitlines(keepends=True)
    content = "".join(lines[:400]).encode()
    plan = actions.prepare_file(written(tmp_path, content), "list.csv", known_list(code), day=DAY).plan
    firm = next(row.owner for row in plan.rows if row.owner)
    live_in(people.organization(name=firm.name, entity_key=firm.entity_key))
    groups = grouped_of(tmp_path, content, code=code)
    assert groups["our_new"]["count"] + groups["other_new"]["count"] == plan.counts["added"]
    assert (names(groups["our_firms"]), groups["our_firms"]["rows"] >= 1) == ([firm.name], True)
    take_in(tmp_path, content, code=code)
    shorter = "".join(lines[:390]).encode()
    again = grouped_of(tmp_path, shorter, code=code, day=LATER)
    left_out = set(numbers(lines[390:400])) - set(numbers(lines[1:390]))
    assert again["vanished"]["count"] == Filing.objects.filter(number__in=left_out, state="granted").count()
    assert again["our_new"]["count"] + again["other_new"]["count"] == 0


def written(tmp_path, content):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    return path


def numbers(lines):
    """The number stands before the last column of both lists."""
    return [row[-2] for row in csv.reader(lines)]
