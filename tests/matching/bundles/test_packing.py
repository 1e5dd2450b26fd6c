"""Packages for all needs at once, held against every possible choice at small size."""

from collections import Counter
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from qunxing.matching.bundles.packing import BEST, FIRM, PIECE, Candidate, Limits, Need, Package, Payment, Stock, pack


def need(key: str, *firms: str, **more: Any) -> Need:
    candidates = tuple(
        Candidate(firm, 10.0 - place, **more.pop("of", {}).get(firm, {})) for place, firm in enumerate(firms)
    )
    return Need(key, candidates, **more)


def test_capacity_is_shared_by_all_needs() -> None:
    found = pack([need("a", "x", "y"), need("b", "x")], Limits({"x": 1, "y": 1}))
    assert [one.firm for one in found.packages] == ["y", "x"]
    assert found.proven


def test_need_that_nobody_has_room_for_stays_empty() -> None:
    found = pack([need("a", "x"), need("b", "x")], Limits({"x": 1}))
    assert sorted(one.firm for one in found.packages) == ["", "x"]


def test_firm_with_a_filed_model_is_preferred() -> None:
    one = Need("a", (Candidate("x", 10.0), Candidate("y", 9.0, has_model=True)))
    assert pack([one], Limits({"x": 1, "y": 1})).packages[0].firm == "y"


def test_nobody_gets_a_stranger_for_the_sake_of_a_piece() -> None:
    one = Need("a", (Candidate("x", 10.0), Candidate("y", 7.0, has_model=True, funds=("f",))))
    assert pack([one], Limits({"x": 1, "y": 1}, funds={"f": Stock()})).packages[0].firm == "x"


def test_quantity_of_an_offer_is_respected() -> None:
    needs = [need("a", "x", offers=("p",), amount=60), need("b", "y", offers=("p",), amount=60)]
    limits = Limits({"x": 1, "y": 1}, offers={"p": Stock(100, places=5)})
    assert sorted(one.offer for one in pack(needs, limits).packages) == ["", "p"]
    assert [one.offer for one in pack(needs, Limits({"x": 1, "y": 1}, offers={"p": Stock(120, 5)})).packages] == [
        "p",
        "p",
    ]


def test_tickets_and_money_of_a_fund_are_respected() -> None:
    of = {"x": {"funds": ("f",)}, "y": {"funds": ("f",)}}
    needs = [
        Need("a", (Candidate("x", 1.0, **of["x"]),), financing=5_000_000),
        Need("b", (Candidate("y", 1.0, **of["y"]),), financing=5_000_000),
    ]
    firms = {"x": 1, "y": 1}
    for stock, funded in ((Stock(None, 2), 2), (Stock(None, 1), 1), (Stock(8_000_000, 2), 1)):
        packages = pack(needs, Limits(firms, funds={"f": stock})).packages
        assert sum(one.fund == "f" for one in packages) == funded


def test_fund_goes_with_its_firm() -> None:
    one = Need("a", (Candidate("x", 2.0), Candidate("y", 1.9, funds=("f",))))
    found = pack([one], Limits({"x": 1, "y": 1}, funds={"f": Stock()})).packages[0]
    assert (found.firm, found.fund) == ("y", "f")


def voucher_need(*payments: Payment, offers: tuple[str, ...] = ("p",)) -> Need:
    return Need("a", (Candidate("x", 1.0),), offers=offers, payments={"x": payments})


COMPUTE = Payment("v", "compute", 300_000)


def test_voucher_for_compute_needs_compute() -> None:
    limits = Limits({"x": 1}, offers={"p": Stock()})
    assert pack([voucher_need(COMPUTE)], limits).packages[0].vouchers == ("v",)
    assert pack([voucher_need(COMPUTE, offers=())], limits).packages[0].vouchers == ()


def test_strict_voucher_does_not_pay_a_related_party() -> None:
    limits = Limits(
        {"x": 1}, offers={"p": Stock(), "q": Stock()}, strict=frozenset({"v"}), related=frozenset({("x", "p")})
    )
    assert pack([voucher_need(COMPUTE)], limits).packages[0].vouchers == ()
    found = pack([voucher_need(COMPUTE, offers=("p", "q"))], limits).packages[0]
    assert (found.offer, found.vouchers) == ("q", ("v",))


