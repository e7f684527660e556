"""Stores and their tills, as who runs the shop sees them; and what waits to be looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from regulars.base.faults import NotFound
from regulars.flows.tills.commands import EndRecord, KeepStore, MakePairing, TurnTill
from regulars.flows.tills.end_records import end_records
from regulars.flows.tills.keep_stores import keep_stores
from regulars.flows.tills.pair_tills import make_pairings, turn_tills
from regulars.records.access.types import Scope
from regulars.records.tills import read
from regulars.records.tills.read import Count
from regulars.records.tills.types import RecordState, Store, Till, TillRecord, TillState
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.strict.cursors import Instant, cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import PageQuery, Slug, Text
from regulars.surfaces.till.sync import examples, wire
from regulars.surfaces.till.sync.applying import apply, refuse_again
from regulars.surfaces.till.sync.devices import books_of
from regulars.surfaces.till.sync.reading import work_of

_FIRST: Final = (datetime.fromisoformat("1970-01-01T00:00:00Z"), UUID(int=0))


class StoreSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A store is opened or changed; what is not said stays."""

    name: Annotated[str, Meta(max_length=80)] | UnsetType = UNSET
    zone: Annotated[str, Meta(max_length=60)] | UnsetType = UNSET
    offline_rewards: Annotated[tuple[Slug, ...], Meta(max_length=20)] | UnsetType = UNSET
    """What its tills may reserve beforehand, the first that a member can have."""
    offline_most: Annotated[int, Meta(ge=0, le=500)] | UnsetType = UNSET
    """So many rewards one till may have reserved at once."""
    closed: bool | UnsetType = UNSET


class StoreShown(Struct, frozen=True):
    """A store as it is now."""

    code: str
    name: str
    zone: str
    currency: str
    offline_rewards: tuple[str, ...]
    offline_most: int
    opened_at: datetime
    closed_at: datetime | None


class StoresShown(Struct, frozen=True):
    """All stores, by their codes."""

    items: list[StoreShown]


class PairingCode(Struct, frozen=True):
    """A code by which one device becomes a till. It is shown this once."""

    code: str
    store: str
    ends_at: datetime


class TillShown(Struct, frozen=True):
    """A till: where it stands, when it was heard of, how far it has told."""

    id: str
    store: str
    name: str
    state: TillState
    reason: str
    paired_at: datetime
    paired_by: str
    seen_at: datetime
    told: int
    """The number of its last record."""
    missing: int
    """So many records before that have not come yet."""
    waiting: int
    """So many records wait to be looked at."""


class TillsShown(Struct, frozen=True):
    """All tills in the order they were paired."""

    items: list[TillShown]


class TillTurned(Struct, frozen=True, forbid_unknown_fields=True):
    """A till is suspended, goes on, or is unpaired for ever."""

    state: Literal["paired", "suspended", "unpaired"]
    reason: Text = ""


class RecordWaiting(Struct, frozen=True):
    """A record that somebody has to look at: why, and what it says."""

    id: str
    till_id: str
    sequence: int
    kind: str
    outcome: RecordState
    reason: str
    says: str
    cashier: str
    device_at: datetime | None
    occurred_at: datetime
    clock: str
    recorded_at: datetime
    signed: str


class RecordsWaiting(Struct, frozen=True):
    """What waits, oldest first."""

    items: list[RecordWaiting]
    has_more: bool
    next_cursor: str | None


class RecordDecided(Struct, frozen=True, forbid_unknown_fields=True):
    """Try it again, or let nothing come of it and say why."""

    outcome: Literal["retry", "dismiss"]
    reason: Text = ""


async def keep(call: Call) -> Reply:
    """A store is opened or changed."""
    sent: StoreSent = call.sent

    def said(name: str) -> Any:
        value = getattr(sent, name)
        return None if value is UNSET else value

    command = KeepStore(
        code=call.ids["store"],
        actor=call.caller.principal,
        name=said("name"),
        zone=said("zone"),
        offline_rewards=said("offline_rewards"),
        offline_most=said("offline_most"),
        closed=said("closed"),
    )
    store = await call.do(keep_stores, command)
    return Reply(_store(store, (await call.terms()).versions[-1].program.currency))


async def all_stores(call: Call) -> Reply:
    """All stores."""
    currency = (await call.terms()).versions[-1].program.currency
    async with call.transaction as tx:
        kept = await read.stores(tx)
    return Reply(StoresShown([_store(one, currency) for one in kept.values()]))


async def code(call: Call) -> Reply:
    """A code for a device of this store."""
    async with call.transaction as tx:
        wish = MakePairing(call.ids["store"], call.caller.principal)
        (outcome,) = await make_pairings(tx, [wish])
    made = granted(outcome)
    return Reply(PairingCode(made.code, made.store, made.ends_at), 201)


async def all_tills(call: Call) -> Reply:
    """All tills, and how far each has told."""
    async with call.transaction as tx:
        kept, told = await read.tills(tx), await read.counts(tx)
    return Reply(TillsShown([till_shown(one, told[one.till_id]) for one in kept]))


async def turn(call: Call) -> Reply:
    """A till is suspended, goes on, or is unpaired."""
    sent: TillTurned = call.sent
    id_ = addressed("til", call.ids["till_id"])
    command = TurnTill(id_, sent.state, call.caller.principal, sent.reason)
    async with call.transaction as tx:
        (outcome,) = await turn_tills(tx, [command])
        till = granted(outcome)
        told = await read.counts(tx)
    call.access.forget()
    return Reply(till_shown(till, told[till.till_id]))


