"""What rewards give, in which ways they are paid, and for whom, where and when they are."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.makers import Shop, buys

from regulars.flows.commands import Adjust, Redeem, Settle
from regulars.flows.membership.commands import EnterHousehold, FoundHousehold, MergeMembers
from regulars.flows.membership.keep_households import enter_households, found_households
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.points.commands import RedeemTogether
from regulars.flows.points.redeem_together import redeem_together
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.flows.show_standing import show_standing
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]
ROASTERY = """
regulars: 1
program: roastery
name: Roastery
currency: EUR
zone: Europe/Berlin
household: {}
caution: {share_percent: 1000}
wallets:
  points: {}
  stamps: {kind: stamps}
  money: {kind: cashback, scale: 2}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: cup, on: visit, wallet: stamps, award: {give: fixed, points: 1}}
  - {id: back, on: purchase, wallet: money, award: {give: per_amount, points: "0.01", per: "1.00"}}
tiers:
  steps: [{id: silver, at: "100.00"}, {id: gold, at: "1000.00"}]
rewards:
  - id: off
    name: Ten percent off
    price: {points: 1}
    gives: {kind: discount, percent: 10, at_most: "20.00", from_amount: "5.00"}
  - {id: bag, name: A bag, price: {points: 1}, gives: {kind: item, sku: bag-250, quantity: 2}}
  - id: tasting
    name: A tasting
    price: {points: 1}
    gives: {kind: seat, begins: 2026-03-11T19:00, seats: 2, where: Upstairs}
  - id: forest
    name: A tree
    price: {points: 1}
    gives: {kind: donation, cause: City forest, amount: "5.00"}
  - {id: cash, name: Cash, price: {money: "0.50"}, gives: {kind: payout, amount: "0.50"}}
  - id: mug
    name: A mug
    price: {stamps: 5}
    or:
      - {price: {points: 80}}
      - {price: {points: 30}, money: "4.00"}
  - {id: daily, name: Not so soon, price: {points: 1}, cooldown: 3 days}
  - {id: app, name: In the app, price: {points: 1}, channels: [app, web]}
  - {id: young, name: For the young, price: {points: 1}, for: {student: [true], town: [b, c]}}
  - id: drop
    name: A drop
    price: {points: 1}
    from_on: 2026-03-10
    head_start: {silver: 1 day, gold: 1 week}
