"""Small helpers of the edges."""

from typing import Any


def wants_fragment(request: Any) -> bool:
    """Whether htmx asks for a part of the page; going back in history must get the whole of it."""
    return bool(request.htmx) and not request.htmx.history_restore_request and not request.htmx.boosted
