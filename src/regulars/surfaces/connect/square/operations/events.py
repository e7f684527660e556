"""What happened to balances, newest first."""

from __future__ import annotations

from typing import Final, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.insight.connected.events import Asked, Move, moves
from regulars.records.access.types import Scope
from regulars.records.rewards import read as rewards
from regulars.records.tills.bills import read as bills
from regulars.surfaces.api.access import Caller
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.cursors import Step, place_of
from regulars.surfaces.api.strict.ids import meant
from regulars.surfaces.connect.square.errors import PREFIX
from regulars.surfaces.connect.square.operations import purchases
from regulars.surfaces.connect.square.operations.accounts import stand_as
from regulars.surfaces.connect.square.telling import told
from regulars.surfaces.connect.square.telling.paging import cursor, listed
from regulars.surfaces.connect.square.times import instant_meant
from regulars.surfaces.connect.square.view import View, view_of
from regulars.surfaces.connect.square.wire import sent
from regulars.surfaces.connect.square.wire.shown import EventsAnswer, EventShown

READS = (Scope.SQUARE_READ, Scope.SQUARE_WRITE)
_USUAL: Final = 30
_LOOKS: Final = 10
"""So often it is looked further back for one page of events; then its cursor goes on."""
_LAST: Final = 2**128 - 1
_TIMES: Final = "/query/filter/date_time_filter/created_at"


class _Place(NamedTuple):
    """Where a page ended: before this entry, or within it when some of its events were told."""

    entry_id: UUID
    told: Step

    @property
    def before(self) -> UUID:
        """Before which entry the next page looks."""
        return UUID(int=min(self.entry_id.int + 1, _LAST)) if self.told else self.entry_id


class _Page:
    """Events as they are gathered; `ends` is how far they were told."""

    def __init__(self, limit: int, types: frozenset[str] | None, begins: _Place | None) -> None:
        self.limit = limit
        self.types = types
        self.events: list[EventShown] = []
        self.ends = begins

    def take(self, move: Move, about: told.Around) -> bool:
        """Add what an entry tells; whether there was room for all of it."""
        events = [
            event
            for event in reversed(told.events_of(move, about))
            if self.types is None or event.type in self.types
        ]
        before = self.ends.told if self.ends and self.ends.entry_id == move.entry_id else 0
        room = self.limit - len(self.events)
        left = events[before:]
        self.events += left[:room]
        if len(left) <= room:
            self.ends = _Place(move.entry_id, 0)
            return True
        if room:
            self.ends = _Place(move.entry_id, before + room)
        return False


async def search(call: Call) -> Reply:
    """Events that fit all that is asked for."""
    body: sent.SearchEvents = call.sent
    wanted = (body.query and body.query.filter) or sent.EventFilter()
    begins = place_of(body.cursor, _Place)
    seen = await view_of(call)
    types = None if wanted.type_filter is None else frozenset(wanted.type_filter.types)
    page = _Page(body.limit or _USUAL, types, begins)
    async with call.transaction as tx:
        asked = await _about(tx, _asked(wanted), wanted)
        more = await _gather(tx, seen, asked, page, call.caller)
    return Reply(EventsAnswer(listed(page.events), cursor(page.ends if more else None)))


async def _gather(tx: Tx, seen: View, asked: Asked, page: _Page, caller: Caller) -> bool:
    """Fill a page; whether more may follow it."""
    for _ in range(_LOOKS):
        before = page.ends.before if page.ends else None
        found = await moves(tx, seen.code, asked, before=before, limit=page.limit + 1)
        about = await told.around(tx, seen, found.moves, caller)
        if not all(page.take(move, about) for move in found.moves):
            return True
        if found.goes_on is None:
            return False
        page.ends = _Place(found.goes_on, 0)
    return True


async def _about(tx: Tx, asked: Asked, wanted: sent.EventFilter) -> Asked:
    """Narrowed to an account and to an order, where one is said."""
    whose, order = wanted.loyalty_account_filter, wanted.order_filter
    if whose is not None:
        account = meant("mem", whose.loyalty_account_id)
        asked = replace(asked, members=[]) if account is None else replace(asked, account=account)
    if order is None:
        return asked
    causes = await _causes(tx, order)
    if whose is None:  # whoever was merged since, and as whom they stand now
        owners = {*causes.values(), *await stand_as(tx, causes.values())}
        asked = replace(asked, members=sorted(owners))
    return replace(asked, causes=list(causes))


async def _causes(tx: Tx, wanted: sent.OrderFilter) -> dict[UUID, UUID]:
    """What an order brought about, and whose it is: what was earned for it, and its rewards."""
    id_ = meant("ord", wanted.order_id)
    if id_ is None:
        return {}
    handed = (await bills.rewards_of(tx, [id_])).get(id_, ())
    return await purchases.activity_of(tx, wanted.order_id) | await rewards.whose(tx, handed)


def _asked(wanted: sent.EventFilter) -> Asked:
    times = wanted.date_time_filter
    since = until = None
    if times is not None:
        said = times.created_at
        since = instant_meant(said.start_at, f"{_TIMES}/start_at") if said.start_at else None
        until = instant_meant(said.end_at, f"{_TIMES}/end_at") if said.end_at else None
    types, places = wanted.type_filter, wanted.location_filter
    return Asked(
        kinds=None if types is None else told.kinds_of(types.types),
        since=since,
        until=until,
        stores=None if places is None else places.location_ids,
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
