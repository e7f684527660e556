"""Stores, as clients of the Square API know them: locations."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, TypeVar

from regulars.base.faults import NotFound
from regulars.base.ids import short
from regulars.base.tx import Tx
from regulars.records.access.types import Scope
from regulars.records.tills import read
from regulars.records.tills.types import Store, store_meant
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.connect.square.errors import PREFIX, Wrong
from regulars.surfaces.connect.square.times import instant
from regulars.surfaces.connect.square.view import MAIN, View, location_of, view_of

Done = TypeVar("Done")
READS = (Scope.SQUARE_READ, Scope.SQUARE_WRITE)


async def ids(tx: Tx) -> list[str]:
    """The ids of all stores that are open; a program without any has one that is called main."""
    stores = await read.stores(tx)
    return [location_of(one) for one in stores.values() if one.closed_at is None] or [MAIN]


async def store_at(tx: Tx, location_id: str, field: str = "/location_id") -> str:
    """The code of the store that is meant; nothing for main where there are no stores.

    Faults: Wrong at the field.
    """
    store = store_meant((await read.stores(tx)).values(), location_id)
    if store is None:
        raise no_location(field)
    return store


async def at_location(asked: Awaitable[Done]) -> Done:
    """What was asked of a flow that looks for the store by itself. Faults: Wrong at the field."""
    try:
        return await asked
    except NotFound as fault:
        if fault.field != "/place":
            raise
        raise no_location() from None


def no_location(field: str = "/location_id") -> Wrong:
    """The fault of an id that is no store's."""
    return Wrong("there is no such location here", code="NOT_FOUND", field=field)


async def all_of_them(call: Call) -> Reply:
    """Every store."""
    return Reply({"locations": await _shown(call)})


async def one(call: Call) -> Reply:
    """One store; `main` is the first."""
    shown = await _shown(call)
    wanted = call.ids["location_id"]
    for place, location in enumerate(shown):
        if location["id"] == wanted or (wanted == MAIN and place == 0):
            return Reply({"location": location})
    raise NotFound("there is no such location here")


async def _shown(call: Call) -> list[dict[str, Any]]:
    seen = await view_of(call)
    async with call.transaction as tx:
        stores = list((await read.stores(tx)).values())
    if not stores:
        return [_location(seen, MAIN, None)]
    return [_location(seen, location_of(one), one) for one in stores]


def _location(seen: View, id_: str, store: Store | None) -> dict[str, Any]:
    program = seen.version.program
    opened = seen.terms.versions[0].effective_from if store is None else store.opened_at
    zone = program.zone if store is None else store.zone or program.zone
    shown: dict[str, Any] = {
        "id": id_,
        "name": program.name if store is None else store.name or store.code,
        "status": "ACTIVE" if store is None or store.closed_at is None else "INACTIVE",
        "created_at": instant(opened),
        "merchant_id": short(seen.terms.slug),
        "currency": seen.currency,
        "business_name": program.name,
        "type": "PHYSICAL",
        "language_code": program.locale[:5],
    }
    if len(zone) <= 30:  # the interface has no room for longer ones
        shown["timezone"] = zone
    if program.country is not None:
        shown["country"] = program.country
    return shown


OPERATIONS = (
    Operation(
        method="GET",
        path=f"{PREFIX}/v2/locations",
        name="square_list_locations",
        tag="Locations",
        says="Every store",
        scopes=READS,
        answers={200: dict[str, Any]},
        do=all_of_them,
    ),
    Operation(
        method="GET",
        path=f"{PREFIX}/v2/locations/{{location_id}}",
        name="square_get_location",
        tag="Locations",
        says="One store",
        scopes=READS,
        answers={200: dict[str, Any]},
        do=one,
    ),
)
