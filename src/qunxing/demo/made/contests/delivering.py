"""Made-up contracts and what became of them: one to be signed, two in work, one accepted, paid and archived."""

from datetime import date
from decimal import Decimal

from qunxing.challenges.actions import accepting, archiving, contracting, delivering, paying
from qunxing.challenges.models import Acceptance, Contract, Milestone, Payment
from qunxing.challenges.states.payment import PaymentState
from qunxing.demo.desk import Desk
from qunxing.demo.made.contests.lists import challenge_of

PLEDGE = "本人作为挂帅人，承诺按期完成全部指标，接受里程碑考核；未尽责导致失败的，按约退回经费。"
SIGNED = ("energy", "flood", "course")


def sign_contracts(desk: Desk) -> None:
    for key in SIGNED:
        contract = contract_of(desk, key)
        for side in (contracting.CONTRACTOR, contracting.ISSUER):
            contracting.sign(contract, actor=None, day=desk.ago(345), side=side, pledge=PLEDGE)
        pay_due(contract, desk.ago(330))


def contract_of(desk: Desk, key: str) -> Contract:
    found: Contract = Contract.objects.get(challenge=challenge_of(desk, key))
    return found


def pay_due(contract: Contract, day: date) -> None:
    for row in Payment.objects.filter(contract=contract, state=PaymentState.DUE):
        paying.pay(row, actor=None, day=day, voucher=f"演示-{contract.number}-{row.position}")


def pass_middle(desk: Desk, key: str, days: int) -> None:
    """The mid-term check is reported and passed two days later."""
    contract = contract_of(desk, key)
    for row in contract.milestones.exclude(kind=Milestone.Kind.FINAL):
        report = "核心功能已在现场试运行一个月，阶段指标达到。"
        delivering.report_milestone(row, actor=None, day=desk.ago(days), report=report)
        delivering.check_milestone(row, actor=None, day=desk.ago(days - 2), passed=True, finding="现场核查属实。")


def work(desk: Desk) -> None:
    """One past its middle with the tranche due, one that told of a difficulty before its milestone."""
    pass_middle(desk, "flood", 20)
    course = contract_of(desk, "course")
    text, done = "学院培养方案电子版移交晚于约定，影响知识库进度。", "已先用公开版本训练，待移交后替换。"
    delivering.tell_difficulty(course, actor=None, day=desk.ago(12), text=text, done=done)


def finish(desk: Desk) -> None:
    """Accepted in the second attempt, paid in full and archived."""
    contract = contract_of(desk, "energy")
    pass_middle(desk, "energy", 195)
    pay_due(contract, desk.ago(180))
    first = ask(desk, contract, 48, Decimal("0.8"))
    accepting.decide(first, actor=desk.clerk, day=desk.ago(45), finding="节电率未达约定，限期整改。")
    second = ask(desk, contract, 26, Decimal("1.05"))
    accepting.decide(second, actor=desk.clerk, day=desk.ago(24), finding="全部指标达到，用户认可。")
    pay_due(contract, desk.ago(10))


def ask(desk: Desk, contract: Contract, days: int, factor: Decimal) -> Acceptance:
    """Asked for, measured by a third party, with the user's word; the first indicator as the factor has it."""
    day = desk.ago(days)
    made = accepting.ask_acceptance(contract, actor=None, day=day, report="合同任务全部完成，申请验收。")
    for number, row in enumerate(contract.commitments.all()):
        value = row.target * factor if number == 0 else row.target
        words = {"value": value, "measured_by": "演示·第三方检测中心", "how": "按合同附件方法现场测试", "day": day}
        accepting.measure(made, row, actor=None, **words)
    word, text = ("rejects", "节能效果未达预期。") if factor < 1 else ("accepts", "试运行两个月，效果达到预期。")
    accepting.give_word(made, actor=None, day=day, word=word, text=text)
    return made


def archive(desk: Desk) -> None:
    """Outside the chapter: the pack holds proofs of entries that must stand in the log by then."""
    archiving.archive(challenge_of(desk, "energy"), actor=desk.clerk, day=desk.ago(8))
