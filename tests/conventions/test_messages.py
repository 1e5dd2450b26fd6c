"""The Chinese interface is complete."""

from pathlib import Path

import polib
import pytest

from tools import messages


def test_translations_are_complete() -> None:
    assert messages.problems([]) == []


def test_python_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    text = '_("one")\nngettext("%(n)s firm", "%(n)s firms", n)\npgettext("of a bid", "open")\n'
    path.write_text(text, encoding="utf-8")
    assert [(message.key, message.plural) for message in messages.read_file(path)] == [
        ((None, "one"), ""),
        ((None, "%(n)s firm"), "%(n)s firms"),
        (("of a bid", "open"), ""),
    ]


def test_template_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    path = tmp_path / "a.html"
    path.write_text(
        "<p>it's {% translate 'one' %}\n  {% blocktranslate trimmed %}\n two {{ name }}\n {% endblocktranslate %}</p>\n"
        "{% blocktranslate count n=n %}{{ n }} firm{% plural %}{{ n }} firms{% endblocktranslate %}"
        '{% card title=_("three") %}{% translate "open" context "of a bid" %}',
        encoding="utf-8",
    )
    assert [(message.key, message.plural) for message in messages.read_file(path)] == [
        ((None, "one"), ""),
        ((None, "two %(name)s"), ""),
        ((None, "%(n)s firm"), "%(n)s firms"),
        ((None, "three"), ""),
        (("of a bid", "open"), ""),
    ]


@pytest.mark.parametrize(
    ("translation", "flags", "faults"),
    [
        ("还有 %(days)s 天", [], []),
        ("还有 %(day)s 天", [], ["other placeholders in the translation"]),
        ("", [], ["not translated"]),
        ("还有 %(days)s 天", ["fuzzy"], ["fuzzy"]),
    ],
)
def test_entry_faults_are_named(translation: str, flags: list[str], faults: list[str]) -> None:
    message = messages.Message((None, "%(days)s days left"))
    entry = polib.POEntry(msgid="%(days)s days left", msgstr=translation, flags=flags)
    assert list(messages.faults(entry, message)) == faults


def test_update_keeps_translations() -> None:
    old = polib.POEntry(msgid="firm", msgstr="企业")
    entry = messages.entry_for(messages.Message((None, "firm"), places=["core/models.py"]), old)
    assert (entry.msgstr, entry.occurrences) == ("企业", [("core/models.py", "")])
