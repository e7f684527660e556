"""Points keep the worth they were earned with: each lot buys and pays by the best of its terms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.makers import Shop, buys, named

from regulars.base.faults import Refused
from regulars.base.money import LARGEST
from regulars.engine.changing.following import codes_for
from regulars.engine.compiling.compile import compile_program
from regulars.engine.rewarding.counter.keeping import way_kept
from regulars.engine.rewarding.paying import Basket, Quote, quote
from regulars.engine.rewarding.promise import ways
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms, terms_of
from regulars.flows.commands import Redeem
from regulars.flows.terms.plan_version import KeptWorth, plan_version
from regulars.flows.terms.publish_program import WarningsOpen
from regulars.records.ledger.types import Balance, Lot
from regulars.records.program.reading import read_program

Open = Callable[[str], Shop]
START = datetime(2026, 1, 1, tzinfo=UTC)
MONTH = timedelta(days=30)


def program(mug: int = 100, points: int = 100, then: str = "", step: int = 1) -> str:
    return f"""
regulars: 1
program: worthy
name: Worthy
currency: EUR
zone: Europe/Berlin
wallets:
  points: {{}}
rules:
  - {{id: euro, on: purchase, wallet: points, award: {{give: per_amount, points: 1, per: "1.00"}}}}
rewards:
  - {{id: mug, name: A mug, price: {{points: {mug}}}, worth: "1.00", cost: "0.80"}}
