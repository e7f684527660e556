"""A program is connected with Klaviyo, otherwise than before, or no longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from regulars.base.alone import Alone, waiting_for
from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.flows.telling.follow import LONGEST_TRANSACTION
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.activity.types import NOBODY
from regulars.records.outbox.following import read as following
from regulars.records.outbox.hooks import read as hooks
from regulars.records.outbox.hooks import write as sendings
from regulars.records.outbox.hooks.replays.write import ask, over
from regulars.records.outbox.hooks.types import KLAVIYO, Hook
from regulars.records.outbox.klaviyo import read, write
from regulars.records.outbox.klaviyo.types import HOME, SHARES, Klaviyo

_LOCK = waiting_for(Alone.KLAVIYO)
NAME: Final = "Klaviyo"
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Whoever said no there before the program was connected said no."""


class Connect(Struct, frozen=True):
    """A program is to be told of at Klaviyo; what is not said stays.

    `types`: of which events; `keys`: encrypted. Of somebody who comes with the first connection all
    are told of once (`brings`).
    """

    by: By
    types: tuple[str, ...]
    address: str = ""
    keys: bytes = b""
    list_id: str | UnsetType = UNSET
    shares: tuple[str, ...] | UnsetType = UNSET
    takes_yes: bool | UnsetType = UNSET


class End(Struct, frozen=True):
    """A program is not told of there any more."""

    by: By


class Walk(Struct, frozen=True):
    """Everybody is told of there once more; with what they agreed to, where that is said."""

    by: By
    with_consents: bool = True


class Replay(Struct, frozen=True):
    """What was told since an instant is told there once more."""

    by: By
    since: datetime


LinkOutcome = Klaviyo | Fault


async def connect(tx: Tx, batch: Sequence[Connect]) -> list[LinkOutcome]:
    """From now on the program is told of there so; a new key is used at once, and all that was ever
    said there is read by it once more.

    Order: one at a time in a program.
    Faults, each for its own item: `invalid` without a key, a key for another address, a word that
    is none of what can be shared.
    """
    await tx.fetch(_LOCK, tx.program_id)
    return [await _connect(tx, one) for one in batch]


async def end(tx: Tx, batch: Sequence[End]) -> list[LinkOutcome]:
    """Nothing is sent there any more, and the key is gone. Faults: `not_found`."""
    await tx.fetch(_LOCK, tx.program_id)
    outcomes: list[LinkOutcome] = []
    for one in batch:
        link = await read.link(tx, held=True)
        if link is None:
            outcomes.append(_missing())
            continue
        hook = await _hook(tx, link)
        gone = replace(hook, state="deleted", replaying=None)
        told = Done(one.by, "hook.changed", "hook", hook.hook_id.hex, _told(link), {})
        await tx.write(
            [
                *over(tx, hook.hook_id),
                *sendings.change(tx, gone),
                *write.end(tx),
                *acted(tx, [told]),
            ]
        )
        outcomes.append(link)
    return outcomes


async def walk(tx: Tx, batch: Sequence[Walk]) -> list[LinkOutcome]:
    """Everybody is told of once more, from the first on. Faults: `not_found`."""
    outcomes: list[LinkOutcome] = []
    for one in batch:
        link = await read.link(tx, held=True)
        if link is None:
            outcomes.append(_missing())
            continue
        after = replace(
            link, walk_at=tx.now, walk_yes=one.with_consents, walked_past=None, walked=0,
            walk_fails=0, version=link.version + 1, bulk="",
        )  # fmt: skip
        told = Done(one.by, "hook.replayed", "hook", link.hook_id.hex, {}, {"everybody": True})
        await tx.write([*write.keep(tx, after), *acted(tx, [told])])
        outcomes.append(after)
    return outcomes


async def replay(tx: Tx, batch: Sequence[Replay]) -> list[LinkOutcome]:
    """What was told since then is told once more, each under the id it had: no second event.

    Faults: `not_found`; `invalid` when it is forgotten by now.
    """
    outcomes: list[LinkOutcome] = []
    for one in batch:
        link = await read.link(tx)
        if link is None:
            outcomes.append(_missing())
            continue
        await hooks.some_hooks(tx, [link.hook_id], held=True)
        await hooks.reach(tx, link.hook_id)  # held: nothing is forgotten meanwhile
        kept_since = await hooks.swept_at(tx, link.hook_id)
        if kept_since is not None and one.since < kept_since:
            mend = f"Say an instant after {kept_since:%Y-%m-%d}"
            outcomes.append(Invalid("What was sent is kept for 90 days", field="/since", mend=mend))
            continue
        said = {"since": str(one.since)}
        told = Done(one.by, "hook.replayed", "hook", link.hook_id.hex, {}, said)
        await tx.write([*ask(tx, link.hook_id, one.since), *acted(tx, [told])])
        outcomes.append(link)
    return outcomes


