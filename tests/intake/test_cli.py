"""`qunxing import`: what it prints, what it answers, what it leaves when it is killed."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from qunxing.accounts.models import Kind
from qunxing.cli import app
from qunxing.intake.models import Batch, Proposal, StaffRow
from qunxing.ledger.models import Source
from qunxing.registry.models import Filing
from tests import factories as people
from tests.intake.made import OWNER, algorithm, algorithms, filed, registered, registrations, sheet, traces

GENAI, ALGORITHM = "genai-filings", "algorithm-filings"
SETTINGS = "qunxing.config.settings"


@pytest.fixture
def command(tmp_path, capsys):
    """(exit status, standard output, standard error) of an import of that content."""

    def run(code, content, *options, name="list.csv"):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        status = app.run(["import", code, str(path), *options])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


@pytest.mark.django_db
def test_json_is_the_contract_and_nothing_else(command):
    rows = [filed(1), filed(2, region="北京市", record="Beijing-B-20240101"), filed(3, record="?")]
    status, out, err = command(GENAI, sheet(*rows), "--json")
    report = json.loads(out)
    left = report["for_staff"]
    assert (status, err) == (1, "")
    assert {name: report[name] for name in ("rows", "added", "updated", "unchanged")} == {
        "rows": 3,
        "added": 2,
        "updated": 0,
        "unchanged": 0,
    }
    assert report["rows"] == report["added"] + report["updated"] + report["unchanged"] + len(left)
    assert [(row["row"], row["sheet"]) for row in left] == [(4, "list")]
    assert left[0]["reason"].startswith("“?” does not have the shape of a 备案 or 登记 number")
    assert (report["by_kind"], report["by_region"]) == ({"filed": 2}, {"11": 1, "31": 1})
    assert report["proposals"] == []


@pytest.mark.django_db
def test_proposals_are_in_the_json_and_made_once(command):
    remark = f"主体名称由“{OWNER}”变更为“上海乙智能科技有限公司”"
    content = algorithms(algorithm(1, remark=remark))
    _status, out, _err = command(ALGORITHM, content, "--json")
    assert json.loads(out)["proposals"] == [
        {"kind": "renamed", "old": OWNER, "new": "上海乙智能科技有限公司", "words": remark}
    ]
    _status, out, _err = command(ALGORITHM, content, "--json")
    assert (json.loads(out)["proposals"], Proposal.objects.count()) == ([], 1)


def told_of(answer):
    status, out, err = answer
    return {**json.loads(out), "status": status, "err": err}


@pytest.mark.django_db
def test_dry_run_prints_the_same_and_writes_nothing(command):
    content = sheet(filed(1), filed(2, record="?"))
    before = traces()
    trial = told_of(command(GENAI, content, "--json", "--dry-run"))
    assert (traces(), Batch.objects.count(), Source.objects.count(), StaffRow.objects.count()) == (before, 0, 0, 0)
    done = told_of(command(GENAI, content, "--json"))
    assert (trial.pop("batch"), done.pop("batch")) == ("", Batch.objects.get().ref)
    assert trial == done


@pytest.mark.django_db
def test_second_run_adds_nothing_to_the_log(command):
    content = sheet(filed(1), filed(2))
    command(GENAI, content)
    before = traces()
    status, out, _err = command(GENAI, content, "--json")
    report = json.loads(out)
    assert (status, report["unchanged"], report["added"], report["updated"]) == (0, 2, 0, 0)
    assert traces() == before


@pytest.mark.django_db
def test_what_would_change_is_printed_before_it_changes(command, monkeypatch, capsys):
    from qunxing.intake import actions

    printed = []
    monkeypatch.setattr(
        actions, "apply_file", lambda *_args, **_words: printed.append(capsys.readouterr().out) or 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        command(GENAI, sheet(filed(1)))
    assert "list.csv: 1 rows" in printed[0]


@pytest.mark.django_db
def test_text_counts_by_kind_and_region_and_names_what_is_left(command):
    status, out, _err = command(GENAI, registrations(registered(1), registered(2, day="2023-02-30")))
    assert status == 1
    for line in ("added      1", "Shanghai  1", "row 3 for staff: “2023-02-30”", "Done: batch "):
        assert line in out
    assert "Nothing was changed (dry run)." in command(GENAI, sheet(filed(3)), "--dry-run")[1]


@pytest.mark.django_db
def test_words_of_the_source_can_be_given(command):
    clerk = people.user(Kind.STAFF, username="clerk")
    options = ["--title", "六月名单", "--publisher", "上海网信办", "--day", "2025年6月1日", "--user", "clerk"]
    command(GENAI, sheet(filed(1)), *options)
    source, batch = Source.objects.get(), Batch.objects.get()
    assert (source.title, source.publisher, source.day.isoformat()) == ("六月名单", "上海网信办", "2025-06-01")
    assert (batch.owner, batch.state, Filing.objects.get().history.get().history_user) == (clerk, "applied", clerk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "options", "said"),
    [
        ("no-such-list", [], "There is no list called “no-such-list”. genai-filings, algorithm-filings"),
        (GENAI, ["--day", "2023-02-30"], "there is no day 30"),
        (GENAI, ["--day", "2150-01-01"], "The day lies ahead"),
        (GENAI, ["--user", "nobody"], "There is no account nobody."),
        (GENAI, ["--no-such-option"], "No such option"),
    ],
)
def test_wrong_words_are_refused(command, code, options, said):
    before = traces()
    status, _out, err = command(code, sheet(filed(1)), *options)
    assert (status, said in err, traces(), Batch.objects.count()) == (2, True, before, 0), err


@pytest.mark.django_db
def test_missing_file_is_refused(command):
    status, out, err = command(GENAI, None, "--json", name="missing.csv")
    assert (status, out, "There is no file" in err) == (2, "", True)


@pytest.mark.django_db
def test_folder_is_no_file(command, tmp_path):
    (tmp_path / "folder").mkdir()
    assert command(GENAI, None, name="folder")[0] == 2


# --- as a program of its own -----------------------------------------------------------------------------------------


def program(data, *arguments, **more):
    environment = {**os.environ, "QUNXING_LANG": "en", "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": SETTINGS}
    words = [
        sys.executable,
        "-c",
        "from qunxing.cli import main; main()",
        "--data-dir",
        str(data),
        *map(str, arguments),
    ]
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def done(data, *arguments):
    process = program(data, *arguments)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def is_writing(path):
    """Whether somebody holds the lock of the database."""
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    return False


def test_folder_that_is_not_ready_is_refused(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(sheet(filed(1)))
    status, _out, err = done(tmp_path / "data", "import", GENAI, path)
    assert (status, "Run `qunxing init` first." in err) == (2, True)


def test_killed_while_it_writes_it_leaves_nothing_and_can_be_run_again(tmp_path):
    data, path = tmp_path / "data", tmp_path / "list.csv"
    path.write_bytes(sheet(*(filed(number, owner=f"上海甲{number}智能科技有限公司") for number in range(1_000))))
    assert done(data, "init")[0] == 0
    before = json.loads(done(data, "log", "verify", "--json")[1])["entries"]
    process = program(data, "import", GENAI, path, "--json")
    while not is_writing(data / "qunxing.sqlite3"):
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    audit = json.loads(done(data, "log", "verify", "--json")[1])
    assert (audit["ok"], audit["entries"]) == (True, before)
    status, out, _err = done(data, "import", GENAI, path, "--json")
    assert (status, json.loads(out)["added"]) == (0, 1_000)
    assert json.loads(done(data, "log", "verify", "--json")[1])["ok"]
