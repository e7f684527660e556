"""Rewards: reserved from the soonest points, handed over once, given back whole."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from tests.makers import Shop, asked, brings_back, buys, line

from regulars.base.faults import Refused
from regulars.flows.commands import Redeem, Redeemed, Settle
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.ledger import read as ledger
from regulars.records.members.types import EraseMember, MemberRef

Open = Callable[[str], Shop]
BAR = """
regulars: 1
program: bar
name: Bar
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 10 days, round_up_to: day}}
  stamps: {kind: stamps}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: cup, on: purchase, wallet: stamps, award: {give: per_item, points: 1}}
tiers:
  window: rolling
  rolling_days: 10
  valid: window_end
  steps: [{id: friend, at: "50.00"}]
rewards:
  - {id: cup, name: A cup, price: {points: 30}, hold_for: 1 hour}
  - {id: both, name: Both, price: {points: 20, stamps: 2}, hold_for: 30 days}
  - {id: last, name: The last one, price: {stamps: 1}, stock: 1}
  - {id: daily, name: Once a day, price: {points: 1}, limit: {times: 1, per: day}}
  - {id: friends, name: For friends, price: {points: 1}, tier: friend}
  - {id: mitte, name: In Mitte, price: {points: 1}, stores: [mitte]}
  - {id: summer, name: In summer, price: {points: 1}, from_on: 2026-06-01, until_on: 2026-09-01}
