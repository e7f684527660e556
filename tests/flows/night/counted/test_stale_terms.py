"""Whoever follows the books by terms that are none any more says so, and counts nothing by them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.flows.night.counted.following import SHOP, follows, goes_on, kept
from tests.makers import Shop, buys, named

from regulars.base.faults import StaleTerms
from regulars.flows.membership.office.prepare_rows import fold_portion, prepare_rows
from regulars.records.members.types import MemberRef
from regulars.records.prepared import read
from regulars.records.prepared.types import EVERYBODY, Portion

Open = Callable[[str], Shop]
THERE = SHOP.replace("Europe/Berlin", "Pacific/Auckland")


def late_at_night(shop: Shop, receipt: str) -> None:
    """A purchase on 2 March at 23:30 in Berlin: in Auckland it is noon of the 3rd."""
    shop.at("2026-03-02 23:30")
    shop.record(buys(MemberRef(external="ada"), 1_000, receipt=receipt))


def moved(open_shop: Open) -> tuple[Shop, Any]:
    """A shop that moved to Auckland, and the terms of before."""
    shop = open_shop(SHOP)
    shop.joined("ada")
    late_at_night(shop, "a1")
    follows(shop)
    before = shop.terms
    shop.publish(named(THERE, before.slug))
    return shop, before


def test_a_worker_with_terms_of_before_does_not_go_on(open_shop: Open) -> None:
    shop, before = moved(open_shop)
    late_at_night(shop, "a2")
    with pytest.raises(StaleTerms):
        shop.do(lambda tx, _: prepare_rows(tx, before, 100))
    assert [(one.day, one.sales) for one in kept(shop).member_day] == [(date(2026, 3, 2), 1)]
    goes_on(shop)
    assert [(one.day, one.sales) for one in kept(shop).member_day] == [(date(2026, 3, 3), 2)]
    with pytest.raises(StaleTerms):
        shop.do(lambda tx, _: prepare_rows(tx, before, 100))
    assert [(one.day, one.sales) for one in kept(shop).member_day] == [(date(2026, 3, 3), 2)]


def test_no_hand_folds_a_portion_by_terms_of_before(open_shop: Open) -> None:
    """Whoever began did so by the new zone; a hand with the old one would cut its part otherwise,
    and nobody would notice ever after."""
    shop, before = moved(open_shop)

    async def turn() -> None:
        return None

    async def folds(tx: Any, terms: Any) -> None:
        assert await prepare_rows(tx, terms, 100), "everybody is begun with anew"
        there = await read.begun(tx)
        assert there is not None
        some = Portion(UUID(int=0), EVERYBODY)
        await fold_portion(tx, before, there.below_tx, some, turn)

    with pytest.raises(StaleTerms):
        shop.do(folds)
    goes_on(shop)
    assert [one.day for one in kept(shop).member_day] == [date(2026, 3, 3)]
