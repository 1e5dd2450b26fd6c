"""Bids handed in at the last minute to the program as it is served: none lost, none late, every receipt sound."""

import argparse
import http.client
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import import_module
from io import BytesIO
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from _running import ROOT, database_facts, run_on_postgres, share, start, write_json

NO_ANSWER = 0
FAR = datetime.max.replace(tzinfo=UTC)
START_TRIES = 600


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bids", type=int, default=300, help="handed in before the deadline")
    parser.add_argument("--late", type=int, default=30, help="handed in after it")
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=60, help="the time before the deadline in which they come")
    parser.add_argument("--workers", type=int, default=0, help="web processes; 0 for the program's own choice")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


@dataclass
class Bidder:
    """One bid that waits to be handed in, and what came of it; moments by the clock of this machine."""

    ref: str
    cookie: str
    token: str
    at: float = 0.0
    sent: float = 0.0  # before the connection was opened
    gone: float = 0.0  # once the machine had every byte
    answered: float = 0.0
    status: int = NO_ANSWER


@dataclass
class Scene:
    """A list, its bidders and the server."""

    port: int
    bidders: list[Bidder] = field(default_factory=list)
    board: Any = None
    deadline: datetime = FAR


# --- before ---------------------------------------------------------------------------------------------------------


def prepare(options: argparse.Namespace, port: int) -> Scene:
    """A published list with a draft for each bidder that lacks nothing; the deadline is set when all stand ready."""
    from django.utils import timezone  # noqa: PLC0415 - after the program has started

    from qunxing.ledger.recording import recording  # noqa: PLC0415

    scene = Scene(port, deadline=timezone.now() + timedelta(days=1))
    with recording(actor=None):
        challenge = make_challenge(scene)
        for number in range(options.bids + options.late):
            scene.bidders.append(make_bidder(challenge, number))
    return scene


def make_challenge(scene: Scene) -> Any:
    from qunxing.challenges.models import Challenge, ChallengeList, RuleSet, Target  # noqa: PLC0415
    from qunxing.challenges.sealing import make_key  # noqa: PLC0415
    from qunxing.challenges.terms import Terms  # noqa: PLC0415
    from qunxing.directory.models import Organization  # noqa: PLC0415
    from qunxing.ledger.actions import change, create  # noqa: PLC0415

    terms = Terms().as_json()
    rules = create(RuleSet(name=f"bench {secrets.token_hex(4)}", terms=terms), actor=None)
    words = {"terms": terms, "number": f"BD-{secrets.token_hex(4)}", "published_on": scene.deadline.date()}
    board = create(
        ChallengeList(title="榜单", rule_set=rules, state="published", deadline=scene.deadline, **words), actor=None
    )
    scene.board = change(board, actor=None, values={"key_digest": make_key(board)})
    issuer = create(Organization(name="发榜医院"), actor=None)
    entry = Challenge(board=scene.board, issuer=issuer, kind="government", title="课题", problem="问题", state="open")
    challenge = create(entry, actor=None)
    create(Target(challenge=challenge, name="准确率", target=95, unit="%"), actor=None)
    return challenge


def make_bidder(challenge: Any, number: int) -> Bidder:
    """A firm with its editor, signed in, and its draft."""
    from qunxing.accounts.models import Kind, User  # noqa: PLC0415
    from qunxing.challenges.actions import attaching, bidding  # noqa: PLC0415
    from qunxing.directory.models import Membership, Organization  # noqa: PLC0415
    from qunxing.ledger.actions import create  # noqa: PLC0415

    firm = create(Organization(name=f"揭榜企业{number}有限公司"), actor=None)
    user = User(username=f"bench-bidder-{secrets.token_hex(4)}-{number}", kind=Kind.MEMBER, email="")
    user.set_unusable_password()
    user.save()
    create(Membership(user=user, organization=firm, role="editor"), actor=None)
    at = challenge.board.deadline - timedelta(hours=1)
    bid = bidding.create_bid(challenge, actor=None, organization=firm, at=at)
    bidding.save_draft(bid, actor=None, content=content_of(challenge, firm), at=at)
    attaching.attach(bid, actor=None, at=at, data=stamped_pdf(), name="揭榜书.pdf", kind="stamped")
    return Bidder(bid.ref, session_of(user), secrets.token_hex(16))


