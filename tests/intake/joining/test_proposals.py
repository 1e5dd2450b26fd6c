"""Short names that wait for a person: kept once, accepted as a batch that is undone, dismissed for good."""

import json

import pytest
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.cli import app
from qunxing.core.errors import IllegalTransition, Refused
from qunxing.directory.models import OrganizationName
from qunxing.intake import actions
from qunxing.intake.joining import proposals
from qunxing.intake.joining.aliases import Short
from qunxing.intake.joining.jobs import SHORT_NAMES
from qunxing.intake.joining.proposals import accept_proposals, dismiss_proposals, keep_proposals
from qunxing.intake.models import AliasProposal, Batch
from qunxing.ledger.jobs import run_job
from qunxing.ledger.models import Job
from tests import factories as people

pytestmark = pytest.mark.django_db
FULL, SHORTS = "上海星澜智能科技有限公司", [Short("星澜智能", "上海"), Short("星澜", "上海"), Short("某某某")]


@pytest.fixture
def firm():
    return people.organization(name=FULL, division="310104")


@pytest.fixture
def kept(firm):
    """The references of the proposals, the likeliest first."""
    keep_proposals(SHORTS, actor=None)
    return list(AliasProposal.objects.order_by("-score").values_list("ref", flat=True))


def states():
    return dict(AliasProposal.objects.values_list("short", "state"))


def borne():
    return set(OrganizationName.objects.values_list("text", flat=True))


def test_proposals_are_kept_once_with_score_and_signs(firm):
    assert keep_proposals(SHORTS, actor=None) == {"names": 3, "borne": 0, "nobody": 1, "kept": 2}
    assert keep_proposals(SHORTS, actor=None)["kept"] == 0
    first = AliasProposal.objects.order_by("-score").first()
    assert (first.short, first.organization, first.score) == ("星澜智能", firm, 1000)
    assert first.signs == ["whole", "place", "unique"]


def test_accepted_ones_are_a_batch_and_open_again_once_undone(kept):
    staff = people.user(Kind.STAFF)
    made = accept_proposals(kept[:1], actor=staff, reason="公开名单的简称\x00")
    assert (made.kind, made.reason, borne()) == (Batch.Kind.ALIAS, "公开名单的简称", {"星澜智能"})
    assert states() == {"星澜智能": "accepted", "星澜": "open"}
    undoing = actions.undo_batch(made, actor=staff, reason="认错了")
    assert (borne(), states()["星澜智能"]) == (set(), "open")
    actions.undo_batch(undoing, actor=staff, reason="没认错")
    assert (borne(), states()["星澜智能"]) == ({"星澜智能"}, "accepted")


def test_dismissed_ones_are_remembered(kept):
    dismiss_proposals(kept, actor=None, note="不是")
    assert keep_proposals(SHORTS, actor=None)["kept"] == 0
    assert set(states().values()) == {"dismissed"}


def test_settled_ones_unknown_ones_and_none_are_refused(kept):
    with pytest.raises(Refused):
        accept_proposals(kept, actor=None, reason=" ")
    with pytest.raises(Refused):
        dismiss_proposals([], actor=None, note="")
    dismiss_proposals(kept[:1], actor=None, note="")
    for refs in (kept, ["no\x00ne"]):
        with pytest.raises(IllegalTransition):
            accept_proposals(refs, actor=None, reason="x")
    assert (borne(), states()) == (set(), {"星澜智能": "dismissed", "星澜": "open"})


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def staff(client):
    member = people.user(Kind.STAFF)
    client.force_login(member)
    return member


def test_page_shows_who_is_meant_and_takes_names_over(client, staff, kept):
    page = client.get(reverse("intake:short-names")).content.decode()
    assert ("星澜智能" in page, FULL in page, "含完整字号" in page) == (True, True, True)
    answer = client.post(
        reverse("intake:short-names-settle"), {"what": "accept", "name": kept[:1], "reason": "公开名单的简称"}
    )
    made = Batch.objects.get()
    assert (answer.status_code, answer.url) == (302, made.get_absolute_url())
    assert client.get(made.get_absolute_url()).status_code == 200
    page = client.get(reverse("intake:short-names"), {"state": "accepted"}).content.decode()
    assert made.get_absolute_url() in page


def test_page_dismisses_and_searches(client, staff, kept):
    client.post(reverse("intake:short-names-settle"), {"what": "dismiss", "name": kept[:1], "reason": ""})
    assert states()["星澜智能"] == "dismissed"
    for words, found in (("星澜", True), ("没有的", False), ("\x00", True)):
        page = client.get(reverse("intake:short-names"), {"q": words}).content.decode()
        assert (kept[1] in page) is found


@pytest.mark.parametrize("data", [{}, {"what": "accept"}, {"what": "odd"}], ids=["empty", "bare", "odd"])
def test_odd_posts_change_nothing(client, staff, kept, data):
    assert client.post(reverse("intake:short-names-settle"), data).status_code == 422
    assert client.post(reverse("intake:short-names-settle"), data | {"name": kept}).status_code == 422
    assert set(states().values()) == {"open"}


def test_names_written_on_the_page_are_proposed_by_a_job(client, staff, firm):
    answer = client.post(reverse("intake:short-names-propose"), {"names": "星澜智能，上海\n\n 星澜\t上海\n\x00"})
    job = Job.objects.get(kind=SHORT_NAMES)
    assert (answer.status_code, job.arguments["shorts"]) == (302, [["星澜智能", "上海"], ["星澜", "上海"]])
    run_job.func(job.pk)
    assert set(states()) == {"星澜智能", "星澜"}


@pytest.mark.parametrize("names", ["", " \n，", "星\n" * 2_001], ids=["empty", "marks", "many"])
def test_no_names_or_too_many_are_refused(client, staff, names):
    assert client.post(reverse("intake:short-names-propose"), {"names": names}).status_code == 422


# --- the command line -------------------------------------------------------------------------------------------------


def test_command_keeps_what_people_have_to_look_at(firm, tmp_path, capsys):
    path = tmp_path / "names.csv"
    path.write_text("公司,省市\n星澜智能,上海\n星澜,上海\n", encoding="utf-8")
    assert app.run(["aliases", str(path), "--keep", "--accept", "--reason", "x", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["kept"] == 1
    assert (borne(), states()) == ({"星澜智能"}, {"星澜": "open"})


def test_what_somebody_proposes_at_the_same_moment_is_kept_once(monkeypatch, kept):
    monkeypatch.setattr(proposals, "unknown", list)  # as if those of the other were not there yet
    keep_proposals(SHORTS, actor=None)
    assert AliasProposal.objects.count() == len(kept)
