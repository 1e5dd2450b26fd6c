"""Personal data as it is shown to whoever may not see it: enough to recognise, too little to use."""

import re

STARS = "***"
MOBILE = re.compile(r"(?:\+?86)?(1\d{10})")


def mask_name(name: str) -> str:
    """王小明 is 王**, John Smith is J***."""
    bare = name.strip()
    if not bare:
        return ""
    chinese = not bare.isascii() and " " not in bare and len(bare) <= 4
    return bare[0] + ("*" * max(len(bare) - 1, 1) if chinese else STARS)


def mask_phone(phone: str) -> str:
    """A mobile number keeps its first three and last four digits, any other its last two."""
    digits = re.sub(r"[^\d+]", "", phone)
    if not digits:
        return "" if not phone.strip() else STARS
    if found := MOBILE.fullmatch(digits):
        return f"{found[1][:3]}****{found[1][-4:]}"
    return f"{STARS}{digits[-2:]}" if len(digits) >= 7 else STARS


def mask_email(address: str) -> str:
    """The first letter and the domain: w***@example.org."""
    name, at, domain = address.strip().rpartition("@")
    if not at:
        return STARS if address.strip() else ""
    return f"{name[:1]}{STARS}@{domain}"
