"""What is claimed and told by another number is credited once, whoever is first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.plans.test_partners import ADA, SKY, Open, ask, back, decide, met, miles, sign
from tests.makers import Shop

from regulars.flows.points.partners.book_activities import book_activities
from regulars.flows.points.partners.claim_activities import file_claims, open_disputes
from regulars.flows.points.partners.commands import FileClaim, OpenDispute, PartnerActivity

FLEW = timedelta(days=5)


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    """By the contract of the car rental what is a day apart may be the same."""
    return meeting(open_shop(SKY))


def meeting(shop: Shop) -> Shop:
    met(shop)
    sign(shop, match_days=1)
    return shop


def misses(shop: Shop, number: str, units: int = 120, ago: timedelta = FLEW) -> Any:
    at = shop.now - ago
    return ask(shop, file_claims, FileClaim("cars", ADA, "miles", units, number, at, "ada"))


def tells(shop: Shop, number: str, units: int = 120, ago: timedelta = FLEW, **more: Any) -> Any:
    said = {"occurred_at": shop.now - ago, "actor": "cars"} | more
    wish = PartnerActivity("cars", "accrual", ADA, "miles", units, number, **said)
    return ask(shop, book_activities, wish)


def test_what_is_told_by_another_number_answers_the_claim(shop: Shop) -> None:
    filed = misses(shop, "ticket-7")
    told = tells(shop, "sale-1", ago=FLEW - timedelta(hours=20))
    assert (told.claim_id, told.units, miles(shop)) == (filed.claim_id, 120, 120)
    assert decide(shop, filed.claim_id).code == "already_decided"
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_what_was_granted_is_not_booked_by_another_number_too(shop: Shop) -> None:
    filed = misses(shop, "ticket-7")
    granted = decide(shop, filed.claim_id).booked
    told = tells(shop, "sale-1")
    assert (told.entry_id, told.claim_id) == (granted.entry_id, filed.claim_id)
    assert miles(shop) == 120
    assert tells(shop, "sale-1").replayed
    assert tells(shop, "sale-2").entry_id != granted.entry_id  # a claim stands for one of them
    assert miles(shop) == 240
    assert back(shop, "sale-1", "b-1").units == -120
    assert miles(shop) == 120
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_what_came_back_of_a_claim_swallows_nothing_that_is_told_later(shop: Shop) -> None:
    filed = misses(shop, "ticket-7")
    granted = decide(shop, filed.claim_id).booked
    assert back(shop, "ticket-7", "b-1").units == -120
    told = tells(shop, "sale-1")
    assert (told.claim_id, told.moved, miles(shop)) == (None, 120, 120)
    assert told.entry_id != granted.entry_id
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_a_disputed_claim_swallows_nothing_that_is_told_later(shop: Shop) -> None:
    booked = decide(shop, misses(shop, "ticket-7").claim_id).booked
    quarrel = ask(shop, open_disputes, OpenDispute(booked.entry_id, "cars", "not ours"))
    decide(shop, quarrel.dispute_id, kind="dispute")
    told = tells(shop, "sale-1")
    assert told.entry_id != booked.entry_id
    assert (told.amount_minor, told.claim_id) == (-100, None)


def test_other_units_and_other_days_are_another_activity(shop: Shop) -> None:
    filed = misses(shop, "ticket-7")
    assert tells(shop, "sale-1", units=121).claim_id is None
    assert tells(shop, "sale-2", ago=FLEW + timedelta(days=1, minutes=1)).claim_id is None
    assert decide(shop, filed.claim_id).booked.units == 120
    assert miles(shop) == 361


def test_what_was_told_before_is_not_claimed_by_another_number(shop: Shop) -> None:
    tells(shop, "sale-1")
    assert misses(shop, "ticket-7").code == "already_credited"
    assert misses(shop, "ticket-8", units=60).decide_by > shop.now
    assert miles(shop) == 120


def test_without_days_only_the_number_says_what_is_the_same(open_shop: Open) -> None:
    shop = met(open_shop(SKY))
    filed = misses(shop, "ticket-7")
    assert tells(shop, "sale-1").claim_id is None
    assert decide(shop, filed.claim_id).booked.units == 120
    assert miles(shop) == 240