def content_of(challenge: Any, firm: Any) -> Any:
    from qunxing.challenges.content import Answer, BidContent, BudgetRow, Party, Person  # noqa: PLC0415
    from qunxing.challenges.queries.bids import known_facts  # noqa: PLC0415

    texts = dict.fromkeys(("background", "route", "basis", "joint_plan"), "正文" * 800)
    return BidContent(
        lead=Party(firm.ref, firm.name, "总体", 100),
        leader=Person(name="王小明", phone="13900001111"),
        team=(Person(name="赵一"),),
        answers=tuple(Answer(one.ref, "96", one.unit, "报告") for one in challenge.targets.all()),
        budget=(BudgetRow("labour", 1, 500_000, 500_000),),
        total=1_000_000,
        grant=500_000,
        facts=known_facts(firm),
        facts_confirmed=True,
        **texts,
    )


def stamped_pdf() -> bytes:
    writer, file = import_module("pypdf").PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(file)
    return file.getvalue()


def session_of(user: Any) -> str:
    """A session as signing in would have made it."""
    store: Any = import_module("django.contrib.sessions.backends.db").SessionStore()
    auth: Any = import_module("django.contrib.auth")
    store[auth.SESSION_KEY], store[auth.HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    store[auth.BACKEND_SESSION_KEY] = "qunxing.accounts.backends.SignIn"
    store.create()
    return str(store.session_key)


# --- the last minute ------------------------------------------------------------------------------------------------


def set_deadline(scene: Scene, options: argparse.Namespace) -> None:
    """Let the deadline be near, and spread the bidders before and after it: the nearer, the more."""
    from django.utils import timezone  # noqa: PLC0415

    scene.deadline = timezone.now() + timedelta(seconds=options.seconds + 5)
    type(scene.board).objects.filter(pk=scene.board.pk).update(deadline=scene.deadline)
    moment, dice = scene.deadline.timestamp(), random.Random(7)
    for number, bidder in enumerate(scene.bidders):
        before = min(dice.expovariate(4 / options.seconds), options.seconds)
        bidder.at = moment - before if number < options.bids else moment + dice.uniform(0.001, 3)


def serve(scene: Scene, options: argparse.Namespace) -> subprocess.Popen[bytes]:
    environment = os.environ | {"QUNXING_ALLOWED_HOSTS": "127.0.0.1"}
    arguments = ["-m", "qunxing.cli", "serve", "--port", str(scene.port), "--workers", str(options.workers)]
    process = subprocess.Popen([sys.executable, *arguments], env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    for _try in range(START_TRIES):
        if answers(scene.port):
            return process
        time.sleep(0.25)
    process.terminate()
    process.wait()
    raise SystemExit("the server did not start")


def answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/challenges/bids/receipt/", None)[0] < http.client.INTERNAL_SERVER_ERROR
    except OSError:
        return False


def ask(port: int, method: str, path: str, bidder: Bidder | None) -> tuple[int, bytes]:
    """One request over a connection of its own."""
    headers = {"Host": "127.0.0.1"}
    if bidder is not None:
        headers |= {
            "Cookie": f"sessionid={bidder.cookie}; csrftoken={bidder.token}",
            "X-CSRFToken": bidder.token,
            "Content-Type": "application/x-www-form-urlencoded",
        }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, headers=headers)
        if bidder is not None and method == "POST":
            bidder.gone = time.time()
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def hand_in(scene: Scene, connections: int) -> None:
    """Every bidder at its moment, from so many connections."""
    waiting: Queue[Bidder] = Queue()
    for bidder in sorted(scene.bidders, key=lambda one: one.at):
        waiting.put(bidder)
    threads = [threading.Thread(target=work_off, args=(scene.port, waiting)) for _each in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def work_off(port: int, waiting: "Queue[Bidder]") -> None:
    while True:
        try:
            bidder = waiting.get_nowait()
        except Empty:
            return
        time.sleep(max(0.0, bidder.at - time.time()))
        bidder.sent = time.time()
        try:
            bidder.status, _body = ask(port, "POST", f"/challenges/bids/{bidder.ref}/submit/", bidder)
        except OSError:
            bidder.status = NO_ANSWER
        bidder.answered = time.time()


# --- after ----------------------------------------------------------------------------------------------------------


def findings(scene: Scene) -> Iterator[str]:
    """What went wrong, in words; nothing is the result that is asked for."""
    from qunxing.challenges.models import Bid  # noqa: PLC0415

    deadline = scene.deadline.timestamp()
    stored = {bid.ref: bid for bid in Bid.objects.filter(challenge__board=scene.board)}
    for bidder in scene.bidders:
        bid = stored[bidder.ref]
        accepted = bidder.status == http.client.FOUND
        if bidder.status not in {http.client.FOUND, http.client.CONFLICT}:
            yield f"{bidder.ref}: answered {bidder.status}"
        if accepted != (bid.state == "submitted"):
            yield f"{bidder.ref}: answered {bidder.status}, stored as {bid.state}"
        if accepted and (bidder.sent > deadline or bid.submitted_at > scene.deadline):
            yield f"{bidder.ref}: taken though late"
        if not accepted and bidder.gone and bidder.gone < deadline:
            yield f"{bidder.ref}: refused though in time"
        if accepted and not receipt_is_sound(scene, bidder, bid.digest):
            yield f"{bidder.ref}: the receipt does not verify"


def receipt_is_sound(scene: Scene, bidder: Bidder, digest: str) -> bool:
    from qunxing.challenges.receipts import BID_RECEIPT  # noqa: PLC0415

    status, body = ask(scene.port, "GET", f"/challenges/bids/{bidder.ref}/receipts/1/file/", bidder)
    return status == http.client.OK and BID_RECEIPT.verify(body).ok and json.loads(body)["digest"] == digest


def open_all(scene: Scene) -> tuple[int, float]:
    """(bids opened, seconds) of the opening by two."""
    from django.utils import timezone  # noqa: PLC0415

    from qunxing.accounts.models import Kind, User  # noqa: PLC0415
    from qunxing.challenges.actions.opening import open_bids  # noqa: PLC0415

    name = secrets.token_hex(4)
    first, second = (User.objects.create(username=f"{kind}-{name}", kind=kind) for kind in (Kind.STAFF, Kind.OFFICER))
    board = type(scene.board).objects.get(pk=scene.board.pk)
    began = time.perf_counter()
    done = open_bids(board, first=first, second=second, at=timezone.now())
    return len(done.results), time.perf_counter() - began


def figures(scene: Scene, wrong: Sequence[str], opened: int, seconds: float) -> dict[str, Any]:
    times = [bidder.answered - bidder.sent for bidder in scene.bidders]
    taken = sum(bidder.status == http.client.FOUND for bidder in scene.bidders)
    return {
        **database_facts(),
        "handed in": len(scene.bidders),
        "sent in time": sum(0 < bidder.gone <= scene.deadline.timestamp() for bidder in scene.bidders),
        "taken": taken,
        "refused as late": sum(bidder.status == http.client.CONFLICT for bidder in scene.bidders),
        "wrong": list(wrong),
        "median ms": round(1000 * share(times, 0.5), 1),
        "p95 ms": round(1000 * share(times, 0.95), 1),
        "slowest ms": round(1000 * max(times), 1),
        "opened": opened,
        "opening s": round(seconds, 2),
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    options = read_arguments()
    if options.postgres and not os.environ.get("DATABASE_URL"):
        return run_on_postgres(sys.argv)
    with tempfile.TemporaryDirectory(prefix="qunxing-deadline-") as folder:
        start(Path(folder))
        scene = prepare(options, free_port())
        server = serve(scene, options)
        try:
            set_deadline(scene, options)
            hand_in(scene, options.connections)
            wrong = list(findings(scene))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()
        result = figures(scene, wrong, *open_all(scene))
    for name, value in result.items():
        print(f"{name}: {value}")
    write_json(options.json, result)
    return 1 if wrong or result["opened"] != result["taken"] else 0


if __name__ == "__main__":
    sys.exit(main())
