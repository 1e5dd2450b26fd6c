"""What a list says to the public, as plain data: frozen at publication, anew with each amendment.

The digest over its canonical form stands in the log, on the page and in the open data, so that anyone can see that
the list was not changed behind their back.
"""

from typing import Any

from qunxing.challenges.models import Challenge, ChallengeList, Target
from qunxing.challenges.wording import both
from qunxing.core.masking import mask_email, mask_name, mask_phone
from qunxing.directory.models import Organization, TechnicalField
from qunxing.ledger.canonical import digest
from qunxing.ledger.models import Visibility

SCHEMA = "qunxing-challenge-list/1"
TARGET_FIELDS = ("name", "operator", "unit", "tested_how")


def content_of(board: ChallengeList, *, contacts: bool = True) -> dict[str, Any]:
    """The list as anyone may read it; personal data in part unless its person agreed."""
    fields = {row.code: {"zh-hans": row.name_zh, "en": row.name_en} for row in TechnicalField.objects.all()}
    entries = board.challenges.select_related("issuer", "payer").prefetch_related("targets")
    rules = board.rule_set
    return {
        "schema": SCHEMA,
        "ref": board.ref,
        "number": board.number or "",
        "title": board.title,
        "preface": board.preface,
        "publisher": named(open_one(board.publisher)),
        "published_on": board.published_on.isoformat() if board.published_on else "",
        "deadline": board.deadline.isoformat(),
        "rules": {"name": rules.name, "version": rules.version, "basis": rules.basis, "digest": board.rules.digest()},
        "challenges": [entry_content(entry, fields, contacts=contacts) for entry in entries],
    }


def entry_content(entry: Challenge, fields: dict[str, Any], *, contacts: bool = True) -> dict[str, Any]:
    return {
        "ref": entry.ref,
        "number": entry.number or "",
        "title": entry.title,
        "kind": entry.kind,
        "purpose": entry.purpose,
        "mechanism": entry.mechanism,
        "fields": [{"code": code, "label": fields.get(code, both(code))} for code in entry.fields],
        "issuer": named(entry.issuer),
        "problem": entry.problem,
        "targets": [target_content(target) for target in entry.targets.all()],
        "conditions": entry.conditions,
        "ownership": entry.ownership,
        "money": entry.money,
        "payer": named(open_one(entry.payer)),
        "starts_on": entry.starts_on.isoformat() if entry.starts_on else "",
        "ends_on": entry.ends_on.isoformat() if entry.ends_on else "",
        "contact": contact_content(entry) if contacts else {},
    }


def open_one(organization: Organization | None) -> Organization | None:
    """The organisation, unless it is not open to everybody."""
    return organization if organization is not None and organization.visibility == Visibility.PUBLIC else None


def named(organization: Organization | None) -> dict[str, str]:
    if organization is None:
        return {}
    return {"name": organization.name, "uscc": organization.uscc or ""}


def contact_content(entry: Challenge) -> dict[str, Any]:
    name, phone, email = entry.contact_name, entry.contact_phone, entry.contact_email
    if not entry.contact_open:
        name, phone, email = mask_name(name), mask_phone(phone), mask_email(email)
    return {"name": name, "phone": phone, "email": email, "masked": not entry.contact_open}


def target_content(target: Target) -> dict[str, Any]:
    high = target.target_high
    return {name: getattr(target, name) for name in TARGET_FIELDS} | {
        "target": f"{target.target.normalize():f}",
        "target_high": "" if high is None else f"{high.normalize():f}",
    }


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256, in hex, over the canonical JSON."""
    return digest(content)
