"""Zips of answers, read in memory member by member; sizes are counted, not believed. No Django in here."""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from qunxing.races.scoring.values import Fault, Limits, Unreadable, Wrong

KINDS = (".csv", ".jsonl", ".txt")
BESIDE = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$)")  # what systems put in by themselves
STEP = 1 << 20
SMALL = 10_000_000  # bytes up to which a zip may unpack whatever its ratio


def members_of(stream: BinaryIO, size: int, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """The files of answers inside, name and content; Unreadable at the first thing that does not belong."""
    try:
        with zipfile.ZipFile(stream) as archive:
            infos = wanted(archive, limits)
            budget = min(limits.text_bytes, max(SMALL, limits.ratio * size))
            for info in infos:
                content = content_of(archive, info, budget)
                budget -= len(content)
                yield info.filename, content
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise Unreadable(Fault(Wrong.BAD_ZIP, found=str(error)[:60])) from error


def wanted(archive: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    """The members that are files of answers, once all members are looked at."""
    infos = archive.infolist()
    if len(infos) > limits.members:
        raise Unreadable(Fault(Wrong.MANY_MEMBERS, found=str(len(infos)), expected=str(limits.members)))
    names = {info.filename for info in infos}
    if "[Content_Types].xml" in names:
        raise Unreadable(Fault(Wrong.SPREADSHEET, expected=".csv, .jsonl"))
    if len(names) < len(infos):
        twice = [info.filename for info in infos]
        raise Unreadable(Fault(Wrong.DOUBLE_MEMBER, member=next(one for one in twice if twice.count(one) > 1)))
    for info in infos:
        refuse(info)
    found = [info for info in infos if not info.is_dir() and not BESIDE.search(info.filename)]
    if not found:
        raise Unreadable(Fault(Wrong.NO_ANSWERS, expected=", ".join(KINDS)))
    return found


def refuse(info: zipfile.ZipInfo) -> None:
    """Unreadable for a member that must not be there."""
    name = info.filename
    wrong = None
    if leads_out(name) or leads_out(info.orig_filename):
        wrong = Wrong.PATH
    elif stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        wrong = Wrong.LINK
    elif info.flag_bits & 0x1:
        wrong = Wrong.ENCRYPTED
    elif not info.is_dir() and not BESIDE.search(name) and not name.casefold().endswith(KINDS):
        wrong = Wrong.FOREIGN_MEMBER
    if wrong:
        raise Unreadable(Fault(wrong, found=name[:200], expected=", ".join(KINDS), member=name[:200]))


def leads_out(name: str) -> bool:
    """Whether the name is no plain way down."""
    return (
        not name.strip()
        or name.startswith("/")
        or "\\" in name
        or ":" in name
        or "\0" in name
        or ".." in name.split("/")
        or len(name) > 500
    )


def content_of(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: int) -> bytes:
    """The member's bytes as long as they stay within what is left of the budget."""
    parts, size = [], 0
    with archive.open(info) as stream:
        while part := stream.read(STEP):
            size += len(part)
            if size > budget:
                raise Unreadable(Fault(Wrong.BOMB, found=info.filename, expected=str(budget), member=info.filename))
            parts.append(part)
    return b"".join(parts)
