"""A contract with a partner ends before its time: what was sold before is booked and settled."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from tests.flows.plans.test_partners import SKY, Open, ask, back, books, collects, met, miles, sign
from tests.makers import Shop

from regulars.base.faults import Invalid, NotFound, Refused
from regulars.flows.points.partners.commands import (
    Booked,
    ContractEnded,
    EndContract,
    KeepPartner,
    Settle,
)
from regulars.flows.points.partners.end_contracts import end_contracts
from regulars.flows.points.partners.keep_partners import keep_partners
from regulars.flows.points.partners.settle_accounts import settle_accounts
from regulars.records.members.types import Asked
from regulars.records.rewards.partners import read


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return met(open_shop(SKY))


def contract(shop: Shop) -> Any:
    async def look(tx: Any, _: Any) -> Any:
        one = (await read.partners(tx, ["cars"]))["cars"]
        return (await read.contracts(tx, [one.partner_id]))[0]

    return shop.do(look)


def end(shop: Shop, ends_at: datetime | None = None, **more: Any) -> Any:
    said = {"partner": "cars", "contract_id": contract(shop).contract_id} | more
    return ask(shop, end_contracts, EndContract(**said, actor="mia", ends_at=ends_at))


def test_what_was_sold_before_is_booked_whenever_it_is_told_and_nothing_after(shop: Shop) -> None:
    shop.at("2027-03-10T10:00")
    over = shop.local("2027-03-20 00:00")
    done = end(shop, over, reason="sold", asked=Asked("mia", "k"))
    assert isinstance(done, ContractEnded)
    assert end(shop, over, reason="sold", asked=Asked("mia", "k")).replayed
    assert contract(shop).until_at == over
    assert isinstance(collects(shop, 100, "r-1"), Booked)
    shop.at("2027-03-25T10:00")
    late = collects(shop, 100, "r-2", occurred_at=shop.local("2027-03-19 23:00"))
    assert isinstance(late, Booked)
    for at in (None, over):
        no = collects(shop, 100, "r-3", occurred_at=at)
        assert isinstance(no, Refused)
        assert no.code == "no_contract"
    assert isinstance(back(shop, "r-1", "b-1", 50), Booked)
    assert miles(shop) == 150
    shop.at("2027-04-02T10:00")
    settled = ask(shop, settle_accounts, Settle("cars", "mia"))
    assert settled.lines == 4  # a pack, two that were sold, and what came back
    span = (shop.local("2027-03-01 00:00"), shop.local("2027-04-01 00:00"))

    async def ended(tx: Any, _: Any) -> list[tuple[datetime, str]]:
        one = (await read.partners(tx, ["cars"]))["cars"]
        return [(each.ends_at, each.reason) for each in await read.ends(tx, one.partner_id, span)]

    assert shop.do(ended) == [(over, "sold")]
    sign(shop, from_at=None)
    assert isinstance(collects(shop, 100, "r-4"), Booked)  # another one goes on
    books(shop)


def test_an_end_is_said_once_for_what_is_to_come(shop: Shop) -> None:
    shop.at("2027-03-10T10:00")
    ask(shop, keep_partners, KeepPartner("bikes", "Bikes", "mia"))
    before = shop.counts()
    past = end(shop, shop.local("2027-03-09 00:00"))
    assert isinstance(past, Invalid)
    assert past.field == "/ends_at"
    assert isinstance(end(shop, partner="bikes"), NotFound)
    assert isinstance(end(shop, contract_id=UUID(int=1)), NotFound)
    assert shop.counts() == before
    assert isinstance(end(shop), ContractEnded)
    again = end(shop, shop.local("2027-05-01 00:00"))
    assert isinstance(again, Invalid)
    assert "said before that it ends" in again.says
    sign(shop, from_at=None, until_at=shop.local("2027-06-01 00:00"))
    behind = end(shop, shop.local("2027-07-01 00:00"))
    assert isinstance(behind, Invalid)
    assert "by itself" in behind.says
