"""Files of a bid: examined, encrypted before they touch the disk, named in the draft."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qunxing.challenges.actions.bidding import StaleDraft, check_writable, check_writes_for, lead_of, save_draft
from qunxing.challenges.bidwords import bad_file_words
from qunxing.challenges.content import Attachment
from qunxing.challenges.examining import ENDINGS, PDF, BadFile, examine
from qunxing.challenges.models import Bid, Upload
from qunxing.challenges.queries.bids import read_draft
from qunxing.challenges.shutting import discard, shut
from qunxing.core.errors import Refused
from qunxing.core.fields import new_ref

KINDS = ("stamped", "agreement", "proof", "other")
NAME_LENGTH = 120
TRIES = 5
UPLOADS_A_FILE = 5  # so often may a file be replaced on average before the bid takes no more


def attach(bid: Bid, *, actor: Any, at: datetime, data: bytes, name: str, kind: str) -> Attachment:
    """Take a file into the draft; Refused says what is wrong with it and what to do."""
    check_writable(bid, at)
    check_writes_for(actor, lead_of(bid))
    bidding = bid.board.rules.bidding
    check_room(bid, len(data))
    try:
        media = examine(data).media
    except BadFile as error:
        raise Refused(*bad_file_words(error), 422) from error
    if kind == "stamped" and media != PDF:
        raise Refused(_("The stamped bid must be a PDF."), _("Scan the stamped pages and save them as PDF."), 422)
    made = Attachment(new_ref(), kind if kind in KINDS else "other", clean_name(name, media), media, len(data))
    made = replace(made, digest=sha256(data).hexdigest())
    size, digest = shut(bid.board, made.upload, data)
    try:
        with transaction.atomic():
            Upload.objects.create(bid=bid, ref=made.upload, at=at, size=size, digest=digest)
            put_into_draft(bid, made, actor=actor, at=at, most=bidding.files)
    except BaseException:
        discard(bid.board, made.upload)
        raise
    return made


def check_room(bid: Bid, size: int) -> None:
    bidding = bid.board.rules.bidding
    if size > bidding.file_megabytes * 1024**2:
        raise Refused(
            _("The file has more than %(limit)s MB.") % {"limit": bidding.file_megabytes},
            _("Make it smaller, for example by scanning at a lower resolution, or split it."),
            422,
        )
    if bid.uploads.count() >= UPLOADS_A_FILE * max(1, bidding.files):
        raise Refused(_("This bid takes no more files."), _("Keep those that are there."), 422)


def clean_name(name: str, media: str) -> str:
    """The name without folders and odd characters, with the ending that the content calls for."""
    bare = PurePath(name.replace("\\", "/")).name
    bare = "".join(letter for letter in bare if letter.isprintable() and letter not in '<>:"/|?*')
    stem = PurePath(bare).stem.strip(" .") or "file"
    return f"{stem[:NAME_LENGTH]}{ENDINGS[media]}"


def put_into_draft(bid: Bid, made: Attachment, *, actor: Any, at: datetime, most: int) -> None:
    """Name the file in the draft as it stands, whatever others wrote meanwhile."""
    for _try in range(TRIES):
        draft = read_draft(bid)
        if len(draft.content.attachments) >= most:
            raise Refused(_("A bid has %(most)s files at most.") % {"most": most}, _("Take one out first."), 422)
        content = replace(draft.content, attachments=(*draft.content.attachments, made))
        try:
            save_draft(bid, actor=actor, content=content, at=at, expected=draft.revision)
        except StaleDraft:
            continue
        return
    raise StaleDraft(read_draft(bid))


def detach(bid: Bid, ref: str, *, actor: Any, at: datetime) -> None:
    """Take the file out of the draft; a submitted version that names it still has it."""
    for _try in range(TRIES):
        draft = read_draft(bid)
        left = tuple(one for one in draft.content.attachments if one.upload != ref)
        try:
            content = replace(draft.content, attachments=left)
            save_draft(bid, actor=actor, content=content, at=at, expected=draft.revision)
        except StaleDraft:
            continue
        return
