"""Keeps the translation catalogs of the apps in step with their sources, without the gettext programs.

update [APP …]   writes the msgids of each app into its own catalog, keeps translations, drops what is no longer used
check [APP …]    lists what is missing, fuzzy, unused, repeated, at odds or has other placeholders; exit status 1 if any
compile          writes the .mo files that a running program reads

A msgid stands once, in the lowest app of the ladder (pyproject.toml, tool.importlinter) that uses it.
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import allauth
import django
import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "qunxing"
CATALOG = Path("locale", "zh_Hans", "LC_MESSAGES", "django.po")
METADATA = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "Plural-Forms": "nplurals=1; plural=0;",
}
PLAIN, PLURAL, CONTEXT, CONTEXT_PLURAL = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"], PLAIN),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], PLURAL),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], CONTEXT),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], CONTEXT_PLURAL),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|(?<!%)%[sd]|\{\w*\}")

Key = tuple[str | None, str]


@dataclass
class Message:
    """A string to translate, with the files of its app that use it."""

    key: Key
    plural: str = ""
    places: list[str] = field(default_factory=list)


Messages = dict[Key, Message]


# --- the house ------------------------------------------------------------------------------------------------------


def ladder() -> list[list[str]]:
    """The apps, lowest floor first."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    floors = [re.findall(r"\w+", line) for line in reversed(tools["importlinter"]["contracts"][0]["layers"])]
    return [present for floor in floors if (present := [app for app in floor if (SOURCE / app).is_dir()])]


def sources(app: str) -> Iterator[Path]:
    """The files of the app in which strings to translate may stand."""
    yield from sorted(path for path in (SOURCE / app).rglob("*.py") if "migrations" not in path.parts)
    yield from sorted((SOURCE / app / "templates").rglob("*.*"))


def catalog_path(app: str) -> Path:
    """Where the catalog of the app stands."""
    return SOURCE / app / CATALOG


def key_of(entry: polib.POEntry) -> Key:
    """What tells one entry from another."""
    return (entry.msgctxt, entry.msgid)