"""


@pytest.fixture
def bar(open_shop: Open) -> Shop:
    return open_shop(BAR)


@pytest.fixture
def ada(bar: Shop) -> MemberRef:
    """A member with 40 points that end with 12 March, and four stamps."""
    (ada,) = bar.joined("ada")
    bar.record(buys(ada, line(4_000, quantity=4), receipt="first"))
    return ada


def held(bar: Shop, ada: MemberRef, reward: str, **more: object) -> Redeemed:
    (outcome,) = bar.redeem(Redeem(ada, reward, **more))  # type: ignore[arg-type]
    assert isinstance(outcome, Redeemed), outcome
    return outcome


def settled(bar: Shop, redemption_id: UUID, outcome: str, **more: object) -> Redeemed:
    (answer,) = bar.settle(Settle(redemption_id, outcome, **more))  # type: ignore[arg-type]
    assert isinstance(answer, Redeemed), answer
    return answer


def test_a_reward_is_reserved_and_then_handed_over(bar: Shop, ada: MemberRef) -> None:
    reserved = held(bar, ada, "cup")
    assert (reserved.state, reserved.price) == ("held", {"points": 30})
    assert reserved.balances == {"points": 10, "stamps": 4}
    assert reserved.lapses_at == bar.now + timedelta(hours=1)
    assert bar.balances("ada") == {"points": (10, 30, 0), "stamps": (4, 0, 0)}
    bar.now += timedelta(minutes=59, seconds=59)
    done = settled(bar, reserved.redemption_id, "captured")
    assert (done.state, done.balances) == ("captured", {"points": 10, "stamps": 4})
    assert bar.balances("ada") == {"points": (10, 0, 0), "stamps": (4, 0, 0)}
    assert bar.told()[2:] == ["reward.held", "reward.captured"]
    books = "select kind from entry where program_id = $1 order by entry_id"
    assert bar.rows(books) == [("earn",), ("hold",), ("capture",)]


def test_the_soonest_points_are_spent_first(bar: Shop, ada: MemberRef) -> None:
    late = bar.now
    bar.record(buys(ada, 700, receipt="older", occurred_at=late - timedelta(days=3)))
    bar.now += timedelta(days=1)
    bar.record(buys(ada, 500, receipt="newer"))
    held(bar, ada, "cup")
    points = [(left, pinned) for name, left, pinned, _ in bar.lots("ada") if name == "points"]
    assert points == [(7, 7), (40, 23), (5, 0)]


def test_capturing_again_changes_nothing_and_voiding_then_is_refused(
    bar: Shop, ada: MemberRef
) -> None:
    reserved = held(bar, ada, "cup")
    settled(bar, reserved.redemption_id, "captured")
    before = bar.counts()
    again = settled(bar, reserved.redemption_id, "captured")
    assert again.state == "captured"
    (no,) = bar.settle(Settle(reserved.redemption_id, "voided"))
    assert isinstance(no, Refused)
    assert no.code == "already_captured"
    assert bar.counts() == before


def test_what_is_voided_goes_back_to_its_lots_and_voiding_is_always_safe(
    bar: Shop, ada: MemberRef
) -> None:
    lots = bar.lots("ada")
    reserved = held(bar, ada, "both")
    assert bar.balances("ada") == {"points": (20, 20, 0), "stamps": (2, 2, 0)}
    settled(bar, reserved.redemption_id, "voided")
    assert bar.lots("ada") == lots
    assert settled(bar, reserved.redemption_id, "voided").state == "voided"
    (no,) = bar.settle(Settle(reserved.redemption_id, "captured"))
    assert no.code == "already_voided"


def test_a_part_is_captured_and_the_rest_given_back(bar: Shop, ada: MemberRef) -> None:
    reserved = held(bar, ada, "both")
    settled(bar, reserved.redemption_id, "captured", part={"points": 5})
    assert bar.balances("ada") == {"points": (35, 0, 0), "stamps": (4, 0, 0)}


@pytest.mark.parametrize(
    "part",
    [
        {"points": 5, "stamps": 3},
        {"points": -1},
        {"points": 21},
        {"dust": 1},
        {"points": 1, "x": 0},
    ],
)
def test_a_part_that_was_not_reserved_is_a_fault_and_changes_nothing(
    bar: Shop, ada: MemberRef, part: dict[str, int]
) -> None:
    reserved = held(bar, ada, "both")
    before, lots = bar.counts(), bar.lots("ada")
    (no,) = bar.settle(Settle(reserved.redemption_id, "captured", part))
    assert (no.code, no.field) == ("invalid", "/part")
    assert bar.counts() == before
    assert (bar.lots("ada"), bar.balances("ada")) == (
        lots,
        {"points": (20, 20, 0), "stamps": (2, 2, 0)},
    )
    assert settled(bar, reserved.redemption_id, "captured").state == "captured"


def test_a_late_capture_is_refused_job_or_no_job(bar: Shop, ada: MemberRef) -> None:
    reserved = held(bar, ada, "cup")
    bar.now += timedelta(hours=1)
    before = bar.counts()
    (no,) = bar.settle(Settle(reserved.redemption_id, "captured"))
    assert no.code == "hold_lapsed"
    assert bar.counts() == before
    assert bar.night("lapse_holds") == {"lapse_holds": 1}
    assert bar.balances("ada") == {"points": (40, 0, 0), "stamps": (4, 0, 0)}
    (no,) = bar.settle(Settle(reserved.redemption_id, "captured"))
    assert no.code == "hold_lapsed"
    assert settled(bar, reserved.redemption_id, "voided").state == "lapsed"


def test_points_that_end_while_reserved_are_honoured_until_the_hold_ends(
    bar: Shop, ada: MemberRef
) -> None:
    reserved = held(bar, ada, "both")
    bar.now += timedelta(days=20)
    bar.night()
    assert bar.balances("ada") == {"points": (0, 20, 0), "stamps": (2, 2, 0)}
    settled(bar, reserved.redemption_id, "captured", part={"points": 15, "stamps": 2})
    # The five that were given back had ended meanwhile.
    assert bar.balances("ada") == {"stamps": (2, 0, 0)}
    expired = "select count(*) from entry where program_id = $1 and kind = 'expire'"
    assert bar.rows(expired) == [(2,)]


@pytest.mark.parametrize(
    ("reward", "store", "code"),
    [
        ("unheard-of", "", "unknown_reward"),
        ("mitte", "altona", "not_here"),
        ("summer", "", "not_now"),
        ("friends", "", "tier_too_low"),
        ("both", "", "not_enough_points"),
    ],
)
def test_a_refusal_says_why_and_leaves_nothing_behind(
    bar: Shop, reward: str, store: str, code: str
) -> None:
    (ben,) = bar.joined("ben")
    bar.record(buys(ben, 1_000, receipt="r1"))
    before = bar.counts()
    (no,) = bar.redeem(Redeem(ben, reward, store=store, asked=asked("k1")))
    assert isinstance(no, Refused)
    assert no.code == code
    assert bar.counts() == before


def test_nobody_known_is_a_fault_and_leaves_nothing_behind(bar: Shop) -> None:
    before = bar.counts()
    (no,) = bar.redeem(Redeem(MemberRef(external="nobody"), "cup"))
    assert no.code == "unknown_member"
    (no,) = bar.settle(Settle(UUID(int=7), "captured"))
    assert (no.code, no.field) == ("not_found", "/id")
    assert bar.counts() == before


def test_a_limit_frees_again_when_the_reward_was_not_handed_over(bar: Shop, ada: MemberRef) -> None:
    first = held(bar, ada, "daily")
    (no,) = bar.redeem(Redeem(ada, "daily"))
    assert (no.code, no.facts) == ("limit_reached", {"times": 1, "per": "day"})
    settled(bar, first.redemption_id, "voided")
    held(bar, ada, "daily", capture=True)
    bar.at("2026-03-03 00:00")
    held(bar, ada, "daily", capture=True)


def test_of_two_who_ask_at_once_one_gets_the_last(bar: Shop, ada: MemberRef) -> None:
    (ben,) = bar.joined("ben")
    bar.record(buys(ben, 100, receipt="r1"))
    both = bar.together(
        *(
            lambda tx, terms, who=who: redeem_rewards(tx, terms, [Redeem(who, "last")])
            for who in (ada, ben)
        )
    )
    assert sorted(
        one[0].state if isinstance(one[0], Redeemed) else one[0].code for one in both
    ) == [
        "held",
        "out_of_stock",
    ]
    winner = next(one[0] for one in both if isinstance(one[0], Redeemed))
    settled(bar, winner.redemption_id, "voided")
    assert bar.rows("select remaining from reward_stock where program_id = $1") == [(1,)]


def test_a_capture_and_a_void_at_once_end_it_once(bar: Shop, ada: MemberRef) -> None:
    for _ in range(5):
        reserved = held(bar, ada, "daily")
        ends = [Settle(reserved.redemption_id, how) for how in ("captured", "voided")]
        both = bar.together(
            *(lambda tx, terms, end=end: redeem_rewards(tx, terms, [end]) for end in ends)
        )
        answers = [one[0].state if isinstance(one[0], Redeemed) else one[0].code for one in both]
        assert answers in (["captured", "already_captured"], ["already_voided", "voided"])
        bar.now += timedelta(days=1)


def test_a_tier_whose_time_is_over_opens_no_door_job_or_no_job(bar: Shop) -> None:
    (ben,) = bar.joined("ben")
    (bought,) = bar.record(buys(ben, 6_000, receipt="r1"))
    assert bought.tier == "friend"
    held(bar, ben, "friends", capture=True)
    bar.record(buys(ben, 1_000, receipt="r2", occurred_at=bar.now - timedelta(days=1)))
    bar.at("2026-03-12 00:00")
    bar.record(buys(ben, 1_000, receipt="r3", occurred_at=bar.local("2026-03-11 23:59:59")))
    (no,) = bar.redeem(Redeem(ben, "friends"))
    assert no.code == "tier_too_low"


def test_debt_blocks_spending(open_shop: Open) -> None:
    shop = open_shop(BAR.replace("round_up_to: day}}", "round_up_to: day}, negative: debt}"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 4_000, receipt="r1"))
    held(shop, ada, "cup", capture=True)
    shop.record(brings_back("r1", receipt="b1"))
    assert shop.balances("ada") == {"points": (0, 0, 30)}
    before = shop.counts()
    (no,) = shop.redeem(Redeem(ada, "daily"))
    assert (no.code, no.facts) == ("debt_first", {"wallet": "points", "debt": 30})
    assert shop.counts() == before
    shop.record(buys(ada, 3_100, receipt="r2"))
    assert shop.balances("ada") == {"points": (1, 0, 0), "stamps": (1, 0, 0)}
    held(shop, ada, "daily")


def test_the_same_key_asked_again_reserves_once(bar: Shop, ada: MemberRef) -> None:
    first = held(bar, ada, "cup", asked=asked("k1"))
    before = bar.counts()
    again = held(bar, ada, "cup", asked=asked("k1"))
    assert again.replayed
    assert (again.redemption_id, again.balances) == (first.redemption_id, first.balances)
    (no,) = bar.redeem(Redeem(ada, "both", asked=asked("k1")))
    assert no.code == "key_reused"
    assert bar.counts() == before


def test_a_hold_ends_beside_a_wish_though_its_points_are_not_the_first_any_more(
    bar: Shop, ada: MemberRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Points that end sooner came after the hold, and so few lots are looked at for the wish."""
    monkeypatch.setattr(ledger, "FIRST", 1)
    first = held(bar, ada, "daily")
    bar.record(buys(ada, 4_000, receipt="late", occurred_at=bar.now - timedelta(days=2)))
    ended, wished = bar.ask(
        redeem_rewards, Settle(first.redemption_id, "voided"), Redeem(ada, "mitte", store="mitte")
    )
    assert (ended.state, wished.state) == ("voided", "held")
    assert bar.balances("ada")["points"] == (79, 1, 0)


def test_who_was_erased_is_named_by_their_id_in_vain(bar: Shop, ada: MemberRef) -> None:
    known = held(bar, ada, "daily").member_id
    gone = MemberRef(id=known)
    assert isinstance(bar.redeem(Redeem(gone, "mitte", store="mitte"))[0], Redeemed)
    bar.ask(erase_members, EraseMember(known, asked=asked("erase")))
    nobody = MemberRef(id=UUID(int=7))
    told = [bar.redeem(Redeem(who, "mitte", store="mitte"))[0].code for who in (gone, nobody)]
    assert told == ["member_erased", "unknown_member"]