def test_one_voucher_pays_a_cost_unless_it_adds_to_others() -> None:
    limits = Limits({"x": 1}, offers={"p": Stock()})
    larger, added = Payment("w", "compute", 500_000), Payment("s", "compute", 100_000, stacks=True)
    assert pack([voucher_need(COMPUTE, larger, added)], limits).packages[0].vouchers == ("w", "s")


def test_pot_and_cap_are_shared_over_needs() -> None:
    needs = [Need(key, (Candidate("x", 1.0),), payments={"x": (Payment("v", "model", 300_000),)}) for key in ("a", "b")]
    for limits, paid in (
        (Limits({"x": 2}, pots={"v": 600_000}), 2),
        (Limits({"x": 2}, pots={"v": 500_000}), 1),
        (Limits({"x": 2}, caps={"v": 300_000}), 1),
    ):
        assert sum(bool(one.vouchers) for one in pack(needs, limits).packages) == paid


def test_nothing_is_no_error() -> None:
    assert pack([], Limits({})).packages == ()
    assert pack([Need("a", ())], Limits({})).packages == (Package("a"),)


# --- against every choice -------------------------------------------------------------------------------------------


@st.composite
def problems(draw: Any) -> tuple[list[Need], Limits]:
    firms, offers, funds = ["x", "y"], ["p"], ["f"]
    needs = []
    for key in ("a", "b"):
        candidates = tuple(
            Candidate(
                firm, float(draw(st.integers(1, 5))), draw(st.booleans()), tuple(draw(st.sets(st.sampled_from(funds))))
            )
            for firm in draw(st.sets(st.sampled_from(firms)).map(sorted))
        )
        needs.append(
            Need(
                key,
                candidates,
                tuple(draw(st.sets(st.sampled_from(offers)))),
                draw(st.sampled_from([None, 40, 70])),
                unsure=frozenset(draw(st.sets(st.sampled_from(offers)))),
            )
        )
    limits = Limits(
        {firm: draw(st.integers(0, 2)) for firm in firms},
        funds={"f": Stock(places=draw(st.integers(0, 2)))},
        offers={"p": Stock(draw(st.sampled_from([None, 100])), draw(st.integers(1, 2)))},
    )
    return needs, limits


def choices(one: Need) -> list[tuple[Candidate | None, str, str]]:
    found: list[tuple[Candidate | None, str, str]] = [(None, "", "")]
    for candidate in one.candidates:
        found += [(candidate, fund, offer) for fund in ("", *candidate.funds) for offer in ("", *one.offers)]
    return found


def fits(chosen: Any, needs: list[Need], limits: Limits) -> bool:
    firms = Counter(candidate.firm for candidate, _fund, _offer in chosen if candidate)
    funds = Counter(fund for _candidate, fund, _offer in chosen if fund)
    users = Counter(offer for _candidate, _fund, offer in chosen if offer)
    stock = limits.offers["p"]
    amount = sum(one.amount or 0 for one, (_c, _f, offer) in zip(needs, chosen, strict=True) if offer)
    return (
        all(count <= limits.firms[firm] for firm, count in firms.items())
        and funds["f"] <= limits.funds["f"].places
        and users["p"] <= stock.places
        and (stock.amount is None or amount <= stock.amount)
    )


def value(chosen: Any, needs: list[Need]) -> int:
    """What the choice is worth by the rule: firms, then relevance against pieces."""
    worth = 0
    for one, (candidate, fund, offer) in zip(needs, chosen, strict=True):
        if candidate:
            best = max(other.score for other in one.candidates)
            worth += FIRM + round(BEST * candidate.score / best) + PIECE * candidate.has_model
        sure = 1 if offer not in one.unsure else 0.5
        worth += round(PIECE * (bool(fund) + sure * bool(offer)))
    return worth


@given(problems())
def test_packages_are_the_best_there_are(problem: tuple[list[Need], Limits]) -> None:
    needs, limits = problem
    found = pack(needs, limits)
    by_firm = [{one.firm: one for one in item.candidates} for item in needs]
    chosen = [(known.get(one.firm), one.fund, one.offer) for one, known in zip(found.packages, by_firm, strict=True)]
    assert found.proven
    assert fits(chosen, needs, limits)
    best = max(value(option, needs) for option in product(*map(choices, needs)) if fits(option, needs, limits))
    assert value(chosen, needs) == best


@given(problems())
def test_packages_are_the_same_each_time(problem: tuple[list[Need], Limits]) -> None:
    assert pack(*problem) == pack(*problem)
