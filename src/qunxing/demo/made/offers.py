"""Made-up offers of all eight kinds."""

from decimal import Decimal

from qunxing.demo.desk import Desk
from qunxing.demo.tables import Row, codes_of, days_of, read_table
from qunxing.directory.models import Organization
from qunxing.resources.actions import move
from qunxing.resources.models import Offer
from qunxing.resources.states import State

# The steps from open to each state, with the reason.
SAID = {"yes": True, "no": False, "": None}
WAYS = {State.OPEN: (), State.PAUSED: (("pause", "组件升级，暂停接新"),), State.CLOSED: (("close", "年度名额已用完"),)}


def add_offers(desk: Desk) -> None:
    for row in read_table("offers.tsv"):
        offer = desk.add(offer_of(desk, row), row["key"], reason="资源登记", source=desk.source("made-register"))
        for step, reason in WAYS[State(row["state"])]:
            move(offer, step, actor=desk.clerk, reason=reason)


def offer_of(desk: Desk, row: Row) -> Offer:
    first, last = days_of(row["from"]), days_of(row["until"])
    return Offer(
        **{name: row[name] for name in ("title", "kind", "unit", "number_format", "region", "description")},
        provider=desk.find(Organization, row["provider"]),
        fields=codes_of(row["fields"]),
        quantity=Decimal(row["quantity"]) if row["quantity"] else None,
        domestic_chips=SAID[row["chips"]],
        quantity_bound=row["bound"] or "exact",
        price_terms=row["price"],
        valid_from=desk.ago(first) if first is not None else None,
        valid_until=desk.ago(last) if last is not None else None,
    )
