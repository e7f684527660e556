"""Points left alone that change hands, are spared, wait or are reserved; and when it begins."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.points.idle.test_idle import (
    _ACTIVE,
    _LAPSED,
    LEFT,
    ada,
    earn,
    inbox,
    looks,
    publish,
    shown,
    told_and_shown,
)
from tests.flows.test_midnight import Dying, Killed
from tests.makers import SECOND, Shop, brings_back, buys, by

from regulars.flows.batch.stuck import Stuck
from regulars.flows.commands import RecordActivity, Redeem, Settle
from regulars.flows.membership.commands import MergeMembers, UnmergeMember
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.membership.unmerge_members import unmerge_members
from regulars.flows.midnight import look_at_idle
from regulars.flows.points.commands import ExtendLot, ReinstatePoints, Transfer
from regulars.flows.points.show_courtesy import extend_lots, reinstate_points
from regulars.flows.points.transfer_points import transfer_points
from regulars.flows.show_standing import show_standing
from regulars.records.members.types import EraseMember


@pytest.fixture
def shop(open_shop: Callable[[str], Shop]) -> Shop:
    shop = open_shop(LEFT)
    shop.at("2026-03-02 13:00")
    shop.joined("ada")
    return shop


def moved(shop: Shop, flow: Any, command: Any) -> Any:
    (done,) = shop.ask(flow, command)
    return done


def test_a_merge_keeps_the_later_activity_and_undoing_it_gives_each_their_own_back(
    shop: Shop,
) -> None:
    (bob,) = shop.joined("bob")
    earn(shop)
    shop.at("2026-04-02 09:00")
    shop.record(buys(bob, 500))
    merged = moved(shop, merge_members, MergeMembers(bob, ada(), "one person", "Olga"))
    active = "select member_id, last_qualifying_at from balance where program_id = $1 order by 2, 1"
    april = shop.local("2026-04-02 09:00")
    assert {at for _, at in shop.rows(active)} == {april}
    shop.at("2026-04-05 09:00")
    earn(shop, 100, occurred_at=shop.local("2026-03-20 09:00"))  # hidden behind Bob's
    shop.run(assert_books_right(shop.made.owner_dsn))
    bobs = merged.member_id
    moved(shop, unmerge_members, UnmergeMember(bobs, "two persons", "Olga"))
    assert dict(shop.rows(active)) == {
        bobs: april, merged.into_id: shop.local("2026-03-20 09:00"),
    }  # fmt: skip
    assert len(looks(shop)) == 2
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_who_is_given_points_is_told_anew_and_their_own_clock_counts(shop: Shop) -> None:
    publish(shop, LEFT.replace("notice: {days: 10}", "notice: {days: 10}\n    transfers: {}"))
    (bob,) = shop.joined("bob")
    earn(shop)
    shop.record(buys(bob, 500))
    told_and_shown(shop, "2026-08-20 10:00")
    for row in inbox(shop):
        shown(shop, row[0])
    shop.at("2026-08-25 10:00")
    earn(shop, 100)
    moved(shop, transfer_points, Transfer(ada(), bob, "points", 40))
    assert shop.local("2026-08-15 00:00") > looks(shop)[0]
    shop.at("2026-09-03 00:00")
    shop.night()
    assert shop.balances("bob") == {"points": (40, 0, 0)}
    assert shop.rows(_LAPSED) == [(shop.local("2026-09-03 00:00"), "no activity since 2026-03-02")]
    (*_, (message_id, kind, points, lapses_at, _)) = inbox(shop)
    assert (kind, points, lapses_at) == ("idle_notice", 40, shop.local("2026-09-14 00:00"))
    shown(shop, message_id)
    shop.at("2026-09-14 00:00")
    shop.night()
    assert shop.balances("bob") == {}
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_a_promise_that_begins_takes_nothing_before_its_time_and_a_notice(
    open_shop: Callable[[str], Shop],
) -> None:
    shop = open_shop(LEFT.replace("    inactivity: {after: 6 months}\n", "").replace(
        "notice: {days: 10}", "expiry: {after: 5 years}\n    notice: {days: 10}"
    ))  # fmt: skip
    shop.at("2024-03-02 13:00")
    shop.joined("ada")
    earn(shop)
    assert shop.rows(_ACTIVE) == [(None,)]
    shop.at("2026-03-10 12:00")
    publish(shop, LEFT)
    shop.at("2026-03-10 23:00")
    assert shop.night()["list_idle"] == 2
    assert looks(shop) == [shop.local("2026-08-22 00:00")]
    assert shop.night()["list_idle"] == 0
    publish(shop, LEFT.replace("A cup", "A fine cup"))
    shop.at("2026-03-12 00:00")
    assert shop.night()["list_idle"] == 0
    told_and_shown(shop, "2026-08-22 00:00")
    shop.at("2026-09-10 23:59:59")
    shop.night()
    assert shop.balances("ada") == {"points": (40, 0, 0)}
    shop.at("2026-09-11 00:00")
    shop.night()
    assert shop.rows(_LAPSED) == [(shop.local("2026-09-11 00:00"), "no activity since 2026-03-10")]
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_a_shorter_time_begins_anew(shop: Shop) -> None:
    done = earn(shop)
    shop.at("2026-07-01 12:00")
    publish(shop, LEFT.replace("6 months", "2 months"))
    shop.at("2026-07-02 12:00")
    assert shop.night()["list_idle"] == 2
    assert looks(shop) == [shop.local("2026-08-13 00:00")]
    standing = shop.do(lambda tx, terms: show_standing(tx, terms, done.member_id))
    end = shop.local("2026-09-02 00:00")
    assert standing.lapses_next == {"points": (end, 40, "inactivity")}
    told_and_shown(shop, "2026-08-13 00:00")
    shop.now = end - SECOND
    shop.night()
    assert shop.balances("ada") == {"points": (40, 0, 0)}
    shop.now = end
    shop.night()
    assert shop.balances("ada") == {}
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_a_courtesy_spares_them_until_its_end_and_they_are_told_anew(shop: Shop) -> None:
    done = earn(shop)
    told_and_shown(shop, "2026-08-20 10:00")
    ((lot_id,),) = shop.rows("select lot_id from lot where program_id = $1")
    wish = ExtendLot(ada(), lot_id, shop.local("2026-10-15 12:00"), "kind", "Olga")
    early = ExtendLot(ada(), lot_id, shop.local("2026-09-03 00:00"), "kind", "Olga")
    no, extended = shop.ask(extend_lots, early, wish)
    assert (no.code, no.field) == ("invalid", "/expires_at")
    assert extended.expires_at == shop.local("2026-10-15 12:00")
    shop.at("2026-09-04 00:00")
    shop.night()
    assert shop.balances("ada") == {"points": (40, 0, 0)}
    assert looks(shop) == [shop.local("2026-09-25 00:00")]
    told_and_shown(shop, "2026-09-25 00:00")
    standing = shop.do(lambda tx, terms: show_standing(tx, terms, done.member_id))
    assert standing.lapses_next == {"points": (wish.expires_at, 40, "inactivity")}
    shop.at("2026-10-15 12:00")
    shop.night()
    assert shop.balances("ada") == {}
    again = moved(shop, reinstate_points, ReinstatePoints(ada(), lot_id, "kind", "Olga"))
    assert again.units == 40
    shop.night()
    assert looks(shop) == [shop.local("2027-03-27 00:00")]
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_pending_points_outlive_it_and_their_clock_begins_when_they_can_be_spent(
    open_shop: Callable[[str], Shop],
) -> None:
    shop = open_shop(LEFT.replace(
        "  points:\n", "  points:\n    pending: {until: duration, after: 7 months}\n"
    ))  # fmt: skip
    shop.at("2026-03-02 13:00")
    shop.joined("ada")
    earn(shop)
    shop.at("2026-08-20 10:00")
    shop.night()
    shop.at("2026-10-02 13:00")
    shop.night()
    assert shop.balances("ada") == {"points": (40, 0, 0)}
    assert inbox(shop) == []
    assert looks(shop) == [shop.local("2027-03-14 00:00")]
    told_and_shown(shop, "2027-03-14 00:00")
    shop.at("2027-04-03 00:00")
    shop.night()
    assert shop.rows(_LAPSED) == [(shop.now, "no activity since 2026-10-02")]
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_what_is_reserved_is_honoured_and_goes_when_it_is_given_back(
    open_shop: Callable[[str], Shop],
) -> None:
    said = "inactivity: {after: 6 months, reset_by: [earning]}"
    shop = open_shop(LEFT.replace("inactivity: {after: 6 months}", said).replace(
        "price: {points: 30}", "price: {points: 30}, hold_for: 3 days"
    ))  # fmt: skip
    shop.at("2026-03-02 13:00")
    shop.joined("ada")
    earn(shop)
    told_and_shown(shop, "2026-08-20 10:00")
    shop.at("2026-09-02 18:00")
    (held,) = shop.redeem(Redeem(ada(), "cup"))
    shop.at("2026-09-03 00:00")
    shop.night()
    assert shop.balances("ada") == {"points": (0, 30, 0)}
    shop.at("2026-09-04 00:00")
    shop.settle(Settle(held.redemption_id, "voided"))
    assert shop.balances("ada") == {}
    assert [at for at, _ in shop.rows(_LAPSED)] == [shop.local("2026-09-03 00:00")] * 2
    shop.run(assert_books_right(shop.made.owner_dsn))


@pytest.mark.parametrize(
    ("resets", "activity", "kept"),
    [
        ("purchase", buys(by(external="ada"), 50), True),  # earns nothing
        ("earning", buys(by(external="ada"), 50), False),
        ("purchase", RecordActivity("visit", by(external="ada")), False),
        ("activity", RecordActivity("visit", by(external="ada")), True),
        ("redeeming", buys(by(external="ada"), 500), False),
    ],
)
def test_what_counts_as_activity_is_what_the_program_says(
    open_shop: Callable[[str], Shop], resets: str, activity: Any, kept: bool
) -> None:
    said = f"inactivity: {{after: 6 months, reset_by: [{resets}]}}"
    shop = open_shop(LEFT.replace("inactivity: {after: 6 months}", said))
    shop.at("2026-03-02 13:00")
    shop.joined("ada")
    earn(shop)
    shop.at("2026-04-02 13:00")
    shop.record(activity)
    ((at,),) = shop.rows(_ACTIVE)
    assert (at == shop.now) is kept
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_a_return_after_they_lapsed_takes_nothing_twice(shop: Shop) -> None:
    earn(shop, receipt="R1")
    told_and_shown(shop, "2026-08-20 10:00")
    shop.at("2026-09-03 00:00")
    shop.night()
    earn(shop, 5000)
    shop.record(brings_back("R1"))
    assert shop.balances("ada") == {"points": (50, 0, 0)}
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_points_of_the_erased_lapse_at_the_end_and_nobody_is_told(shop: Shop) -> None:
    done = earn(shop)
    shop.ask(erase_members, EraseMember(done.member_id))
    shop.at("2026-09-02 23:59:59")
    shop.night()
    assert shop.rows(_LAPSED) == []
    shop.at("2026-09-03 00:00")
    shop.night()
    assert [at for at, _ in shop.rows(_LAPSED)] == [shop.local("2026-09-03 00:00")]
    assert inbox(shop) == []
    shop.run(assert_books_right(shop.made.owner_dsn))


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("day", ["2026-08-20", "2026-09-03"])
@pytest.mark.parametrize("dies_at", range(9))
def test_killed_at_any_statement_nothing_is_half_done(shop: Shop, day: str, dies_at: int) -> None:
    earn(shop)
    if day == "2026-09-03":
        told_and_shown(shop, "2026-08-20 10:00")
    shop.at(f"{day} 00:00")
    before = shop.counts()
    with suppress(Killed, Stuck):
        shop.do(lambda tx, terms: look_at_idle(Dying(tx, dies_at), terms, 50))
        pytest.skip("the step has fewer statements")
    assert shop.counts() == before
    shop.night()
    shop.night()
    assert len(inbox(shop)) == 1
    assert len(shop.rows(_LAPSED)) == (day == "2026-09-03")
    shop.run(assert_books_right(shop.made.owner_dsn))
