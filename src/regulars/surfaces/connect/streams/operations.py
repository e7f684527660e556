"""Which broker a source reads: kept, tried, ended."""

from __future__ import annotations

from typing import Final

from regulars.base.faults import NotFound
from regulars.flows.inlets.keep_streams import EndStream, end_streams, stream_from
from regulars.records.access.types import Scope
from regulars.records.inlets.streaming import read
from regulars.records.inlets.streaming.types import Stream
from regulars.records.inlets.types import Inlet
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import instant_of
from regulars.surfaces.connect.inlets.operations import inlet_of
from regulars.surfaces.connect.streams.wire import (
    StreamSent,
    StreamShown,
    StreamTried,
    stream_shown,
)
from regulars.surfaces.connect.streams.wishing import Wished, streams_from, tried
from regulars.surfaces.senders.brokers.wishing import Entering

_AT: Final = "2026-03-02T03:00:00Z"
SENT: Final = {
    "address": "nats+tls://broker.example.org:4222/shop.sales.>",
    "account": "regulars",
    "secret": "…",
}
SHOWN: Final = {
    "address": "nats+tls://broker.example.org:4222/shop.sales.>",
    "account": "regulars",
    "login": "plain",
    "authority": "",
    "begins": "first",
    "since": None,
    "looked_at": _AT,
    "next_at": _AT,
    "problem": "",
    "behind": 0,
    "kept": 812,
    "known": 1,
    "lost": 0,
}


async def one(call: Call) -> Reply:
    """Which stream is read, and how far."""
    return Reply(stream_shown((await _both(call))[1]))


async def keep(call: Call) -> Reply:
    """This stream is read from now on."""
    sent: StreamSent = call.sent
    entry = Entering(sent.account or "", sent.secret or "", sent.login, sent.authority or "")
    wanted = Wished(sent.address, sent.begins, entry, instant_of(sent.since, "/since"))
    wish = streams_from(call.given, await inlet_of(call), wanted, call.by)
    async with call.transaction as tx:
        (outcome,) = await stream_from(tx, [wish])
    return Reply(stream_shown(granted(outcome)))


async def end(call: Call) -> Reply:
    """It is read no more."""
    wish = EndStream(addressed("inl", call.ids["inlet_id"]), call.by)
    async with call.transaction as tx:
        (outcome,) = await end_streams(tx, [wish])
    return Reply(stream_shown(granted(outcome)))


async def attempt(call: Call) -> Reply:
    """Whether a broker answers; nothing is read."""
    inlet, stream = await _both(call)
    async with call.transaction as tx:
        parts = await read.parts(tx, inlet.inlet_id)
    return Reply(await tried(call.given, inlet, stream, parts))


async def _both(call: Call) -> tuple[Inlet, Stream]:
    inlet = await inlet_of(call)
    async with call.transaction as tx:
        found = await read.one(tx, inlet.inlet_id)
    if found is None:
        raise NotFound("This source reads no stream")
    return inlet, found


_SCOPES = (Scope.INLETS_WRITE,)
_TAG = "Events in"
_ONE = "/v1/inlets/{inlet_id}/stream"

OPERATIONS = (
    Operation(
        method="GET",
        path=_ONE,
        name="get_inlet_stream",
        tag=_TAG,
        says="Which stream of a broker a source reads, and how far it is",
        scopes=_SCOPES,
        answers={200: StreamShown},
        answer_example=SHOWN,
        do=one,
    ),
    Operation(
        method="PUT",
        path=_ONE,
        name="put_inlet_stream",
        once=Once.ANEW,
        tag=_TAG,
        says="Read a stream of a broker: a subject of NATS JetStream, or a topic of Kafka",
        notes="Each message is an event of its own, read by the mapping of the source, and "
        "acknowledged once it is kept. What the mapping cannot read is kept as it came and can be "
        "run again. Told again, a message counts once. With `since` all that lies there since then "
        "is read, once more where it was; `behind` tells what is left of it. Its password is kept "
        "encrypted and shown to nobody; it goes with no other broker or account.",
        scopes=_SCOPES,
        sent=StreamSent,
        answers={200: StreamShown},
        example=SENT,
        answer_example=SHOWN,
        codes=("invalid",),
        do=keep,
    ),
    Operation(
        method="DELETE",
        path=_ONE,
        name="delete_inlet_stream",
        once=Once.AGAIN,
        tag=_TAG,
        says="Read the stream no more; its password is deleted",
        scopes=_SCOPES,
        answers={200: StreamShown},
        answer_example=SHOWN,
        do=end,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/try",
        name="try_inlet_stream",
        once=Once.LOOKS,
        tag=_TAG,
        says="Whether the broker lets us in and how many messages wait; nothing is read",
        scopes=_SCOPES,
        answers={200: StreamTried},
        answer_example={"answers": True, "problem": "", "behind": 3},
        do=attempt,
    ),
)
