"""What a made-up bid says: whole enough to be handed in, with a phrase that nobody may read before the opening."""

from dataclasses import replace
from functools import cache
from io import BytesIO

from pypdf import PdfWriter

from qunxing.challenges.content import Answer, BidContent, BudgetRow, Party, Person
from qunxing.challenges.models import Challenge
from qunxing.challenges.rehearsal.cast import person
from qunxing.challenges.rehearsal.chance import Dice
from qunxing.directory.models import Organization


def phrase(dice: Dice) -> str:
    """Letters that are found wherever they stand in the clear."""
    return f"hush{dice.hexes(8)}"


def content(
    challenge: Challenge, lead: Organization, partners: list[Organization], dice: Dice, secret: str
) -> BidContent:
    """A bid without gaps, but for files and for partners who have not confirmed."""
    shares = [100 - 20 * len(partners), *(20 for _each in partners)]
    parties = [
        Party(one.ref, one.name, f"承担任务{number} {secret}", shares[number])
        for number, one in enumerate((lead, *partners))
    ]
    base = BidContent(
        lead=parties[0],
        partners=tuple(parties[1:]),
        leader=Person(name=person(dice), title="首席科学家", phone="13900001111", email=f"{secret}@example.org"),
        team=(Person(name=person(dice), part=f"算法 {secret}"), Person(name=person(dice), part="数据")),
        background=f"国内外现状 {secret}",
        route=f"技术路线 {secret}",
        basis="已有三项备案模型",
        joint_plan="与发榜方联合标注",
        answers=answers(challenge, dice),
        facts_confirmed=True,
    )
    return with_money(base, challenge, dice)


def answers(challenge: Challenge, dice: Dice) -> tuple[Answer, ...]:
    promised = {"ge": ("96.5", "97", "95"), "le": ("2.5", "3", "1.8"), "between": ("4", "5", "6")}
    return tuple(
        Answer(row.ref, dice.choice(promised[str(row.operator)]), row.unit, "第三方检测报告", "12")
        for row in challenge.targets.all()
    )


def with_money(base: BidContent, challenge: Challenge, dice: Dice) -> BidContent:
    """A budget within the money of the challenge, odd to the yuan, half of it the bidder's own."""
    most = challenge.money or 1_000_000
    first, second = dice.randint(100_001, most // 2), dice.randint(50_000, most // 2)
    rows = (BudgetRow("equipment", 1, first, first), BudgetRow("labour", 2, second, second + 1))
    return replace(base, budget=rows, total=2 * (first + second) + 1, grant=first + second)


def faulty(said: BidContent, dice: Dice) -> BidContent:
    """The same with a budget that does not add up, an answer in another unit or none, or above a hundred percent."""
    first = said.answers[0]
    odd = {
        "sum": replace(said, total=said.total + 1),
        "unit": replace(said, answers=(replace(first, unit="千克"), *said.answers[1:])),
        "percent": replace(said, answers=(replace(first, value="120"), *said.answers[1:])),
        "nothing": replace(said, answers=said.answers[1:]),
        "facts": replace(said, facts_confirmed=False),
    }
    return odd[dice.choice(sorted(odd))]


def pdf(secret: str) -> bytes:
    """A page with the phrase after its end."""
    return empty_pdf() + f"% {secret}\n".encode()


@cache
def empty_pdf() -> bytes:
    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(file)
    return file.getvalue()
