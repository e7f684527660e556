"""What a device asks: to be paired, to hand in what it recorded, to be made ready to be cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Gone, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.tills.commands import HandedIn, HandIn, Paired, PairTill, ToldRecord, TurnTill
from regulars.flows.tills.look_up import LookUp, Strangers, look_up
from regulars.flows.tills.pair_tills import pair_tills, turn_tills
from regulars.flows.tills.take_records import take_records
from regulars.records.access.types import Scope
from regulars.records.tills import read
from regulars.records.tills.clock import decide
from regulars.records.tills.signing import bytes_of, first_previous, plain, record_id
from regulars.records.tills.types import Till
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.front.looking_up import strangers_told
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.till.sync import examples, wire
from regulars.surfaces.till.sync.applying import Books, apply, apply_waiting
from regulars.surfaces.till.sync.reading import Work, joined_any, names_given, told_of
from regulars.surfaces.till.sync.reserving import release, reserve
from regulars.surfaces.till.sync.snapshot import snapshot

_NOTHING: Final = b""


async def pair(call: Call) -> Reply:
    """A device becomes a till."""
    sent: wire.DevicePairing = call.sent
    command = PairTill(
        bytes.fromhex(call.caller.principal) if _is_code(call) else _NOTHING,
        sent.name,
        bytes_of(sent.public_key) or _NOTHING,
    )
    async with call.transaction as tx:
        (outcome,) = await pair_tills(tx, call.given.random_bytes, [command])
    paired: Paired = granted(outcome)
    program = (await call.terms()).versions[-1].program
    till = paired.till
    body = wire.DevicePaired(
        id=wire.till_id_of(till),
        token=paired.token,
        store=till.store,
        name=till.name,
        lookup_key=plain(till.lookup_key),
        first_previous=plain(first_previous(till.till_id)),
        country=program.country,
        currency=program.currency,
        server_at=call.now,
    )
    return Reply(body, 201)


def _is_code(call: Call) -> bool:
    """Whether a code was shown; a key that may pair has none and meets one that is not there."""
    return not call.caller.principal.startswith("key_")


async def till_of(call: Call) -> Till:
    """The till that asks. Faults: NotFound where it is none."""
    principal = call.caller.principal
    async with call.transaction as tx:
        found = await read.till_of_key(tx, UUID(hex=principal.removeprefix("key_")))
    if found is None:
        raise NotFound("this key is not a till's; pair the device by a code")
    return found


async def working(call: Call) -> Till:
    """The till that asks, where it is at work. Faults: Gone where it is suspended or unpaired."""
    till = await till_of(call)
    if till.state != "paired":
        says = f"this till is {till.state} ({till.reason}); it can hand in what it has, no more"
        raise Gone(says, state=till.state, reason=till.reason)
    return till


def books_of(call: Call, terms: Terms) -> Books:
    """The way to the flows and the books, for this caller's program."""
    submit = partial(call.given.gate.submit, call.caller.program_id)
    return Books(submit, lambda: call.transaction, terms, call.given.report)


async def hand_in(call: Call) -> Reply:
    """What a till recorded goes to the books."""
    sent: wire.RecordsSent = call.sent
    till, terms = await till_of(call), await call.terms()
    if sent.strangers and sent.strangers.told > till.strangers_told:
        heard = Strangers(sent.strangers.told, sent.strangers.lately)
        await strangers_told(call, till.key_id, heard)
    told = tuple(told_of(one, till, terms) for one in sent.records)
    await _given_alone(call, till, told)
    taken: HandedIn = await call.do(take_records, HandIn(till.till_id, told))
    texts = {one.record_id: record for one, record in zip(taken.records, told, strict=True)}
    todo = {
        one.record_id: Work(
            one.record_id, one.sequence, texts[one.record_id].key, one.occurred_at,
            texts[one.record_id].signed,
        )
        for one in taken.records
        if one.state == "taken"
    }  # fmt: skip
    books = books_of(call, terms)
    ended = await apply(books, till, sorted(todo.values(), key=lambda one: one.sequence))
    ends = [replace(ended.get(one.record_id, one), again=one.again) for one in taken.records]
    kinds = {id_: record.kind for id_, record in texts.items()}
    if joined_any(ends, kinds):
        await apply_waiting(books)
    results = [wire.result_of(one, kinds[one.record_id]) for one in ends]
    state, reason = taken.till.state, taken.till.reason
    return Reply(wire.RecordsDone(call.now, state, reason, results))


async def _given_alone(call: Call, till: Till, told: Sequence[ToldRecord]) -> None:
    """Names that newcomers gave while there was no network count as with it, each record once.

    Order: before the record is kept, so that whoever hangs up in between learns nothing uncounted.
    """
    given = {record_id(till.till_id, one.signed): one for one in told if names_given(one)}
    if not given:
        return
    async with call.transaction as tx:
        known = await read.records(tx, list(given))
    at = {id_: decide(one.time, till.paired_at, call.now) for id_, one in given.items()}
    late = [
        LookUp(till.key_id, gives=names_given(one), given_at=at[id_].occurred_at)
        for id_, one in given.items()
        if id_ not in known
    ]
    await asyncio.gather(*(call.do(look_up, one) for one in late))