paying: {{wallet: points, points: {points}, per: "1.00", step: {step}}}
{then}
"""


def until(on: str = "") -> str:
    return f"changeover: {{worth: keep{', worth_until_on: ' + on if on else ''}}}"


def terms(*sources: str) -> Terms:
    published = [
        (number, START + MONTH * number, compile_program(read_program(source)))
        for number, source in enumerate(sources)
    ]
    codes: dict[tuple[str, str], int] = {}
    for _, _, compiled in published:
        codes |= codes_for(codes, compiled)
    return terms_of(1, "worthy", published, codes)


def member(lots: Sequence[tuple[int, int]]) -> MemberState:
    """Somebody with so many points of each month, in the order in which they are spent."""
    state = MemberState(UUID(int=1), START, {})
    for place, (month, points) in enumerate(lots):
        id_, at = UUID(int=place + 9), START + MONTH * month + timedelta(days=1)
        ends = START + timedelta(days=900 + place)
        state.lots[id_] = Lot(id_, UUID(int=1), 1, id_, id_, 1, points, points, 0, at, ends)
    state.balances[1] = Balance(available=sum(points for _, points in lots))
    return state


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[int, bool]], list[tuple[int, int]], int]:
    """Prices of versions and whether each keeps, lots of months, and so many months from then."""
    kept = st.tuples(st.integers(1, 300), st.booleans())
    versions = draw(st.lists(kept, min_size=1, max_size=4))
    lots = draw(
        st.lists(st.tuples(st.integers(0, len(versions) - 1), st.integers(1, 120)), max_size=6)
    )
    return versions, lots, draw(st.integers(1, 40))


def best(versions: list[tuple[int, bool]], month: int) -> int:
    """Told anew: the price now, and each one before a change that keeps and came after the lot."""
    prices = [versions[-1][0]]
    for place in range(1, len(versions)):
        if versions[place][1] and month < place:
            prices.append(versions[place - 1][0])
    return min(prices)


@given(histories())
@settings(max_examples=200, deadline=None)
def test_a_price_is_paid_point_by_point(
    told: tuple[list[tuple[int, bool]], list[tuple[int, int]], int],
) -> None:
    """One point after the other is laid down, until together they are a whole mug."""
    versions, lots, _ = told
    all_ = terms(*(program(mug=price, then=until() if keep else "") for price, keep in versions))
    version, state = all_.versions[-1], member(lots)
    reward = version.rewards["mug"]
    now = START + MONTH * len(versions)
    (way,) = ways(version, reward)
    found = way_kept(version, state, reward, way, now).price["points"]
    laid, paid = 0, Fraction(0)
    each = [Fraction(1, best(versions, month)) for month, points in lots for _ in range(points)]
    while paid < 1:
        paid += each[laid] if laid < len(each) else Fraction(1, versions[-1][0])
        laid += 1
    assert found == laid
    assert found <= versions[-1][0]


@given(histories(), st.integers(1, 400))
@settings(max_examples=200, deadline=None)
def test_a_basket_is_paid_point_by_point(
    told: tuple[list[tuple[int, bool]], list[tuple[int, int]], int], basket: int
) -> None:
    """As much as can be of a basket, and the fewest whole steps that come to it."""
    versions, lots, step = told
    step = max(step, -(-max(price for price, _ in versions) // 100))
    all_ = terms(
        *(
            program(points=price, then=until() if keep else "", step=step)
            for price, keep in versions
        )
    )
    version, state = all_.versions[-1], member(lots)
    found = quote(version, state, Basket(basket), now=START + MONTH * len(versions))
    each = [Fraction(100, best(versions, month)) for month, points in lots for _ in range(points)]
    worth = [int(sum(each[:n], Fraction(0))) for n in range(0, len(each) + 1, step)]
    most = max((value for value in worth if value <= basket), default=0)
    fewest = worth.index(most) * step
    if isinstance(found, Quote):
        assert (found.value_minor, found.points) == (most, fewest)
    else:
        assert fewest < step


@pytest.mark.parametrize("want", [None, LARGEST])
def test_the_largest_basket_is_answered_whatever_a_point_is_worth(want: int | None) -> None:
    """A point is worth a millionth of what it was, so the basket takes more than can be counted."""
    all_ = terms(program(points=1_000), program(points=10**9, then=until()))
    state, now = member([(0, 500), (1, 500)]), START + MONTH * 2
    found = quote(all_.versions[-1], state, Basket(LARGEST, 0, want), now=now)
    if want is None:
        assert isinstance(found, Quote)
        assert (found.value_minor, found.points) == (50, 500)
    else:
        assert isinstance(found, Refused)
        assert found.code == "not_enough_points"


def test_what_one_version_promised_holds_whatever_the_next_says(open_shop: Open) -> None:
    shop = open_shop(program())
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 100_00), buys(ben, 90_00))
    shop.now += timedelta(days=1)
    shop.publish(named(program(mug=150, then=until("2027-01-01")), shop.terms.slug))
    shop.now += timedelta(days=1)
    (done,) = shop.redeem(Redeem(ada, "mug", capture=True))
    assert (done.price, done.told["usual_points"]) == ({"points": 100}, 150)
    shop.now += timedelta(days=1)
    dearest = named(program(mug=300), shop.terms.slug)
    shop.publish(dearest, accept=("worth:points",))
    shop.record(buys(ben, 29_00))
    (no,) = shop.redeem(Redeem(ben, "mug"))
    assert isinstance(no, Refused)
    assert no.facts == {"wallet": "points", "price": 120, "available": 119}
    shop.record(buys(ben, 1_00))
    (done,) = shop.redeem(Redeem(ben, "mug", capture=True))
    assert done.price == {"points": 120}


def test_points_are_not_made_cheaper_without_a_word(open_shop: Open) -> None:
    shop = open_shop(program())
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 120_00), buys(ben, 30_00))
    shop.now += timedelta(days=1)

    def plan(source: str) -> Any:
        file = named(source, shop.terms.slug)
        return shop.do(lambda tx, _: plan_version(tx, file))

    dearer = named(program(mug=150), shop.terms.slug)
    with pytest.raises(WarningsOpen, match="worth:points"):
        shop.publish(dearer)
    asked = plan(dearer)
    assert [one.code for one in asked.problems] == ["worth:points"]
    assert (asked.out_of_reach, asked.kept) == ({"mug": 1}, ())
    assert (asked.owed.before_minor, asked.owed.after_minor) == (120, 80)
    kept = plan(program(mug=150, then=until()))
    assert (kept.problems, kept.out_of_reach) == ((), {})
    assert kept.kept == (KeptWorth("points", 2, 150, None),)
    assert (kept.owed.before_minor, kept.owed.after_minor) == (120, 120)


def test_a_plan_says_what_is_owed_by_what_versions_before_the_last_promised(
    open_shop: Open,
) -> None:
    """120 points keep 100 for a mug, 150 keep 150 for it, whatever the third version asks."""
    shop = open_shop(program())
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 120_00))
    shop.now += timedelta(days=1)
    shop.publish(named(program(mug=150, then=until("2027-01-01")), shop.terms.slug))
    shop.now += timedelta(days=1)
    shop.record(buys(ben, 150_00))
    shop.now += timedelta(days=1)

    def owed(source: str, at: datetime | None = None) -> tuple[int, int]:
        file = named(source, shop.terms.slug)
        plan = shop.do(lambda tx, _: plan_version(tx, file, at))
        return plan.owed.before_minor, plan.owed.after_minor

    assert owed(program(mug=300)) == (96 + 80, 96 + 40)
    assert owed(program(mug=300, then=until())) == (96 + 80, 96 + 80)
    # Once the promise of the second is over, what it kept is owed by nobody any more.
    assert owed(program(mug=300), datetime(2027, 2, 1, tzinfo=UTC)) == (64 + 80, 32 + 40)
