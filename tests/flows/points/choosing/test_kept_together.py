"""A household's points keep the worth they were earned with, whoever owns them and however the
household draws."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction

import pytest
from tests.flows.points.choosing.test_kept_worth import program, until
from tests.flows.points.sharing import household, take_together
from tests.makers import Shop, buys, named

from regulars.base.faults import Refused
from regulars.flows.commands import Redeem, Redeemed

Open = Callable[[str], Shop]
DRAWS = ("soonest", "oldest", "head_first", "proportional")


def shared(mug: int, draws: str = "soonest", then: str = "") -> str:
    return program(mug=mug, then=f"household: {{draws: {draws}}}\n{then}")


@pytest.fixture(params=DRAWS)
def draws(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def dearer(shop: Shop, draws: str = "soonest") -> None:
    """From now on a mug costs 150, and who collected before keeps 100 to the mug."""
    shop.now += timedelta(days=1)
    shop.publish(named(shared(150, draws, until()), shop.terms.slug))
    shop.now += timedelta(days=1)


def mugs(shop: Shop, *names: str) -> Fraction:
    """How many mugs all of them still have the points for, by what each lot keeps."""
    since = shop.terms.versions[-1].effective_from
    rows = shop.rows(
        "select l.earned_at, l.remaining from lot l join identifier i using "
        "(program_id, member_id) where program_id = $1 and i.value = any($2::text[])",
        list(names),
    )
    return sum((Fraction(n, 100 if at < since else 150) for at, n in rows), Fraction(0))


def test_what_all_collected_before_buys_at_the_price_of_then(open_shop: Open, draws: str) -> None:
    shop = open_shop(shared(100, draws))
    ada, ben = shop.joined("ada", "ben")
    home = household(shop, ada, ben)
    shop.record(buys(ada, 60_00), buys(ben, 40_00))
    dearer(shop, draws)
    done = take_together(shop, home, ben, "mug")
    assert isinstance(done, Redeemed), done
    assert (done.price, done.told["usual_points"]) == ({"points": 100}, 150)
    assert mugs(shop, "ada", "ben") == 0


def test_older_points_pay_by_their_worth_and_newer_ones_fill_up(
    open_shop: Open, draws: str
) -> None:
    """Whatever is drawn, no worth is left over or lost beyond the rounding of one point."""
    shop = open_shop(shared(100, draws))
    ada, ben, cem = shop.joined("ada", "ben", "cem")
    home = household(shop, ada, ben, cem)
    shop.record(buys(ada, 90_00), buys(cem, 33_00))
    dearer(shop, draws)
    shop.record(buys(ben, 140_00), buys(cem, 21_00))
    for taker in (ben, ada, cem):
        before = mugs(shop, "ada", "ben", "cem")
        if before < 1:
            break
        done = take_together(shop, home, taker, "mug")
        assert isinstance(done, Redeemed), done
        spent = before - mugs(shop, "ada", "ben", "cem")
        assert 1 <= spent < 1 + Fraction(1, 100), (draws, spent)


def test_what_the_head_gives_is_what_pays(open_shop: Open) -> None:
    """Else old points would set the price, new ones pay it, and the old ones buy again."""
    shop = open_shop(shared(100, "head_first"))
    ada, ben = shop.joined("ada", "ben")
    home = household(shop, ada, ben)
    shop.record(buys(ada, 100_00))
    dearer(shop, "head_first")
    shop.record(buys(ben, 150_00))
    assert take_together(shop, home, ben, "mug").price == {"points": 100}
    assert (shop.balances("ada").get("points"), shop.balances("ben")["points"]) == (
        None,
        (150, 0, 0),
    )
    assert take_together(shop, home, ben, "mug").price == {"points": 150}


def test_too_little_of_all_is_said_by_the_price_for_this_household(open_shop: Open) -> None:
    shop = open_shop(shared(100))
    ada, ben = shop.joined("ada", "ben")
    home = household(shop, ada, ben)
    shop.record(buys(ada, 60_00), buys(ben, 39_00))
    dearer(shop)
    no = take_together(shop, home, ada, "mug")
    assert isinstance(no, Refused)
    assert no.facts == {"wallet": "points", "price": 101, "available": 99}
    shop.record(buys(ben, 2_00))
    assert take_together(shop, home, ada, "mug").price == {"points": 101}


def test_alone_is_not_dearer_than_together(open_shop: Open, draws: str) -> None:
    shop = open_shop(shared(100, draws))
    ada, ben = shop.joined("ada", "ben")
    home = household(shop, ada, ben)
    shop.record(buys(ada, 200_00))
    dearer(shop, draws)
    assert shop.redeem(Redeem(ada, "mug", capture=True))[0].price == {"points": 100}
    assert take_together(shop, home, ada, "mug").price == {"points": 100}
