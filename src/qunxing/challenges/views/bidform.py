"""The form of a bid: shown, saved, kept by itself while one types, and settled where two people wrote at once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qunxing.accounts.models import User
from qunxing.challenges import clock
from qunxing.challenges.actions import bidding
from qunxing.challenges.bidform.cells import BadCell, Cells, cells_of, read_cells
from qunxing.challenges.bidform.merging import Clash, merge
from qunxing.challenges.bidform.page import Page
from qunxing.challenges.bidwords import FACTS, FILE_KINDS
from qunxing.challenges.content import BidContent
from qunxing.challenges.models import Bid, BidDraft
from qunxing.challenges.queries.bids import Draft, gaps_of, known_facts, read_draft, wanted_of
from qunxing.challenges.rules.bids import Permission
from qunxing.challenges.showing import ShownGap, gap_rows
from qunxing.challenges.views.bids import the_bid
from qunxing.core.errors import Refused
from qunxing.core.text import fold_name
from qunxing.directory.models import Organization
from qunxing.ledger.canonical import digest
from qunxing.ledger.edges import opened_revision, require


@dataclass(frozen=True)
class Written:
    """What was typed against what stood and stands: the content to keep, cells that cannot be read, and clashes.

    `taken` names the cells that somebody else wrote since the form was opened.
    """

    content: BidContent
    cells: Cells
    bad: list[BadCell]
    clashes: list[Clash]
    theirs: Draft
    taken: list[str]


def find_organization(user: Any, text: str) -> tuple[str, str]:
    """(reference, name) of the one organisation with this code or registered name; empty where there is none."""
    rows = Organization.objects.visible_to(user)
    for asked in ({"uscc": text.strip().upper()}, {"name_key": fold_name(text)}, {"ref": text.strip().lower()}):
        found = list(rows.filter(**asked)[:2])
        if len(found) == 1:
            return found[0].ref, found[0].name
    return "", ""


def name_of(username: str) -> str:
    """Who wrote, as others of the bid's parties know them."""
    found = User.objects.filter(username=username).first() if username else None
    return str(found or "")


def read_posted(request: HttpRequest, bid: Bid) -> Written:
    """What was typed; cells that somebody else changed meanwhile and the writer left alone are taken over."""
    theirs = read_draft(bid)
    terms, targets = bid.board.rules, wanted_of(bid.challenge)
    posted = {name: str(value) for name, value in request.POST.items()}
    opened = content_at(bid, opened_revision(request), theirs)
    before, present = cells_of(opened, terms), cells_of(theirs.content, terms)
    mine = typed_cells(posted, before, present)
    cells, clashes = merge(before, present, normal(mine, before))
    find = partial(find_organization, request.user)
    known = with_facts(bid, theirs.content)
    content, bad = read_cells(cells, known, terms, targets, find)
    if not known.facts_confirmed and posted.get("facts_seen") != digest([asdict(fact) for fact in known.facts]):
        content = replace(content, facts_confirmed=False)  # what was confirmed is not what is known now
    taken = [name for name in present if present[name] != before.get(name, "") and cells[name] == present[name]]
    return Written(content, cells, bad, clashes, theirs, taken)


def typed_cells(posted: Mapping[str, str], before: Cells, present: Cells) -> Cells:
    """What the form holds; a cell that it has not got is as it was, but for a box, which is not posted when empty."""
    names = {*present, *before, *(name for name in posted if is_cell(name))}
    as_it_was = before | {"facts_confirmed": ""}
    return {name: posted.get(name, as_it_was.get(name, "")).replace("\r\n", "\n").strip() for name in names}


def is_cell(name: str) -> bool:
    return name.split("_", 1)[0] in {"leader", "team", "lead", "partner", "answer", "budget"}


def normal(mine: Mapping[str, str], before: Mapping[str, str]) -> Cells:
    """A unit that the form filled in beside an empty answer says nothing."""
    found = dict(mine)
    for name in mine:
        prefix, _mark, last = name.rpartition("_")
        if last == "unit" and not found.get(f"{prefix}_value") and not before.get(name):
            found[name] = ""
    return found


def content_at(bid: Bid, revision: int, theirs: Draft) -> BidContent:
    """The content as it was when the form was opened; as it stands now where that is not kept any more."""
    if revision == theirs.revision:
        return theirs.content
    try:
        return read_draft(bid, revision).content
    except BidDraft.DoesNotExist:
        return theirs.content


def with_facts(bid: Bid, content: BidContent) -> BidContent:
    """The content with what the ledger knows today; what has changed since is to be confirmed anew."""
    facts = known_facts(bidding.lead_of(bid, content))
    return content if facts == content.facts else replace(content, facts=facts, facts_confirmed=False)


