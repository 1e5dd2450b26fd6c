"""When a request reached this machine, which is earlier than when a busy program comes to it."""

import socket
import sys
from typing import Any

# Where Linux keeps the milliseconds since data last came in, in what it tells of a connection (struct tcp_info).
LAST_DATA = slice(52, 56)
LONGEST = 120.0


def waited(request: Any) -> float:
    """Seconds since the last byte of the request came in, by the kernel; 0 where that is not known."""
    connection = request.META.get("gunicorn.socket")
    try:
        told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, LAST_DATA.stop)
    except (AttributeError, OSError, ValueError):
        return 0.0
    seconds = int.from_bytes(told[LAST_DATA], sys.byteorder) / 1000 if len(told) == LAST_DATA.stop else 0.0
    return seconds if seconds <= LONGEST else 0.0
