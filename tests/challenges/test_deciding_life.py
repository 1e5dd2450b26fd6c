"""A challenge from the opened bids to the acceptance and the last payment."""

import json
from datetime import date, timedelta
from hashlib import sha256
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import AnonymousUser

from qunxing.challenges.actions import accepting, archiving, awarding, checking, contracting, paying
from qunxing.challenges.actions.common import tell
from qunxing.challenges.archive import packing
from qunxing.challenges.models import Challenge, Payment
from qunxing.challenges.queries.funnel import funnel_of, results_of
from qunxing.challenges.states.bid import BidState
from qunxing.challenges.states.challenge import ChallengeState
from qunxing.challenges.states.contract import ContractState
from qunxing.core.errors import Refused
from qunxing.ledger.audit import audit_database
from qunxing.ledger.packs import PACK_ENTRY, verify_pack
from tests.challenges import deciders, rows

pytestmark = pytest.mark.django_db


def test_challenge_from_opened_bids_to_the_last_payment():
    contract = deciders.worked(deciders.signed(3))
    challenge = contract.challenge
    assert [bid.state for bid in challenge.bids.order_by("pk")] == [BidState.AWARDED, BidState.LOST, BidState.LOST]
    made = deciders.asked(contract)
    accepting.decide(made, actor=deciders.staff(), day=contract.ends_on, finding="指标全部达到")
    contract.refresh_from_db()
    challenge.refresh_from_db()
    assert (contract.state, challenge.state, challenge.outcome) == (
        ContractState.COMPLETED,
        ChallengeState.ACCEPTED,
        ChallengeState.ACCEPTED,
    )
    for payment in Payment.objects.filter(contract=contract):
        paying.pay(payment, actor=deciders.staff(), day=contract.ends_on, voucher="转账001")
    assert sum(contract.payments.values_list("amount", flat=True)) == contract.grant
    assert audit_database().findings == ()


def test_award_waits_for_the_notice_to_pass():
    challenge, notice = deciders.noticed()
    with pytest.raises(Refused):
        awarding.confirm_award(challenge, actor=deciders.staff(), day=notice.last_day)
    awarding.confirm_award(challenge, actor=deciders.staff(), day=notice.last_day + timedelta(days=1))
    assert challenge.state == ChallengeState.AWARDED
    assert notice.last_day == date(2026, 4, 17)


