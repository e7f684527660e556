"""A sandbox is made of what a program promises, begun anew, or ended."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.alone import Alone, waiting_for
from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.flows.batch.askings import askings, kept, sort_out
from regulars.flows.terms.publish_program import (
    Aside,
    Publication,
    Said,
    at_once,
    checked,
    publish_program,
)
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.activity.types import NOBODY
from regulars.records.members.types import Asked
from regulars.records.night.sandbox import read, write
from regulars.records.night.sandbox.types import MOST_SANDBOXES, Sandbox
from regulars.records.once.write import keep
from regulars.records.program import read as program
from regulars.records.program.parts.rewards import shelf_of, shelved
from regulars.records.program.read import Published
from regulars.records.program.reading import read_program
from regulars.records.rewards.write import shelve

_LOCK: Final = waiting_for(Alone.SANDBOXES)
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_LONGEST: Final = 40
PORTION: Final = 20_000
"""So many rows go in one transaction: a second's work, and no more."""


class MakeSandbox(Struct, frozen=True):
    """A sandbox is wanted: its name, and which version of the program it begins with; the one in
    force where none is said."""

    name: str
    asked: Asked
    version: int | None = None


class Founded(Struct, frozen=True):
    """A sandbox that is there, and the program file that is to be published in it."""

    program_id: int
    name: str = ""
    source: str = ""
    replayed: bool = False


async def make_sandbox(tx: Tx, wish: MakeSandbox, by: By) -> Founded | Refused | Fault:
    """Found a sandbox of this program, empty so far, and say which file goes into it.

    Order: founded here and published by the next transaction, which is the sandbox's own. Asked
    again under its key it is the same one, and what broke off in between is done then.
    Refuses: `in_a_sandbox`; `sandbox_exists`; `too_many_sandboxes`.
    Faults: Invalid name; NotFound for a version there is not; `key_reused`.
    """
    if len(wish.name) > _LONGEST or not _NAME.match(wish.name):
        says = "a sandbox is named in small letters, digits and hyphens, as in spring-menu"
        return Invalid(says, field="/name")
    await tx.fetch(_LOCK, tx.program_id)
    (item,) = askings("make_sandbox", [wish], lambda _: None)
    await sort_out(tx, [item], Founded)
    chosen = await _chosen(tx, wish.version)
    if not item.open:
        return _again(item.outcome, wish.name, chosen)
    no = await _refused(tx, wish.name)
    if no is not None:
        return no
    if chosen is None:
        return NotFound(f"there is no version {wish.version}", field="/version")
    founded = Founded(await write.found(tx, wish.name, wish.asked.principal), wish.name)
    item.outcome = founded
    done = Done(by, "sandbox.made", "sandbox", wish.name, {}, {"version": chosen.version})
    rows = kept(item, NOBODY, UUID(int=founded.program_id))
    await tx.write([*keep(tx, rows), *acted(tx, [done])])
    return Founded(founded.program_id, wish.name, chosen.source)


def _again(outcome: Founded | Fault, name: str, chosen: Published | None) -> Founded | Fault:
    if isinstance(outcome, Fault):
        return outcome
    source = chosen.source if chosen else ""
    return Founded(outcome.program_id, name, source, replayed=True)


async def _chosen(tx: Tx, number: int | None) -> Published | None:
    """The version with this number; without one that which is in force, or else the newest."""
    versions = await program.versions(tx)
    if number is not None:
        return next((one for one in versions if one.version == number), None)
    begun = [one for one in versions if one.effective_from <= tx.now]
    return max(begun or versions, key=lambda one: one.version, default=None)


async def _refused(tx: Tx, name: str) -> Refused | None:
    if await read.own(tx) is not None:
        return in_a_sandbox()
    there = await read.sandboxes(tx)
    if any(one.name == name for one in there):
        return sandbox_exists(name)
    return too_many_sandboxes() if len(there) >= MOST_SANDBOXES else None


async def open_sandbox(tx: Tx, source: str, by: str, aside: Aside = at_once) -> Publication:
    """Publish in a sandbox, whose transaction this is, what it was made of; once.

    Keeps: of what its warnings say the owner of the program said already that it is meant.
    """
    admitted, _ = await aside(checked, source)
    accept = tuple(one.code for one in admitted.warnings if one.code)
    return await publish_program(tx, source, by=by, said=Said(accept=accept), aside=aside)


async def renew_sandbox(tx: Tx, name: str, by: By, principal: str) -> Sandbox:
    """A sandbox of this program as on its first day, by our clock; its terms, stores and keys stay,
    and its shelves are full.

    Keeps: webhooks go, as their secrets hang on the number that went.
    Faults: NotFound.
    """
    await tx.fetch(_LOCK, tx.program_id)
    there = await the_sandbox(tx, name)
    here, anew = tx.program_id, await write.renew(tx, there.program_id, principal)
    await write.go_into(tx, anew)
    await tx.write(shelve(tx, _stock(await program.versions(tx))))
    await write.go_into(tx, here)
    await tx.write(acted(tx, [_gone("sandbox.renewed", by, there)]))
    return await the_sandbox(tx, name)


def _stock(versions: Iterable[Published]) -> dict[str, int]:
    """How many pieces each shelf had when it was first laid."""
    stock: dict[str, int] = {}
    for version in versions:
        for reward in read_program(version.source).rewards:
            if (pieces := shelved(reward)) is not None:
                stock.setdefault(shelf_of(reward), pieces)
    return stock


async def clear_sandbox(tx: Tx, name: str, most: int = PORTION) -> bool:
    """So many rows of a sandbox that is to end, or to begin anew, go; whether that was all of them.

    Order: portion by portion, each in a transaction of its own, and `end_sandbox` or
    `renew_sandbox` at the end. Whoever is killed on the way asks for it again, and it goes on.
    Faults: NotFound.
    """
    there = await the_sandbox(tx, name)
    return await write.clear(tx, there.program_id, most) < most


async def end_sandbox(tx: Tx, name: str, by: By) -> Sandbox:
    """A sandbox of this program goes, and everything in it. Faults: NotFound."""
    await tx.fetch(_LOCK, tx.program_id)
    there = await the_sandbox(tx, name)
    await write.end(tx, there.program_id)
    await tx.write(acted(tx, [_gone("sandbox.ended", by, there)]))
    return there


def _gone(did: str, by: By, there: Sandbox) -> Done:
    """That a sandbox went, with the number by which its chain is known still."""
    return Done(by, did, "sandbox", there.name, {"number": there.program_id}, {})


async def the_sandbox(tx: Tx, name: str) -> Sandbox:
    """The sandbox of this program with this name. Faults: NotFound."""
    there = await read.called(tx, name)
    if there is None:
        raise NotFound(f"there is no sandbox {name[:_LONGEST]}; list them to find it")
    return there


def in_a_sandbox() -> Refused:
    """What somebody is told who wants a sandbox of a sandbox."""
    return Refused("in_a_sandbox", "this is a sandbox; do it with a key of the program itself")


def sandbox_exists(name: str) -> Refused:
    """What somebody is told who takes a name that is taken."""
    return Refused(
        "sandbox_exists", f"there is a sandbox {name} already; begin it anew, or choose another"
    )


def too_many_sandboxes() -> Refused:
    """What somebody is told who has as many sandboxes as there may be."""
    return Refused(
        "too_many_sandboxes",
        f"there are {MOST_SANDBOXES} sandboxes; end one first",
        {"limit": MOST_SANDBOXES},
    )
