"""Who may do what with offers."""

from enum import StrEnum
from typing import Any

import rules

from qunxing.accounts.rules import grant, staff
from qunxing.directory.models import Organization
from qunxing.directory.rules import editor, edits_some
from qunxing.resources.models import Offer, Voucher


@rules.predicate
def provides(user: Any, row: Any) -> bool:
    """Owner or editor of the organisation that makes the offer; asked of an offer, its voucher or the organisation."""
    offer = row.offer if isinstance(row, Voucher) else row
    provider = offer.provider if isinstance(offer, Offer) else row
    return isinstance(provider, Organization) and bool(editor.test(user, provider))


class Permission(StrEnum):
    CREATE_OFFER = "resources.create_offer"
    CHANGE_OFFER = "resources.change_offer"
    MOVE_OFFER = "resources.move_offer"
    REMOVE_OFFER = "resources.remove_offer"
    CHANGE_VOUCHER = "resources.change_voucher"


GRANTS = {
    Permission.CREATE_OFFER: staff | edits_some,
    Permission.CHANGE_OFFER: staff | provides,
    Permission.MOVE_OFFER: staff | provides,
    Permission.REMOVE_OFFER: staff,
    Permission.CHANGE_VOUCHER: staff | provides,
}
grant(GRANTS)
