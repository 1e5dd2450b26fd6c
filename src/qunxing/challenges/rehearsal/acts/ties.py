"""Ties between experts, firms and issuers: planted beforehand, and declared while a panel sits."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from qunxing.accounts.models import User
from qunxing.challenges.rehearsal.memory import Planted
from qunxing.challenges.rehearsal.stage import Stage
from qunxing.directory.models import Contact, Link, Membership, Organization
from qunxing.ledger.actions import create
from qunxing.ledger.recording import recording
from qunxing.panels import actions as panels
from qunxing.panels.models import Expert, Job, Kin, Stake

MANY = 6
RELATED = 2


def plant(stage: Stage) -> None:
    """Some experts have to do with firms, each in another way; some firms belong to an issuer."""
    for key, tie in zip(stage.dice.sample(stage.cast.experts, MANY), TIES, strict=True):
        expert, firm = Expert.objects.get(pk=key), stage.firm(stage.dice.choice(stage.cast.firms))
        stage.do(f"tie.{tie.__name__}", tie, stage, expert, firm)
        stage.memory.planted.append(Planted(expert.pk, firm.pk, tie.__name__))
    for number in range(RELATED):
        issuer, firm = (stage.firm(stage.dice.choice(keys)) for keys in (stage.cast.issuers, stage.cast.firms))
        link = Link(from_organization=issuer, to_organization=firm, kind=Link.Kind.HOLDS, share=Decimal(60))
        link.from_day = stage.clock.tick().date() - timedelta(days=400 + number)
        stage.do("tie.issuer", lambda link=link: create(link, actor=stage.staff))


def holding(_stage: Stage, expert: Expert, firm: Organization) -> Any:
    return panels.declare(Stake(expert=expert, organization=firm, kind="holding"), actor=own(expert))


def job(_stage: Stage, expert: Expert, firm: Organization) -> Any:
    """By a name that is spelt a little otherwise."""
    spelt = f" {firm.name.replace('有限公司', ' 有限公司')}"
    return panels.declare(Job(expert=expert, organization_name=spelt), actor=own(expert))


def kin(_stage: Stage, expert: Expert, firm: Organization) -> Any:
    return panels.declare(Kin(expert=expert, organization=firm, relation="配偶", name="张三"), actor=own(expert))


def member(stage: Stage, expert: Expert, firm: Organization) -> Any:
    return create(Membership(user=own(expert), organization=firm, role="viewer"), actor=stage.staff)


def namesake(stage: Stage, expert: Expert, firm: Organization) -> Any:
    """The ledger has a director of that name, spelt with a space."""
    name = f"{expert.name[0]} {expert.name[1:]}"
    return create(Contact(organization=firm, name=name, title="董事", phone="13800000000"), actor=stage.staff)


def group(stage: Stage, expert: Expert, firm: Organization) -> Any:
    """A director of the company that controls the firm."""
    parent = stage.firm(stage.dice.choice([key for key in stage.cast.firms if key != firm.pk]))
    link = Link(from_organization=parent, to_organization=firm, kind=Link.Kind.HOLDS, share=Decimal(80))
    with recording(actor=stage.staff):
        create(link, actor=stage.staff)
        return panels.declare(Stake(expert=expert, organization=parent, kind="director"), actor=own(expert))


TIES: tuple[Callable[[Stage, Expert, Organization], Any], ...] = (holding, job, kin, member, namesake, group)


def own(expert: Expert) -> User:
    """The expert's account, as a new request finds it."""
    found: User = User.objects.get(expert=expert)
    return found
