"""The files of a source: where they are looked for, what is there, how far each was read."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.inlets import read as inlets
from regulars.records.inlets.feeding import read, write
from regulars.records.inlets.feeding.types import Feed, FeedFile, FeedPlace, Listed, looked, met


class FeedFrom(Struct, frozen=True):
    """Files are looked for in this place from now on."""

    inlet_id: UUID
    by: By
    place: FeedPlace
    address: str
    endpoint: str = ""
    region: str = ""
    account: str = ""
    keys: bytes = b""
    """Encrypted; nothing: as they are, where it is the same place and account."""
    host_key: str = ""
    """Of an SFTP server: which key it has to have; nothing: the one it has when it is met."""


class EndFeed(Struct, frozen=True):
    """Nobody looks for files any more."""

    inlet_id: UUID
    by: By


class Looked(Struct, frozen=True):
    """A place was looked at, and these files lie there."""

    feed: Feed
    files: tuple[Listed, ...]
    host_key: str = ""


FeedOutcome = Feed | Fault


async def feed_from(tx: Tx, batch: Sequence[FeedFrom]) -> list[FeedOutcome]:
    """Files are looked for in each of these places from now on, and at once.

    Faults, each for its own item: `not_found`; `invalid` where a place needs keys and has none.
    """
    return [await _from(tx, wish) for wish in batch]


async def end_feeds(tx: Tx, batch: Sequence[EndFeed]) -> list[FeedOutcome]:
    """Nobody looks there any more. Faults, each for its own item: `not_found`."""
    outcomes: list[FeedOutcome] = []
    for wish in batch:
        before = await read.one(tx, wish.inlet_id, held=True)
        if before is None:
            outcomes.append(_missing())
            continue
        told = Done(wish.by, "inlet.changed", "inlet", wish.inlet_id.hex, _told(before), {})
        await tx.write([*write.end(tx, wish.inlet_id), *acted(tx, [told])])
        outcomes.append(before)
    return outcomes


async def move_feeds(tx: Tx, batch: Sequence[Feed]) -> list[Feed | None]:
    """How each of these places is by now; nothing where somebody else changed it since."""
    outcomes: list[Feed | None] = []
    for one in batch:
        before = await read.one(tx, one.inlet_id, held=True)
        mine = before is not None and before.version == one.version - 1
        await tx.write(write.keep(tx, one) if mine else [])
        outcomes.append(one if mine else None)
    return outcomes


async def look_at_files(tx: Tx, batch: Sequence[Looked]) -> list[tuple[FeedFile, ...] | None]:
    """Which files of each place can be read now, the oldest first; what is met is written down.

    Nothing for a place that somebody changed since it was looked at.
    """
    outcomes: list[tuple[FeedFile, ...] | None] = []
    for one in batch:
        inlet_id = one.feed.inlet_id
        known = await read.named(tx, inlet_id, [file.name for file in one.files])
        fresh, ready = met(known, one.files, inlet_id, tx.now)
        settling = [*fresh, *(file for file in known.values() if file not in ready)]
        waits = any(file.state == "seen" for file in settling)
        after = looked(one.feed, tx.now, waits=waits)
        after = replace(after, host_key=one.feed.host_key or one.host_key)
        (moved,) = await move_feeds(tx, [after])
        if moved is None:
            outcomes.append(None)
            continue
        await tx.write(write.files(tx, fresh))
        outcomes.append(tuple(ready))
    return outcomes


async def move_files(tx: Tx, batch: Sequence[FeedFile]) -> list[FeedFile | None]:
    """How far each of these files is by now; nothing where somebody else moved it since.

    Keeps: in one transaction with what its rows told, so that it is never further than what is
    kept.
    """
    outcomes: list[FeedFile | None] = []
    for one in batch:
        before = await read.file(tx, one.inlet_id, one.name)
        mine = before is not None and before.version == one.version - 1
        await tx.write(write.files(tx, [one]) if mine else [])
        outcomes.append(one if mine else None)
    return outcomes


async def _from(tx: Tx, wish: FeedFrom) -> FeedOutcome:
    inlet = await inlets.inlet(tx, wish.inlet_id, held=True)
    if inlet is None:
        return _missing()
    before = await read.one(tx, wish.inlet_id, held=True)
    same = before is not None and _where(before) == _where(wish)
    keys = wish.keys or (before.keys if before is not None and same else b"")
    if wish.place != "folder" and not keys:
        mend = "Send them with the place; they go with no other one"
        return Invalid("Nothing says by which keys we come in", field="/secret", mend=mend)
    host_key = wish.host_key or (before.host_key if before is not None and same else "")
    after = Feed(
        wish.inlet_id, wish.place, wish.address, wish.endpoint, wish.region, wish.account, keys,
        host_key, next_at=tx.now, looked_at=None, failures=0, problem="",
        version=1 if before is None else before.version + 1,
    )  # fmt: skip
    was = {} if before is None else _told(before)
    told = Done(wish.by, "inlet.changed", "inlet", wish.inlet_id.hex, was, _told(after))
    others = write.anew(tx, wish.inlet_id) if same else write.forget(tx, wish.inlet_id)
    await tx.write([*others, *write.keep(tx, after), *acted(tx, [told])])
    return after


def _where(one: Feed | FeedFrom) -> tuple[str, ...]:
    return one.place, one.address, one.endpoint, one.region, one.account


def _told(one: Feed) -> dict[str, object]:
    """What the audit log says of it; never a key."""
    return {"files": f"{one.place} {one.address}".strip()}


def _missing() -> NotFound:
    return NotFound(
        "There is no such source of events, or nobody looks for its files", field="/inlet_id"
    )
