"""Members bring friends: points for both once the purchase is kept, and none for tricks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import block, household, merge
from tests.makers import Shop, asked, brings_back, buys

from regulars.base.faults import Invalid, NotFound
from regulars.flows.commands import Redeem, Settle
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.points.referring.commands import CodeGiven, GiveCode, NameReferral
from regulars.flows.points.referring.name_referrals import give_codes, name_referrals
from regulars.flows.points.referring.settle_referrals import settle_referrals
from regulars.records.members.types import Erased, EraseMember, Identifier, JoinMember, MemberRef

Open = Callable[[str], Shop]
BRING = """
regulars: 1
program: bring
name: Bring
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt}}
rewards: [{id: mug, name: A mug, price: {points: 500}}]
household: {most_members: 4}
referral:
  wallet: points
  referrer: {points: 500, budget: {per: month, points: 1200}}
  newcomer: {points: 300, budget: {per: month, points: 700}}
  amount: "20.00"
  after: 14 days
  within: 30 days
  buys_within: 60 days
  most: {per: month, times: 2}
  milestones: [{friends: 2, points: 100}]
  link: https://shop.example/join?friend={code}
"""


def ref(name: str) -> MemberRef:
    return MemberRef(external=name)


def code(shop: Shop, name: str, **marks: str) -> str:
    (given,) = shop.ask(give_codes, GiveCode(ref(name), marks))
    assert isinstance(given, CodeGiven), given
    return given.code


def names(shop: Shop, newcomer: str, referrer: str, **marks: str) -> Any:
    """The newcomer names the referrer's code; the outcome."""
    wish = NameReferral(ref(newcomer), code(shop, referrer), marks)
    (outcome,) = shop.ask(name_referrals, wish)
    return outcome


def states(shop: Shop) -> list[tuple[str, str]]:
    return shop.rows(  # type: ignore[return-value]
        "select state, reason from referral where program_id = $1 order by referral_id"
    )


def points(shop: Shop, *members: str) -> list[int]:
    found = [shop.balances(name).get("points", (0, 0, 0)) for name in members]
    return [available - debt for available, _, debt in found]


def brought(shop: Shop, *friends: str, by: str = "ada", at: str = "2026-03-03") -> None:
    """These friends name the code and buy for 25.00; the time for returns passes."""
    for friend in friends:
        assert names(shop, friend, by).state == "named"
        shop.record(buys(ref(friend), 2_500, receipt=f"of-{friend}"))
    shop.at(f"{at} 00:05")
    shop.night("settle_referrals")


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return met(open_shop(BRING))


def met(shop: Shop) -> Shop:
    """Ada was here before; Ben, Cem and Dan joined today, 2 March."""
    shop.at("2026-01-10 12:00")
    shop.joined("ada")
    shop.at("2026-03-02 12:00")
    shop.joined("ben", "cem", "dan")
    return shop


