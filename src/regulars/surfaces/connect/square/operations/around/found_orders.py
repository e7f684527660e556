"""Orders that are looked for: by location, state, customer, and when they were made or paid."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.access.types import Scope
from regulars.records.tills.bills import read
from regulars.records.tills.bills.read import By, Wanted
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.cursors import place_of
from regulars.surfaces.api.strict.ids import meant
from regulars.surfaces.connect.square.errors import PREFIX
from regulars.surfaces.connect.square.operations import locations
from regulars.surfaces.connect.square.operations.accounts import stand_as
from regulars.surfaces.connect.square.telling.bills import order_shown, priced_bills
from regulars.surfaces.connect.square.telling.paging import cursor, cut
from regulars.surfaces.connect.square.times import instant_meant
from regulars.surfaces.connect.square.view import view_of
from regulars.surfaces.connect.square.wire import orders as sent

READS = (Scope.SQUARE_READ, Scope.SQUARE_WRITE)
_STATES: Final = {"OPEN": "open", "COMPLETED": "paid"}
_SORTS: Final[dict[str, By]] = {"CREATED_AT": "opened", "CLOSED_AT": "closed"}
_ENTRY: Final = ("location_id", "version")
_TIMES: Final = "/query/filter/date_time_filter"


async def search(call: Call) -> Reply:
    """Orders that fit all that is asked for, the newest first unless it is said otherwise."""
    body: sent.SearchOrders = call.sent
    query = body.query or sent.OrderQuery()
    place = place_of(body.cursor, tuple[UUID])
    after, sort = None if place is None else place[0], query.sort or sent.OrderSort()
    by, oldest = _SORTS[sort.sort_field], sort.sort_order == "ASC"
    seen = await view_of(call)
    async with call.transaction as tx:
        asked = await _wanted(tx, body, query.filter or sent.OrderFilter())
        ids = await read.found(tx, asked, after, body.limit + 1, by=by, oldest=oldest)
        page, more = cut(ids, body.limit)
        found = await priced_bills(tx, page)
    told = [order_shown(seen, found[id_]) for id_ in page]
    answer: dict[str, Any] = {"orders": told} if told else {}
    if body.return_entries and told:
        entries = [{"order_id": one["id"]} | {name: one[name] for name in _ENTRY} for one in told]
        answer = {"order_entries": entries}
    return Reply(answer | ({"cursor": cursor((page[-1],))} if more else {}))


async def _wanted(tx: Tx, body: sent.SearchOrders, wanted: sent.OrderFilter) -> Wanted:
    stores = [
        await locations.store_at(tx, one, f"/location_ids/{place}")
        for place, one in enumerate(body.location_ids)
    ]
    states = wanted.state_filter
    times = wanted.date_time_filter or sent.OrderTimes()
    whose = (wanted.customer_filter and wanted.customer_filter.customer_ids) or None
    named = [meant("mem", one) for one in whose or ()]
    members = {one for one in named if one is not None} | set(await stand_as(tx, named))
    return Wanted(
        stores,
        None if states is None else [_STATES.get(one, one) for one in states.states],
        None if whose is None else sorted(members),
        *_between(times.created_at, "created_at"),
        *_between(times.closed_at, "closed_at"),
    )


def _between(times: sent.TimesSent | None, name: str) -> tuple[datetime | None, datetime | None]:
    if times is None:
        return None, None
    at = f"{_TIMES}/{name}"
    return (
        instant_meant(times.start_at, f"{at}/start_at") if times.start_at else None,
        instant_meant(times.end_at, f"{at}/end_at") if times.end_at else None,
    )


OPERATIONS = (
    Operation(
        method="POST",
        path=f"{PREFIX}/v2/orders/search",
        name="square_search_orders",
        tag="Orders",
        says="Find orders",
        scopes=READS,
        sent=sent.SearchOrders,
        answers={200: dict[str, Any]},
        do=search,
    ),
)
