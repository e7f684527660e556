"""Bills of connected tills: told to whom they belong, and without a word once they are erased."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from tests.leaving.planting import Person, erase, found, person
from tests.makers import Shop, asked, buys

from regulars.flows.commands import Redeem
from regulars.flows.tills.bills.commands import OpenBill, PayBill
from regulars.flows.tills.bills.keep_bills import open_bills, pay_bills
from regulars.insight.export import person as telling
from regulars.records.members.types import MemberRef
from regulars.records.tills.bills import read
from regulars.records.tills.bills.types import BillBody, Off, Paying, Sold


def sold_to(shop: Shop, one: Person, who: MemberRef | None, key: str) -> UUID:
    """A bill and its payment, each of whose texts names somebody."""
    word = one.words[0]
    body = BillBody(
        (Sold(f"line {word}", 2, 2_000, sku="latte", name=f"cake for {word}"),),
        (Off(f"off {word}", f"{word} is nice", amount_minor=1_000),),
        f"table of {word}",
    )
    (opened,) = shop.ask(open_bills, OpenBill(body, "main", who, asked(f"open {key}")))
    told = Paying(0, f"from {word}", f"card of {word}", f"number {word}")
    id_: UUID = opened.bill_id
    pays = PayBill(id_, 1, "external", 3_000, told, asked=asked(f"pay {key}"))
    (paid,) = shop.ask(pay_bills, pays)
    assert paid.payment_id, paid
    return id_


def _nothing(*_: Any) -> None:
    """They did nothing yet."""


def held_of(shop: Shop, one: Person) -> dict[str, Any]:
    async def ask(tx: Any, terms: Any) -> Any:
        return await telling.person(tx, "EUR", one.id)

    return dict(shop.do(ask))


def test_bills_are_told_to_their_member_and_keep_no_word_of_the_erased(corner: Shop) -> None:
    one, other = (person(corner, random.Random(3), place, [_nothing]) for place in (0, 1))
    ref = MemberRef(id=one.id)
    mine = sold_to(corner, one, ref, "mine")
    credited = sold_to(corner, one, None, "credited")
    deed = buys(ref, 3_000, receipt=f"ord_{credited.hex}")
    corner.record(replace(deed, source="square"))
    others = sold_to(corner, other, MemberRef(id=other.id), "others")
    holds = held_of(corner, one)
    assert {one["bill_id"] for one in holds["bill"]} == {str(mine), str(credited)}
    assert {one["bill_id"] for one in holds["bill_payment"]} == {str(mine), str(credited)}
    erase(corner, one)
    assert found(corner, one.words) == []

    async def bills(tx: Any, terms: Any) -> Any:
        return await read.bills(tx, [mine, credited, others])

    kept = corner.do(bills)
    blank = BillBody(
        (Sold("line-0", 2, 2_000, sku="latte"),), (Off("discount-0", amount_minor=1_000),)
    )
    assert (kept[mine].body, kept[credited].body) == (blank, blank)
    assert other.words[0] in kept[others].body.reference


def test_an_open_bill_comes_to_more_once_the_member_of_its_reward_is_erased(corner: Shop) -> None:
    one = person(corner, random.Random(5), 0, [_nothing])
    corner.record(buys(MemberRef(id=one.id), 3_000))
    body = BillBody((Sold("one", 1, 1_000),))
    (opened,) = corner.ask(open_bills, OpenBill(body, "main"))
    wish = Redeem(MemberRef(id=one.id), "cup", bill=opened.bill_id)
    (held,) = corner.redeem(wish)
    assert held.state == "held", held
    erase(corner, one)

    async def bills(tx: Any, terms: Any) -> Any:
        return await read.bills(tx, [opened.bill_id])

    assert corner.do(bills)[opened.bill_id].version == 3
