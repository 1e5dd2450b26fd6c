"""Labels in and out as files."""

import csv
from io import StringIO
from typing import Any

import pytest

from qunxing.core.errors import Refused
from qunxing.matching.labelling.files import exported, take_in
from qunxing.matching.labelling.models import RatingPair
from qunxing.matching.models import Label
from tests import factories as people
from tests.matching.labelling.factories import DAY, pair, rated
from tests.scenarios.factories import scenario

pytestmark = pytest.mark.django_db
HEAD = "need_id,supply_id,level\n"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def taken(text: str, actor: Any = None) -> Any:
    return take_in(text.encode(), actor=actor or people.user("staff"), day=DAY)


def test_files_have_the_shape_that_evaluation_reads() -> None:
    need, firm = (
        scenario("published", title="病历质控"),
        people.organization(description="病历语音录入", short_name="灵声"),
    )
    made = pair(need, firm)
    rated(made, 3, 3)
    rated(pair(need), 1, 2)
    found = exported()
    assert (found.labels, found.left_out) == (1, 1)
    needs, supplies, labels = (rows(found.files[name]) for name in ("needs.csv", "supplies.csv", "labels.csv"))
    assert [(row["need_id"], row["title"]) for row in needs] == [(need.ref, "病历质控")]
    assert "病历书写不规范" in needs[0]["content"]
    assert [row["supply_id"] for row in supplies] == [firm.ref]
    assert "灵声" in supplies[0]["keywords"]
    assert "病历语音录入" in supplies[0]["keywords"]
    assert labels == [{"need_id": need.ref, "supply_id": firm.ref, "level": "3"}]


def test_what_was_put_out_is_taken_in() -> None:
    made = pair()
    rated(made, 4, 4)
    text = exported().files["labels.csv"]
    Label.objects.all().delete()
    RatingPair.objects.all().delete()
    told = taken(text)
    assert (told.added, told.wrong) == (1, [])
    assert exported().files["labels.csv"] == text


def test_wrong_rows_are_named_and_the_others_taken() -> None:
    need, firm = scenario("published"), people.organization()
    text = HEAD + "\n".join(
        [
            f"{need.ref},{firm.ref},3",
            f"nothing,{firm.ref},3",
            f"{need.ref},nobody,3",
            f"{need.ref},{firm.ref},5",
            f"{need.ref},{firm.ref},",
            f"{need.ref}",
            "",
        ]
    )
    told = taken(text)
    assert (told.added, [row for row, _why in told.wrong]) == (1, [3, 4, 5, 6, 7])
    assert "nothing" in told.wrong[0][1]
    assert "5" in told.wrong[2][1]


def test_two_thousand_labels_with_errors_are_taken(django_assert_max_num_queries: Any) -> None:
    needs = [scenario("published") for _number in range(2)]
    firms = [people.organization() for _number in range(20)]
    lines = [f"{need.ref},{firm.ref},{1 + place % 4}" for need in needs for place, firm in enumerate(firms)]
    lines += [f"{needs[0].ref},bad{number},9" for number in range(1_960)]
    with django_assert_max_num_queries(120):
        told = taken(HEAD + "\n".join(lines))
    assert (told.added, len(told.wrong)) == (40, 1_960)
    assert Label.objects.count() == 40


def test_same_file_again_changes_nothing() -> None:
    actor, need, firm = people.user("staff"), scenario("published"), people.organization()
    text = f"{HEAD}{need.ref},{firm.ref},3\n"
    taken(text, actor)
    assert taken(text, actor).unchanged == 1
    assert taken(text.replace(",3\n", ",4\n"), actor).changed == 1
    label = Label.objects.get()
    assert (label.grade, label.history.count()) == (4, 2)


def test_last_of_two_rows_for_one_pair_counts() -> None:
    need, firm = scenario("published"), people.organization()
    told = taken(f"{HEAD}{need.ref},{firm.ref},1\n{need.ref},{firm.ref},4\n")
    assert (Label.objects.get().grade, [row for row, _why in told.wrong]) == (4, [2])


def test_numbers_and_credit_codes_name_rows_too() -> None:
    need, firm = scenario("published"), people.organization(uscc="91350100M000100Y43")
    assert taken(f"{HEAD}{need.number},91350100m000100y43,2\n").added == 1
    assert Label.objects.get().organization_id == firm.pk


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a,b,c\n1,2,3\n",
        b"need_id,level\nx,1\n",
        b"\xff\xfe\x00\x81\xff",
        HEAD.encode() + b'"' + b"x" * 200_000,
    ],
)
def test_what_is_no_table_of_labels_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        take_in(data, actor=people.user("staff"), day=DAY)


def test_marks_and_old_encodings_are_read() -> None:
    need, firm = scenario("published"), people.organization()
    text = f"Need_ID ,supply_id,level,备注\n{need.ref},{firm.ref},3,好\n"
    assert take_in(text.encode("gb18030"), actor=people.user("staff"), day=DAY).added == 1
    assert take_in(b"\xef\xbb\xbf" + text.encode(), actor=people.user("staff"), day=DAY).added == 1
