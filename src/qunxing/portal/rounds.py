"""What the portal does from time to time."""

from qunxing.portal.desk.reminding import remind_all

ROUNDS = (remind_all,)
