"""The second half of the browser's walk through a contest: contract, milestones, acceptance, payments, archive."""

import subprocess
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from qunxing.challenges.models import Acceptance, Challenge, Contract, Milestone
from tests.e2e.contest import Stage, choose, state_is
from tests.e2e.demo_site import PROGRAM, environment_of
from tests.e2e.steps import confirm, save

PLEDGE = "本人承诺按期完成全部指标。"


def sign(stage: Stage, contract: Contract) -> None:
    for name in ("lead", "issuer"):
        page = stage.as_(name)
        page.goto("/desk/")
        page.get_by_role("link", name="Sign the contract").click()
        page.get_by_role("link", name="Sign", exact=True).click()
        save(page, **({"pledge": PLEDGE} if name == "lead" else {}))
    state_is(stage.open("issuer", contract), "in force")


def work(stage: Stage, contract: Contract) -> None:
    """Two milestones reported and checked; what hangs on them falls due."""
    for row in contract.milestones.exclude(kind=Milestone.Kind.FINAL):
        stage.clock.go_to_day(row.due_on - timedelta(days=3))
        lead = stage.open("lead", contract)
        lead.get_by_role("link", name="Report", exact=True).first.click()
        save(lead, report="阶段目标达到")
        issuer = stage.open("issuer", contract)
        issuer.get_by_role("link", name="Check", exact=True).click()
        choose(issuer, "passed")
        save(issuer, finding="现场核查属实")
        pay(stage, contract)
    assert contract.milestones.filter(state="passed").count() == 2


def pay(stage: Stage, contract: Contract) -> None:
    """Whatever is due, by whoever pays."""
    issuer = stage.open("issuer", contract)
    while issuer.get_by_role("link", name="Paid", exact=True).count():
        issuer.get_by_role("link", name="Paid", exact=True).first.click()
        save(issuer, day=stage.clock.today.isoformat(), voucher="演示转账")
        stage.open("issuer", contract)


def accept(stage: Stage, contract: Contract, value: str, word: str, outcome: str) -> None:
    """Asked for, measured, the user's word, decided."""
    lead = stage.open("lead", contract)
    lead.get_by_role("link", name="acceptance").last.click()
    save(lead, report="任务完成，申请验收")
    made = Acceptance.objects.order_by("pk").last()
    assert made is not None
    staff = stage.as_("staff")
    staff.goto(f"/challenges/acceptances/{made.ref}/measure/")
    for commitment in contract.commitments.all():
        for name, text in (("value", value), ("measured_by", "第三方检测中心"), ("how", "盲测集")):
            staff.fill(f'[name="{commitment.ref}-{name}"]', text)
    staff.locator("main form .btn-primary").last.click()
    issuer = stage.as_("issuer")
    issuer.goto(f"/challenges/acceptances/{made.ref}/word/")
    save(issuer, word=word, text="试用一个月后的意见")
    staff.goto(f"/challenges/acceptances/{made.ref}/decide/")
    save(staff, finding="依测评与用户意见")
    state_of = stage.open("lead", contract).locator("#acceptance .milestone-head").first
    expect(state_of).to_contain_text(outcome)


def archive(stage: Stage, challenge: Challenge, folder: Path) -> None:
    """Packed, downloaded, and checked by the command, without the installation that made it."""
    staff = stage.open("staff", challenge, "contracts/")
    confirm(staff, "rchive")
    with staff.expect_download() as waiting:
        staff.get_by_role("link", name="Archive (zip)").click()
    pack, damaged = folder / "archive.zip", folder / "damaged.zip"
    waiting.value.save_as(pack)
    said = verify(pack, folder / "elsewhere")
    assert said.returncode == 0, said.stdout + said.stderr
    damaged.write_bytes(pack.read_bytes().replace(b"index.html", b"index.htmI", 1))
    assert verify(damaged, folder / "elsewhere").returncode != 0


def verify(pack: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [PROGRAM, "log", "verify", pack]
    return subprocess.run(command, env=environment_of(folder), capture_output=True, text=True, check=False)
