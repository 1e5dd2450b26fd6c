"""Files that are the same bytes for the same content: what a library stamps with the clock is stamped with a day."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def settled(data: bytes, day: str) -> bytes:
    """The zip with its files in their order, all of the same moment, made on that day (ISO)."""
    target = BytesIO()
    with ZipFile(BytesIO(data)) as found, ZipFile(target, "w", ZIP_DEFLATED) as made:
        for name in found.namelist():
            info = ZipInfo(name, FIRST_DAY)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            text = found.read(name)
            made.writestr(info, stamped(text, day) if name == "docProps/core.xml" else text)
    return target.getvalue()


def stamped(text: bytes, day: str) -> bytes:
    return STAMP.sub(rb"\g<1>" + f"{day}T00:00:00Z".encode() + rb"\g<2>", text)
