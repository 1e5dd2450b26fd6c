"""The log on the command line: exit status, and the JSON that programs rely on."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils.translation import override

from qunxing.cli import app
from qunxing.ledger.actions import change
from qunxing.ledger.checkpoints import SigningKey
from qunxing.ledger.models import LogEntry
from tests import factories

pytestmark = pytest.mark.django_db
CONTRACT = ["ok", "entries", "first_bad", "problems"]


class Said:
    """Runs a command; what it said and with which status it ended."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str | Path) -> tuple[int, str, str]:
        self.capsys.readouterr()
        status = app.run([str(argument) for argument in arguments])
        told = self.capsys.readouterr()
        return status, told.out, told.err


@pytest.fixture
def qunxing(capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(capsys)


@pytest.fixture
def firm() -> Any:
    """An organisation with two versions: entries 0 and 1."""
    made = factories.organization(name="群星公司")
    change(made, actor=None, values={"short_name": "群星"})
    return made


def behind_its_back(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def verdict(qunxing: Said, *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    status, out, _err = qunxing("log", "verify", *arguments, "--json")
    return status, json.loads(out)


# --- verify ---------------------------------------------------------------------------------------------------------


def test_verify_of_a_database_in_order(qunxing: Said, firm: Any) -> None:
    status, found = verdict(qunxing)
    assert (status, found) == (0, {"ok": True, "entries": 2, "first_bad": None, "problems": []})
    assert list(found) == CONTRACT
    assert qunxing("log", "verify") == (0, "校验通过：共 2 条。\n", "")


def test_log_that_was_emptied_is_not_in_order(qunxing: Said, firm: Any) -> None:
    for table in ("ledger_logentry", "ledger_checkpoint", "ledger_loghead"):
        behind_its_back(f"DELETE FROM {table}")
    status, found = verdict(qunxing)
    assert (status, found["ok"], found["entries"]) == (1, False, 0)


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE directory_organization SET short_name = 'x'", 1),
        ("DELETE FROM directory_historicalorganization WHERE revision = 2", 1),
        ("UPDATE directory_historicalorganization SET name = 'x' WHERE revision = 1", 0),
        ("DELETE FROM directory_organization", 1),
        ("UPDATE ledger_logentry SET kind = 'record.deleted' WHERE \"index\" = 0", 0),
        ("UPDATE ledger_logentry SET body = replace(body, 'record', 'recorb') WHERE \"index\" = 0", 0),
        ('DELETE FROM ledger_logentry WHERE "index" = 0', 0),
        ('DELETE FROM ledger_logentry WHERE "index" = 1', 1),
    ],
)
def test_verify_names_what_was_changed_behind_its_back(
    qunxing: Said, firm: Any, statement: str, first_bad: int
) -> None:
    behind_its_back(statement)
    status, found = verdict(qunxing)
    assert (status, found["ok"], found["first_bad"]) == (1, False, first_bad)
    assert set(found["problems"][0]) == {"entry", "subject", "reason"}
    status, out, _err = qunxing("log", "verify")
    assert (status, out.startswith("校验未通过：")) == (1, True)


def test_verify_takes_a_key_kept_elsewhere(qunxing: Said, firm: Any, tmp_path: Path) -> None:
    _status, own, _err = qunxing("log", "key")
    other = str(SigningKey.create(tmp_path / "other.pem", "qunxing").verifier)
    assert verdict(qunxing, "--key", own.strip())[0] == 0
    status, found = verdict(qunxing, "--key", other)
    assert (status, found["ok"]) == (1, False)


@pytest.mark.parametrize("key", ["nonsense", "qunxing+00000000+AAAA", "+"])
def test_verify_refuses_what_is_no_key(qunxing: Said, firm: Any, key: str) -> None:
    status, out, err = qunxing("log", "verify", "--key", key)
    assert (status, out, bool(err.strip())) == (2, "", True)


# --- export and proof -----------------------------------------------------------------------------------------------


def test_exported_log_is_checked_with_no_database(qunxing: Said, firm: Any, tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    status, out, _err = qunxing("log", "export", file)
    assert (status, out) == (0, f"已写入：{file}\n")
    assert verdict(qunxing, file) == (0, {"ok": True, "entries": 2, "first_bad": None, "problems": []})


def test_log_checked_by_its_own_key_says_so(qunxing: Said, firm: Any, tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    qunxing("log", "export", file)
    _status, key, _err = qunxing("log", "key")
    assert "--key" in qunxing("log", "verify", file)[1]
    assert "--key" not in qunxing("log", "verify", file, "--key", key.strip())[1]


def test_export_to_standard_output_is_the_same(qunxing: Said, firm: Any, tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    qunxing("log", "export", file)
    assert qunxing("log", "export")[1] == file.read_text(encoding="utf-8")


def tampered(lines: list[str], how: str) -> list[str]:
    """The exported lines with one entry changed, dropped, or out of place."""
    entries = [number for number, line in enumerate(lines) if '"entry"' in line]
    first, second = entries[:2]
    if how == "changed":
        lines[first] = lines[first].replace("record.created", "record.deleted")
    elif how == "dropped":
        del lines[first]
    elif how == "reordered":
        lines[first], lines[second] = lines[second], lines[first]
    return lines


@pytest.mark.parametrize("how", ["changed", "dropped", "reordered"])
def test_tampered_export_is_found_and_named(qunxing: Said, firm: Any, tmp_path: Path, how: str) -> None:
    file = tmp_path / "log.jsonl"
    qunxing("log", "export", file)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(tampered(lines, how)), encoding="utf-8")
    status, found = verdict(qunxing, file)
    assert (status, found["ok"], found["first_bad"]) == (1, False, 0)


def test_proof_is_checked_with_no_database(qunxing: Said, firm: Any, tmp_path: Path) -> None:
    status, out, _err = qunxing("log", "proof", "1")
    file = tmp_path / "proof.json"
    file.write_text(out, encoding="utf-8")
    assert (status, verdict(qunxing, file)[0]) == (0, 0)
    file.write_text(out.replace("record.changed", "record.deleted"), encoding="utf-8")
    status, found = verdict(qunxing, file)
    assert (status, found["ok"]) == (1, False)


@pytest.mark.parametrize("index", ["2", "99999999999999999999999"])
def test_proof_of_an_entry_that_is_not_there_is_refused(qunxing: Said, firm: Any, index: str) -> None:
    status, out, err = qunxing("log", "proof", index)
    assert (status, out) == (2, "")
    assert f"日志中没有条目 {index}" in err


def test_export_of_an_empty_log_is_refused_and_leaves_no_file(qunxing: Said, tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    status, _out, err = qunxing("log", "export", file)
    assert (status, "日志中还没有条目" in err, file.exists()) == (2, True, False)


@pytest.mark.parametrize("content", ["", "nonsense", "{}", '{"format": "qunxing-log/9"}', "\x00\x01"])
def test_file_that_is_no_log_is_not_in_order_or_refused(qunxing: Said, tmp_path: Path, content: str) -> None:
    file = tmp_path / "file"
    file.write_text(content, encoding="utf-8")
    assert qunxing("log", "verify", file)[0] in {1, 2}


def test_file_that_is_not_there_is_refused(qunxing: Said, tmp_path: Path) -> None:
    status, out, err = qunxing("log", "verify", tmp_path / "nothing")
    assert (status, out, "nothing" in err) == (2, "", True)


def test_export_into_a_folder_that_is_not_there_is_refused(qunxing: Said, firm: Any, tmp_path: Path) -> None:
    status, _out, err = qunxing("log", "export", tmp_path / "no" / "log.jsonl")
    assert (status, bool(err.strip())) == (2, True)


def test_commands_speak_english_where_asked(qunxing: Said, firm: Any) -> None:
    with override("en"):
        assert qunxing("log", "verify")[1] == "In order: 2 entries.\n"


def test_checking_writes_nothing(qunxing: Said, firm: Any) -> None:
    before = LogEntry.objects.count()
    verdict(qunxing)
    qunxing("log", "export")
    assert LogEntry.objects.count() == before