def catalog(app: str) -> dict[Key, polib.POEntry]:
    """The entries that the app's catalog holds now."""
    path = catalog_path(app)
    return {key_of(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}


def borrowed() -> set[Key]:
    """What Django and allauth translate themselves, so that we need not."""
    folders = [Path(package.__path__[0]) for package in (django, allauth)]
    names = ["conf", "contrib/auth", "contrib/humanize", "."]
    found = (folder / name / CATALOG for folder in folders for name in names)
    return {key_of(entry) for path in found if path.exists() for entry in polib.pofile(str(path)) if entry.translated()}


# --- reading the sources --------------------------------------------------------------------------------------------


def python_text(path: Path) -> bytes:
    """The file as Python: templates are turned into calls of gettext, line by line."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text.encode()
    lines = templatize(text, origin=str(path.relative_to(ROOT))).splitlines()
    return "\n".join(line.strip() for line in lines).encode()


def read_file(path: Path) -> Iterator[Message]:
    """The strings to translate of one file, in order."""
    found = extract("python", BytesIO(python_text(path)), keywords=KEYWORDS, options={"encoding": "utf-8"})
    for _line, texts, _comments, context in found:
        singular, plural = (texts[0], texts[1]) if isinstance(texts, tuple) else (texts, "")
        yield Message((context, singular), plural)


def read_app(app: str) -> Messages:
    """The strings to translate of one app."""
    messages: Messages = {}
    for path in sources(app):
        place = path.relative_to(SOURCE).as_posix()
        for found in read_file(path):
            message = messages.setdefault(found.key, found)
            message.plural = message.plural or found.plural
            if place not in message.places:
                message.places.append(place)
    return messages


def read_house() -> dict[str, Messages]:
    """What each app has to translate itself: what it uses and no app on a lower floor does."""
    house: dict[str, Messages] = {}
    below: set[Key] = set()
    for floor in ladder():
        used = {app: read_app(app) for app in floor}
        for app, messages in used.items():
            house[app] = {key: message for key, message in messages.items() if key not in below}
        below.update(key for messages in used.values() for key in messages)
    return house


# --- update ---------------------------------------------------------------------------------------------------------


def update(apps: list[str]) -> int:
    """Write the catalogs of the apps, or of all of them."""
    house = read_house()
    known = {key: entry for app in house for key, entry in catalog(app).items() if entry.translated()}
    theirs = borrowed()
    for app in apps or house:
        own = catalog(app)
        wanted = [message for key, message in house[app].items() if key in own or key not in theirs]
        write_catalog(app, [entry_for(message, own.get(message.key) or known.get(message.key)) for message in wanted])
    return 0


def entry_for(message: Message, old: polib.POEntry | None) -> polib.POEntry:
    """The entry for the message, with the old one's translation and remark where they still fit."""
    entry = polib.POEntry(msgctxt=message.key[0], msgid=message.key[1], occurrences=[(p, "") for p in message.places])
    entry.tcomment = old.tcomment if old else ""
    entry.flags = list(old.flags) if old else []
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {0: (old.msgstr_plural.get(0) or old.msgstr) if old else ""}
    else:
        entry.msgstr = (old.msgstr or old.msgstr_plural.get(0, "")) if old else ""
    return entry


def write_catalog(app: str, entries: list[polib.POEntry]) -> None:
    """Write the catalog; an app with nothing to translate has none."""
    path = catalog_path(app)
    if not entries:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    file = polib.POFile(wrapwidth=0)
    file.metadata = METADATA
    file.extend(entries)
    file.save(str(path), newline="\n")
    missing = sum(not entry.translated() for entry in entries)
    print(f"{app}: {len(entries)} entries, {missing} to translate")


# --- check ----------------------------------------------------------------------------------------------------------


def problems(apps: list[str]) -> list[str]:
    """Everything that is wrong with the catalogs of the apps, or of all of them, one line each."""
    house = read_house()
    theirs = borrowed()
    return [
        *(line for app in apps or house for line in app_problems(app, house[app], theirs)),
        *at_odds(list(house)),
    ]


def app_problems(app: str, messages: Messages, theirs: set[Key]) -> Iterator[str]:
    """What is wrong with the catalog of one app."""
    entries = catalog(app)
    for key, message in messages.items():
        if key not in entries and key not in theirs:
            yield f"{app}: missing: {key[1]!r} ({message.places[0]})"
    for key, entry in entries.items():
        if key not in messages:
            yield f"{app}: unused here, or translated in an app below: {key[1]!r}"
        else:
            yield from (f"{app}: {fault}: {key[1]!r}" for fault in faults(entry, messages[key]))


def faults(entry: polib.POEntry, message: Message) -> Iterator[str]:
    """What is wrong with one entry."""
    translations = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if entry.msgid_plural != message.plural:
        yield "other plural than in the source"
    elif entry.fuzzy:
        yield "fuzzy"
    elif len(translations) != 1 or not translations[0]:
        yield "not translated"
    elif placeholders(translations[0]) != placeholders(entry.msgid_plural or entry.msgid):
        yield "other placeholders in the translation"


def placeholders(text: str) -> list[str]:
    """The places that a program fills in, in no order of theirs."""
    return sorted(set(PLACEHOLDER.findall(text)))


def at_odds(apps: list[str]) -> Iterator[str]:
    """The msgids that two apps translate differently; only one of the two would ever be shown."""
    first: dict[Key, tuple[str, polib.POEntry]] = {}
    for app in apps:
        for key, entry in catalog(app).items():
            other, kept = first.setdefault(key, (app, entry))
            if (kept.msgstr, kept.msgstr_plural) != (entry.msgstr, entry.msgstr_plural):
                yield f"{app}: translated otherwise than in {other} (give one a context): {key[1]!r}"


def check(apps: list[str]) -> int:
    """Print what is wrong; 1 if anything is."""
    found = problems(apps)
    print("\n".join(found) if found else "messages: complete")
    return 1 if found else 0


# --- compile --------------------------------------------------------------------------------------------------------


def compile_all() -> int:
    """Write a .mo file beside every catalog."""
    paths = sorted(SOURCE.glob(f"*/{CATALOG}"))
    for path in paths:
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    print(f"messages: {len(paths)} catalogs compiled")
    return 0


def main(arguments: list[str]) -> int:
    """Run the command that is named; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("update", "check"):
        commands.add_parser(name).add_argument("apps", nargs="*", metavar="APP")
    commands.add_parser("compile")
    options = parser.parse_args(arguments)
    if options.command == "update":
        return update(options.apps)
    return check(options.apps) if options.command == "check" else compile_all()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
