"""Bids: the list, the page of one, its steps, its receipts."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.accounts.rules import oversight
from qunxing.challenges import clock
from qunxing.challenges.actions import attaching, bidding, submitting
from qunxing.challenges.content import BidContent
from qunxing.challenges.forms.bids import NewBidForm
from qunxing.challenges.lists.bids import BIDS
from qunxing.challenges.models import Bid, BidParty, Challenge
from qunxing.challenges.queries.bids import (
    entry_of,
    facts_in,
    gaps_of,
    parties_here,
    read_draft,
)
from qunxing.challenges.receipts import BID_RECEIPT
from qunxing.challenges.rules.bids import Permission
from qunxing.challenges.showing import content_words, finding_rows, gap_rows, party_rows
from qunxing.challenges.states.party import PartyState
from qunxing.challenges.uploading import posted_file, with_own_uploads
from qunxing.directory.models import Organization
from qunxing.ledger.edges import record_context, require
from qunxing.ledger.exporting import proof_of
from qunxing.ledger.lists import list_response
from qunxing.ledger.models import LogHead
from qunxing.ledger.queries import visible_or_404
from qunxing.ledger.receipts import LARGEST, ReceiptKind
from qunxing.ledger.writing import signing_key


def the_bid(request: HttpRequest, ref: str) -> Bid:
    rows = Bid.objects.select_related("challenge__board__rule_set", "challenge__issuer", "organization")
    found: Bid = visible_or_404(rows, request.user, ref)
    return found


@require_safe
def bid_list(request: HttpRequest) -> HttpResponse:
    require(request.user, Permission.SEE_BIDS)
    return list_response(request, BIDS)


@require_safe
def bid_detail(request: HttpRequest, ref: str) -> HttpResponse:
    return render(request, "challenges/bids/detail.html", page_words(request, the_bid(request, ref)))


def page_words(request: HttpRequest, bid: Bid) -> dict[str, Any]:
    """What the page of a bid shows this reader."""
    user, now = request.user, clock.now()
    reads = user.has_perm(Permission.READ_BID, bid)
    context = record_context(request, bid) | {
        "bid": bid,
        "reads": reads,
        "writes": user.has_perm(Permission.WRITE_BID, bid) and bid.takes_writing_at(now),
        "deadline_passed": now > bid.board.deadline,
        "versions": list(bid.versions.defer("sealed", "content", "envelope")) if bid.version else [],
    }
    if not (reads or bid.is_open):
        context["timeline"] = []  # how many take part in it, and when they wrote, is sealed too
    content = content_for(bid) if reads else None
    return context | (read_words(user, bid, content, context["writes"]) if content is not None else {})


def content_for(bid: Bid) -> BidContent | None:
    """What a party reads before the opening is the draft; afterwards everybody reads what was opened, if it was."""
    return bid.content if bid.board.opened_at is not None else read_draft(bid).content


def read_words(user: Any, bid: Bid, content: BidContent, writes: bool) -> dict[str, Any]:
    """What is shown to those who may read the content."""
    here = {} if bid.is_open else parties_here(bid, user)
    organizations = Organization.objects.in_bulk(here)
    partners = [row for row in here.values() if row.role == BidParty.Role.PARTNER]
    return {
        "content": content_words(bid, content),
        "parties": party_rows(bid, content),
        "here": [(organizations[key], row) for key, row in here.items()],
        "asked": [row for row in partners if row.state != PartyState.CONFIRMED],
        "confirmed": [row for row in partners if row.state == PartyState.CONFIRMED],
        "gaps": gap_rows(gaps_of(bid, content)) if writes else [],
        "findings": finding_rows(bid, content, day=timezone.localdate(), told=oversight(user)),
    }


# --- beginning a bid ------------------------------------------------------------------------------------------------


def bid_create(request: HttpRequest, ref: str) -> HttpResponse:
    """Say for which organisation; the rest is asked on the form of the draft."""
    challenge = visible_or_404(Challenge.objects.select_related("board__rule_set", "issuer"), request.user, ref)
    require(request.user, Permission.CREATE_BID, challenge)
    form = NewBidForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        organization = form.cleaned_data["organization"]
        at = clock.arrival(request, challenge.board.rules)
        bid = bidding.create_bid(challenge, actor=request.user, organization=organization, at=at)
        messages.success(request, _("The draft is begun. Nobody but the parties of the bid can read it."))
        return redirect("challenges:bid-edit", bid.ref)
    words = {"form": form, "challenge": challenge, "rules": challenge.board.rules}
    return render(request, "challenges/bids/create.html", words, status=422 if form.is_bound else 200)


# --- steps ----------------------------------------------------------------------------------------------------------


@with_own_uploads
def bid_submit(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand the bid in, perhaps with a last file in the same request; what is missing is shown on its page."""
    bid = the_bid(request, ref)
    require(request.user, Permission.SUBMIT_BID, bid)
    at = clock.arrival(request, bid.board.rules)
    file = posted_file(request, bid)
    if file is not None:
        kind = request.POST.get("kind", "")
        attaching.attach(bid, actor=request.user, at=at, data=file.data, name=file.name, kind=kind)
    try:
        version = submitting.submit(bid, actor=request.user, at=at)
    except submitting.Incomplete as error:
        words = page_words(request, the_bid(request, ref))
        return render(request, "challenges/bids/detail.html", words | {"refused": error}, status=422)
    messages.success(request, _("Received. Keep the receipt: it proves what was handed in, and when."))
    return redirect("challenges:bid-receipt", bid.ref, version.number)