"""


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return open_shop(ROASTERY)


@pytest.fixture
def ada(shop: Shop) -> MemberRef:
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 6_000, receipt="first"))
    return ada


def taken(shop: Shop, who: MemberRef, reward: str, **more: Any) -> Any:
    return shop.redeem(Redeem(who, reward, capture=True, **more))[0]


@pytest.mark.parametrize(
    ("reward", "kind", "told"),
    [
        ("off", "discount", {"percent": 10, "at_most_minor": 2_000, "from_minor": 500}),
        ("bag", "item", {"sku": "bag-250", "quantity": 2}),
        ("tasting", "seat", {"begins_at": "2026-03-11T18:00:00Z", "where": "Upstairs"}),
        ("forest", "donation", {"cause": "City forest", "amount_minor": 500}),
        ("cash", "payout", {"amount_minor": 50}),
        ("mug", "item", {}),
    ],
)
def test_each_kind_tells_what_it_gives(
    shop: Shop, ada: MemberRef, reward: str, kind: str, told: dict[str, Any]
) -> None:
    done = taken(shop, ada, reward)
    assert (done.kind, done.told, done.state) == (kind, told, "captured")
    (kept,) = shop.rows(
        "select terms ->> 'kind', terms -> 'told' from redemption where program_id = $1"
    )
    assert kept[0] == kind


def test_a_gift_is_worth_what_it_gives_unless_the_program_says(shop: Shop, ada: MemberRef) -> None:
    for reward in ("off", "forest", "cash", "bag"):
        taken(shop, ada, reward)
    sql = """select reward, (terms -> 'worth_minor')::int, (terms -> 'cost_minor')::int
               from redemption where program_id = $1 order by opened_at, redemption_id"""
    assert shop.rows(sql) == [
        ("off", 2_000, 2_000), ("forest", 500, 500), ("cash", 50, 50), ("bag", 0, 0),
    ]  # fmt: skip


def test_seats_run_out_and_a_seat_is_not_had_once_it_has_begun(shop: Shop, ada: MemberRef) -> None:
    assert taken(shop, ada, "tasting").state == "captured"
    (held,) = shop.redeem(Redeem(ada, "tasting"))
    assert taken(shop, ada, "tasting").code == "out_of_stock"
    shop.settle(Settle(held.redemption_id, "voided"))
    shop.at("2026-03-11 18:59")
    (last,) = shop.redeem(Redeem(ada, "tasting"))
    shop.settle(Settle(last.redemption_id, "voided"))
    shop.at("2026-03-11 19:00")
    assert taken(shop, ada, "tasting").code == "not_now"


def test_of_two_who_ask_for_the_last_seat_one_sits(shop: Shop, ada: MemberRef) -> None:
    taken(shop, ada, "tasting")
    asks = [lambda tx, terms: redeem_rewards(tx, terms, [Redeem(ada, "tasting")])] * 4
    outcomes = [answer[0] for answer in shop.together(*asks)]
    assert sorted(getattr(one, "state", one.code) for one in outcomes) == [
        "held", "out_of_stock", "out_of_stock", "out_of_stock",
    ]  # fmt: skip


# --- prices ----------------------------------------------------------------------------------


def test_the_first_price_that_can_be_paid_is_taken(shop: Shop, ada: MemberRef) -> None:
    mixed = taken(shop, ada, "mug")  # 60 points, no stamps
    assert (mixed.price, mixed.money_minor) == ({"points": 30}, 400)
    shop.adjust(Adjust(ada, "points", 60, "sorry", "mia"))
    plain = taken(shop, ada, "mug")
    assert (plain.price, plain.money_minor) == ({"points": 80}, 0)
    shop.adjust(Adjust(ada, "stamps", 5, "sorry", "mia"))
    assert taken(shop, ada, "mug").price == {"stamps": 5}
    no = taken(shop, ada, "mug")
    assert (no.code, no.facts["wallet"]) == ("not_enough_points", "stamps")


def test_a_household_pays_the_first_price_all_of_them_can(shop: Shop, ada: MemberRef) -> None:
    (ben,) = shop.joined("ben")
    shop.record(buys(ben, 2_500, receipt="second"))
    (founded,) = shop.ask(found_households, FoundHousehold(ada, "Home", "mia"))
    home = founded.household_id
    shop.ask(enter_households, EnterHousehold(home, ben, actor="mia"))
    (done,) = shop.ask(redeem_together, RedeemTogether(home, ben, "mug"))
    assert done.price == {"points": 80}
    assert (shop.balances("ada"), shop.balances("ben")) == (
        {"money": (60, 0, 0), "points": (5, 0, 0)}, {"money": (25, 0, 0)},
    )  # fmt: skip


# --- for whom, where and when ------------------------------------------------------------------


def test_some_time_passes_between_two_and_what_was_let_go_does_not_count(
    shop: Shop, ada: MemberRef
) -> None:
    (held,) = shop.redeem(Redeem(ada, "daily"))
    assert taken(shop, ada, "daily").code == "too_soon"
    shop.settle(Settle(held.redemption_id, "voided"))
    assert taken(shop, ada, "daily").state == "captured"
    shop.now += timedelta(days=3, seconds=-1)
    no = taken(shop, ada, "daily")
    assert (no.code, no.facts) == ("too_soon", {"again_at": "2026-03-05T12:00:00+00:00"})
    shop.now += timedelta(seconds=1)
    two = shop.redeem(Redeem(ada, "daily", capture=True), Redeem(ada, "daily", capture=True))
    assert [getattr(one, "state", one.code) for one in two] == ["captured", "too_soon"]


def test_a_reservation_that_lapsed_does_not_cool(shop: Shop, ada: MemberRef) -> None:
    shop.redeem(Redeem(ada, "daily"))
    shop.now += timedelta(minutes=15)
    assert taken(shop, ada, "daily").state == "captured"


def test_merged_members_cool_together_and_a_standing_tells_it(shop: Shop, ada: MemberRef) -> None:
    taken(shop, ada, "daily")
    (ben,) = shop.joined("ben")
    (merged,) = shop.ask(merge_members, MergeMembers(ada, ben, "one person", "mia"))
    assert taken(shop, ben, "daily").code == "too_soon"
    standing = shop.do(lambda tx, terms: show_standing(tx, terms, merged.into_id))
    (daily,) = [one for one in standing.rewards if one.reward.id == "daily"]
    assert daily.no is not None
    assert daily.no.code == "too_soon"


def test_a_reward_of_other_channels_is_not_here(shop: Shop, ada: MemberRef) -> None:
    assert taken(shop, ada, "app", channel="till").code == "not_here"
    assert taken(shop, ada, "app", channel="web").state == "captured"


def test_each_attribute_must_match_and_a_one_is_no_true(shop: Shop) -> None:
    answers = []
    for name, told in (
        ("b", {"student": True, "town": "b"}),
        ("c", {"student": True, "town": "d"}),
        ("d", {"student": 1, "town": "b"}),
        ("e", {"town": "b"}),
    ):
        (who,) = shop.joined(name, attributes=told)
        shop.record(buys(who, 500, receipt=f"of-{name}"))
        done = taken(shop, who, "young")
        answers.append(getattr(done, "facts", {}).get("attribute", getattr(done, "state", "")))
    assert answers == ["captured", "town", "student", "student"]


def test_a_drop_begins_earlier_the_higher_one_stands(shop: Shop, ada: MemberRef) -> None:
    (ben,) = shop.joined("ben")
    shop.record(buys(ben, 10_000, receipt="silver"))
    shop.at("2026-03-08 23:59")
    assert [taken(shop, one, "drop").code for one in (ada, ben)] == ["not_now", "not_now"]
    shop.at("2026-03-09 00:00")
    assert taken(shop, ada, "drop").facts["opens_at"] == "2026-03-09T23:00:00+00:00"
    assert taken(shop, ben, "drop").state == "captured"
    shop.at("2026-03-10 00:00")
    assert taken(shop, ada, "drop").state == "captured"
