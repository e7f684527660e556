"""A till is cut off: it sells, something it reserved waits, one record is of nobody we know."""

import os
from datetime import timedelta
from typing import Any

from tests.surfaces.tills.device import Signer, sale

from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust
from regulars.flows.tills.commands import HandIn, KeepStore, MakePairing, PairTill
from regulars.flows.tills.keep_stores import keep_stores
from regulars.flows.tills.pair_tills import make_pairings, pair_tills
from regulars.flows.tills.take_records import take_records
from regulars.records.tills.pairing import code_hash
from regulars.records.tills.signing import first_previous, plain
from regulars.records.tills.types import Till
from regulars.surfaces.api.wire.parts import Whom
from regulars.surfaces.till.sync.applying import Books, apply
from regulars.surfaces.till.sync.reading import Work, told_of
from regulars.surfaces.till.sync.reserving import reserve
from regulars.surfaces.till.sync.wire import RecordSent


async def cut_off(shop: Any) -> None:
    """Three records, two in the books and one that waits; a mug is reserved."""
    store = {"name": "Main Street", "offline_rewards": ("mug",), "offline_most": 5}
    await shop.act(keep_stores, KeepStore("main", "mia", **store))
    signer = Signer()
    till = await paired(shop, signer)
    signer.id, signer.previous = till.principal, plain(first_previous(till.till_id))
    ada = {"member": {"email": "offline@example.org"}}
    await shop.join("offline@example.org")
    told = [
        signer.links(shop.now, "activity", sale("x", 900) | ada),
        signer.links(shop.now, "activity", sale("x", 700) | ada),
        signer.links(shop.now, "activity", sale("x", 100) | {"member": {"phone": "030 901877"}}),
    ]
    shop.now += timedelta(hours=2)
    await hands_in(shop, till, told)
    member = await shop.join("cut-off@example.org")
    await shop.act(adjust_balances, Adjust(member, "points", 40, "welcome", "mia"))
    books = await books_of(shop)
    await reserve(books, till, [Whom(id=f"mem_{member.id.hex}")])


async def paired(shop: Any, signer: Signer) -> Till:
    """A device that is a till of the main store now."""

    async def code(tx: Any, terms: Any, batch: Any) -> Any:
        return await make_pairings(tx, batch)

    async def pair(tx: Any, terms: Any, batch: Any) -> Any:
        return await pair_tills(tx, os.urandom, batch)

    (made,) = await shop.act(code, MakePairing("main", "mia"))
    (done,) = await shop.act(pair, PairTill(code_hash(made.code), "Counter 1", signer.point))
    till: Till = done.till
    return till


async def books_of(shop: Any) -> Books:
    """The way to the flows, one transaction for each command."""

    async def submit(flow: Any, command: Any) -> Any:
        (outcome,) = await shop.act(flow, command)
        return outcome

    def report(_: str, error: BaseException) -> None:
        raise error

    terms = await shop.programs.terms(shop.program_id)
    return Books(submit, lambda: shop.database.transaction(shop.program_id), terms, report)


async def hands_in(shop: Any, till: Till, told: list[dict[str, str]]) -> None:
    """As a device hands in: taken, then booked."""
    books = await books_of(shop)
    records = tuple(told_of(RecordSent(**one), till, books.terms) for one in told)
    (done,) = await shop.act(take_records, HandIn(till.till_id, records))
    todo = [
        Work(one.record_id, one.sequence, record.key, one.occurred_at, record.signed)
        for one, record in zip(done.records, records, strict=True)
    ]
    await apply(books, till, todo)
