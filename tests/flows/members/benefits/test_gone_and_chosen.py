"""Benefits of who is erased or blocked, of what is chosen for later, and of a tier for all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.flows.members.benefits.house import (
    ADA,
    BEN,
    CEM,
    HOUSE,
    back,
    counted,
    may,
    move,
    opened,
    slots,
    take,
)
from tests.flows.points.sharing import block, member_id, merge
from tests.makers import Shop, buys

from regulars.base.faults import Refused
from regulars.flows.membership.erase_members import erase_members
from regulars.records.members.types import EraseMember, MemberRef

Open = Callable[[str], Shop]

CHOICE = (
    HOUSE
    + """
  - {id: cake, name: A cake, choose_one: treat, allowance: {times: 2, per: month}}
  - id: facial
    name: A facial
    choose_one: treat
    allowance: {times: 2, per: month}
    categories: [care]
    appointments:
      hours: [{on: [mon, tue, wed, thu, fri, sat, sun], from: "09:00", until: "12:00"}]
      lasts: 60
  - id: massage
    name: A massage
    choose_one: treat
    allowance: {times: 2, per: month}
    appointments:
      hours: [{on: [mon, tue, wed, thu, fri, sat, sun], from: "09:00", until: "12:00"}]
      lasts: 60
"""
)
BASE = (
    HOUSE.replace('{id: silver, at: "100.00"}', "{id: silver, at: 0}")
    + """
  - id: tea
    name: Tea
    tier: silver
    allowance: {times: 1, per: reached, good_for: 12 months}
"""
)


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return opened(open_shop(HOUSE))


def erased(shop: Shop, external: str) -> None:
    (outcome,) = shop.ask(erase_members, EraseMember(member_id(shop, external)))
    assert outcome.member_id, outcome


def test_one_of_several_is_chosen_for_the_month_of_the_appointment(open_shop: Open) -> None:
    shop = opened(open_shop(CHOICE))
    assert take(shop, CEM, "cake").state == "used"
    first = take(shop, CEM, "facial", category="care", from_at=shop.local("2026-08-03T09:00"))
    assert first.state == "used"
    no = take(shop, CEM, "massage", from_at=shop.local("2026-08-04T09:00"))
    assert (no.code, no.facts) == ("chosen_otherwise", {"chosen": "facial"})


def test_an_appointment_for_an_article_is_moved_as_any_other(open_shop: Open) -> None:
    shop = opened(open_shop(CHOICE))
    done = take(shop, CEM, "facial", category="care", from_at=shop.local("2026-08-03T09:00"))
    other = move(shop, done.use_id, shop.local("2026-08-04T09:00"))
    assert other.state == "used"
    again = move(shop, other.use_id, shop.local("2026-08-05T09:00"))
    assert again.state == "used"


def test_moved_it_stays_what_was_chosen(open_shop: Open) -> None:
    shop = opened(open_shop(CHOICE))
    done = take(shop, CEM, "massage", from_at=shop.local("2026-08-03T09:00"))
    assert move(shop, done.use_id, shop.local("2026-08-04T09:00")).state == "used"


def test_the_tier_everybody_has_is_not_reached_by_coming_back_to_it(open_shop: Open) -> None:
    shop = opened(open_shop(BASE))
    assert take(shop, CEM, "tea").left == 0
    shop.at("2026-07-20T12:00")
    shop.record(buys(CEM, 20_000))
    assert may(shop, "cem", "tea").no.code == "used_up"
    shop.at("2027-02-01T12:00")
    assert may(shop, "cem", "lounge").no.code == "tier_too_low"
    assert may(shop, "cem", "tea").no.code == "used_up"
    shop.at("2027-07-06T00:00")
    assert may(shop, "cem", "tea").no.code == "not_now"


def test_an_erased_guest_is_nobody(shop: Shop) -> None:
    ben = member_id(shop, "ben")
    erased(shop, "ben")
    no = take(shop, CEM, "family", MemberRef(id=ben))
    assert (no.code, no.facts) == ("not_this_guest", {"who": "erased"})


def test_erased_their_place_is_free(shop: Shop) -> None:
    at = shop.local("2026-07-09T09:00")
    take(shop, CEM, "fitting", from_at=at)
    assert take(shop, ADA, "fitting", from_at=at).code == "fully_booked"
    erased(shop, "cem")
    assert take(shop, ADA, "fitting", from_at=at).state == "used"


def test_blocked_their_place_is_free(shop: Shop) -> None:
    at = shop.local("2026-07-09T09:00")
    take(shop, CEM, "fitting", from_at=at)
    block(shop, CEM)
    assert take(shop, ADA, "fitting", from_at=at).state == "used"
    assert counted(shop, "fitting") == [(202607, 1)]


def test_who_may_use_things_while_blocked_keeps_what_is_booked(open_shop: Open) -> None:
    shop = opened(open_shop(HOUSE.replace("\ntiers:", "\nblocked: {may_redeem: true}\ntiers:")))
    at = shop.local("2026-07-09T09:00")
    take(shop, CEM, "fitting", from_at=at)
    block(shop, CEM)
    assert take(shop, ADA, "fitting", from_at=at).code == "fully_booked"
    block(shop, CEM, blocked=False)
    assert take(shop, ADA, "fitting", from_at=at).code == "fully_booked"


def test_what_was_booked_before_a_merge_goes_with_whoever_is_erased(shop: Shop) -> None:
    nine, later = shop.local("2026-07-09T09:00"), shop.local("2026-07-14T10:00")
    take(shop, BEN, "stylist", from_at=later)
    took = take(shop, CEM, "fitting", from_at=nine)
    merge(shop, BEN, CEM)
    erased(shop, "cem")
    assert take(shop, ADA, "fitting", from_at=nine).state == "used"
    assert [one.left for one in slots(shop, "stylist", "2026-07-14")] == [2, 2]
    assert counted(shop, "stylist") == []
    assert shop.told().count("benefit.undone") == 2
    assert isinstance(back(shop, took.use_id), Refused)


def test_what_has_begun_stays_used_when_they_are_erased(shop: Shop) -> None:
    take(shop, CEM, "fitting", from_at=shop.local("2026-07-09T09:00"))
    shop.at("2026-07-09T09:00")
    erased(shop, "cem")
    assert counted(shop, "fitting") == [(202607, 1)]
    assert "benefit.undone" not in shop.told()


def test_a_time_that_nobody_can_book_is_not_shown(open_shop: Open) -> None:
    shop = opened(
        open_shop(
            HOUSE.replace("\n    name: A fitting", """
    name: A fitting
    stores: [mitte]
    until_on: 2026-08-01
    blackout: [{from_on: 2026-07-10, until_on: 2026-07-12}]""")
        )
    )  # fmt: skip
    shown = {
        day: len(slots(shop, "fitting", day, "mitte"))
        for day in ("2026-07-09", "2026-07-10", "2026-07-12", "2026-08-01")
    }
    assert shown == {"2026-07-09": 2, "2026-07-10": 0, "2026-07-12": 2, "2026-08-01": 0}
    assert slots(shop, "fitting", "2026-07-09", "west") == []
    assert slots(shop, "stylist", "2026-09-10") == []
