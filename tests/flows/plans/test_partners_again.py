"""Partners when points lapsed meanwhile, and what two say at once or one after the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.flows.plans.test_partners import (
    ADA,
    SKY,
    back,
    books,
    claim,
    collects,
    decide,
    met,
    miles,
    stands,
)
from tests.flows.points.sharing import merge
from tests.makers import Shop

from regulars.base.faults import Invalid
from regulars.flows.commands import Adjust
from regulars.flows.points.partners.commands import KeepPartner
from regulars.flows.points.partners.keep_partners import keep_partners
from regulars.records.members.types import MemberRef

BEN = MemberRef(external="ben")
LAPSING = SKY.replace("{miles: {}}", "{miles: {expiry: {after: 2 months}}}")
Open = Callable[[str], Shop]


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return met(open_shop(LAPSING))


@pytest.mark.parametrize("night", [True, False])
def test_what_lapsed_is_not_taken_from_other_points_when_it_comes_back(
    shop: Shop, night: bool
) -> None:
    collects(shop, 600, "r-1")
    shop.adjust(Adjust(ADA, "miles", -400, "spent", "mia"))
    shop.at("2027-04-20T10:00")
    collects(shop, 500, "r-2")
    shop.at("2027-05-03T10:00")
    if night:
        shop.night("expire_lots")
    assert back(shop, "r-1", "b-1", 450).moved == -400
    assert (miles(shop), back(shop, "r-1", "b-2").moved) == (100, 0)
    assert (miles(shop), stands(shop)) == (100, 1_000 - 417)
    books(shop)


def test_two_who_keep_the_same_new_partner_at_once_keep_one(shop: Shop) -> None:
    def keeps(name: str) -> Any:
        wish = KeepPartner("ferry", name, "mia")
        return lambda tx, terms: keep_partners(tx, terms, [wish])

    one, other = (found[0] for found in shop.together(keeps("Ferry"), keeps("The Ferry")))
    assert one.partner_id == other.partner_id
    kept = shop.rows("select partner_id from partner where program_id = $1 and slug = 'ferry'")
    assert kept == [(one.partner_id,)]


def test_a_claim_of_somebody_else_that_was_rejected_takes_nothing(
    shop: Shop,
) -> None:
    shop.at("2027-01-10T09:00")
    shop.joined("ben")
    shop.at("2027-03-01T10:00")
    wrong = claim(shop, member=BEN)
    assert claim(shop).code == "already_claimed"
    decide(shop, wrong.claim_id, "rejected")
    assert claim(shop, member=BEN).code == "already_claimed"
    filed = claim(shop)
    assert claim(shop, member=BEN).code == "already_claimed"
    assert decide(shop, filed.claim_id).booked.moved == 120
    assert (miles(shop), miles(shop, "ben")) == (120, 0)
    books(shop)


def test_who_was_rejected_does_not_claim_it_again_as_whom_they_stand(shop: Shop) -> None:
    shop.joined("ben")
    collects(shop, 1, "before", member=BEN)
    wrong = claim(shop, days=1, member=ADA)
    assert wrong.code == "too_early"
    filed = claim(shop)
    decide(shop, filed.claim_id, "rejected")
    merge(shop, ADA, BEN)
    assert claim(shop, member=BEN).code == "already_claimed"


def test_what_nobody_decided_in_time_may_be_claimed_anew(shop: Shop) -> None:
    filed = claim(shop)
    shop.now = filed.decide_by
    days = (filed.decide_by - shop.local("2027-02-19 10:00")) // timedelta(days=1)
    again = claim(shop, days=days)
    assert decide(shop, filed.claim_id).code == "claim_lapsed"
    assert decide(shop, again.claim_id).booked.moved == 120
    assert claim(shop, days=days).code == "already_credited"
    books(shop)


def test_a_number_is_told_as_it_is_written(shop: Shop) -> None:
    collects(shop, 120, "t-1")
    before = shop.counts()
    for said in (collects(shop, 120, "t-1 "), claim(shop, "\tt-1"), back(shop, "t-1", " b")):
        assert isinstance(said, Invalid)
        assert said.field == "/external_id"
    assert shop.counts() == before
