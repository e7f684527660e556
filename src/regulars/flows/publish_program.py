"""Publish a version of a program: from its effective instant on, it decides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.base.decimals import units
from regulars.base.faults import Fault, Invalid
from regulars.base.tx import Tx
from regulars.engine.checking.admission import admit
from regulars.engine.compiling.compile import Compiled, compile_program
from regulars.engine.terms import code_names
from regulars.flows.batch.askings import Asking, askings, kept, sort_out
from regulars.records.activity.types import NOBODY
from regulars.records.members.types import Asked
from regulars.records.once.write import Kept, keep
from regulars.records.program import read, write
from regulars.records.program.problems import Problem
from regulars.records.program.read import Published
from regulars.records.program.reading import Admitted
from regulars.records.rewards.write import shelve

# One number per thing that is locked by name and not by row; the second number is the program.
_PUBLISHING = 7_302
_LOCK = f"select pg_advisory_xact_lock({_PUBLISHING}, $1::int)"


class Publish(Struct, frozen=True):
    """A program file that is to be the next version, from when, and who asks."""

    source: str
    effective_from: datetime | None
    asked: Asked


class Publication(Struct, frozen=True):
    """Which version is in force from when, and what its owner should look at."""

    version: int
    effective_from: datetime
    fresh: bool
    """False when the newest version said the same already."""
    warnings: tuple[Problem, ...] = ()
    replayed: bool = False


class AlreadyPublished(Fault):
    """The newest version says the same and begins earlier; a promise is not taken back."""

    code = "already_published"
    category = "conflict"


Ready = tuple[Admitted, Compiled]
Aside = Callable[[Callable[[str], Ready], str], Awaitable[Ready]]
"""Does long thinking somewhere else, so that nobody waits for it."""


async def at_once(think: Callable[[str], Ready], source: str) -> Ready:
    """Think here and now."""
    return think(source)


def checked(source: str) -> Ready:
    """The program in this file with its warnings, ready to decide. Faults: ProgramFault."""
    admitted = admit(source)
    return admitted, compile_program(admitted.program)


async def publish_program(
    tx: Tx,
    source: str,
    *,
    effective_from: datetime | None = None,
    by: str,
    key: str = "",
    aside: Aside = at_once,
) -> Publication:
    """Check a program file and publish it as the next version; the same file again does nothing.

    Order: the newest file with an earlier date is published anew, and decides from then on; with
    a later date it is a fault, since what was promised from a day on stays promised.
    Faults: ProgramFault with every problem found; Invalid when the file names another program;
    AlreadyPublished; KeyReused.
    """
    admitted, compiled = await aside(checked, source)
    await tx.fetch(_LOCK, tx.program_id)
    wish = Publish(source, effective_from, Asked(by, key))
    (item,) = askings("publish", [wish], lambda _: None)
    # After the lock: the same request sent twice at once waits there, and then finds its answer.
    await sort_out(tx, [item], Publication)
    if isinstance(item.outcome, Fault):
        raise item.outcome
    if item.open:
        item.outcome = await _publish(tx, wish, admitted, compiled)
        await tx.write(keep(tx, _kept(item)))
    done: Publication = item.outcome
    return done


def _kept(item: Asking[Publish]) -> list[Kept]:
    return kept(item, NOBODY, UUID(int=item.outcome.version))


async def _publish(tx: Tx, wish: Publish, admitted: Admitted, compiled: Compiled) -> Publication:
    source, effective_from = wish.source, wish.effective_from
    slug = await read.slug(tx)
    if admitted.program.program != slug:
        raise Invalid(
            f"this file is program {admitted.program.program}, but here is {slug}; "
            f"set `program: {slug}` or publish it under its own name",
            field="/program",
        )
    published = await read.versions(tx)
    version, start = len(published) + 1, effective_from or tx.now
    last = published[-1] if published else None
    if last is not None and last.source == source and not _earlier(last, effective_from, tx.now):
        return Publication(last.version, last.effective_from, False, admitted.warnings)
    codes = _fresh_codes(await read.codes(tx), code_names(compiled))
    stock = {
        reward.id: units(reward.stock, 0)
        for reward in admitted.program.rewards
        if reward.stock is not None
    }
    await tx.write(
        write.publish(tx, version, start, source, wish.asked.principal)
        + write.number(tx, codes)
        + shelve(tx, stock)
    )
    return Publication(version, start, True, admitted.warnings)


def _earlier(last: Published, effective_from: datetime | None, now: datetime) -> bool:
    """Is the newest file wanted from an earlier instant on than it has?"""
    if effective_from is not None and effective_from > last.effective_from:
        raise AlreadyPublished(
            f"version {last.version} says the same and is published from "
            f"{last.effective_from:%Y-%m-%d %H:%M} UTC on; to begin later, publish the version "
            "before it again first",
            field="/effective_from",
        )
    return (effective_from or now) < last.effective_from


def _fresh_codes(
    known: dict[tuple[str, str], int], names: Iterable[tuple[str, str]]
) -> list[tuple[str, str, int]]:
    """Numbers for names that have none yet, counting on from the highest of their kind."""
    highest: dict[str, int] = {}
    for (kind, _), code in known.items():
        highest[kind] = max(highest.get(kind, 0), code)
    fresh = []
    for kind, name in names:
        if (kind, name) not in known:
            highest[kind] = highest.get(kind, 0) + 1
            fresh.append((kind, name, highest[kind]))
    return fresh