async def waiting(call: Call) -> Reply:
    """What waits to be looked at."""
    query: PageQuery = call.query
    after = place_of(query.cursor, tuple[Instant, UUID]) or _FIRST
    async with call.transaction as tx:
        found = await read.open_records(tx, after, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].recorded_at, page[-1].record_id)) if more else None
    return Reply(RecordsWaiting([_waiting(one) for one in page], more, cursor))


async def decide(call: Call) -> Reply:
    """A record is tried again, or dismissed with a reason."""
    sent: RecordDecided = call.sent
    id_ = addressed("rec", call.ids["record_id"])
    async with call.transaction as tx:
        record = (await read.records(tx, [id_])).get(id_)
        tills = {one.till_id: one for one in await read.tills(tx)}
    if record is None:
        raise NotFound("there is no such record; look at the list again")
    by = call.caller.principal
    if sent.outcome == "dismiss":
        command = EndRecord(id_, "dismissed", sent.reason, record.says, actor=by)
        ended = await call.do(end_records, command)
    else:
        refuse_again(record)
        books = books_of(call, await call.terms())
        ended = (await apply(books, tills[record.till_id], [work_of(record)], by))[id_]
    return Reply(wire.result_of(ended, record.kind))


def _store(store: Store, currency: str) -> StoreShown:
    return StoreShown(
        store.code, store.name, store.zone, currency, store.offline_rewards, store.offline_most,
        store.opened_at, store.closed_at,
    )  # fmt: skip


def till_shown(till: Till, count: Count) -> TillShown:
    """A till as the world sees it."""
    return TillShown(
        wire.till_id_of(till), till.store, till.name, till.state, till.reason, till.paired_at,
        till.paired_by, till.seen_at, *count,
    )  # fmt: skip


def _waiting(record: TillRecord) -> RecordWaiting:
    return RecordWaiting(
        id=shown("rec", record.record_id),
        till_id=shown("til", record.till_id),
        sequence=record.sequence,
        kind=record.kind,
        outcome=record.state,
        reason=record.reason,
        says=record.says,
        cashier=record.cashier,
        device_at=record.device_at,
        occurred_at=record.occurred_at,
        clock=record.clock,
        recorded_at=record.recorded_at,
        signed=record.signed,
    )


_WRITE: Final = (Scope.STORES_WRITE,)
OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/v1/stores",
        name="list_stores",
        tag="Stores",
        says="All stores, closed ones too",
        scopes=(Scope.STORES_WRITE, Scope.BOOKS_READ),
        answers={200: StoresShown},
        answer_example={"items": [examples.STORE]},
        do=all_stores,
    ),
    Operation(
        method="PUT",
        path="/v1/stores/{store}",
        name="keep_store",
        once=Once.AGAIN,
        tag="Stores",
        says="Open a store, or change it",
        notes="The code is what activities and rules call it, such as main-street. A name opens "
        "it; what is not said stays as it was. `closed` closes it and opens it again.",
        scopes=_WRITE,
        sent=StoreSent,
        answers={200: StoreShown},
        example=examples.STORE_SENT,
        answer_example=examples.STORE,
        codes=("not_found",),
        do=keep,
    ),
    Operation(
        method="POST",
        path="/v1/stores/{store}/codes",
        name="make_pairing_code",
        once=Once.ANEW,
        tag="Stores",
        says="A code by which one device becomes a till of this store",
        notes="Good once, for a quarter of an hour; only its digest is kept.",
        scopes=_WRITE,
        answers={201: PairingCode},
        answer_example=examples.CODE,
        codes=("not_found", "gone"),
        do=code,
    ),
    Operation(
        method="GET",
        path="/v1/tills",
        name="list_tills",
        tag="Tills",
        says="All tills: where they stand, when they were heard of, what is missing",
        scopes=(Scope.STORES_WRITE, Scope.BOOKS_READ),
        answers={200: TillsShown},
        answer_example={"items": [examples.TILL]},
        do=all_tills,
    ),
    Operation(
        method="PATCH",
        path="/v1/tills/{till_id}",
        name="turn_till",
        once=Once.AGAIN,
        tag="Tills",
        says="Suspend a till, let it go on, or unpair it",
        notes="It can do nothing from then on but hand in what it still has, which is kept in "
        "quarantine. One that was unpaired, or found twice, is paired anew by a code.",
        scopes=_WRITE,
        sent=TillTurned,
        answers={200: TillShown},
        example={"state": "suspended", "reason": "left in a taxi"},
        answer_example=examples.TILL | {"state": "suspended", "reason": "left in a taxi"},
        codes=("not_found", "till_ended"),
        do=turn,
    ),
    Operation(
        method="GET",
        path="/v1/till-records",
        name="list_till_records",
        tag="Tills",
        says="What tills told and could not be booked, oldest first",
        scopes=_WRITE,
        query=PageQuery,
        answers={200: RecordsWaiting},
        answer_example=examples.WAITING,
        codes=("bad_cursor",),
        do=waiting,
    ),
    Operation(
        method="POST",
        path="/v1/till-records/{record_id}",
        name="decide_till_record",
        once=Once.AGAIN,
        tag="Tills",
        says="Try a record again, or dismiss it with a reason",
        notes="Again is safe: its key is the record's own, so it can happen once only.",
        scopes=_WRITE,
        sent=RecordDecided,
        answers={200: wire.RecordResult},
        example={"outcome": "dismiss", "reason": "told on paper already"},
        answer_example=examples.RESULT | {"outcome": "dismissed"},
        codes=("not_found",),
        do=decide,
    ),
)