# --- pages ----------------------------------------------------------------------------------------------------------


def bid_edit(request: HttpRequest, ref: str) -> HttpResponse:
    bid = the_bid(request, ref)
    require(request.user, Permission.WRITE_BID, bid)
    at = clock.arrival(request, bid.board.rules)
    bidding.check_writable(bid, at)
    if request.method != "POST":
        return edit_response(request, bid)
    written = read_posted(request, bid)
    if written.clashes:
        return conflict_response(request, bid, written)
    if written.bad:
        page = Page(bid, written.cells, written.bad)
        return form_response(request, bid, page, written.content, opened_revision(request), status=422)
    bidding.save_draft(bid, actor=request.user, content=written.content, at=at, expected=written.theirs.revision)
    messages.success(request, _("The draft is kept, sealed."))
    target = "challenges:bid-edit" if "stay" in request.POST else "challenges:bid-detail"
    return redirect(target, bid.ref)


def edit_response(request: HttpRequest, bid: Bid, file_problem: Refused | None = None) -> HttpResponse:
    """The form with the draft as it is kept; beside it what was wrong with a file."""
    draft = read_draft(bid)
    content = with_facts(bid, draft.content)
    page = Page(bid, cells_of(content, bid.board.rules))
    status = file_problem.status if file_problem is not None else 200
    return form_response(request, bid, page, content, draft.revision, status=status, file_problem=file_problem)


@require_POST
def bid_autosave(request: HttpRequest, ref: str) -> HttpResponse:
    """Keep what is typed; the answer is the line that says so, with the check list."""
    bid = the_bid(request, ref)
    require(request.user, Permission.WRITE_BID, bid)
    at = clock.arrival(request, bid.board.rules)
    words: dict[str, Any] = {"bid": bid, "saved_at": at}
    try:
        bidding.check_writable(bid, at)
        written = read_posted(request, bid)
        words |= {"bad": Page(bid, written.cells, written.bad).bad, "clashes": written.clashes}
        words |= {"by": name_of(written.theirs.by), "gaps": gap_rows(gaps_of(bid, written.content))}
        if not written.bad and not written.clashes:
            revision = bidding.save_draft(
                bid, actor=request.user, content=written.content, at=at, expected=written.theirs.revision
            )
            page = Page(bid, written.cells)
            words |= {"kept": True, "revision": revision, "taken": [page.taken(name) for name in written.taken]}
    except (bidding.StaleDraft, bidding.Late, Refused) as problem:
        words["problem"] = problem
    return render(request, "challenges/bids/edit.html#saved", words)


def form_response(
    request: HttpRequest,
    bid: Bid,
    page: Page,
    content: BidContent,
    revision: int,
    *,
    status: int = 200,
    file_problem: Refused | None = None,
) -> HttpResponse:
    words = {
        "bid": bid,
        "page": page,
        "revision": revision,
        "facts": [{"label": FACTS.get(one.code, one.code), "value": one.value} for one in content.facts],
        "content": content,
        "attachments": [(FILE_KINDS.get(one.kind, one.kind), one) for one in content.attachments],
        "file_kinds": FILE_KINDS.items(),
        "gaps": readable_gaps(bid, content, page),
        "rules": bid.board.rules,
        "lead": bidding.lead_of(bid, content),
        "facts_seen": digest([asdict(fact) for fact in content.facts]),
        "file_problem": file_problem,
    }
    return render(request, "challenges/bids/edit.html", words, status=status)


def readable_gaps(bid: Bid, content: BidContent, page: Page) -> list[ShownGap]:
    """What is missing, but for the parts of which a cell cannot be read: there nobody can tell."""
    unread = {section_of(cell.name) for cell in page.bad}
    return [gap for gap in gap_rows(gaps_of(bid, content)) if gap.anchor not in unread]


def section_of(cell: str) -> str:
    """The part of the form in which a cell stands."""
    part = cell.split("_", 1)[0]
    return {"partner": "partners", "lead": "partners", "answer": "answers", "total": "budget", "grant": "budget"}.get(
        part, part if part in {"team", "leader", "budget"} else cell
    )


def conflict_response(request: HttpRequest, bid: Bid, written: Written) -> HttpResponse:
    """The cells that both changed, with a choice for each; everything else is posted on as it is."""
    page = Page(bid, written.cells)
    chosen = {clash.name for clash in written.clashes}
    words = {
        "bid": bid,
        "clashes": [(page.name_of(clash.name), clash) for clash in written.clashes],
        "untouched": [(name, value) for name, value in written.cells.items() if name not in chosen],
        "revision": written.theirs.revision,
        "by": name_of(written.theirs.by),
    }
    return render(request, "challenges/bids/conflict.html", words, status=409)
