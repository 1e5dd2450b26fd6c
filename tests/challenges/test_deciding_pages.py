"""The pages after the opening: what each shows, that steps are taken by them, and that nothing typed is lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qunxing.challenges.actions import noticing
from qunxing.challenges.models import Contract, Objection
from tests import factories as people
from tests.challenges import deciders

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff(db):
    return signed_in(deciders.staff())


def page(client, name, *args, status=200):
    answer = client.get(reverse(f"challenges:{name}", args=args))
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def post(client, step, *args, **data):
    return client.post(reverse(f"challenges:{step}", args=args), data, follow=True)


def test_check_is_run_settled_and_decided_by_the_pages(staff):
    challenge = deciders.opened(2)
    assert "尚未审查" in page(staff, "check-list", challenge.ref)
    assert post(staff, "check-run", challenge.ref).status_code == 200
    bid = challenge.bids.first()
    text = page(staff, "check-detail", bid.ref)
    assert bid.organization.name in text
    answer = post(staff, "check-judge", bid.ref, code="whole", state="fail", detail="盖章页缺失")
    assert "盖章页缺失" in answer.content.decode()
    post(staff, "check-decide", bid.ref, "refuse", reason="盖章页缺失")
    post(staff, "check-admit", challenge.ref)
    assert sorted(challenge.bids.values_list("state", flat=True)) == ["admitted", "refused"]


def test_review_award_and_notice_by_the_pages(staff):
    challenge = deciders.checked(2)
    post(staff, "review-begin", challenge.ref)
    deciders.scored(challenge)
    assert "001" in page(staff, "review", challenge.ref)
    assert post(staff, "propose", challenge.ref, winners="1", reason="").status_code == 200
    text = page(staff, "award", challenge.ref)
    assert "interval" in text
    post(staff, "notice-give", challenge.ref, text="特此公示")
    notice = challenge.notices.get()
    public = page(Client(), "notice-detail", notice.ref)
    assert "特此公示" in public
    assert "王**" in public
    assert "王小明" not in public
    assert page(Client(), "notice-list")
    assert Client().get(reverse("challenges:notice-word", args=[notice.ref])).status_code == 200


def test_objection_by_the_page_of_a_notice(staff, monkeypatch):
    _challenge, notice = deciders.noticed()
    monkeypatch.setattr("qunxing.challenges.views.notices.today", lambda: notice.first_day)
    monkeypatch.setattr("qunxing.challenges.clock.now", lambda: deciders.moment(notice.first_day))
    stranger = Client()
    words = {"name": "匿名", "employer": "某单位", "phone": "021", "grounds": "评审专家与中标方同校"}
    refused = post(stranger, "notice-object", notice.ref, **words)
    assert refused.status_code == 422
    assert "评审专家与中标方同校" in refused.content.decode()
    taken = post(stranger, "notice-object", notice.ref, **(words | {"name": "赵钱孙"}))
    assert taken.status_code == 200
    objection = Objection.objects.get()
    text = page(staff, "objection-detail", objection.ref)
    assert "赵钱孙" in text
    officer = page(signed_in(people.user("officer")), "objection-detail", objection.ref)
    assert "赵钱孙" not in officer
    assert "某单位" not in officer
    post(staff, "objection-answer", objection.ref, upheld="yes", reply="经核实属实")
    notice.refresh_from_db()
    assert notice.state == "suspended"


def test_contract_is_planned_signed_and_delivered_by_the_pages(staff):
    _challenge, contract = deciders.awarded()
    contractor, issuer = (signed_in(user) for user in deciders.signers(contract))
    for client in (staff, contractor, issuer):
        assert contract.number in page(client, "contract-detail", contract.ref)
    assert page(staff, "contract-plan", contract.ref)
    assert page(staff, "contract-edit", contract.ref)
    assert page(contractor, "contract-sign", contract.ref)
    post(contractor, "contract-sign", contract.ref, pledge="确保完成")
    post(issuer, "contract-sign", contract.ref)
    contract.refresh_from_db()
    assert contract.state == "in_force"
    first = contract.milestones.first()
    post(contractor, "milestone-report", first.ref, report="已完成中期目标")
    assert "已完成中期目标" in page(issuer, "milestone-check", first.ref)
    post(issuer, "milestone-check", first.ref, passed="yes", finding="")
    post(contractor, "acceptance-ask", contract.ref, report="全部完成")
    made = contract.acceptances.get()
    target = contract.commitments.get()
    cells = {f"{target.ref}-value": "97", f"{target.ref}-measured_by": "第三方", f"{target.ref}-how": "盲测"}
    post(staff, "acceptance-measure", made.ref, **cells)
    post(issuer, "acceptance-say", made.ref, word="accepts", text="好用")
    assert page(staff, "acceptance-decide", made.ref)
    post(staff, "acceptance-decide", made.ref, finding="达到")
    contract.refresh_from_db()
    assert contract.state == "completed"
    payment = contract.payments.order_by("position").first()
    day = (payment.due_on + timedelta(days=1)).isoformat()
    post(staff, "payment-pay", payment.ref, day=day, voucher="T-1")
    payment.refresh_from_db()
    assert payment.state == "paid"
    for paper in ("contract", "commitment"):
        assert contractor.get(reverse("challenges:contract-word", args=[contract.ref, paper])).status_code == 200
    assert contractor.get(reverse("challenges:acceptance-word", args=[made.ref])).status_code == 200
    for name in ("contract-list", "payment-list"):
        assert contract.number in page(contractor, name)
    assert Contract.objects.count() == 1


def test_plan_that_does_not_add_up_is_refused_and_kept_on_the_page(staff):
    _challenge, contract = deciders.awarded()
    stops = list(contract.milestones.all())
    data = {"stops-TOTAL_FORMS": "2", "stops-INITIAL_FORMS": "0", "on_signing": "1"}
    for number, row in enumerate(stops):
        data |= {
            f"stops-{number}-kind": row.kind,
            f"stops-{number}-name": f"节点{number}",
            f"stops-{number}-due_on": row.due_on.isoformat(),
            f"stops-{number}-amount": "100",
        }
    answer = post(staff, "contract-plan", contract.ref, **data)
    assert answer.status_code == 422
    assert "节点1" in answer.content.decode()
    assert "201" in answer.content.decode()


def test_end_change_and_difficulty_by_the_pages(staff):
    contract = deciders.signed()
    contractor, issuer = (signed_in(user) for user in deciders.signers(contract))
    post(contractor, "difficulty-create", contract.ref, text="数据迟迟未到", done="已发函三次")
    end = contract.ends_on + timedelta(days=60)
    asked = post(
        contractor, "change-create", contract.ref, kind="extension", new_end=end.isoformat(), grounds="数据晚到"
    )
    assert asked.status_code == 200
    row = contract.changes.get()
    post(issuer, "change-agree", row.ref)
    assert page(staff, "change-decide", row.ref)
    post(staff, "change-decide", row.ref, approved="yes", finding="")
    contract.refresh_from_db()
    assert contract.ends_on == end
    post(contractor, "termination-ask", contract.ref, grounds="数据无法取得", diligent="on")
    made = contract.terminations.get()
    assert "数据无法取得" in page(staff, "termination-decide", made.ref)
    post(staff, "termination-decide", made.ref, outcome="exempt", returned="0", finding="已尽职")
    contract.refresh_from_db()
    assert contract.state == "terminated"
    assert "尽职免责" in page(contractor, "contract-detail", contract.ref)


def test_archive_is_made_and_read_by_the_pages(staff, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    challenge = deciders.reviewed()
    post(staff, "award-none", challenge.ref, reason="均未达到要求")
    assert post(staff, "archive-make", challenge.ref).status_code == 200
    answer = staff.get(reverse("challenges:archive-file", args=[challenge.ref]))
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert "zip" in page(staff, "contracts", challenge.ref)
    assert post(staff, "list-conclude", challenge.board.ref).status_code == 200


def test_bad_records_are_kept_and_lifted_by_the_pages(staff):
    firm = people.organization()
    answer = post(
        staff, "badrecord-create", organization=firm.name, kind="false", since="2026-01-05", reason="提交虚假检测报告"
    )
    assert answer.status_code == 200, answer.content.decode()[:2000]
    row = firm.bad_records.get()
    assert firm.name in page(staff, "badrecord-list")
    post(staff, "badrecord-lift", row.ref, reason="已整改")
    row.refresh_from_db()
    assert row.lifted_why == "已整改"


def test_suspended_notice_goes_on_by_the_page(staff):
    _challenge, notice = deciders.noticed()
    noticing.suspend_notice(notice, actor=None, day=notice.first_day, reason="核查")
    post(staff, "notice-move", notice.ref, "resume", reason="核查完毕")
    notice.refresh_from_db()
    assert notice.state == "running"
