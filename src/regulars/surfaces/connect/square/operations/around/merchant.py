"""The shop itself, and groups of customers, of which there are none here."""

from __future__ import annotations

from typing import Any, Final

from regulars.base.faults import NotFound
from regulars.base.ids import short
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.connect.square.errors import PREFIX
from regulars.surfaces.connect.square.operations import locations
from regulars.surfaces.connect.square.times import instant
from regulars.surfaces.connect.square.view import view_of
from regulars.surfaces.connect.square.wire import around as sent

READS = (Scope.SQUARE_READ, Scope.SQUARE_WRITE)
_ME: Final = "me"


async def one(call: Call) -> Reply:
    """The shop, as `me` or by its id."""
    merchant = await _merchant(call)
    if call.ids["merchant_id"] not in (_ME, merchant["id"]):
        raise NotFound("there is no such merchant here; `me` is yours")
    return Reply({"merchant": merchant})


async def all_of_them(call: Call) -> Reply:
    """The shop of whoever asks."""
    return Reply({"merchant": [await _merchant(call)]})


async def none(call: Call) -> Reply:
    """Groups and segments of customers: there are none here."""
    return Reply({})


async def _merchant(call: Call) -> dict[str, Any]:
    seen = await view_of(call)
    async with call.transaction as tx:
        main = (await locations.ids(tx))[0]
    program = seen.version.program
    found = {
        "id": short(seen.terms.slug),
        "business_name": program.name,
        "language_code": program.locale[:5],
        "currency": program.currency,
        "status": "ACTIVE",
        "main_location_id": main,
        "created_at": instant(seen.terms.versions[0].effective_from),
    }
    return found if program.country is None else {**found, "country": program.country}


OPERATIONS = (
    Operation(
        method="GET",
        path=f"{PREFIX}/v2/merchants",
        name="square_list_merchants",
        tag="Locations",
        says="The shop, as a list",
        scopes=READS,
        query=sent.MerchantsQuery,
        answers={200: dict[str, Any]},
        do=all_of_them,
    ),
    Operation(
        method="GET",
        path=f"{PREFIX}/v2/merchants/{{merchant_id}}",
        name="square_get_merchant",
        tag="Locations",
        says="The shop",
        scopes=READS,
        answers={200: dict[str, Any]},
        do=one,
    ),
    Operation(
        method="GET",
        path=f"{PREFIX}/v2/customers/groups",
        name="square_list_groups",
        tag="Customers",
        says="Groups of customers: none",
        scopes=READS,
        query=sent.GroupsQuery,
        answers={200: dict[str, Any]},
        do=none,
    ),
    Operation(
        method="GET",
        path=f"{PREFIX}/v2/customers/segments",
        name="square_list_segments",
        tag="Customers",
        says="Segments of customers: none",
        scopes=READS,
        query=sent.GroupsQuery,
        answers={200: dict[str, Any]},
        do=none,
    ),
)
