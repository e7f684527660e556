"""Seats that an offer makes cheaper: who waits, asks twice, gives up late or becomes another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.flows.members.playing.community.meeting import gives_up, plan, points, states, takes
from tests.flows.members.playing.community.test_seats_for_points import (
    PRICED,
    held,
    lots,
    well,
    with_points,
)
from tests.flows.terms.experiments import offering
from tests.makers import Made, Shop, buys, by

from regulars.flows.community.commands import TakeSeat
from regulars.flows.community.seats.settle_seats import settle_seats
from regulars.flows.community.take_seats import take_seats
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.merge_members import merge_members
from regulars.records.members.types import EraseMember
from regulars.records.program.changes.offers.types import Price

DAYS = 20


@pytest.fixture(scope="module")
def shop(database: Made) -> Iterator[Shop]:
    made = Shop.open(database, PRICED)
    yield made
    made.close()


def offered(shop: Shop, code: str, *names: str) -> None:
    """A seat for 40, once, for these members."""
    told = {"ends_on": shop.now.date() + timedelta(days=DAYS), "says": {"en": "A seat for 40"}}
    offering.offered(shop, code, Price("seat", {"points": 40}), days=None, **told)
    for name in names:
        offering.gives(shop, name, code)


def test_one_offer_is_one_seat_whoever_waits_and_however_many_ask_at_once(shop: Shop) -> None:
    with_points(shop, "p1", "p2", "p3")
    shop.record(buys(by(external="p1"), 6_000, receipt="p1-3"))
    shop.joined("p4")
    shop.record(buys(by(external="p4"), 3_000, receipt="p4-1"))
    offered(shop, "once", "p1", "p2", "p4")
    for code in ("one", "two", "full"):
        plan(shop, code, seats=1, reward="seat")

    def asks(code: str) -> Any:
        return lambda tx, terms: take_seats(tx, terms, [TakeSeat(by(external="p1"), code)])

    shop.together(asks("one"), asks("two"))
    assert held(shop, "p1") == 140, "the one by the offer, the other by its price"
    takes(shop, "p3", "full")
    assert (takes(shop, "p2", "full").state, held(shop, "p2")) == ("waiting", 40)
    gives_up(shop, "p3", "full")
    assert (states(shop, "full")["p2"], held(shop, "p2")) == ("held", 40), "moved up for 40"
    no = takes(shop, "p4", "full")
    assert (no.code, no.facts["price"]) == ("not_enough_points", 40), "10 are missing, not 70"


def test_an_offer_that_is_over_gives_back_what_it_took_and_two_become_one(shop: Shop) -> None:
    with_points(shop, "q1", "q2", "q3", "q4")
    offered(shop, "over", "q1", "q2", "q3", "q4")
    begins = shop.now + timedelta(days=DAYS + 10)
    at = {"begins_at": begins, "ends_at": begins + timedelta(hours=1)}
    for code in ("late", "later", "off"):
        plan(shop, code, seats=2, reward="seat", **at)
    before = lots(shop, "q1")
    for name, code in (("q1", "late"), ("q2", "late"), ("q3", "later"), ("q4", "off")):
        assert takes(shop, name, code).points == "reserved"
    shop.now += timedelta(days=DAYS + 1)
    assert gives_up(shop, "q1", "late").points == "given_back"
    assert (lots(shop, "q1"), points(shop, "q1")) == (before, 120)
    assert (takes(shop, "q1", "late").points, held(shop, "q1")) == ("reserved", 100), "it is over"
    plan(shop, "off", seats=2, reward="seat", state="cancelled", **at)
    shop.do(settle_seats)
    assert (points(shop, "q4"), held(shop, "q4")) == (120, 0)
    told = MergeMembers(by(external="q2"), by(external="q3"), "one person", "mia")
    assert shop.ask(merge_members, told)[0].balances["points"] == 160
    assert (points(shop, "q3"), held(shop, "q3")) == (160, 80), "each had it once"
    shop.now = begins
    shop.do(settle_seats)
    assert (points(shop, "q3"), held(shop, "q3")) == (160, 0)
    assert well(shop)


def test_whoever_is_erased_leaves_a_seat_by_an_offer_and_nothing_reserved(shop: Shop) -> None:
    with_points(shop, "e1", "e2")
    offered(shop, "gone", "e1")
    plan(shop, "last", seats=1, reward="seat")
    assert (takes(shop, "e1", "last").state, held(shop, "e1")) == ("held", 40)
    assert takes(shop, "e2", "last").state == "waiting"
    who = shop.rows("select member_id from identifier where program_id = $1 and value = $2", "e1")[
        0
    ][0]
    shop.ask(erase_members, EraseMember(who))
    shop.do(settle_seats)
    assert states(shop, "last")["e2"] == "held", "whoever waited moved up"
    left = "select available, held from balance where program_id = $1 and member_id = $2"
    assert shop.rows(left, who) == [(120, 0)]
    kept = "select state from offer_member where program_id = $1 and member_id = $2"
    assert shop.rows(kept, who) == [("gone",)]
    assert well(shop)
