"""What happened to balances, newest first."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.insight.connected.events import Asked, Move, moves
from regulars.records.access.types import Scope
from regulars.records.tills.bills import read as bills
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.cursors import place_of
from regulars.surfaces.api.strict.ids import meant
from regulars.surfaces.connect.square.errors import PREFIX
from regulars.surfaces.connect.square.operations import purchases
from regulars.surfaces.connect.square.telling import told
from regulars.surfaces.connect.square.telling.paging import cursor, listed
from regulars.surfaces.connect.square.times import instant_meant
from regulars.surfaces.connect.square.view import View, view_of
from regulars.surfaces.connect.square.wire import sent
from regulars.surfaces.connect.square.wire.shown import EventsAnswer, EventShown

READS = (Scope.SQUARE_READ, Scope.SQUARE_WRITE)
_USUAL: Final = 30
_LOOKS: Final = 10
"""So many pages of entries are looked through for one page of events."""
_NOBODY: Final = UUID(int=0)
_TIMES: Final = "/query/filter/date_time_filter/created_at"


class _Page:
    """Events as they are gathered; `ends` is the last entry that was told whole."""

    def __init__(self, limit: int, types: frozenset[str] | None) -> None:
        self.limit = limit
        self.types = types
        self.events: list[EventShown] = []
        self.ends: UUID | None = None

    def take(self, move: Move, about: told.Around) -> bool:
        """Add what an entry tells; whether there was room for it."""
        told_ = [
            event
            for event in reversed(told.events_of(move, about))
            if self.types is None or event.type in self.types
        ]
        if len(self.events) + len(told_) > self.limit and self.events:
            return False
        self.events += told_
        self.ends = move.entry_id
        return True


async def search(call: Call) -> Reply:
    """Events that fit all that is asked for."""
    body: sent.SearchEvents = call.sent
    wanted = (body.query and body.query.filter) or sent.EventFilter()
    place = place_of(body.cursor, tuple[UUID])
    seen = await view_of(call)
    types = None if wanted.type_filter is None else frozenset(wanted.type_filter.types)
    page = _Page(body.limit or _USUAL, types)
    async with call.transaction as tx:
        asked = _asked(wanted, await _causes(tx, wanted.order_filter))
        more = await _gather(tx, seen, asked, page, None if place is None else place[0])
    ends = (page.ends,) if more and page.ends is not None else None
    return Reply(EventsAnswer(listed(page.events), cursor(ends)))


async def _gather(tx: Tx, seen: View, asked: Asked, page: _Page, before: UUID | None) -> bool:
    """Fill a page; whether more may follow it."""
    for _ in range(_LOOKS):
        found = await moves(tx, seen.code, asked, before=before, limit=page.limit + 1)
        about = await told.around(tx, seen, found)
        for move in found:
            if not page.take(move, about):
                return True
            before = move.entry_id
        if len(found) <= page.limit:
            return False
    return True


async def _causes(tx: Tx, wanted: sent.OrderFilter | None) -> list[UUID] | None:
    """What an order brought about: what was earned for it, and the rewards that were for it."""
    if wanted is None:
        return None
    id_ = meant("ord", wanted.order_id)
    if id_ is None:
        return []
    rewards = await bills.rewards_of(tx, [id_])
    return [*await purchases.activity_of(tx, wanted.order_id), *rewards.get(id_, ())]


def _asked(wanted: sent.EventFilter, causes: list[UUID] | None) -> Asked:
    whose, times = wanted.loyalty_account_filter, wanted.date_time_filter
    since = until = None
    if times is not None:
        said = times.created_at
        since = instant_meant(said.start_at, f"{_TIMES}/start_at") if said.start_at else None
        until = instant_meant(said.end_at, f"{_TIMES}/end_at") if said.end_at else None
    types, places = wanted.type_filter, wanted.location_filter
    return Asked(
        member=None if whose is None else meant("mem", whose.loyalty_account_id) or _NOBODY,
        kinds=None if types is None else told.kinds_of(types.types),
        since=since,
        until=until,
        stores=None if places is None else places.location_ids,
        causes=causes,
    )


OPERATIONS = (
    Operation(
        method="POST",
        path=f"{PREFIX}/v2/loyalty/events/search",
        name="square_search_events",
        tag="Loyalty",
        says="Find events",
        scopes=READS,
        sent=sent.SearchEvents,
        answers={200: EventsAnswer},
        do=search,
    ),
)