@require_POST
def bid_withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    bid = the_bid(request, ref)
    require(request.user, Permission.WITHDRAW_BID, bid)
    submitting.withdraw(bid, actor=request.user, at=clock.arrival(request, bid.board.rules))
    messages.success(request, _("The bid is withdrawn. What was sealed is never opened."))
    return redirect(bid.get_absolute_url())


@require_POST
def bid_take_back(request: HttpRequest, ref: str) -> HttpResponse:
    bid = the_bid(request, ref)
    require(request.user, Permission.WRITE_BID, bid)
    submitting.take_back(bid, actor=request.user, at=clock.arrival(request, bid.board.rules))
    messages.success(request, _("The bid is a draft again. Nothing is submitted until you hand it in anew."))
    return redirect(bid.get_absolute_url())


@require_POST
def part_answer(request: HttpRequest, ref: str, organization: str, step: str) -> HttpResponse:
    """A partner confirms or declines."""
    bid = the_bid(request, ref)
    require(request.user, Permission.CONFIRM_PART, bid)
    if step not in {"confirm", "decline"}:
        raise Http404
    partner = Organization.objects.visible_to(request.user).filter(ref=organization).first()
    if partner is None or partner.pk not in parties_here(bid, request.user):
        raise PermissionDenied
    at = clock.arrival(request, bid.board.rules)
    bidding.answer_part(bid, step, actor=request.user, organization=partner, at=at)
    done = {"confirm": _("Confirmed."), "decline": _("Declined.")}
    messages.success(request, done[step])
    return redirect(bid.get_absolute_url())


# --- receipts -------------------------------------------------------------------------------------------------------


def receipt_of(bid: Bid, number: int) -> dict[str, Any]:
    """The receipt of one version; 404 where there is none."""
    entry = entry_of(bid, number) if number <= bid.version else None
    if entry is None:
        raise Http404
    return BID_RECEIPT.make(bid.ref, facts=facts_in(entry), proof=proof_of(entry.index))


@require_safe
def bid_receipt(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    bid = the_bid(request, ref)
    receipt = receipt_of(bid, number)
    version = bid.versions.defer("sealed", "content", "envelope").get(number=number)
    words = {"bid": bid, "version": version, "receipt": receipt, "proof": receipt["proof"]}
    return render(request, "challenges/bids/receipt.html", words)


@require_safe
def bid_receipt_file(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    bid = the_bid(request, ref)
    body = json.dumps(receipt_of(bid, number), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="receipt-{bid.ref}-{number}.json"'}
    return HttpResponse(body, content_type="application/json", headers=headers)


def receipt_check(request: HttpRequest) -> HttpResponse:
    return check_page(request, BID_RECEIPT)


def check_page(request: HttpRequest, kind: ReceiptKind) -> HttpResponse:
    """Anyone may hold a receipt against the log."""
    verdict, text = None, ""
    if request.method == "POST":
        file = request.FILES.get("file")
        raw = file.read(LARGEST) if file is not None else request.POST.get("text", "")[:LARGEST].encode()
        text = raw.decode("utf-8", "replace")
        verdict = kind.verify(text)
    words = {"verdict": verdict, "text": text, "known": known_key(verdict)}
    return render(request, "challenges/bids/check.html", words, status=422 if verdict and not verdict.ok else 200)


def known_key(verdict: Any) -> bool:
    """Whether the receipt was signed with this installation's key."""
    head = LogHead.objects.filter(pk=1).first()
    return bool(verdict and verdict.ok and head and str(signing_key(head).verifier) == verdict.key)
