"""The broker a source reads: where it is, as whom we come in, and how far it was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.inlets import read as inlets
from regulars.records.inlets.streaming import read, write
from regulars.records.inlets.streaming.types import Begins, Login, Stream


class StreamFrom(Struct, frozen=True):
    """A stream is read from now on."""

    inlet_id: UUID
    by: By
    address: str
    account: str = ""
    login: Login = "plain"
    authority: str = ""
    keys: bytes = b""
    """Encrypted; nothing: as they are, where it is the same address and account."""
    begins: Begins = "first"
    since: datetime | None = None
    """Everything that lies there since then, once more where it was; nothing: as it is."""


class EndStream(Struct, frozen=True):
    """It is read no more."""

    inlet_id: UUID
    by: By


class Moved(Struct, frozen=True):
    """A stream as it is after a look, and how far its parts are by it."""

    stream: Stream
    parts: Mapping[int, int] = {}


StreamOutcome = Stream | Fault


async def stream_from(tx: Tx, batch: Sequence[StreamFrom]) -> list[StreamOutcome]:
    """Each of these streams is read from now on, and at once.

    Order: the same stream goes on where it was, or goes back to the day that was asked for; another
    one begins as it was asked for. What is told once more is known by then, and counts once.
    Faults, each for its own item: `not_found`; `invalid` for a day that is still to come.
    """
    return [await _from(tx, wish) for wish in batch]


async def end_streams(tx: Tx, batch: Sequence[EndStream]) -> list[StreamOutcome]:
    """They are read no more. Faults, each for its own item: `not_found`."""
    outcomes: list[StreamOutcome] = []
    for wish in batch:
        before = await read.one(tx, wish.inlet_id, held=True)
        if before is None:
            outcomes.append(_missing())
            continue
        told = Done(wish.by, "inlet.changed", "inlet", wish.inlet_id.hex, _told(before), {})
        await tx.write([*write.end(tx, wish.inlet_id), *acted(tx, [told])])
        outcomes.append(before)
    return outcomes


async def move_streams(tx: Tx, batch: Sequence[Moved]) -> list[Stream | None]:
    """How each of these streams is by now; nothing where somebody changed it since, or where its
    source is to wait.

    Keeps: in one transaction with what its messages told, so that it is never further than what is
    kept.
    """
    outcomes: list[Stream | None] = []
    for one in batch:
        inlet = await inlets.inlet(tx, one.stream.inlet_id)
        before = await read.one(tx, one.stream.inlet_id, held=True)
        active = inlet is not None and inlet.state == "active"
        mine = active and before is not None and before.version == one.stream.version - 1
        if mine:
            parts = write.parts(tx, one.stream.inlet_id, one.parts)
            await tx.write([*write.keep(tx, one.stream), *parts])
        outcomes.append(one.stream if mine else None)
    return outcomes


async def _from(tx: Tx, wish: StreamFrom) -> StreamOutcome:
    inlet = await inlets.inlet(tx, wish.inlet_id, held=True)
    if inlet is None:
        return _missing()
    if wish.since is not None and wish.since > tx.now:
        mend = "Say a day that is over, or leave it out"
        return Invalid("Nothing lies there of that time yet", field="/since", mend=mend)
    before = await read.one(tx, wish.inlet_id, held=True)
    known = before is not None and (before.address, before.account) == (wish.address, wish.account)
    goes_on = before is not None and before.address == wish.address and wish.since is None
    keys = wish.keys or (before.keys if before is not None and known else b"")
    after = Stream(
        wish.inlet_id, wish.address, wish.account, wish.login, wish.authority, keys, wish.begins,
        next_at=tx.now, looked_at=None, failures=0, problem="", behind=0, kept=0, known=0, lost=0,
        version=1 if before is None else before.version + 1, since=wish.since,
    )  # fmt: skip
    if before is not None and goes_on:
        after = replace(
            after, looked_at=before.looked_at, behind=before.behind, kept=before.kept,
            known=before.known, lost=before.lost, since=before.since,
        )  # fmt: skip
    was = {} if before is None else _told(before)
    told = Done(wish.by, "inlet.changed", "inlet", wish.inlet_id.hex, was, _told(after))
    others = [] if goes_on else write.forget(tx, wish.inlet_id)
    await tx.write([*others, *write.keep(tx, after), *acted(tx, [told])])
    return after


def _told(one: Stream) -> dict[str, object]:
    """What the audit log says of it; never a key."""
    told: dict[str, object] = {"stream": one.address}
    return told if one.since is None else told | {"since": one.since.date().isoformat()}


def _missing() -> NotFound:
    return NotFound("There is no such source of events, or it reads no stream", field="/inlet_id")
