"""Who plays: users of every kind, issuers, firms with their members, experts with what they declare."""

from dataclasses import dataclass
from datetime import date

from qunxing.accounts.models import Kind, User
from qunxing.challenges.rehearsal.chance import Dice, repeatable
from qunxing.challenges.rehearsal.clock import StoryClock
from qunxing.challenges.rehearsal.size import ISSUERS, Size
from qunxing.directory.models import Membership, Organization
from qunxing.ledger.actions import add_many
from qunxing.ledger.recording import recording
from qunxing.panels.models import Expert
from qunxing.panels.models.experts import Profession
from qunxing.panels.states import ExpertState

BEFORE_ALL = date(2018, 6, 1)
SIZES = ("large", "medium", "small", "micro", "")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
GIVEN = "明华建国丽芳伟强敏静磊洋艳勇军杰娟涛超霞平刚桂英文玉兰波斌宇"
WRITES = (Membership.Role.OWNER, Membership.Role.EDITOR)


@dataclass(frozen=True)
class Cast:
    """Keys of rows, which hold for every seed that is played on the same ground."""

    staff: tuple[int, ...]
    officers: tuple[int, ...]
    visitor: int
    manager: int
    issuers: tuple[int, ...]
    firms: tuple[int, ...]
    experts: tuple[int, ...]


def gather(size: Size) -> Cast:
    """Put everybody on the ledger, the same to the last reference whenever and wherever it is played."""
    dice = Dice("cast")
    with repeatable(0), StoryClock(BEFORE_ALL).running(), recording(actor=None):
        staff, officers = people(Kind.STAFF, 2, dice), people(Kind.OFFICER, 2, dice)
        others = [*people(Kind.VISITOR, 1, dice), *people(Kind.MANAGER, 1, dice)]
        issuers = organizations("发榜医院", ISSUERS, dice)
        firms = organizations("智能科技", size.firms, dice)
        for role, each in (("owner", 1), ("editor", 1), ("viewer", 1)):
            join([*issuers, *firms], role, each, dice)
        experts = register(size.experts, dice)
    keys = [tuple(row.pk for row in rows) for rows in (staff, officers, issuers, firms, experts)]
    return Cast(keys[0], keys[1], others[0].pk, others[1].pk, keys[2], keys[3], keys[4])


def person(dice: Dice) -> str:
    return dice.choice(SURNAMES) + "".join(dice.choice(GIVEN) for _each in range(2))


def people(kind: Kind, many: int, dice: Dice) -> list[User]:
    start = User.objects.count()
    names = [f"{kind}{number}" for number in range(start + 1, start + many + 1)]
    rows = [User(username=name, email=f"{name}@example.org", name=person(dice), kind=kind) for name in names]
    return User.objects.bulk_create(rows)


def organizations(what: str, many: int, dice: Dice) -> list[Organization]:
    rows = []
    for number in range(1, many + 1):
        firm = what == "智能科技"
        row = Organization(
            name=f"示例{what}{number:03d}{'有限公司' if firm else ''}",
            short_name=f"{what}{number:03d}",
            size_class=dice.choice(SIZES) if firm else "",
            founded_on=date(2012, 1, 1),
        )
        row.roles = ("firm",) if firm else ("demand_owner",)
        row.derive("")
        rows.append(row)
    return add_many(rows)


def join(firms: list[Organization], role: str, each: int, dice: Dice) -> None:
    members = people(Kind.MEMBER, len(firms) * each, dice)
    add_many(
        [Membership(user=user, organization=firms[at // each], role=role) for at, user in enumerate(members)],
    )


def register(many: int, dice: Dice) -> list[Expert]:
    """Nine in ten are qualified and have an account; four in five are specialists, most from outside."""
    users = people(Kind.EXPERT, many, dice)
    rows = []
    for at, user in enumerate(users):
        row = Expert(
            user=user,
            name=user.name,
            title="教授",
            employer_name=f"示例大学{at % 17:02d}",
            outside=dice.happens(0.85),
            profession=dice.choice([Profession.TECHNICAL, Profession.ECONOMIC]) if at % 5 else Profession.LEGAL,
            keywords=dice.choice(["病灶分割 自监督", "语音识别 方言", "财务 成本", "联邦学习 隐私"]),
            state=ExpertState.QUALIFIED if at % 10 else ExpertState.INVITED,
        )
        row.derive()
        rows.append(row)
    return add_many(rows)


def writer_of(organization: Organization | int, *, role: str = "owner") -> User:
    """A member who writes for the organisation, as a new request would find them."""
    key = organization if isinstance(organization, int) else organization.pk
    row = Membership.objects.filter(organization=key, role=role).select_related("user").order_by("pk").first()
    if row is None:
        row = Membership.objects.filter(organization=key, role__in=WRITES).select_related("user").order_by("pk")[0]
    found: User = row.user
    return found
