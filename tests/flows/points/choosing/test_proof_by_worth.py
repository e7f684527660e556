"""Who takes something dear shows their card; for a coffee a number is enough (semantics G5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.flows.points.sharing import household, member_id, merge, take_together
from tests.makers import Shop

from regulars.base.faults import Refused
from regulars.base.keyed import key_from
from regulars.engine.rewarding.paying import Basket
from regulars.flows.access.commands import CardShown
from regulars.flows.access.use_card_codes import UseCardCode, use_card_codes
from regulars.flows.commands import Adjust, Redeem, Redeemed
from regulars.records.access.cards.spelling import Holder, code_at, step_of
from regulars.records.members.types import Asked, MemberRef, ShownCode

Open = Callable[[str], Shop]
KEYED = key_from(b"a secret of the installation", "card")
DEAR = """
regulars: 1
program: dear
name: Dear
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rewards:
  - {id: coffee, name: A coffee, price: {points: 10}, worth: "5.00"}
  - {id: cake, name: A cake, price: {points: 10}, worth: "5.01"}
  - {id: bean, name: Beans, price: {points: 10}, worth: "9.00", automatic: true,
     gives: {kind: code}, tier: gold}
tiers: {steps: [{id: gold, at: "9999.00"}]}
paying: {wallet: points, points: 100, per: "1.00"}
household: {most_members: 3}
spending_proof: {card_above: "5.00"}
"""


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return open_shop(DEAR)


@pytest.fixture
def ada(shop: Shop) -> MemberRef:
    return with_points(shop)


def with_points(shop: Shop) -> MemberRef:
    """A member with 2,000 points."""
    (ada,) = shop.joined("ada")
    shop.adjust(Adjust(ada, "points", 2_000, "as a start", "mia"))
    return ada


def shows(code: ShownCode, key: str = "") -> Asked:
    """It is sent along with what is asked for."""
    return Asked("till", key, code)


def shown(shop: Shop, external: str, by: str = "till 1") -> ShownCode:
    """The code this member's card shows now."""
    return ShownCode(member_id(shop, external), step_of(shop.now), by)


def showing(shop: Shop, external: str, by: str = "till 1") -> ShownCode:
    """The same, taken by a till before, to see who stands there."""
    code = shown(shop, external, by)
    said = code_at(KEYED, Holder(shop.program_id, code.member_id), code.step)

    async def use(tx: Any, _: Any) -> Any:
        return await use_card_codes(tx, KEYED, [UseCardCode(said, uuid4(), by)])

    (done,) = shop.do(use)
    assert isinstance(done, CardShown), done
    return code


def takes(shop: Shop, who: MemberRef, reward: str = "cake", **more: Any) -> str:
    """What becomes of it: `held`, or why not; then nothing is written."""
    before = shop.counts()
    (done,) = shop.redeem(Redeem(who, reward, **more))
    if isinstance(done, Refused):
        assert shop.counts() == before
        return done.code
    assert isinstance(done, Redeemed), done
    return done.state


def test_up_to_so_much_a_number_is_enough_and_a_cent_above_it_is_not(
    shop: Shop, ada: MemberRef
) -> None:
    assert takes(shop, ada, "coffee") == "held"
    assert takes(shop, ada, "cake") == "card_needed"
    assert takes(shop, ada, "cake", asked=shows(shown(shop, "ada"))) == "held"


def test_points_that_pay_are_worth_what_they_pay(shop: Shop, ada: MemberRef) -> None:
    def pays(minor: int, **more: Any) -> str:
        return takes(shop, ada, "", pay=Basket(minor), **more)

    assert pays(500) == "held"
    assert pays(501) == "card_needed"
    assert pays(501, asked=shows(shown(shop, "ada"))) == "held"


def test_one_showing_is_good_for_one_thing(shop: Shop, ada: MemberRef) -> None:
    code = shown(shop, "ada")
    both = [Redeem(ada, "cake", asked=shows(code, key)) for key in ("one", "other")]
    first, second = shop.redeem(*both)
    assert (first.state, second.code) == ("held", "card_code_used")
    assert takes(shop, ada, asked=shows(code)) == "card_code_used"
    assert (
        takes(shop, ada, "coffee", asked=shows(code)) == "held"
    )  # for which nobody has to show it
    again, _ = shop.redeem(*both)
    assert (again.redemption_id, again.replayed) == (first.redemption_id, True)
    shop.now += timedelta(seconds=30)
    assert takes(shop, ada, asked=shows(shown(shop, "ada"))) == "held"


def test_what_a_till_was_shown_is_good_there_for_ten_minutes(shop: Shop, ada: MemberRef) -> None:
    code = showing(shop, "ada")
    shop.now += timedelta(minutes=10)
    elsewhere = ShownCode(code.member_id, code.step, "till 2")
    assert takes(shop, ada, asked=shows(elsewhere)) == "card_code_used"
    assert takes(shop, ada, asked=shows(code)) == "held"
    late = showing(shop, "ada")
    shop.now += timedelta(minutes=10, seconds=1)
    assert takes(shop, ada, asked=shows(late)) == "card_needed"


def test_a_picture_that_nobody_took_is_soon_over(shop: Shop, ada: MemberRef) -> None:
    code = shown(shop, "ada")
    shop.now += timedelta(seconds=60)
    assert takes(shop, ada, asked=shows(code)) == "card_needed"
    ours = ShownCode(member_id(shop, "ada"), 0, "till 1")
    assert takes(shop, ada, asked=shows(ours)) == "card_code_wrong"


def test_anothers_card_proves_nothing(shop: Shop, ada: MemberRef) -> None:
    shop.joined("ben")
    assert takes(shop, ada, asked=shows(shown(shop, "ben"))) == "card_needed"


def test_the_card_of_who_was_merged_is_that_of_who_they_are_now(shop: Shop, ada: MemberRef) -> None:
    (old,) = shop.joined("old")
    code = shown(shop, "old")
    merge(shop, old, ada)
    assert takes(shop, ada, asked=shows(code)) == "held"


def test_who_is_signed_in_shows_nothing(shop: Shop, ada: MemberRef) -> None:
    assert takes(shop, ada, signed_in=True) == "held"


def test_a_household_moves_no_points_for_who_proves_nothing(shop: Shop, ada: MemberRef) -> None:
    (ben,) = shop.joined("ben")
    home = household(shop, ada, ben)
    before, held = shop.counts(), shop.balances("ada")
    assert take_together(shop, home, ben, "cake").code == "card_needed"
    assert (
        take_together(shop, home, ben, "cake", asked=shows(shown(shop, "ada"))).code
        == "card_needed"
    )
    assert (shop.counts(), shop.balances("ada")) == (before, held)
    code = shown(shop, "ben")
    assert take_together(shop, home, ben, "cake", asked=shows(code)).state == "captured"
    assert take_together(shop, home, ben, "cake", asked=shows(code)).code == "card_code_used"


def test_what_is_taken_by_itself_asks_nobody(open_shop: Open) -> None:
    shop = open_shop(DEAR.replace(", tier: gold", "").replace("points: 10}", "points: 5000}"))
    (ada,) = shop.joined("ada")
    shop.adjust(Adjust(ada, "points", 5_000, "as a start", "mia"))
    shop.night()
    kept = shop.rows("select reward, state from redemption where program_id = $1")
    assert kept == [("bean", "captured")]
