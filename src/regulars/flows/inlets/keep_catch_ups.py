"""A shop is asked for what its webhooks did not tell: from when on, with which keys, how far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.inlets import read as inlets
from regulars.records.inlets.catching import read, write
from regulars.records.inlets.catching.types import LOOK_BACK, CatchUp


class AskShop(Struct, frozen=True):
    """A shop is asked from now on, or otherwise than before; what is not said stays.

    `since`: all that changed from then on is asked for, once more where it was; from before that
    where the shop was not asked since, so that nothing between is left out. With another address or
    other keys it may be another shop, and the day stands as it is said. Where nothing is said and
    nothing was asked before, from now on.
    """

    inlet_id: UUID
    by: By
    address: str = ""
    keys: bytes = b""
    """Encrypted."""
    since: datetime | None = None
    now: datetime | None = None
    """By the clock of the house: a shop knows nothing of the time that a sandbox shows."""


class EndAsking(Struct, frozen=True):
    """A shop is not asked any more, and its keys are gone."""

    inlet_id: UUID
    by: By


AskOutcome = CatchUp | Fault


async def ask_shops(tx: Tx, batch: Sequence[AskShop]) -> list[AskOutcome]:
    """Each of these shops is asked so from now on.

    Faults, each for its own item: `not_found`; `invalid` where nothing says where or with what, or
    from a day that is still to come.
    """
    return [await _ask(tx, wish) for wish in batch]


async def end_asking(tx: Tx, batch: Sequence[EndAsking]) -> list[AskOutcome]:
    """None of these shops is asked any more. Faults, each for its own item: `not_found`."""
    outcomes: list[AskOutcome] = []
    for wish in batch:
        before = await read.one(tx, wish.inlet_id, held=True)
        if before is None:
            outcomes.append(_missing())
            continue
        told = Done(wish.by, "inlet.changed", "inlet", wish.inlet_id.hex, _told(before), {})
        await tx.write([*write.end(tx, wish.inlet_id), *acted(tx, [told])])
        outcomes.append(before)
    return outcomes


async def move_on(tx: Tx, batch: Sequence[CatchUp]) -> list[CatchUp | None]:
    """How far each of these is by now; nothing where somebody else moved it since it was read.

    Keeps: in one transaction with what the page told, so that it is never further than what is
    kept.
    """
    outcomes: list[CatchUp | None] = []
    for one in batch:
        before = await read.one(tx, one.inlet_id, held=True)
        if before is None or before.version != one.version - 1:
            outcomes.append(None)
            continue
        moved = replace(one, keys=before.keys)  # which its shop may have given anew meanwhile
        await tx.write(write.keep(tx, moved))
        outcomes.append(moved)
    return outcomes


async def _ask(tx: Tx, wish: AskShop) -> AskOutcome:
    inlet = await inlets.inlet(tx, wish.inlet_id, held=True)
    if inlet is None:
        return _missing()
    before = await read.one(tx, wish.inlet_id, held=True)
    if before is None and not (wish.address and wish.keys):
        mend = "Say the shop's address, and a key with its secret"
        return Invalid("Nothing says which shop is asked", field="/address", mend=mend)
    if wish.since is not None and wish.since > tx.now:
        mend = "Say a day that is over, or leave it out"
        return Invalid("Nothing changed after that yet", field="/since", mend=mend)
    if before is not None and wish.address not in ("", before.address) and not wish.keys:
        mend = "Send key and secret again with the new address"
        return Invalid("Keys are sent to no other shop", field="/key", mend=mend)
    after = _after(tx, wish, before)
    was = {} if before is None else _told(before)
    told = Done(wish.by, "inlet.changed", "inlet", wish.inlet_id.hex, was, _told(after))
    await tx.write([*write.keep(tx, after), *acted(tx, [told])])
    return after


def _after(tx: Tx, wish: AskShop, before: CatchUp | None) -> CatchUp:
    since = wish.since or (min(wish.now or tx.now, tx.now) if before is None else None)
    if before is None:
        assert since is not None
        return CatchUp(
            wish.inlet_id, wish.address, wish.keys, since, since, page=1, found=0, ahead=None,
            next_at=tx.now, asked_at=None, met_at=None, failures=0, problem="", version=1,
        )  # fmt: skip
    after = replace(
        before, address=wish.address or before.address, keys=wish.keys or before.keys,
        next_at=tx.now, failures=0, problem="", version=before.version + 1,
    )  # fmt: skip
    if since is None:
        return after
    same = wish.address in ("", before.address) and not wish.keys
    if same and before.met_at is not None and before.met_at > before.since:
        # Whoever brings in what a break left out may miss its beginning.
        since = min(since, max(before.since, before.met_at - LOOK_BACK))
    return replace(after, since=since, read_to=since, page=1, found=0, ahead=None, met_at=None)


def _told(one: CatchUp) -> dict[str, object]:
    """What the audit log says of it; never a key."""
    host = one.address.partition("://")[2].partition("/")[0]
    return {"host": host, "since": one.since.date().isoformat()}


def _missing() -> NotFound:
    return NotFound(
        "There is no such source of events, or its shop is not asked", field="/inlet_id"
    )
