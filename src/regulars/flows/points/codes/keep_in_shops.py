"""Codes of rewards are discount codes in a web shop, too: made there, and ended once they are over.

A code is told to the shop by the worker, outside of any transaction: what is to be done is written
down before, and what came of it afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.ids import first_id
from regulars.base.tx import Tx
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.inlets import read as inlets
from regulars.records.inlets.catching import read as catching
from regulars.records.inlets.catching.types import CatchUp
from regulars.records.inlets.types import Inlet
from regulars.records.members import read as members
from regulars.records.members.types import Identifier
from regulars.records.rewards.codes.lettering import shown
from regulars.records.rewards.codes.shops import read, write
from regulars.records.rewards.codes.shops.types import (
    LOOK_BACK,
    READ_EVERY,
    CodeShop,
    Settled,
    Wanted,
)

MOST_NEW: Final = 500


class ChooseCodeShop(Struct, frozen=True):
    """This shop has the codes that are issued from now on; or none has."""

    inlet_id: UUID
    by: By
    wanted: bool = True


class TryShopCodes(Struct, frozen=True):
    """What failed in this shop is tried again."""

    inlet_id: UUID
    by: By


class Errand(Struct, frozen=True):
    """A code, the shop it is about, and by what its member is known."""

    what: Wanted
    inlet: Inlet
    shop: CatchUp
    names: tuple[Identifier, ...] = ()


ShopOutcome = CodeShop | None | Fault


async def choose_code_shops(tx: Tx, batch: Sequence[ChooseCodeShop]) -> list[ShopOutcome]:
    """Each of these shops has the codes from now on, or none has.

    Faults, each for its own item: `not_found`; `invalid` where the shop has no keys, or another one
    has the codes: two would let one code be used twice.
    """
    return [await _choose(tx, wish) for wish in batch]


async def plan_shop_codes(tx: Tx) -> bool:
    """What was issued lately is wanted in the shop, and what is over is to be ended there.

    Answers whether there may be more.
    """
    over = await read.over(tx, MOST_NEW)
    one = await read.shop(tx)
    fresh: list[tuple[UUID, str]] = []
    if one is not None:
        since = first_id(one.read_to - tx.ahead - LOOK_BACK)
        rows = await read.new(tx, one, since, MOST_NEW)
        fresh = [(row["code_id"], shown(row["code"], row["printed"])) for row in rows]
        writes = [*write.end(tx, over), *write.want(tx, one.inlet_id, fresh)]
        if len(fresh) < MOST_NEW and tx.now - one.read_to >= READ_EVERY:
            writes += write.looked(tx, one.inlet_id)
        await tx.write(writes)
    elif over:
        await tx.write(write.end(tx, over))
    return MOST_NEW in (len(over), len(fresh))


async def take_shop_codes(tx: Tx, most: int) -> list[Errand]:
    """So many that are to be told to their shops now; nobody else takes them for a while.

    Order: of a shop that is asked no more nothing is taken; it waits until it has keys again.
    """
    due = await read.due(tx, most)
    shops = await catching.all_of_them(tx) if due else {}
    known = {one.inlet_id: one for one in await inlets.inlets(tx)} if due else {}
    ids = [one.code_id for one in due if one.inlet_id in shops and one.inlet_id in known]
    await tx.write(write.take(tx, [one.code_id for one in due]))
    found = await read.about(tx, ids)
    names = await members.identifiers_of(tx, {one.member_id for one in found if one.member_id})
    return [
        Errand(
            one,
            known[one.one.inlet_id],
            shops[one.one.inlet_id],
            tuple(names.get(one.member_id, ())) if one.member_id else (),
        )
        for one in found
    ]


async def settle_shop_codes(tx: Tx, batch: Sequence[Settled]) -> int:
    """What came of each try is written down; how many."""
    await tx.write(write.settle(tx, batch))
    return len(batch)


async def try_shop_codes(tx: Tx, batch: Sequence[TryShopCodes]) -> int:
    """What failed in these shops is tried again; how many shops."""
    for wish in batch:
        told = Done(wish.by, "inlet.changed", "inlet", wish.inlet_id.hex, {}, {"codes": True})
        await tx.write([*write.again(tx, wish.inlet_id), *acted(tx, [told])])
    return len(batch)


async def _choose(tx: Tx, wish: ChooseCodeShop) -> ShopOutcome:
    inlet = await inlets.inlet(tx, wish.inlet_id, held=True)
    if inlet is None:
        return NotFound("There is no such source of events", field="/inlet_id")
    before = await read.shop(tx)
    mine = before is not None and before.inlet_id == wish.inlet_id
    if before is not None and not mine:
        mend = "Take the codes from that shop first"
        return Invalid("Another shop has the codes of this program", field="/codes", mend=mend)
    if mine == wish.wanted:
        return before
    if wish.wanted and await catching.one(tx, wish.inlet_id) is None:
        mend = "Enter the shop's address and its keys first"
        return Invalid("Nothing says where this shop is", field="/codes", mend=mend)
    after = CodeShop(wish.inlet_id, tx.now, tx.now, wish.by.actor) if wish.wanted else None
    told = Done(
        wish.by, "inlet.changed", "inlet", wish.inlet_id.hex,
        {"codes": mine}, {"codes": after is not None},
    )  # fmt: skip
    writes = write.leave(tx) if after is None else write.choose(tx, after)
    await tx.write([*writes, *acted(tx, [told])])
    return after
