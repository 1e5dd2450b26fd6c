"""Made-up experts and panels, written the way the program writes them."""

from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import Any

from qunxing.ledger.actions import add_many
from qunxing.ledger.recording import recording
from qunxing.panels import actions
from qunxing.panels.models import Expert, Item, Panel, Review, Seat
from qunxing.panels.states import ExpertState, ReviewState
from qunxing.panels.terms import PanelTerms, ScoringTerms

DAY = date(2025, 6, 16)
numbers = count(1)


def expert(**values: Any) -> Expert:
    return experts(1, **values)[0]


def experts(many: int, **values: Any) -> list[Expert]:
    """Qualified experts, technical and from outside unless said otherwise."""
    rows = []
    for _each in range(many):
        number = next(numbers)
        words = {
            "name": f"专家{number}",
            "employer_name": f"大学{number}",
            "state": ExpertState.QUALIFIED,
            "outside": True,
        }
        rows.append(Expert(**words | values))
        rows[-1].derive()
    with recording(actor=None):
        return add_many(rows)


def panel(*, items: int = 0, scoring: ScoringTerms | None = None, day: date = DAY, **terms: Any) -> Panel:
    """A planned panel with so many items."""
    made = actions.create_panel(
        actor=None, title="评审组", terms=PanelTerms(**terms), scoring=scoring or ScoringTerms(), day=day
    )
    actions.add_items(made, [item_spec(number) for number in range(1, items + 1)], actor=None)
    return made


def item_spec(number: int, **values: Any) -> actions.ItemSpec:
    parties = [
        actions.PartySpec(name=f"揭榜企业{number}有限公司"),
        actions.PartySpec(name=f"负责人{number}", role="leader"),
    ]
    words = {"code": f"A{number:03d}", "title": f"方案{number}", "text": "病灶分割", "parties": parties}
    body = [{"heading": "技术路线", "text": "采用自监督预训练", "rows": [["准确率", "95%"]]}]
    return actions.ItemSpec(**{**words, "body": body} | values)


def drawn(made: Panel, seed: str = "种子") -> list[Seat]:
    actions.commit_draw(made, actor=None, seed=seed)
    seats = actions.draw(made, actor=None)
    made.refresh_from_db()
    return seats


def seated(made: Panel, seed: str = "种子") -> list[Seat]:
    """Drawn, and all have accepted."""
    seats = drawn(made, seed)
    actions.accept_many(seats, actor=None)
    made.refresh_from_db()
    return list(Seat.objects.filter(pk__in=[seat.pk for seat in seats]).select_related("expert").order_by("position"))


def scoring(made: Panel) -> list[Review]:
    """Assigned and open for scoring; gives the reviews."""
    actions.assign(made, actor=None)
    actions.open_scoring(made, actor=None)
    made.refresh_from_db()
    return list(Review.objects.filter(panel=made).select_related("item", "seat").order_by("item", "seat__position"))


def filled(share: float = 0.8, **values: Any) -> actions.Filled:
    """Every criterion with this share of its top."""
    marks = {one.code: round(one.top * share, 2) for one in ScoringTerms().criteria}
    return actions.Filled(**{"marks": marks, "confidence": 4} | values)


def score_all(made: Panel, shares: Sequence[float] = (0.9, 0.6, 0.8, 0.7, 0.75)) -> None:
    """Hand in every open review: the share of an item, a little less with each seat."""
    rows = Review.objects.filter(panel=made, state=ReviewState.ASSIGNED).select_related("item", "seat", "panel")
    places = {item: at for at, item in enumerate(Item.objects.filter(panel=made).values_list("pk", flat=True))}
    handed = [(row, filled(shares[places[row.item_id] % len(shares)] - 0.01 * row.seat.position)) for row in rows]
    actions.submit_many(made, handed, actor=None)
