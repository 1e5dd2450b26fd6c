"""Which firm a short name means, on names labelled by hand; and names taken over, and given back."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from qunxing.cli import app
from qunxing.core.errors import Refused
from qunxing.directory.models import Organization, OrganizationName
from qunxing.intake import actions
from qunxing.intake.joining.aliases import ACCEPTED, SHOWN, Entity, Register, Short, Sign, propose
from qunxing.intake.joining.naming import LABELS, accept_alias, propose_aliases
from qunxing.intake.models import Batch
from qunxing.ledger.models import Visibility
from tests import factories as people

SAMPLE = Path(__file__).with_name("aliases.tsv")
PRECISION, RECALL = 0.98, 0.68  # measured: 1.0 and 0.707
FULL = "上海星澜智能科技有限公司"


def sample():
    """(short name, registered name or -) in order, and every firm of the list once."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    names = [name for row in rows for name in (row["registered"], *(row["beside"] or "").split("；"))]
    firms = [name for name in dict.fromkeys(names) if name not in {"-", ""}]
    return rows, [Entity(at, name) for at, name in enumerate(firms)]


def judged():
    rows, firms = sample()
    found = propose([Short(row["short"], row["city"]) for row in rows], firms)
    for row, (_short, matches) in zip(rows, found, strict=True):
        yield row, matches[0] if matches and matches[0].accepted else None, matches


def test_sample_is_large_and_has_the_hard_cases():
    rows, _firms = sample()
    cases = Counter(row["case"] for row in rows)
    assert len(rows) >= 200
    assert min(cases[case] for case in ("sister", "group", "placeword", "brand", "elsewhere", "business")) >= 5
    assert sum(row["registered"] == "-" for row in rows) >= 60


def test_precision_and_recall_hold_on_the_labelled_sample():
    told = [(row, match) for row, match, _matches in judged() if match]
    wrong = [
        (row["short"], row["city"], match.entity.name) for row, match in told if match.entity.name != row["registered"]
    ]
    owned = sum(row["registered"] != "-" for row, _match, _matches in judged())
    assert 1 - len(wrong) / len(told) >= PRECISION, wrong
    assert (len(told) - len(wrong)) / owned >= RECALL


def best(short, *names, place=""):
    matches = Register([Entity(at, name) for at, name in enumerate(names)]).propose(Short(short, place))
    return matches[0] if matches else None


@pytest.mark.parametrize(
    ("short", "place", "names", "accepted", "sign"),
    [
        ("星澜智能", "上海", [FULL], True, Sign.WHOLE),
        ("星澜科技", "", [FULL], False, Sign.TRADE),
        ("星澜科技", "上海市徐汇区", [FULL], True, Sign.PLACE),
        ("星澜智能", "深圳", [FULL], False, Sign.ELSEWHERE),
        ("星澜", "上海", [FULL], False, Sign.UNIQUE),
        ("星澜智能", "上海", [FULL, "上海星澜智能技术有限公司"], False, Sign.AMBIGUOUS),
        ("北辰星澜", "", ["上海北辰星澜科技有限公司", "上海北辰星澜科技有限公司深圳分公司"], True, Sign.WHOLE),
        ("星澜生物", "上海", [FULL], False, Sign.BUSINESS),
        ("星澜智能集团", "上海", [FULL], False, Sign.GROUP),
        ("星澜智能+江城大学", "上海", [FULL], False, Sign.SEVERAL),
        ("中国星桥", "", ["中国星桥通信上海有限公司"], False, Sign.BRANCH),
        (FULL, "深圳", [FULL], True, Sign.SAME),
        ("远洋星澜", "上海", ["上海东海远洋星澜科技有限公司"], False, Sign.WITHIN),
        ("江科院算所", "", ["江城科学院计算技术研究所"], False, Sign.ORDER),
    ],
)
def test_name_is_weighed_by_what_speaks_for_it(short, place, names, accepted, sign):
    match = best(short, *names, place=place)
    assert (match.accepted, sign in match.signs) == (accepted, True)
    assert match.score >= SHOWN
    assert (match.score >= ACCEPTED) is accepted


@pytest.mark.parametrize("short", ["", " ", "张江", "智能科技", "科技", "☆", "（上海）", "某某某", "+"])
def test_name_that_tells_nothing_means_nobody(short):
    assert best(short, FULL, "上海张江智能科技有限公司") is None


