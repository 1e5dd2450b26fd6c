"""Uploaded files are what their content says, never what their name says."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CHUNK = 64 * 1024
# The first bytes of what may be kept as a source: PDF, pictures, Office files old and new, archives of records.
SIGNATURES = (b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
ACTIVE = (b"<script", b"<html", b"<!doctype html", b"<svg", b"javascript:")
ENCODINGS = ("utf-8", "gb18030")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def check_upload(file: Any) -> str:
    """The SHA-256 digest of a file that may be kept; ValidationError says why another may not."""
    limit = settings.UPLOAD_LIMIT
    if file.size > limit:
        raise ValidationError(_("The file has more than %(limit)s MB.") % {"limit": limit // 1024**2})
    if not file.size:
        raise ValidationError(_("The file is empty."))
    head = file.read(CHUNK)
    if not head.startswith(SIGNATURES) and not is_text(head):
        raise ValidationError(_("Only PDF, pictures, Office files and plain text or CSV can be kept as a source."))
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in file.chunks(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def is_text(head: bytes) -> bool:
    """Plain text in an encoding that people here use, and no page or script."""
    if any(word in head.lower() for word in ACTIVE) or head.startswith((b"MZ", b"\x7fELF", b"#!")):
        return False
    # Almost any bytes are UTF-16 to a decoder; only the mark at the start tells.
    encodings = ("utf-16",) if head.startswith(UTF_16) else ENCODINGS
    return any(readable(head, encoding) for encoding in encodings)


def readable(head: bytes, encoding: str) -> bool:
    # The last character of the stretch may be cut in two.
    for cut in range(4):
        try:
            text = head[: len(head) - cut].decode(encoding)
        except UnicodeError:
            continue
        return "\x00" not in text
    return False
