"""Tables that others keep, in by mapping alone and out again, on the command line.

The made-up tables have the shapes and the quirks of public ones, which are taken where they are at hand.
"""

import csv
import json

import pytest

from qunxing.cli import app
from qunxing.directory.models import Organization, OrganizationName
from qunxing.funds.actions import plant_stages
from qunxing.funds.models import Investment, Round
from qunxing.intake.models import ForeignNumber
from qunxing.registry.models import AIModel, Ownership
from tests.intake.made import DATA

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ORIGIN = ["--origin", "创投库", "--day", "2018-12-31"]
OUTCOMES = ("new", "changed", "unchanged", "conflict", "duplicate", "error")
NOTED = ("运营状态", "行业", "子行业", "地点", "融资总额", "估值")
TABLES = {
    "firms": ("organizations", ["cid=@number", "公司名称=short_name", *(f"{heading}=@note" for heading in NOTED)]),
    "rounds": ("rounds", ["rid=@number", "cid=organization#", "投资方_raw=@note"]),
    "investments": ("investments", ["rid=round#", "cid=@leave", "投资方=investor"]),
    "llms_in_china": (
        "models",
        ["省市=@note", "省=@leave", "市=@leave", "类别=@note", "官网标记=@leave", "说明=description", "说明链接=@note"],
    ),
}
MADE = {
    "firms": [
        "cid,公司名称,工商名称,公司网址,成立时间,地点,运营状态,行业,子行业,融资总额,估值,公司简介,详细地址",
        "1,星澜Star,示例星澜科技有限公司,http://www.example.com,2011-03,陕西-西安,运营中,硬件,机器人,830万,未透露,做机器人。,示例路1号",
        '3,月海,示例月海（上海）信息技术有限公司,,2012-06,上海-徐汇区,运营中,企业服务,-,22.85亿,-,"语音,语义",',
        "5,天枢,示例天枢科技股份有限公司,https://tianshu.example/,2015,北美洲-美国,已转型,硬件,芯片,-,1.5亿元,,",
        "9,早报网,示例星澜科技有限公司,http://zaobao.example,2011-03,陕西-西安,运营中,企业服务,数据,-,-,同一家企业的另一个产品,",
        "10,没有工商名,,,2016-05,上海-浦东新区,已关闭,教育,-,-,-,已关闭,",
    ],
    "rounds": [
        "rid,cid,融资时间,轮次,融资金额,投资方_raw",
        "1,1,2016-05-17,新三板,未透露人民币,-",
        "2,1,2014-10-14,战略投资,630万人民币,甲创投",
        "3,3,2012-12-13,天使轮,数百万美元,乙基金(中国)",
        "4,3,2017-02-01,C+轮,1.8亿美元,-",
        "5,5,2018-01-05,IPO上市后,182亿人民币,丙资本",
        "6,5,2018-06-30,股权众筹,500万人民币,-",
        "7,10,2016-08-08,A轮,数千万人民币,甲创投",
        "8,5,2016-08-08,E轮,数千万人民币,甲创投",
    ],
    "investments": [
        "rid,cid,投资方",
        "2,1,甲创投",
        "3,3,乙基金(中国)",
        "3,3,国家示例发展基金（示例创投（上海）)",
        "5,5,示例月海（上海）信息技术有限公司",
        "7,10,甲创投",
        "3,3,乙基金(中国)",
    ],
    "llms_in_china": [
        "序号,公司,大模型,链接,省市,省,市,类别,官网标记,说明,说明链接",
        "1,星澜Star,示例一言,https://yiyan.example,北京,北京,,通用,✔,有APP,",
        '2,月海,示例二言,https://eryan.example/,上海,上海,,通用,✔,"开源，小模型",https://a.example https://b.example',
        "3,无名公司,示例三言,,上海,上海,,医疗,,,",
        "4,月海、天枢,示例四言,,上海,上海,,金融,,联合研发,",
    ],
}
EXPECTED = {
    "firms": {"new": 3, "duplicate": 1, "error": 1},
    "rounds": {"new": 6, "error": 2},
    "investments": {"new": 4, "duplicate": 1, "error": 1},
    "llms_in_china": {"new": 3, "error": 1},
}
EDITS = [
    ("firms", "公司网址", "website", "https://changed.example/"),
    ("firms", "公司名称", "short_name", "改名示例"),
    ("firms", "公司简介", "description", "改过的简介"),
    ("rounds", "融资金额", "amount", "9876万人民币"),
    ("rounds", "轮次", "stage", "Pre-IPO轮"),
]