def test_all_signs_have_words():
    assert set(LABELS) == set(Sign)


@pytest.fixture
def firm(db):
    return people.organization(name=FULL, division="310104")


def bearers():
    return {(name.text, name.kind) for name in OrganizationName.objects.all()}


def test_names_are_held_against_what_the_actor_sees(firm):
    people.organization(name="上海砚池数据技术有限公司", visibility=Visibility.INTERNAL)
    shorts = [Short("星澜智能", "上海"), Short("砚池数据", "上海"), Short("星澜智能")]
    seen = propose_aliases(shorts, actor=people.user("visitor"))
    everything = propose_aliases(shorts, actor=None)
    assert [one.accepted and one.accepted.entity.name for one in seen] == [FULL, None]
    assert [bool(one.accepted) for one in everything] == [True, True]


def test_accepted_name_finds_the_firm_and_is_undone(firm):
    batch = accept_alias("星澜智能", firm, actor=people.user("staff"), reason="公开名单的简称")
    firm.refresh_from_db()
    assert bearers() == {("星澜智能", "short")}
    assert [one.bearer for one in propose_aliases([Short("星澜智能")], actor=None)] == [FULL]
    assert (batch.kind, batch.reason, actions.written_by(batch) > 0) == (Batch.Kind.ALIAS, "公开名单的简称", True)
    actions.undo_batch(batch, actor=None, reason="认错了")
    assert bearers() == set()


def test_batch_of_names_has_a_page(firm, client):
    staff = people.user("staff")
    batch = accept_alias("星澜智能", firm, actor=staff, reason="公开名单的简称")
    client.force_login(staff)
    assert [client.get(batch.get_absolute_url() + more).status_code for more in ("", "undo/")] == [200, 200]


def test_name_without_a_reason_borne_already_too_long_or_of_nobody_is_refused(firm):
    with pytest.raises(Refused):
        accept_alias("星澜智能", firm, actor=None, reason=" ")
    with pytest.raises(Refused):
        accept_alias(FULL, firm, actor=None, reason="x")
    with pytest.raises(Refused):
        accept_alias("星" * 40_000, firm, actor=None, reason="x")
    Organization.objects.all().delete()
    with pytest.raises(Refused):
        accept_alias("星澜智能", firm, actor=None, reason="x")
    assert bearers() == set()


@pytest.fixture
def command(tmp_path, capsys):
    """(exit status, standard output, standard error) of `aliases` on that table."""
    path = tmp_path / "names.csv"
    path.write_text("公司,省市\n星澜智能,上海\n星澜,上海\n某某某,\n", encoding="utf-8")

    def run(*options):
        status = app.run(["aliases", str(path), *options])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def test_command_prints_and_takes_over_what_is_beyond_doubt(firm, command):
    status, out, _err = command("--json")
    report = json.loads(out)
    counts = {name: report[name] for name in ("names", "borne", "accepted", "shown", "nobody")}
    assert (status, counts) == (1, {"names": 3, "borne": 0, "accepted": 1, "shown": 1, "nobody": 1})
    match = report["proposals"][0]["matches"][0]
    assert match == {
        "ref": firm.ref,
        "name": FULL,
        "score": 1.0,
        "accepted": True,
        "signs": ["whole", "place", "unique"],
    }
    assert (report["batch"], bearers()) == ("", set())
    status, out, _err = command("--accept", "--reason", "公开名单的简称", "--json")
    assert (status, json.loads(out)["batch"]) == (1, Batch.objects.get().ref)
    assert bearers() == {("星澜智能", "short")}


def test_command_holds_names_against_a_list(tmp_path, command):
    path = tmp_path / "firms.csv"
    path.write_text(f"序号,主体名称\n1,{FULL}\n", encoding="utf-8")
    status, out, _err = command("--against", str(path), "--against-column", "主体名称", "--column", "公司")
    assert (status, FULL in out) == (1, True)
    assert command("--against", str(path), "--accept")[0] == 2
    assert command("--against", str(tmp_path / "none.csv"))[0] == 2
    assert command("--column", "没有", "--against", str(path))[0] == 2


@pytest.mark.django_db
def test_command_without_a_reason_takes_nothing_over(firm, command):
    assert (command("--accept")[0], Batch.objects.count()) == (2, 0)
