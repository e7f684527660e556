"""Codes of rewards in a shop: put there from now on, not any more, or tried again."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response
from msgspec import Struct

from regulars.base.faults import Fault, NotFound
from regulars.flows.points.codes.keep_in_shops import (
    ChooseCodeShop,
    TryShopCodes,
    choose_code_shops,
    try_shop_codes,
)
from regulars.records.inlets.types import Inlet
from regulars.records.rewards.codes.shops import read
from regulars.records.rewards.codes.shops.types import CodeShop, ShopCode
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N

SHOWN: Final = 20
SAYS: Final = {
    "Another shop has the codes of this program": N(
        "Another shop has the codes of this program; take them from there first"
    ),
    "Nothing says where this shop is": N("Enter the shop’s address and its keys first"),
}


class CodesThere(Struct, frozen=True):
    """How the codes of a program stand in this shop."""

    here: CodeShop | None
    counts: dict[str, int]
    failed: list[ShopCode]


async def codes_there(here: Here, inlet: Inlet) -> CodesThere:
    """What the page of a source says of codes."""
    async with here.transaction as tx:
        one = await read.shop(tx)
        mine = one if one is not None and one.inlet_id == inlet.inlet_id else None
        counts = await read.counts(tx, inlet.inlet_id)
        failed = await read.failed(tx, inlet.inlet_id, SHOWN)
    return CodesThere(mine, counts, failed)


async def turned(here: Here, inlet: Inlet, form: Form) -> str:
    """What was wanted is done, or why not. Faults: NotFound."""
    turn = form.get("turn")
    async with here.transaction as tx:
        if turn == "again":
            await try_shop_codes(tx, [TryShopCodes(inlet.inlet_id, here.by)])
            return ""
        wish = ChooseCodeShop(inlet.inlet_id, here.by, turn == "on")
        (outcome,) = await choose_code_shops(tx, [wish])
    if isinstance(outcome, NotFound):
        raise outcome
    if isinstance(outcome, Fault):
        return here.reader.say(SAYS[outcome.says]) if outcome.says in SAYS else here.told(outcome)
    return ""


def back(id_: str) -> Response[Any]:
    """The page of the source, where its codes are."""
    return redirect(f"/console/sources/{id_}#codes")
