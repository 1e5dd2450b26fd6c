"""The groups of a waiting list on the command line: shown, and accepted one by one as on the pages."""

import json

import pytest

from qunxing.accounts.models import Kind
from qunxing.cli import app
from qunxing.intake.models import Batch
from qunxing.registry.models import Filing, FilingStep
from tests import factories as people
from tests.intake.made import DAY, OWNER, filed, sheet, take_in, traces
from tests.intake.reconciling.made import OTHER, live_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def command(capsys, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"

    def run(*arguments):
        status = app.run(list(arguments))
        return status, capsys.readouterr().out

    return run


@pytest.fixture
def waiting(command, tmp_path):
    """The reference of a list that is kept as a preview: one filing of ours, one of others, one that vanished."""
    live_in(people.organization(name=OWNER))
    take_in(tmp_path, sheet(filed(1), filed(2), filed(8)), day=DAY)
    path = tmp_path / "next.csv"
    path.write_bytes(sheet(filed(1), filed(2), filed(3), filed(4, owner=OTHER)))
    before = traces()
    status, out = command("import", "genai-filings", str(path), "--preview", "--json")
    assert (status, traces()) == (0, before)
    return json.loads(out)["batch"]


def counts(out):
    return {code: data["count"] for code, data in json.loads(out)["groups"].items() if data["count"]}


def test_list_is_kept_as_a_preview(waiting):
    batch = Batch.objects.get(ref=waiting)
    assert (batch.state, batch.counts["added"], batch.summary["groups"]["our_new"]["count"]) == ("previewed", 2, 1)


def test_groups_are_shown_and_nothing_is_changed(command, waiting):
    before = traces()
    status, out = command("groups", waiting, "--json")
    assert (status, counts(out)) == (0, {"our_firms": 1, "our_new": 1, "other_new": 1, "vanished": 1})
    assert ("Our firms on it" in command("groups", waiting)[1], traces()) == (True, before)


def test_group_is_accepted_and_the_rest_waits(command, waiting):
    clerk = people.user(Kind.STAFF, username="clerk")
    status, out = command("groups", waiting, "--accept", "our_new", "--user", "clerk", "--json")
    told, made = json.loads(out), Batch.objects.latest("pk")
    assert (status, told["made"], told["counts"]["added"], told["accepted"]) == (
        0,
        made.ref,
        1,
        {"our_new": [made.ref]},
    )
    assert (made.owner, Filing.objects.filter(name="模型3").exists(), counts(out)) == (
        clerk,
        True,
        {"our_firms": 1, "other_new": 1, "vanished": 1},
    )
    assert made.ref in command("groups", waiting)[1]
    assert command("undo", made.ref, "--reason", "接错了")[0] == 0
    assert counts(command("groups", waiting, "--json")[1])["our_new"] == 1


def test_vanished_filings_are_withdrawn_but_for_those_left(command, waiting):
    assert command("groups", waiting, "--accept", "vanished", "--way", "withdrawn")[0] == 2
    gone = Filing.objects.get(name="模型8")
    words = ("--accept", "vanished", "--way", "withdrawn", "--reason", "公告已注销")
    assert command("groups", waiting, *words, "--leave", gone.ref)[0] == 2
    assert (command("groups", waiting, *words)[0], FilingStep.objects.get().note) == (0, "公告已注销")


@pytest.mark.parametrize(
    "words",
    [
        ("no-such-batch",),
        ("{batch}", "--accept", "no-such-group"),
        ("{batch}", "--accept", "vanished", "--way", "burn", "--reason", "x"),
        ("{batch}", "--accept", "our_new", "--user", "nobody"),
        ("{batch}", "--accept", "changed"),
    ],
    ids=["no batch", "no group", "no way", "no account", "nothing in it"],
)
def test_odd_words_are_refused(command, waiting, words):
    before = traces()
    assert (command("groups", *(word.format(batch=waiting) for word in words))[0], traces()) == (2, before)


def test_list_that_no_longer_waits_is_refused(command, waiting):
    Batch.objects.filter(ref=waiting).update(state=Batch.State.DROPPED)
    assert command("groups", waiting)[0] == 2
    assert command("groups", waiting, "--accept", "our_new")[0] == 2
