"""What may be kept as a source is told by its content."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from qunxing.core.uploads import check_upload


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n....",
        b"PK\x03\x04....",
        "单位,日期\n星图,2025".encode(),
        "单位,日期".encode("gbk"),
        "单位,日期".encode("utf-16"),
    ],
)
def test_documents_pictures_and_text_are_kept_with_their_digest(content):
    assert check_upload(SimpleUploadedFile("../../x.exe", content)) == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00\x03",
        b"\x7fELF\x02\x01",
        b"#!/bin/sh\nrm",
        b"<html><script>1</script>",
        b"<svg onload=x>",
        b"a\x00b\x01\x02",
    ],
)
def test_programs_pages_and_nothing_are_refused(content):
    with pytest.raises(ValidationError):
        check_upload(SimpleUploadedFile("list.pdf", content))


def test_file_over_the_limit_is_refused(settings):
    settings.UPLOAD_LIMIT = 1024
    with pytest.raises(ValidationError):
        check_upload(SimpleUploadedFile("a.txt", b"x" * 1025))