def test_archive_is_checked_with_no_database(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    challenge, _notice = deciders.noticed()
    awarding.confirm_award(challenge, actor=deciders.staff(), day=date(2026, 5, 1))
    contract = challenge.contracts.get()
    contracting.void(contract, actor=deciders.staff(), day=date(2026, 5, 2), reason="拒签", bad_record=True)
    awarding.end_without_award(challenge, actor=deciders.staff(), day=date(2026, 5, 3), reason="无人递补")
    made = archiving.archive(challenge, actor=deciders.staff(), day=date(2026, 5, 4))
    path = archiving.archived_file(challenge, actor=deciders.staff(), day=date(2026, 5, 4))
    verdict = verify_pack(path)
    assert verdict.problems == ()
    assert verdict.proven > 50
    assert made.files > 50
    with ZipFile(path) as pack:
        names = pack.namelist()
        assert f"documents/{contract.number}-commitment.docx" in names
        assert not any("objector" in name or "panels.expert" in name for name in names)


@pytest.fixture
def pack(tmp_path, settings):
    """The archive of a challenge that ended without an award, unpacked."""
    settings.MEDIA_ROOT = tmp_path / "files"
    challenge = rows.challenge("no_award", outcome="no_award")
    archiving.archive(challenge, actor=None, day=date(2026, 5, 4))
    with ZipFile(archiving.archived_file(challenge, actor=None, day=date(2026, 5, 4))) as found:
        return {name: found.read(name) for name in found.namelist()}


def test_pack_is_sealed_by_the_entry_that_names_it_whoever_sealed_since(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    challenge = rows.challenge("no_award", outcome="no_award")
    files = packing.files_of(challenge, day=date(2026, 5, 4))
    manifest = packing.manifest_for(challenge, files)
    for digest in (sha256(manifest).hexdigest(), "0" * 64):
        tell(PACK_ENTRY, challenge, {"manifest": digest, "files": len(files)})
    assert verify_pack(packing.write(challenge, files, manifest)).problems == ()


def test_archive_names_itself_as_it_is_handed_out(pack):
    number = json.loads(pack["manifest.json"])["subject"][1]
    assert f"log verify {Challenge.objects.get(ref=number).number}.zip" in pack["index.html"].decode()


def verdict_of(files, tmp_path):
    path = tmp_path / "pack.zip"
    with ZipFile(path, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return {problem.kind.value for problem in verify_pack(path).problems}


def test_tampering_with_an_archive_is_named(pack, tmp_path):
    record = next(name for name in pack if name.startswith("records/challenges.challenge/"))
    proof = next(name for name in pack if name.startswith("log/"))
    manifest = json.loads(pack["manifest.json"])
    assert verdict_of(pack, tmp_path) == set()
    assert "file" in verdict_of(pack | {"index.html": b"else"}, tmp_path)
    assert "file" in verdict_of(pack | {"more.txt": b"more"}, tmp_path)
    assert "file" in verdict_of({name: data for name, data in pack.items() if name != "rules.json"}, tmp_path)
    assert "record" in verdict_of(pack | {record: pack[record].replace(b"no_award", b"accepted")}, tmp_path)
    assert verdict_of(pack | {proof: b"{}"}, tmp_path) >= {"file", "format"}
    assert "entry" in verdict_of(pack | {"manifest.json": json.dumps(manifest).encode()}, tmp_path)
    assert verdict_of({"seal.json": b"{}", "manifest.json": b"[]"}, tmp_path) == {"format"}


def test_what_is_no_zip_is_refused_in_words(tmp_path):
    path = tmp_path / "broken.zip"
    path.write_bytes(b"PK\x03\x04 and nothing more")
    assert [problem.kind.value for problem in verify_pack(path).problems] == ["format"]


def test_another_panel_takes_the_place_of_one_that_fell_apart(client):
    challenge = deciders.in_review()
    old = challenge.rounds.get().panel
    client.force_login(deciders.staff())
    page = f"/challenges/entries/{challenge.ref}/review/"
    assert "凑不齐人".encode() not in client.get(page).content
    assert client.post(f"{page}panel/", {"reason": ""}).status_code == 422
    assert client.post(f"{page}panel/", {"reason": "凑不齐人"}).status_code == 302
    old.refresh_from_db()
    rounds = list(challenge.rounds.order_by("number").values_list("number", "superseded"))
    assert (old.state, rounds) == ("dissolved", [(1, True), (2, False)])
    assert challenge.rounds.get(superseded=False).items.count() == challenge.bids.filter(state="admitted").count()


def test_point_settled_twice_in_the_same_words_stands():
    challenge, actor = deciders.opened(1), deciders.staff()
    check = checking.check(challenge.bids.get(), actor=actor, day=deciders.DAY)
    code = check.points[0]["code"]
    first = checking.judge(check, actor=actor, code=code, state="fail", detail="缺章")
    again = checking.judge(check, actor=actor, code=code, state="fail", detail="缺章")
    assert again.points == first.points
    with pytest.raises(Refused) as refused:
        checking.judge(check, actor=actor, code="nothing", state="fail", detail="缺章")
    assert refused.value.status == 404


def test_verdict_looks_at_the_points_as_they_are_now():
    challenge, actor = deciders.opened(1), deciders.staff()
    stale = checking.check(challenge.bids.get(), actor=actor, day=deciders.DAY)
    for point in stale.points:
        checking.judge(stale, actor=actor, code=point["code"], state="pass", detail="已核实")
    current = checking.judge(stale, actor=actor, code=stale.points[0]["code"], state="fail", detail="缺章")
    for one in stale.points:
        one["state"] = "pass"
    with pytest.raises(Refused):
        checking.decide_check(stale, actor=actor, day=deciders.DAY, verdict="admit")
    assert (
        checking.decide_check(current, actor=actor, day=deciders.DAY, verdict="refuse", reason="缺章").verdict
        == "refuse"
    )


def test_award_that_is_not_signed_yet_names_its_winner_in_public():
    challenge, contract = deciders.awarded()
    found = {result.challenge.pk: result for result in results_of(AnonymousUser())}
    assert str(contract.organization) in found[challenge.pk].winners


def test_funnel_counts_signed_contracts_of_contractors_the_reader_may_see():
    draft = deciders.awarded()[1]
    contract = deciders.signed()
    everything, public = funnel_of(deciders.staff()), funnel_of(AnonymousUser())
    assert (everything.contracts, everything.granted) == (1, contract.grant)
    assert draft.grant > 0
    contract.organization.visibility = "internal"
    contract.organization.save()
    hidden = funnel_of(AnonymousUser())
    assert (public.contracts, hidden.contracts, hidden.granted, hidden.paid) == (1, 0, 0, 0)
    assert funnel_of(deciders.staff()).granted == contract.grant
