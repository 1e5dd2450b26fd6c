"""Made-up vouchers, plans over all scenarios, labels of two raters, and what people watch."""

from typing import Any

from django.utils import timezone

from qunxing.core.workdays import WorkCalendar
from qunxing.demo.desk import Desk, dice
from qunxing.demo.tables import Row, read_table
from qunxing.matching.alerts import running
from qunxing.matching.alerts.actions import add_watch
from qunxing.matching.alerts.models import Watch, Wishes
from qunxing.matching.bundles.actions import keep_assignment, keep_bundles
from qunxing.matching.bundles.assigning import assign_all
from qunxing.matching.bundles.bundling import bundle_all
from qunxing.matching.bundles.models import Plan, Proposal, Supply
from qunxing.matching.bundles.settings import Settings
from qunxing.matching.labelling import actions as labels
from qunxing.matching.labelling.models import RatingPair
from qunxing.matching.pools import Silent
from qunxing.resources.models import Offer, Voucher, VoucherKind
from qunxing.scenarios.models import Scenario

VOUCHERS = ((VoucherKind.COMPUTE, 30, 500_000), (VoucherKind.MODEL, 50, 5_000_000), (VoucherKind.CORPUS, 30, 5_000_000))
WANTED, CAP = 3, 2
RATERS = ("expert", "staff")
RATED_TWICE, RATED_ONCE = 14, 5
# Who watches what since a week; of the rows that are there so many are told as new.
WATCHED = (
    ("owner", "scenarios", "state=published", "新发布的场景", "daily"),
    ("owner", "offers", "kind=compute", "算力上新", "weekly"),
    ("staff", "filings", "kind=filed", "新备案", "daily"),
    ("staff", "organizations", "", "新入驻企业", "weekly"),
    ("manager", "rounds", "", "融资动态", "daily"),
    ("visitor", "offers", "kind=policy", "政策与券", "weekly"),
)
NEW_ROWS = 4


def add_vouchers(desk: Desk) -> None:
    policy = desk.find(Offer, "voucher")
    for kind, percent, cap in VOUCHERS:
        made = Voucher(offer=policy, kind=kind, percent=percent, cap=cap, months=12)
        desk.add(made, f"voucher/{kind}", reason="政策条款登记", source=desk.source("made-register"))


def add_supplies(desk: Desk) -> None:
    for row in read_table("supplies.tsv"):
        desk.add(supply_of(desk, row), row["scenario"], reason="需求方补充用量与费用")


def supply_of(desk: Desk, row: Row) -> Supply:
    amounts: dict[str, Any] = {name: int(row[name]) if row[name] else None for name in row if name.endswith("cost")}
    return Supply(
        scenario=desk.find(Scenario, row["scenario"]),
        compute_amount=int(row["amount"]) if row["amount"] else None,
        compute_unit=row["unit"],
        financing=int(row["financing"]) if row["financing"] else None,
        **amounts,
    )


def make_plans(desk: Desk) -> None:
    """One of each kind, over the scenarios that stand open on the day."""
    wishes = Settings(wanted=WANTED, cap=CAP)
    keep_assignment(assign_all(desk.day, wishes, Silent()), settings=wishes, actor=desk.clerk)
    keep_bundles(bundle_all(desk.day, Settings(), Silent()), settings=Settings(), actor=desk.clerk)
    for kind in (Plan, Proposal):
        kind._default_manager.update(demo=True)


def add_labels(desk: Desk) -> None:
    """Drawn pairs, graded by two raters who agree more often than not."""
    labels.draw_pairs(actor=desk.clerk, day=desk.ago(6), top=6, others=2)
    RatingPair.objects.update(demo=True)
    for place, pair in enumerate(RatingPair.objects.order_by("pk")[: RATED_TWICE + RATED_ONCE]):
        chance = dice(f"grade/{place}")
        grade = chance.choice((1, 2, 3, 3, 4))
        other = min(4, max(1, grade + chance.choice((0, 0, 0, 1, -1, -2))))
        for rater, given in zip(RATERS, (grade, other) if place < RATED_TWICE else (grade,), strict=False):
            labels.rate(pair, actor=desk.user(rater), grade=given, day=desk.ago(5))


def add_watches(desk: Desk) -> None:
    """Each is a week old, and its first digest is there to be read."""
    for username, target, query, name, every in WATCHED:
        user = desk.user(username)
        Wishes.objects.get_or_create(user=user, defaults={"by_mail": False, "language": "zh-hans"})
        words = {"kind": "list", "name": name, "target": target, "query": query, "every": every}
        forget_some(add_watch(actor=user, day=desk.ago(7), **words))
    told, calendar = running.Looked(desk.day), WorkCalendar({desk.day: True})
    for username in dict.fromkeys(watched[0] for watched in WATCHED):
        running.look_for(desk.user(username), told, calendar, now=timezone.now())


def forget_some(watch: Watch) -> None:
    """As if the newest rows had not been there when the watch was made."""
    watch.seen = {code: frozenset(sorted(keys)[:-NEW_ROWS]) for code, keys in watch.seen.items()}
    watch.save()