async def look(call: Call) -> Reply:
    """What a till is given to be cut off with."""
    till = await working(call)

    async def see(tx: Tx, terms: Terms) -> Any:
        return await snapshot(tx, terms, till, call.query)

    return Reply(await call.read(see))


async def keep_ready(call: Call) -> Reply:
    """Something is reserved for these members at this till."""
    till, sent = await working(call), call.sent
    items = await reserve(books_of(call, await call.terms()), till, sent.members)
    return Reply(wire.AllowancesDone(call.now, items))


async def give_back(call: Call) -> Reply:
    """What was reserved is not needed any more."""
    till = await till_of(call)
    done = await release(books_of(call, await call.terms()), till, call.sent.redemptions)
    return Reply(wire.Released(done))


async def leave(call: Call) -> Reply:
    """The device is no till any more; it says so itself, before it forgets everything."""
    till = await till_of(call)
    if till.state != "unpaired":
        wish = TurnTill(till.till_id, "unpaired", till.principal, "unpaired on the device")
        async with call.transaction as tx:
            (outcome,) = await turn_tills(tx, [wish])
        till = granted(outcome)
        call.access.forget()
    return Reply(wire.Unpaired(call.now, till.state))


_TILL: Final = (Scope.TILL,)
OPERATIONS: Final = (
    Operation(
        method="POST",
        path="/v1/till/pair",
        name="pair_till",
        once=Once.ANEW,
        tag="Tills",
        says="A device becomes a till, by the code it was given",
        notes="The code stands in the Authorization header where else a key stands: "
        "`Authorization: Bearer 7K3M9QXA`. It is good once, for a quarter of an hour. The token in "
        "the answer is the device's own API key from then on, and is shown this once.",
        scopes=(Scope.TILL_PAIR,),
        sent=wire.DevicePairing,
        answers={201: wire.DevicePaired},
        example=examples.PAIRING,
        answer_example=examples.PAIRED,
        codes=("gone", "too_many_tries"),
        do=pair,
    ),
    Operation(
        method="POST",
        path="/v1/till/records",
        name="hand_in_records",
        once=Once.AGAIN,
        tag="Tills",
        says="What a till recorded while it was cut off",
        notes="Each record has a result of its own: `applied`, `duplicate`, `quarantined` with a "
        "reason, or `dismissed`. Whichever it is, the record is kept here and may be deleted from "
        "the device. Sent again, in any order or cut in other pieces, nothing happens twice. A "
        "till that is suspended or unpaired still hands in: what it has is kept in quarantine. "
        "Whom it looked for meanwhile and did not find (`strangers`) counts like other look-ups, "
        "and so does what newcomers gave to be found by and is somebody's already.",
        scopes=_TILL,
        sent=wire.RecordsSent,
        answers={200: wire.RecordsDone},
        example=examples.RECORDS,
        answer_example=examples.RECORDS_DONE,
        codes=("not_found",),
        do=hand_in,
    ),
    Operation(
        method="GET",
        path="/v1/till/snapshot",
        name="get_snapshot",
        tag="Tills",
        says="What a till needs to go on without the network",
        notes="The program, what is reserved at this till, and the members whom something happened "
        "to last, in pages. With `version` the program is sent only where it is another; with "
        "`since` only members whom something happened to since then.",
        scopes=_TILL,
        query=wire.SnapshotQuery,
        answers={200: wire.Snapshot},
        answer_example=examples.SNAPSHOT,
        codes=("not_found", "gone", "bad_cursor"),
        do=look,
    ),
    Operation(
        method="POST",
        path="/v1/till/allowances",
        name="reserve_offline",
        once=Once.AGAIN,
        tag="Tills",
        says="Reserve a reward for members, to hand it over without the network",
        notes="For each member the first of the store's offline rewards that they can have; asked "
        "again, what is reserved already. It is a reservation like any other: the points cannot be "
        "spent elsewhere until it is handed over, given back or lapses.",
        scopes=_TILL,
        sent=wire.AllowancesSent,
        answers={200: wire.AllowancesDone},
        example=examples.ALLOWANCES,
        answer_example=examples.ALLOWANCES_DONE,
        codes=("not_found", "gone"),
        do=keep_ready,
    ),
    Operation(
        method="POST",
        path="/v1/till/allowances/release",
        name="release_offline",
        once=Once.AGAIN,
        tag="Tills",
        says="Give back what was reserved at this till",
        scopes=_TILL,
        sent=wire.ReleaseSent,
        answers={200: wire.Released},
        example=examples.RELEASE,
        answer_example=examples.RELEASED,
        codes=("not_found",),
        do=give_back,
    ),
    Operation(
        method="POST",
        path="/v1/till/unpair",
        name="unpair_till",
        once=Once.AGAIN,
        tag="Tills",
        says="The device is no till any more",
        notes="Said by the device itself, after it handed in everything. What was reserved at it "
        "lapses, or is given back before.",
        scopes=_TILL,
        answers={200: wire.Unpaired},
        answer_example=examples.UNPAIRED,
        codes=("not_found",),
        do=leave,
    ),
)
