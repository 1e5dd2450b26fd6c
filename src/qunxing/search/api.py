"""The search over the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from qunxing.search.finding import Found, Hit, find
from qunxing.search.folders import State
from qunxing.search.lookup import look_up
from qunxing.search.marking import Piece
from qunxing.search.showing import read_wish

router = Router(tags=["search"])


class HitOut(Schema):
    """A hit; `marks` are the pieces of the text that were looked for."""

    kind: str
    ref: str
    title: str
    url: str
    about: list[str]
    text: str
    marks: list[str]
    demo: bool


class SearchOut(Schema):
    """One page of hits; `index` says whether the index answered, or the lists' own search of names."""

    index: str
    total: int
    page: int
    pages: int
    near: bool
    meant: str
    counts: dict[str, dict[str, int]]
    rows: list[HitOut]


@router.get("/search", response=SearchOut, url_name="search")
def search(request: HttpRequest) -> dict[str, Any]:
    """What the words ``q`` find; ``kind``, ``type``, ``state``, ``field``, ``place`` and ``year`` narrow it."""
    wish = read_wish(request.user, request.GET)
    found = find(wish)
    return looked_up(request.user, wish.wording.given) if found is None else page_out(found)


def page_out(found: Found) -> dict[str, Any]:
    return {
        "index": State.READY,
        "total": found.total,
        "page": found.page,
        "pages": found.last,
        "near": found.near,
        "meant": found.meant,
        "counts": found.counts,
        "rows": [hit_out(hit) for hit in found.hits],
    }


def hit_out(hit: Hit) -> dict[str, Any]:
    return {
        "kind": hit.spec.code,
        "ref": hit.ref,
        "title": plain(hit.title),
        "url": hit.url,
        "about": [plain(part) for part in hit.about],
        "text": plain(hit.text),
        "marks": [piece.text for piece in [*hit.title, *hit.text] if piece.marked],
        "demo": hit.demo,
    }


def plain(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def looked_up(user: Any, words: str) -> dict[str, Any]:
    """The first rows of every list, as the database finds them."""
    found = look_up(user, words)
    rows = [
        {"kind": hits.spec.code, "ref": row.ref, "title": str(row.cells[0].text), "url": row.url, "about": [],
         "text": "", "marks": [], "demo": row.demo}
        for hits in found for row in hits.rows
    ]  # fmt: skip
    counts = {"kind": {hits.spec.code: hits.total for hits in found}}
    total = sum(hits.total for hits in found)
    return {"index": State.MISSING, "total": total, "page": 1, "pages": 1, "near": False, "meant": "",
            "counts": counts, "rows": rows}  # fmt: skip