@pytest.fixture(params=["made", "public"])
def folder(request, tmp_path):
    plant_stages(actor=None)
    if request.param == "public" and not (DATA / "firms.csv").exists():
        pytest.skip("the public tables are not there")
    for name in TABLES:
        text = "\n".join(MADE[name]) if request.param == "made" else (DATA / f"{name}.csv").read_text("utf-8-sig")
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def command(capsys):
    def run(*words):
        status = app.run([*map(str, words), "--json"])
        out, err = capsys.readouterr()
        assert (status in {0, 1}, err) == (True, "")
        return json.loads(out)

    return run


def take(command, folder, name, *options):
    """What becomes of a table; each of its rows counts once, and what is not clean is told with its cell."""
    code, said = TABLES[name]
    maps = [word for one in said for word in ("--map", one)]
    told = command("import", code, folder / f"{name}.csv", *ORIGIN, *maps, *options)
    assert told["unknown_headings"] == []
    assert told["rows"] == sum(told[outcome] for outcome in OUTCOMES) == len(rows_of(folder / f"{name}.csv"))
    left = {problem["row"] for problem in told["problems"] if problem["reason"]}
    assert len(left) == sum(told[outcome] for outcome in ("conflict", "duplicate", "error"))
    assert [one for one in told["problems"] if one["outcome"] == "error" and not one["cell"]] == []
    return told


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def edit(folder, clean):
    """Put the five values into clean rows; {(table, row in the file, column)} of them."""
    changed = set()
    for place, (name, heading, column, value) in enumerate(EDITS):
        path = folder / f"{name}.csv"
        rows, at = rows_of(path), sorted(clean[name])[place % 3]
        rows[at - 2][heading] = value
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        changed.add((name, at, column))
    return changed


def test_tables_come_in_by_mapping_alone_and_leave_nothing_when_undone(command, folder, request):
    first = {name: take(command, folder, name, "--apply", "--clean") for name in TABLES}
    if "made" in request.node.name:
        assert {name: {key: told[key] for key in OUTCOMES if told[key]} for name, told in first.items()} == EXPECTED
    counts = [Organization.objects.count(), Round.objects.count(), Investment.objects.count(), AIModel.objects.count()]
    assert counts == [told["new"] for told in first.values()]

    again = {name: take(command, folder, name, "--apply", "--clean") for name in TABLES}
    assert {name: (told["unchanged"], told["changed"], told["batch"]) for name, told in again.items()} == {
        name: (told["new"], 0, "") for name, told in first.items()
    }

    clean = {
        name: set(range(2, told["rows"] + 2)) - {problem["row"] for problem in told["problems"]}
        for name, told in first.items()
    }
    wanted = edit(folder, clean)
    changed = {name: take(command, folder, name, "--apply", "--clean") for name in ("firms", "rounds")}
    found = {(name, one["row"], one["column"]) for name, told in changed.items() for one in told["changes"]}
    assert found == wanted

    for told in [*reversed(changed.values()), *reversed(first.values())]:
        assert command("undo", told["batch"], "--reason", "录错")["kept"] == 0
    kinds = (Organization, OrganizationName, Round, Investment, AIModel, Ownership, ForeignNumber)
    assert {kind.__name__: kind.objects.count() for kind in kinds} == dict.fromkeys((one.__name__ for one in kinds), 0)