async def _connect(tx: Tx, wish: Connect) -> LinkOutcome:
    before = await read.link(tx, held=True)
    fault = _wrong(wish, before)
    if fault is not None:
        return fault
    if before is None:
        return await _made(tx, wish)
    changed = {
        name: value
        for name in ("list_id", "shares", "takes_yes")
        if (value := getattr(wish, name)) is not UNSET
    }
    after = replace(before, next_at=tx.now, failures=0, problem="", version=before.version + 1)
    after = replace(after, **changed)
    if wish.keys:
        address = wish.address or before.address
        after = replace(after, keys=wish.keys, keyed_at=tx.now, address=address)
        # It may be another account's, with noes of its own; a page of one is none of the other.
        after = replace(after, read_to=BEGINNING, page="", seen_to=None, bulk="")
    hook = await _hook(tx, before)
    wakes = replace(hook, failures=0, failing_since=None, rest_until=None)
    if hook.state == "disabled":
        wakes = replace(wakes, state="active", reason="")
    said = _told(after) | ({"keyed": True} if wish.keys else {})
    told = Done(wish.by, "hook.changed", "hook", hook.hook_id.hex, _told(before), said)
    await tx.write(
        [
            *write.keep(tx, after),
            *sendings.change(tx, replace(wakes, url=after.address)),
            *(sendings.wake(tx, hook.hook_id) if hook.failures else ()),
            *acted(tx, [told]),
        ]
    )
    return after


async def _made(tx: Tx, wish: Connect) -> Klaviyo:
    address = wish.address or HOME
    hook = Hook(
        hook_id=tx.new_id(), name=NAME, url=address, form=KLAVIYO, state="active", reason="",
        secret_number=1, old_until=None, made_at=tx.now, made_by=wish.by.actor, types=wish.types,
    )  # fmt: skip
    from_tx, cluster, _ = await following.horizon(tx)
    floor_at = tx.now - LONGEST_TRANSACTION
    link = Klaviyo(
        hook.hook_id, address, wish.keys, tx.now,
        "" if wish.list_id is UNSET else wish.list_id,
        SHARES[:1] if wish.shares is UNSET else wish.shares,
        wish.takes_yes is True, read_to=BEGINNING, next_at=tx.now,
    )  # fmt: skip
    told = Done(wish.by, "hook.made", "hook", hook.hook_id.hex, {}, _told(link))
    reach = hooks.Reach(hook.hook_id, from_tx, NOBODY, cluster, floor_at)
    await tx.write(
        [
            *sendings.make(tx, hook),
            *sendings.wish(tx, hook.hook_id, from_tx, hook.types),
            *sendings.begin(tx, reach),
            *write.keep(tx, link),
            *acted(tx, [told]),
        ]
    )
    return link


def _wrong(wish: Connect, before: Klaviyo | None) -> Fault | None:
    if before is None and not wish.keys:
        mend = "Send a private API key, as pk_… of Klaviyo's settings"
        return Invalid("Nothing says with which key", field="/key", mend=mend)
    if before is not None and wish.address not in ("", before.address) and not wish.keys:
        mend = "Send the key again with the new address"
        return Invalid("A key is sent to no other address", field="/key", mend=mend)
    shares = () if wish.shares is UNSET else wish.shares
    unknown = [one for one in shares if one not in SHARES]
    if unknown:
        mend = f"Choose from {', '.join(SHARES)}"
        return Invalid(f"Nothing is called {unknown[0][:40]!r}", field="/shares", mend=mend)
    return None


async def _hook(tx: Tx, link: Klaviyo) -> Hook:
    return (await hooks.some_hooks(tx, [link.hook_id], held=True))[link.hook_id]


def _told(one: Klaviyo) -> dict[str, object]:
    """What the audit log says of it; never a key."""
    host = one.address.partition("://")[2].partition("/")[0]
    return {
        "host": host, "list": one.list_id, "shares": ", ".join(one.shares),
        "takes_yes": one.takes_yes,
    }  # fmt: skip


def _missing() -> NotFound:
    return NotFound("This program is not connected with Klaviyo")
