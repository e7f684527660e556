"""A version for a later day is weighed by what members may have by then, and versions that follow
on one another take nothing in the order in which they rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.flows.plans.houses import ROASTERY
from tests.flows.terms.owned.houses import ADA, Open, given, house, opened, planned, refused
from tests.flows.terms.owned.test_plans_stay import SOLD_OUT, WITHOUT
from tests.makers import Shop, named

from regulars.base.tx import Tx
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust
from regulars.flows.terms import publish_program
from regulars.flows.terms.comes.relied import relied
from regulars.records.program.problems import Finding, ProgramFault

MONTH = timedelta(days=30)
STAMPS = house("points: {}, stamps: {kind: stamps}")


@pytest.mark.parametrize(
    ("after", "says"),
    [
        (house("points: {scale: 2}"), "what members have of points is kept by `scale: 0`"),
        (house("points: {kind: status}"), "what members have of points is kept by `kind: points`"),
        (house(currency="TRY"), "all that is kept as money is in EUR"),
    ],
)
def test_a_later_version_makes_nothing_of_what_members_have_by_then(
    open_shop: Open, after: str, says: str
) -> None:
    """Nobody had any as it was published; a month later 1240 were 12.40."""
    shop = opened(open_shop, house())
    assert planned(shop, after).errors == [], "at once it may, while nobody has any"
    (told,) = refused(shop, after, shop.now + MONTH)
    assert told.startswith(says)


def test_a_later_version_takes_no_wallet_that_may_be_filled_by_then(open_shop: Open) -> None:
    shop = opened(open_shop, STAMPS)
    assert planned(shop, house()).errors == []
    assert refused(shop, house(), shop.now + MONTH) == [
        "members may have something of stamps by then, and there is no such wallet"
    ]


def test_a_later_version_takes_no_plan_that_can_be_begun_until_then(open_shop: Open) -> None:
    shop = open_shop(ROASTERY)
    shop.at("2027-01-31T15:00")
    assert "memberships of the plan plus may run by then" in refused(
        shop, WITHOUT, shop.now + MONTH
    )
    shop.publish(named(SOLD_OUT, shop.terms.slug), accept=("plan:plus",))
    shop.at("2027-03-02T15:00")
    says = [one.says for one in planned(shop, WITHOUT, shop.now + MONTH).errors]
    assert says
    assert "memberships of the plan plus may run by then" not in says


def test_what_comes_between_is_there_also_when_the_next_one_begins(open_shop: Open) -> None:
    """February's file was written before January's brought stamps, and took them again."""
    shop = opened(open_shop, house())
    shop.publish(
        named(house("points: {name: P}"), shop.terms.slug), effective_from=shop.now + MONTH
    )
    (says,) = refused(shop, STAMPS)
    assert "version 2 rules: members may have something of stamps by then" in says
    later = named(STAMPS.replace("points: {}", "points: {name: P}"), shop.terms.slug)
    shop.publish(later, effective_from=shop.now + MONTH)
    assert shop.publish(named(STAMPS, shop.terms.slug)).fresh


def test_what_comes_while_it_is_looked_at_is_not_taken(
    open_shop: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first points of a wallet were given between the look and the last word."""
    shop = opened(open_shop, STAMPS)
    terms = shop.terms

    async def slow(tx: Tx, *args: Any) -> list[Finding]:
        found = await relied(tx, *args)
        await adjust_balances(tx, terms, [Adjust(ADA, "stamps", 7, "a present", "olga")])
        return found

    monkeypatch.setattr(publish_program, "relied", slow)
    file, before = named(house(), terms.slug), shop.counts()
    with pytest.raises(ProgramFault, match="while it was looked at"):
        shop.publish(file)
    assert shop.counts() == before


def test_what_nobody_has_goes_at_once(open_shop: Open) -> None:
    shop: Shop = opened(open_shop, STAMPS, stamps=3)
    given(shop, "stamps", -3)
    assert shop.publish(named(house(), shop.terms.slug)).fresh
