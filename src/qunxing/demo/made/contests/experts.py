"""Made-up experts and what they declare."""

from decimal import Decimal

from qunxing.demo.desk import Desk, ref_of
from qunxing.demo.tables import Row, codes_of, days_of, read_table
from qunxing.directory.models import Organization
from qunxing.panels.actions import add_experts
from qunxing.panels.models import Expert, Job, Kin, Stake

WITH_ACCOUNT = {"qin": "expert"}


def add_register(desk: Desk) -> None:
    made = {row["key"]: expert_of(desk, row) for row in read_table("experts.tsv")}
    add_experts(list(made.values()), actor=desk.clerk)
    for key, expert in made.items():
        desk.keep(expert, key)


def expert_of(desk: Desk, row: Row) -> Expert:
    plain = ("name", "title", "profession", "keywords", "state")
    made = Expert(
        **{name: row[name] for name in plain},
        employer_name=row["employer"],
        outside=bool(row["outside"]),
        fields=codes_of(row["fields"]),
        load_cap=int(row["load"]),
        email=f"{row['key']}@experts.demo.example",
        phone="000-0000-0000",
        user=desk.user(WITH_ACCOUNT[row["key"]]) if row["key"] in WITH_ACCOUNT else None,
    )
    made.languages = ("zh", "en") if row["outside"] else ("zh",)
    made.ref, made.demo = ref_of(Expert, row["key"]), True
    return made


def add_ties(desk: Desk) -> None:
    for number, row in enumerate(read_table("expert-ties.tsv"), start=1):
        desk.add(tie_of(desk, row), f"{row['expert']}/{number}", reason="专家申报")


def tie_of(desk: Desk, row: Row) -> Job | Stake | Kin:
    since, until = days_of(row["from"]), days_of(row["until"])
    words = {
        "expert": desk.find(Expert, row["expert"]),
        "organization": desk.find(Organization, row["organization"]) if row["organization"] else None,
        "organization_name": row["name"],
        "from_day": desk.ago(since) if since is not None else None,
        "to_day": desk.ago(until) if until is not None else None,
    }
    if row["kind"] == "stake":
        return Stake(**words, kind=Stake.Kind.HOLDING, percent=Decimal(row["words"]))
    if row["kind"] == "kin":
        relation, _bar, job = row["words"].partition("|")
        return Kin(**words, relation=relation, job=job)
    return Job(**words, position=row["words"])