def books(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_both_get_points_when_the_purchase_was_kept_for_the_time_for_returns(shop: Shop) -> None:
    brought(shop, "ben")
    assert states(shop) == [("qualified", "")]
    shop.at("2026-03-16 11:59")
    assert shop.night("settle_referrals") == {"settle_referrals": 0}
    assert points(shop, "ada", "ben") == [0, 0]
    shop.at("2026-03-16 12:00")
    shop.night("settle_referrals")
    assert states(shop) == [("rewarded", "")]
    assert points(shop, "ada", "ben") == [500, 300]
    assert shop.night("settle_referrals") == {"settle_referrals": 0}
    assert points(shop, "ada", "ben") == [500, 300]
    told = [type_ for type_ in shop.told() if type_.startswith("referral.")]
    assert told == ["referral.named", "referral.qualified", "referral.rewarded"]
    books(shop)


def test_a_purchase_that_is_too_small_or_came_back_does_not_suffice(shop: Shop) -> None:
    names(shop, "ben", "ada")
    shop.record(buys(ref("ben"), 1_999, receipt="small"), buys(ref("ben"), 2_000, receipt="ok"))
    shop.record(brings_back("ok", (0, 1)))
    shop.at("2026-03-03 00:05")
    shop.night("settle_referrals")
    assert states(shop) == [("named", "")]
    shop.record(buys(ref("ben"), 2_000, receipt="again"))
    shop.at("2026-03-04 00:05")
    shop.night("settle_referrals")
    shop.record(brings_back("again"))
    shop.at("2026-03-20 00:05")
    shop.night("settle_referrals")
    assert states(shop) == [("named", "")]
    shop.at("2026-05-02 00:05")
    shop.night("settle_referrals")
    assert states(shop) == [("rejected", "not_bought")]
    assert points(shop, "ada", "ben") == [0, 0]


def test_what_comes_back_later_takes_the_points_and_the_milestone_along(shop: Shop) -> None:
    brought(shop, "ben", "cem")
    shop.at("2026-03-20 00:05")
    shop.night("settle_referrals")
    assert points(shop, "ada", "ben", "cem") == [1_100, 300, 300]
    (held,) = shop.redeem(Redeem(ref("ada"), "mug"))
    shop.settle(Settle(held.redemption_id, "captured"))
    shop.record(brings_back("of-ben"))
    shop.at("2026-03-21 00:05")
    shop.night("settle_referrals")
    assert states(shop) == [("retracted", "came_back"), ("rewarded", "")]
    assert points(shop, "ada", "ben", "cem") == [0, 0, 300]
    shop.at("2026-03-22 00:05")
    assert shop.night("settle_referrals") == {"settle_referrals": 0}
    books(shop)


def test_what_was_spent_already_is_owed_where_the_wallet_says_so(shop: Shop) -> None:
    brought(shop, "ben")
    shop.at("2026-03-20 00:05")
    shop.night("settle_referrals")
    shop.redeem(Redeem(ref("ada"), "mug"))
    shop.record(brings_back("of-ben"))
    shop.at("2026-03-21 00:05")
    shop.night("settle_referrals")
    assert points(shop, "ada", "ben") == [-500, 0]
    books(shop)


def test_a_part_that_comes_back_leaves_the_reward_while_enough_is_kept(shop: Shop) -> None:
    names(shop, "ben", "ada")
    shop.record(buys(ref("ben"), 5_000, receipt="big"))
    for day in ("2026-03-03", "2026-03-20"):
        shop.at(f"{day} 00:05")
        shop.night("settle_referrals")
    shop.record(brings_back("big", (0, 3_000)))
    shop.at("2026-03-21 00:05")
    shop.night("settle_referrals")
    assert states(shop) == [("rewarded", "")]
    shop.record(brings_back("big", (0, 1)))
    shop.at("2026-03-22 00:05")
    shop.night("settle_referrals")
    assert states(shop) == [("retracted", "came_back")]
    assert points(shop, "ada", "ben") == [0, 0]


def test_most_friends_and_both_budgets_are_apart(shop: Shop) -> None:
    brought(shop, "ben", "cem", "dan")
    shop.at("2026-03-20 00:05")
    shop.night("settle_referrals", most=2)
    # Two friends and a milestone for ada; dan is the third, and of 700 points 100 are left.
    assert points(shop, "ada", "ben", "cem", "dan") == [1_100, 300, 300, 100]
    assert states(shop) == [("rewarded", "")] * 3
    books(shop)


def test_a_budget_is_cut_and_never_overdrawn(shop: Shop) -> None:
    shop.joined("eve", "fay", "eli")
    brought(shop, "ben", "cem", by="ada")
    brought(shop, "dan", by="eve")
    brought(shop, "eli", by="fay")
    shop.at("2026-03-20 00:05")
    shop.night("settle_referrals")
    assert points(shop, "ada", "eve", "fay") == [1_100, 100, 0]
    shop.at("2026-04-01 00:05")
    shop.night("settle_referrals")
    assert points(shop, "eve", "fay") == [100, 0]
    books(shop)


def test_the_first_code_wins_and_each_newcomer_is_brought_once(shop: Shop) -> None:
    assert names(shop, "ben", "ada").state == "named"
    second = names(shop, "ben", "cem")
    assert (second.state, second.reason) == ("rejected", "brought_already")
    both = [NameReferral(ref("dan"), code(shop, name)) for name in ("cem", "ada")]
    assert [one.state for one in shop.ask(name_referrals, *both)] == ["named", "rejected"]


def test_nobody_brings_themself(shop: Shop) -> None:
    assert names(shop, "ada", "ada").reason == "oneself"
    for name, mail in (("old", "a.da+1@googlemail.com"), ("fresh", "ada+2@gmail.com")):
        found = (Identifier("external", name), Identifier("email", mail))
        shop.join(JoinMember(identifiers=found))
    assert names(shop, "fresh", "old").reason == "oneself"
    merge(shop, ref("cem"), ref("dan"))
    assert names(shop, "cem", "dan").reason == "oneself"


def test_who_turns_out_to_be_one_person_gets_nothing_or_gives_it_back(shop: Shop) -> None:
    brought(shop, "ben", "cem")
    merge(shop, ref("ben"), ref("ada"))
    shop.at("2026-03-20 00:05")
    shop.night("settle_referrals")
    assert states(shop) == [("rejected", "oneself"), ("rewarded", "")]
    merge(shop, ref("cem"), ref("ada"))
    shop.at("2026-03-21 00:05")
    shop.night("settle_referrals")
    assert states(shop)[1] == ("retracted", "oneself")
    assert points(shop, "ada") == [0]
    books(shop)


def test_nobody_brings_their_household(shop: Shop) -> None:
    household(shop, ref("ada"), ref("ben"))
    assert names(shop, "ben", "ada").reason == "same_household"


def test_no_two_bring_each_other_over_however_many(shop: Shop) -> None:
    assert names(shop, "cem", "ben").state == "named"
    assert names(shop, "dan", "cem").state == "named"
    assert names(shop, "ben", "dan").reason == "ring"
    shop.joined("eve", "fay")
    one = NameReferral(ref("fay"), code(shop, "eve")), NameReferral(ref("eve"), code(shop, "fay"))
    assert [each.reason for each in shop.ask(name_referrals, *one)] == ["", "ring"]


def test_only_newcomers_are_brought(shop: Shop) -> None:
    assert names(shop, "ada", "ben").reason == "not_new"
    shop.at("2026-04-01 12:00")
    assert names(shop, "ben", "ada").reason == "not_new"
    shop.at("2026-03-31 23:00")
    assert names(shop, "cem", "ada").state == "named"


def test_one_device_brings_nobody_twice(shop: Shop) -> None:
    code(shop, "ada", device="phone of ada")
    assert names(shop, "ben", "ada", device=" Phone of  ADA").reason == "same_mark"
    assert names(shop, "cem", "ada", device="another").state == "named"
    assert names(shop, "dan", "ada", device="another").reason == "same_mark"
    kept = shop.rows("select marks from referral_code where program_id = $1")
    assert "phone" not in repr(kept)


def test_one_address_brings_one_friend_of_each(shop: Shop) -> None:
    assert names(shop, "ben", "ada", address="the house").state == "named"
    assert names(shop, "cem", "ada", address="The House").reason == "same_mark"
    assert names(shop, "cem", "dan", address="the house").state == "named"


def test_one_device_brings_nobody_twice_under_another_name_either(shop: Shop) -> None:
    assert names(shop, "ben", "ada", device="one", address="the house").state == "named"
    assert names(shop, "cem", "dan", device="ONE").reason == "same_mark"
    shop.joined("eve", "fay")
    assert names(shop, "eve", "dan", device="two", address="the house").state == "named"
    both = [NameReferral(ref(who), code(shop, by), {"card": "visa-1"})
            for who, by in (("cem", "ada"), ("fay", "dan"))]  # fmt: skip
    told = shop.ask(name_referrals, *both)
    assert [one.reason for one in told] == ["", "same_mark"]
    shop.ask(erase_members, EraseMember(told[0].member_id))
    kept = shop.rows("select count(*) from referral_mark where program_id = $1")
    assert kept == [(4,)]


def test_blocked_members_bring_nobody(shop: Shop) -> None:
    brought(shop, "ben")
    block(shop, ref("ada"))
    shop.at("2026-03-20 00:05")
    shop.night("settle_referrals")
    assert states(shop) == [("rejected", "member_blocked")]
    assert names(shop, "cem", "ada").reason == "member_blocked"


def test_an_erasure_takes_code_and_marks_and_leaves_the_books(shop: Shop) -> None:
    code(shop, "ada", device="hers")
    assert names(shop, "ben", "ada", device="his").state == "named"
    shop.record(buys(ref("ben"), 2_500, receipt="of-ben"))
    (found,) = shop.rows("select member_id, referrer_id from referral where program_id = $1")
    for member in found:
        (done,) = shop.ask(erase_members, EraseMember(member))
        assert isinstance(done, Erased), done
    assert shop.rows("select code from referral_code where program_id = $1") == []
    assert shop.rows("select marks from referral where program_id = $1") == [([],)]
    for day in ("2026-03-03", "2026-03-20"):
        shop.at(f"{day} 00:05")
        shop.night("settle_referrals")
    assert states(shop) == [("rejected", "member_erased")]
    books(shop)


def test_codes_are_given_once_and_slips_are_noticed(shop: Shop) -> None:
    first = code(shop, "ada")
    assert code(shop, "ada") == first
    (given,) = shop.ask(give_codes, GiveCode(ref("ada")))
    assert given.link == f"https://shop.example/join?friend={first}"
    swapped = first[1] + first[0] + first[2:]
    wrong = swapped if swapped != first else ("1" if first[0] != "1" else "2") + first[1:]
    (slip,) = shop.ask(name_referrals, NameReferral(ref("ben"), wrong))
    assert (type(slip), slip.field) == (Invalid, "/code")
    (unknown,) = shop.ask(name_referrals, NameReferral(ref("ben"), "00000017"))
    assert (type(unknown), unknown.field) == (NotFound, "/code")
    spelled = f" {first[:4].lower()}-{first[4:].lower()} "
    (named,) = shop.ask(name_referrals, NameReferral(ref("ben"), spelled))
    assert named.state == "named"


def test_asked_again_under_the_same_key_nothing_more_is_kept(shop: Shop) -> None:
    wish = NameReferral(ref("ben"), code(shop, "ada"), asked=asked("one"))
    (first,), (second,) = shop.ask(name_referrals, wish), shop.ask(name_referrals, wish)
    assert (second.referral_id, second.replayed) == (first.referral_id, True)
    assert len(states(shop)) == 1


def test_many_at_once_name_each_other_and_one_wins(shop: Shop) -> None:
    codes = {name: code(shop, name) for name in ("ben", "cem", "dan")}
    pairs = [("ben", "cem"), ("cem", "dan"), ("dan", "ben")] * 3
    acts = [
        lambda tx, terms, p=pair: name_referrals(tx, terms, [NameReferral(ref(p[0]), codes[p[1]])])
        for pair in pairs
    ]
    outcomes = [one[0] for one in shop.together(*acts)]
    assert sum(one.state == "named" for one in outcomes) == 2, outcomes
    assert {one.reason for one in outcomes} >= {"ring", "brought_already"}


def test_two_nights_at_once_give_once(shop: Shop) -> None:
    brought(shop, "ben", "cem", "dan")
    shop.at("2026-03-20 00:05")
    shop.together(*[lambda tx, terms: settle_referrals(tx, terms, 10)] * 4)
    assert points(shop, "ada", "ben", "cem", "dan") == [1_100, 300, 300, 100]
    books(shop)


def test_told_late_counts_by_when_it_happened(shop: Shop) -> None:
    names(shop, "ben", "ada")
    bought = shop.local("2026-03-02 13:00")
    shop.at("2026-03-18 09:00")
    shop.record(buys(ref("ben"), 2_500, receipt="late", occurred_at=bought))
    shop.at("2026-03-19 00:05")
    shop.night("settle_referrals")
    assert states(shop) == [("rewarded", "")]


def test_without_the_promise_nothing_is_asked_and_codes_are_refused(open_shop: Open) -> None:
    shop = open_shop(BRING.split("referral:", maxsplit=1)[0])
    shop.joined("ada")
    (no,) = shop.ask(give_codes, GiveCode(ref("ada")))
    assert no.code == "no_referrals"
    assert shop.night("settle_referrals") == {"settle_referrals": 0}
