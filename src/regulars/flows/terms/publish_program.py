"""Publish a version of a program: from its effective instant on, it decides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.alone import Alone, waiting_for
from regulars.base.faults import Fault, Invalid
from regulars.base.tx import Tx
from regulars.engine.changing.beginning import begins
from regulars.engine.changing.following import codes_for
from regulars.engine.changing.objections import objections, placed_anew
from regulars.engine.changing.prices import revalues, unaffordable
from regulars.engine.changing.rates import rated_anew, rates
from regulars.engine.checking.admission import admit
from regulars.engine.compiling.compile import Compiled, compile_program
from regulars.flows.batch.askings import Asking, askings, kept, sort_out
from regulars.flows.terms.comes.owed import plan_owed
from regulars.flows.terms.comes.relied import (
    at_stake,
    before_next,
    nothing_since,
    relied,
    worth_less,
)
from regulars.flows.terms.comes.stand_ins import (
    coming_along,
    next_after,
    publish_along,
    said,
    starts,
    told,
)
from regulars.flows.terms.promised.carried import carried
from regulars.flows.terms.rates.settled import settled
from regulars.records.activity.types import NOBODY
from regulars.records.members.types import Asked
from regulars.records.once.write import Kept, keep
from regulars.records.program import read, write
from regulars.records.program.changes.decided.read import NOBODY_DECIDES, Place, here
from regulars.records.program.parts.rewards import shelf_of, shelved
from regulars.records.program.problems import Finding, Problem, ProgramFault
from regulars.records.program.read import Published
from regulars.records.program.reading import Admitted, Reading, in_order, read_program
from regulars.records.program.reading import read as read_file
from regulars.records.rewards.write import shelve

_LOCK = waiting_for(Alone.PUBLISHING)


class Publish(Struct, frozen=True, omit_defaults=True):
    """A program file that is to be the next version, from when, and who asks."""

    source: str
    effective_from: datetime | None
    asked: Asked
    accept: tuple[str, ...] = ()


class Said(Struct, frozen=True):
    """What goes with a wish to publish: its key, and the warnings that are meant, by name."""

    key: str = ""
    accept: tuple[str, ...] = ()


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


class WarningsOpen(Fault):
    """The file promises more than is careful, and nobody said that it is meant."""

    code = "warnings_open"
    category = "conflict"
    problems: tuple[Problem, ...] = ()
    """Each of them with its place and its words, for a page that asks by name."""


Ready = tuple[Admitted, Compiled]
Aside = Callable[[Callable[[str], Ready], str], Awaitable[Ready]]
"""Does long thinking somewhere else, so that nobody waits for it."""


NOTHING_SAID = Said()


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
    said: Said = NOTHING_SAID,
    aside: Aside = at_once,
) -> Publication:
    """Check a program file and publish it as the next version; the same file again does nothing.

    Keeps: what members have by offers that are not over; where the file is without it, it is put
    back, and the answer says so.
    Order: the newest file with an earlier date is published anew, and decides from then on; with
    a later date it is a fault, since what was promised from a day on stays promised.
    Faults: ProgramFault with every problem found; Invalid when the file names another program;
    AlreadyPublished; WarningsOpen; KeyReused.
    """
    admitted, compiled = await aside(checked, source)
    await tx.fetch(_LOCK, tx.program_id)
    wish = Publish(source, effective_from, Asked(by, said.key), said.accept)
    (item,) = askings("publish", [wish], lambda _: None)
    # After the lock: the same request sent twice at once waits there, and then finds its answer.
    await sort_out(tx, [item], Publication)
    if isinstance(item.outcome, Fault):
        raise item.outcome
    if item.open:
        item.outcome = await _whole(tx, wish, (admitted, compiled), aside)
        await tx.write(keep(tx, _kept(item)))
    done: Publication = item.outcome
    return done


async def _whole(tx: Tx, wish: Publish, ready: Ready, aside: Aside) -> Publication:
    """Publish it with what members were promised by offers, which an older file has not."""
    source, back = await carried(tx, wish.source)
    if not back:
        return await _publish(tx, wish, *ready)
    done = await _publish(tx, replace(wish, source=source), *await aside(checked, source))
    return replace(done, warnings=(*back, *done.warnings))


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
    taken = await read.withdrawals(tx)
    along = coming_along(published, taken, start, tx.now)
    last = next(reversed(said(published, taken)), None)
    if last is not None and last.source == source and not _earlier(last, effective_from, tx.now):
        return Publication(last.version, last.effective_from, False, admitted.warnings)
    before = read.before(published, start)
    reading = read_file(source)
    zone = reading.program.zone
    early = [
        reading.marks.problem(one)
        for one in (
            *begins(starts(published, taken, along), zone, start, tx.now),
            *told(along, zone),
        )
    ]
    place, follows = await here(tx), next_after(published, along, start)
    following = await _following(tx, reading, (before, follows), start)
    _meant([*admitted.warnings, *early, *following], wish.accept)
    codes = codes_for(await read.codes(tx), compiled)
    stock = {
        shelf_of(reward): pieces
        for reward in admitted.program.rewards
        if (pieces := shelved(reward)) is not None
    }
    await _still(tx, before, reading, start, place)
    await tx.write(
        write.publish(tx, version, start, source, wish.asked.principal)
        + write.number(tx, [(*name, code) for name, code in codes.items()])
        + shelve(tx, stock)
    )
    await publish_along(tx, source, wish.asked.principal, version, along)
    return Publication(version, start, True, (*admitted.warnings, *early))


async def _following(
    tx: Tx, reading: Reading, between: tuple[Published | None, Published | None], start: datetime
) -> list[Problem]:
    """What its author should know of a file that follows on a version, and on which another does.

    Faults: ProgramFault with what forbids that it does, line by line.
    """
    before, follows = between
    if before is None:
        return []
    old, new = read_program(before.source), reading.program
    found = [
        *objections(old, new, (start, tx.now)),
        *rates(old, new, (start, tx.now)),
        *await settled(tx, old, new),
    ]
    relies = await relied(tx, old, new, start)
    found += [one for one in relies if one.severity == "error"]
    found += await before_next(tx, new, follows, start)
    if found:
        raise ProgramFault(in_order([reading.marks.problem(finding) for finding in found]))
    less = await worth_less(tx, old, new, start)
    asked = [*placed_anew(old, new), *less, *rated_anew(old, new), *relies]
    anew = [reading.marks.problem(one) for one in asked]
    if not revalues(old, reading.program):
        return anew
    owed = await plan_owed(tx, reading.program, start, before.version)
    return anew + [reading.marks.problem(one) for one in unaffordable(reading.program, owed)]


async def _still(
    tx: Tx, before: Published | None, reading: Reading, start: datetime, place: Place
) -> None:
    """What nobody had as it was looked at, nobody has as it begins.

    Order: last of all, since nobody decides from here on until it is published; it reads no more
    than what came since.
    Faults: ProgramFault.
    """
    if before is None or start > tx.now:
        return
    stakes = at_stake(read_program(before.source), reading.program)
    if not any(stakes):
        return
    await tx.fetch(NOBODY_DECIDES)
    if any((await nothing_since(tx, stakes, place)).values()):
        says = "somebody came to have something it would take while it was looked at"
        raise ProgramFault([reading.marks.problem(Finding((), says, "look at it once more"))])


def _meant(warnings: Iterable[Problem], accept: Collection[str]) -> None:
    still_open = [one for one in warnings if one.code and one.code not in accept]
    if still_open:
        raise warnings_open(still_open)


def warnings_open(still_open: Sequence[Problem]) -> WarningsOpen:
    """What nobody said is meant yet; at least one."""
    first, more = still_open[0], len(still_open) - 1
    names = ", ".join(one.code for one in still_open)
    tail = f", and {more} more" if more else ""
    no = WarningsOpen(
        f"line {first.line}: {first.says} ({first.code}){tail}; mend it, or accept what is "
        f"meant by name: {names}",
        field="/accept",
        warnings=[one.code for one in still_open],
    )
    no.problems = tuple(still_open)
    return no


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
