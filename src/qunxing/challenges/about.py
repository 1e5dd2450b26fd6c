"""What a contract or a public notice is about: the challenge, or what another app says that uses both.

An app whose contests have contracts and notices of their own declares, in a module ``contests``, a tuple ``ABOUT`` of
functions that take a contract or a notice and give the record it is about, or None.
"""

from qunxing.challenges.models import Contract, Notice
from qunxing.core.specs import declared
from qunxing.ledger.models import Record


def about(row: Contract | Notice) -> Record | None:
    """The record that a reader goes on to from here."""
    if row.challenge is not None:
        return row.challenge
    found = (say(row) for say in declared("contests", "ABOUT"))
    return next((one for one in found if one is not None), None)
