"""The panel's report in Word."""

from qunxing.panels.models import Panel


def report(_panel: Panel) -> bytes:
    return b""
