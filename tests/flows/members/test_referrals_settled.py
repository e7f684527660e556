"""What becomes of referrals when things go wrong, long after, or about people who were two."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest
from tests.flows.members.test_referrals import (
    BRING,
    books,
    brought,
    code,
    met,
    names,
    points,
    ref,
    states,
)
from tests.flows.points.sharing import member_id, merge, unmerge
from tests.makers import Shop, brings_back, buys

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import Adjust
from regulars.flows.points.referring.settle_referrals import settle_referrals
from regulars.records.members.referrals import read
from regulars.records.members.referrals.types import Known
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.night import Night

Open = Callable[[str], Shop]


def named_and_bought(shop: Shop, *friends: str, by: str = "ada") -> None:
    """These name the code and buy for 25.00 on 2 March."""
    for friend in friends:
        assert names(shop, friend, by).state == "named"
        shop.record(buys(ref(friend), 2_500, receipt=f"of-{friend}"))


def nights(shop: Shop, *days: str) -> None:
    for day in days:
        shop.at(f"{day} 00:05")
        shop.night("settle_referrals")


def test_a_referral_that_cannot_be_settled_is_left_out_and_the_night_ends(open_shop: Open) -> None:
    shop = met(open_shop(BRING))
    shop.joined("eve")
    named_and_bought(shop, "ben")
    named_and_bought(shop, "cem", by="eve")
    nights(shop, "2026-03-03")
    shop.adjust(Adjust(ref("ada"), "points", 2**53 - 1, "all there is", "Mia"))
    shop.at("2026-03-20 00:05")
    night = Night(shop.database, Programs(shop.database))
    shop.run(asyncio.wait_for(night.until_done(shop.program_id, settle_referrals), 30))
    assert states(shop) == [("qualified", ""), ("rewarded", "")]
    parked = "select step, member_id from parked_member where program_id = $1"
    assert shop.rows(parked) == [("settle_referrals", member_id(shop, "ben"))]


def test_what_was_given_long_ago_leaves_no_room_in_todays_budget(open_shop: Open) -> None:
    daily = BRING.replace("budget: {per: month, points: 1200}", "budget: {per: day, points: 500}")
    shop = met(open_shop(daily))
    shop.joined("eve", "fay")
    named_and_bought(shop, "ben")
    nights(shop, "2026-03-03", "2026-03-20")
    assert points(shop, "ada") == [500]
    brought(shop, "cem", by="eve", at="2026-03-21")
    brought(shop, "dan", by="fay", at="2026-03-22")
    shop.record(brings_back("of-ben"))
    nights(shop, "2026-04-10")
    assert points(shop, "ada") == [0]
    assert sum(points(shop, "eve", "fay")) == 500
    books(shop)


def test_a_friend_lost_from_last_month_makes_no_room_among_this_month_s(open_shop: Open) -> None:
    source = BRING.replace("times: 2", "times: 1").replace("buys_within: 60", "buys_within: 90")
    shop = met(open_shop(source))
    shop.joined("eve")
    named_and_bought(shop, "ben")
    nights(shop, "2026-03-03", "2026-03-20")
    named_and_bought(shop, "cem", "dan")
    nights(shop, "2026-03-21")
    shop.record(brings_back("of-ben"))
    nights(shop, "2026-04-10")
    # Of cem and dan one brings points, and both together are a milestone.
    assert points(shop, "ada") == [600]
    books(shop)


def test_one_person_brought_under_two_names_counts_once(open_shop: Open) -> None:
    shop = met(open_shop(BRING))
    assert names(shop, "ben", "ada").state == "named"
    assert names(shop, "cem", "ada").state == "named"
    merge(shop, ref("cem"), ref("ben"))
    shop.record(buys(ref("ben"), 2_500, receipt="once"))
    nights(shop, "2026-03-03", "2026-03-20")
    assert states(shop) == [("rewarded", ""), ("rejected", "brought_already")]
    assert points(shop, "ada", "ben") == [500, 300]
    books(shop)


def test_one_person_who_was_rewarded_under_two_names_gives_the_second_back(
    open_shop: Open,
) -> None:
    shop = met(open_shop(BRING))
    named_and_bought(shop, "ben", "cem")
    nights(shop, "2026-03-03", "2026-03-20")
    assert points(shop, "ada", "ben", "cem") == [1_100, 300, 300]
    merge(shop, ref("cem"), ref("ben"))
    nights(shop, "2026-03-21", "2026-03-22")
    assert states(shop) == [("rewarded", ""), ("retracted", "brought_already")]
    assert points(shop, "ada", "ben") == [500, 300]
    books(shop)


def test_who_turns_out_to_be_here_for_long_was_no_newcomer(open_shop: Open) -> None:
    shop = met(open_shop(BRING))
    shop.at("2026-01-10 12:00")
    shop.joined("eve", "fay")
    shop.at("2026-03-02 12:00")
    named_and_bought(shop, "ben", "cem", "dan")
    merge(shop, ref("ben"), ref("eve"))
    merge(shop, ref("fay"), ref("cem"))
    nights(shop, "2026-03-03", "2026-03-20")
    assert states(shop) == [("rejected", "not_new")] * 2 + [("rewarded", "")]
    assert points(shop, "ada", "eve", "cem", "dan") == [500, 0, 0, 300]
    books(shop)


def test_a_ring_that_a_merge_made_pays_nobody_for_whom_they_brought(open_shop: Open) -> None:
    shop = met(open_shop(BRING))
    shop.joined("eve")
    named_and_bought(shop, "cem", by="ben")
    named_and_bought(shop, "dan", by="cem")
    merge(shop, ref("dan"), ref("ben"))
    nights(shop, "2026-03-03", "2026-03-20")
    assert states(shop) == [("rejected", "ring"), ("rewarded", "")]
    books(shop)


def test_who_is_parted_again_keeps_what_became_of_their_referral(open_shop: Open) -> None:
    shop = met(open_shop(BRING))
    named_and_bought(shop, "ben", "cem")
    gone = member_id(shop, "cem")
    merge(shop, ref("cem"), ref("ben"))
    nights(shop, "2026-03-03")
    unmerge(shop, gone)
    nights(shop, "2026-03-20")
    assert states(shop) == [("rewarded", "")] * 2
    assert points(shop, "ada", "ben", "cem") == [1_100, 300, 300]
    books(shop)


def test_who_is_parted_after_both_were_one_brought_nothing_twice(open_shop: Open) -> None:
    shop = met(open_shop(BRING))
    named_and_bought(shop, "ben", "cem")
    gone = member_id(shop, "cem")
    merge(shop, ref("cem"), ref("ben"))
    nights(shop, "2026-03-03", "2026-03-20")
    unmerge(shop, gone)
    nights(shop, "2026-03-21")
    assert states(shop) == [("rewarded", ""), ("rejected", "brought_already")]
    assert points(shop, "ada", "ben", "cem") == [500, 300, 0]
    books(shop)


def test_two_who_become_a_third_give_back_what_they_brought_each_other_once(
    open_shop: Open,
) -> None:
    shop = met(open_shop(BRING))
    named_and_bought(shop, "ben", "cem")
    nights(shop, "2026-03-03", "2026-03-20")
    assert points(shop, "ada", "ben", "cem") == [1_100, 300, 300]
    for name in ("ben", "ada"):
        merge(shop, ref(name), ref("dan"))
    nights(shop, "2026-03-21", "2026-03-22")
    assert sorted(states(shop)) == [("retracted", "oneself"), ("rewarded", "")]
    # Ben's side, Ada's for him, and the milestone of two friends; what Cem brought stays.
    assert points(shop, "dan", "cem") == [500, 300]
    taken = (
        "select reason from entry where program_id = $1 and actor = 'referral' and kind = 'adjust'"
    )
    assert len(shop.rows(taken)) == 5 + 3
    books(shop)


def test_of_many_small_purchases_the_large_one_is_found(open_shop: Open) -> None:
    shop = met(open_shop(BRING))
    names(shop, "ben", "ada")
    coffees = [buys(ref("ben"), 200, receipt=f"c{n}") for n in range(205)]
    shop.record(*coffees)
    shop.now = shop.local("2026-03-02 18:00")
    shop.record(buys(ref("ben"), 2_500, receipt="beans"))
    nights(shop, "2026-03-03")
    assert states(shop) == [("qualified", "")]


def test_the_books_say_why_points_for_a_friend_went(open_shop: Open) -> None:
    shop = met(open_shop(BRING))
    named_and_bought(shop, "ben", "cem")
    nights(shop, "2026-03-03", "2026-03-20")
    merge(shop, ref("ben"), ref("ada"))
    shop.record(brings_back("of-cem"))
    nights(shop, "2026-03-21")
    assert states(shop) == [("retracted", "oneself"), ("retracted", "came_back")]
    said = "select distinct reason from entry where program_id = $1 and actor = 'referral'"
    assert {row[0] for row in shop.rows(said)} == {
        "brought a friend", "was brought", "2 friends", "fewer friends stayed",
        "what the friend bought came back", "the friend turned out to be the same person",
    }  # fmt: skip


def test_a_part_that_comes_back_is_looked_at_once_and_not_each_day(open_shop: Open) -> None:
    shop = met(open_shop(BRING))
    assert names(shop, "ben", "ada").state == "named"
    shop.record(buys(ref("ben"), 5_000, receipt="of-ben"))
    nights(shop, "2026-03-03", "2026-03-20")
    shop.record(brings_back("of-ben", (0, 500)))
    nights(shop, "2026-03-21", "2026-03-23")
    shop.at("2026-03-25 00:05")
    assert shop.night("settle_referrals") == {"settle_referrals": 0}
    shop.record(brings_back("of-ben", (0, 4_000)))
    nights(shop, "2026-03-26")
    assert states(shop) == [("retracted", "came_back")]


def test_purchases_of_a_member_are_found_by_the_index_of_members(open_shop: Open) -> None:
    shop = open_shop(BRING)
    who = [UUID(int=1)]

    async def plans(tx: Tx, _: Terms) -> list[str]:
        await tx.fetch("set local enable_seqscan = off")
        asked = (
            (read._BOUGHT, (who,)),
            (read._SALES, (who, [shop.now], [shop.now], [1], 1)),
            (read._DUE, (shop.now, shop.now, 1, who)),
        )
        found = [await tx.fetch(f"explain {sql}", tx.program_id, *args) for sql, args in asked]
        return ["\n".join(row[0] for row in rows) for rows in found]

    for plan in shop.do(plans):
        assert "activity_of_member" in plan


def test_what_all_referrals_gave_is_added_up_for_budgets_only(
    open_shop: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def added_up(*_: object) -> tuple[int, int]:
        raise AssertionError("nobody asked for it")

    monkeypatch.setattr(read, "given", added_up)
    source = BRING.replace(", budget: {per: month, points: 1200}", "")
    shop = met(open_shop(source.replace(", budget: {per: month, points: 700}", "")))
    brought(shop, "ben", "cem", "dan")
    nights(shop, "2026-03-20")
    assert points(shop, "ada", "ben", "cem", "dan") == [1_100, 300, 300, 300]


def test_the_device_of_a_newcomer_s_own_code_is_compared(open_shop: Open) -> None:
    shop = met(open_shop(BRING))
    code(shop, "ada", device="one phone")
    code(shop, "ben", device="One  phone")
    assert names(shop, "ben", "ada").reason == "same_mark"
    assert names(shop, "cem", "ada", device="another").state == "named"
    code(shop, "dan", device="another")
    assert names(shop, "dan", "ada").reason == "same_mark"


def test_at_settling_only_what_can_have_changed_is_read(
    open_shop: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = met(open_shop(BRING))
    named_and_bought(shop, "ben")

    async def known(*_: object) -> Known:
        raise AssertionError("the marks of all friends are not asked for")

    monkeypatch.setattr(read, "known", known)
    nights(shop, "2026-03-03", "2026-03-20")
    assert states(shop) == [("rewarded", "")]
