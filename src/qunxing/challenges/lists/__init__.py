"""The lists of open challenges; each part of the work has a module."""

from qunxing.challenges.lists import bids, boards, deciding, delivering

LISTS = (
    *boards.LISTS,
    *bids.LISTS,
    *deciding.LISTS,
    *delivering.LISTS,
)
