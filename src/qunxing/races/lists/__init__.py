"""The lists of races."""

from qunxing.races.lists.running import RACES

LISTS = (RACES,)
