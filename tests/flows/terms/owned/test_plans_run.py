"""A plan stays for whoever it runs for, whatever was said of what comes after: nobody who paid is
passed over because they cancelled, chose another plan, paused or are late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.flows.plans.houses import ROASTERY, may, start, turn
from tests.flows.terms.owned.houses import Open, asked, planned, refused
from tests.flows.terms.owned.test_plans_stay import SOLD_OUT, WITHOUT, begun
from tests.makers import Shop, named

GONE = ["memberships of the plan plus run (1)"]


def bought(shop: Shop, **more: Any) -> Any:
    found = start(shop, **(more or {"amount_minor": 1_000}))
    shop.now += timedelta(hours=1)
    return found


def cancelled(shop: Shop) -> None:
    turn(shop, bought(shop), "cancelled", at="period_end")


def changed(shop: Shop) -> None:
    turn(shop, bought(shop), "changed", plan="club", at="period_end")


def paused(shop: Shop) -> None:
    turn(shop, bought(shop), "paused")


def late(shop: Shop) -> None:
    bought(shop)
    shop.at("2027-02-28T16:00")
    shop.night()


def on_trial(shop: Shop) -> None:
    bought(shop, trial=True)


def paid_ahead(shop: Shop) -> None:
    turn(shop, bought(shop), "paid", amount_minor=1_000)


@pytest.mark.parametrize("how", [cancelled, changed, paused, late, on_trial, paid_ahead])
def test_a_plan_stays_however_a_membership_of_it_stands(
    open_shop: Open, how: Callable[[Shop], None]
) -> None:
    """Who had cancelled or chosen another plan lost what they had paid for, without a word."""
    shop = begun(open_shop)
    how(shop)
    assert GONE[0] in refused(shop, WITHOUT)
    line = '  - {id: delivery, name: Free delivery, plan: plus, worth: "4.90"}\n'
    assert list(asked(shop, ROASTERY.replace(line, ""))) == ["benefit:delivery"]


def test_a_plan_that_was_chosen_for_the_next_term_stays_too(open_shop: Open) -> None:
    shop = begun(open_shop)
    changed(shop)
    line = '  - {id: club, name: Club, fee: "25.00", term: month, refund: rest}\n'
    only = ROASTERY.replace(line, "").replace("tasting, plan: club", "tasting, plan: plus")
    assert refused(shop, only) == ["memberships of the plan club run (1)"]


def test_on_the_way_out_those_who_cancelled_keep_what_is_paid(open_shop: Open) -> None:
    """With `until_on` every provider is told to cancel, and then nobody was counted any more."""
    shop = begun(open_shop)
    one = bought(shop)
    shop.publish(named(SOLD_OUT, shop.terms.slug), accept=("plan:plus",))
    turn(shop, one, "cancelled", at="period_end")
    assert refused(shop, WITHOUT) == GONE
    assert may(shop, "ada", "delivery") == "yes"
    shop.at("2027-03-02T15:00")
    shop.night()
    assert planned(shop, WITHOUT).errors == []
