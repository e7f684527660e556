"""Draws: announced with the digest of a secret, drawn once, and shown so that anybody can check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from regulars.base.faults import NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.calendar import local
from regulars.engine.compiling.stones import Stone
from regulars.engine.rewarding.gaming import drawing
from regulars.engine.terms import Terms, Version
from regulars.flows.points.gaming.book_prizes import book_prizes
from regulars.flows.points.gaming.commands import (
    AnnounceDraw,
    CloseDraw,
    DrawOutcome,
    DrawTold,
    HoldDraw,
)
from regulars.records.program.parts.gaming import Draw as Promise
from regulars.records.program.parts.gaming import same_draw
from regulars.records.rewards.draws import read, write
from regulars.records.rewards.draws.types import Closed, Draw, Entrant

SECRET_BITS: Final = 256


async def announce_draws(tx: Tx, terms: Terms, batch: Sequence[AnnounceDraw]) -> list[DrawOutcome]:
    """Publish the digest of a secret for each of these draws; announced again, nothing changes.

    Refuses: `draw_id_taken` where another draw was announced under its id; `draw_over` once its
    days are over: what everybody bought is known by then.
    Faults: NotFound for a draw that is not in the program.
    """
    await read.alone(tx)
    return [await _announce(tx, terms, one) for one in batch]


async def close_draws(tx: Tx, terms: Terms, batch: Sequence[CloseDraw]) -> list[DrawOutcome]:
    """Close the list of each of these draws once, to be drawn from; closed again, nothing changes.

    Keeps: whatever comes back, is told late or becomes of whoever is on it, the list stays.
    Refuses: `draw_not_announced`, `draw_not_over`, `draw_drawn`, `nobody_entered`.
    """
    await read.alone(tx)
    return [await _close(tx, terms, one) for one in batch]


async def hold_draws(tx: Tx, terms: Terms, batch: Sequence[HoldDraw]) -> list[DrawOutcome]:
    """Draw each of these once, and book its prizes; drawn again, the same is told.

    Order: one at a time in a program; tickets are those of the closed list, and of all that was
    kept when it is drawn where none was closed.
    Keeps: a prize that cannot be had waits and says why; drawn again, it is tried again.
    Refuses: `draw_not_announced`, `draw_not_over`, `nobody_entered`.
    """
    await read.alone(tx)
    return [await _hold(tx, terms, one) for one in batch]


async def show_draw(tx: Tx, terms: Terms, name: str) -> DrawTold:
    """A draw that was announced, and once it is drawn who took part and won. Faults: NotFound."""
    kept = await read.draw(tx, name)
    if kept is None:
        raise NotFound(f"no draw {name[:40]!r} was announced")
    closed = await read.closed(tx, name)
    entrants = await read.entrants(tx, name) or _listed(closed)
    booked = list((await read.won(tx, [name])).values())
    return DrawTold(kept, _promised(terms, kept), entrants, booked, closed=closed)


async def _announce(tx: Tx, terms: Terms, one: AnnounceDraw) -> DrawOutcome:
    kept = await read.draw(tx, one.draw)
    version = terms.at(tx.now)
    stone = _stone(version, one.draw)
    if kept is not None:
        promise = _promised(terms, kept)
        if stone is not None and not same_draw(promise, _promise(stone)):
            says = f"version {kept.version} announced another draw under this id"
            return Refused("draw_id_taken", f"{says}; give the new one its own id")
        told = await show_draw(tx, terms, one.draw)
        return replace(told, replayed=True)
    if stone is None:
        return NotFound(f"the program in force has no draw {one.draw[:40]!r}")
    if local(version.zone, tx.now).day >= stone.days[1]:
        return Refused("draw_over", "its days are over; announce a draw before they are")
    secret = f"{tx.secret_bits(SECRET_BITS):064x}"
    commitment = drawing.digest(secret)
    kept = Draw(one.draw, version.number, secret, commitment, tx.now, one.asked.principal)
    await tx.write(write.announce(tx, kept))
    return DrawTold(kept, _promise(stone), [])


async def _close(tx: Tx, terms: Terms, one: CloseDraw) -> DrawOutcome:
    kept, closed = await read.draw(tx, one.draw), await read.closed(tx, one.draw)
    if kept is None:
        return Refused("draw_not_announced", "announce it first, so that nobody can choose")
    promise = _promised(terms, kept)
    if closed is not None:
        entrants = await read.entrants(tx, one.draw) or _listed(closed)
        return DrawTold(kept, promise, entrants, replayed=True, closed=closed)
    if kept.drawn_at is not None:
        return Refused("draw_drawn", "it was drawn already, from the list as it was then")
    version = terms.numbered(kept.version)
    stone = _stone(version, one.draw)
    assert stone is not None, kept
    if _runs(tx, version, stone):
        return Refused("draw_not_over", "deeds still count; close it when its days are over")
    entrants = await _entrants(tx, stone)
    if not entrants:
        return Refused("nobody_entered", "nobody who may win has a ticket")
    columns = tuple(e.member_id for e in entrants), tuple(e.tickets for e in entrants)
    closed = Closed(one.draw, tx.now, one.asked.principal, _digest(entrants), *columns)
    await tx.write(write.close(tx, closed))
    return DrawTold(kept, promise, entrants, closed=closed)


async def _hold(tx: Tx, terms: Terms, one: HoldDraw) -> DrawOutcome:
    kept = await read.draw(tx, one.draw)
    if kept is None:
        return Refused("draw_not_announced", "announce it first, so that nobody can choose")
    if kept.drawn_at is not None:
        entrants, closed = await read.entrants(tx, one.draw), await read.closed(tx, one.draw)
        promise, version = _promised(terms, kept), terms.numbered(kept.version)
        booked = await book_prizes(tx, terms, version, promise, entrants)
        return DrawTold(kept, promise, entrants, booked, replayed=True, closed=closed)
    version = terms.numbered(kept.version)
    stone = _stone(version, one.draw)
    assert stone is not None, kept
    if _runs(tx, version, stone):
        return Refused("draw_not_over", "deeds still count; draw it when its days are over")
    closed = await read.closed(tx, one.draw)
    entrants = _listed(closed) or await _entrants(tx, stone)
    if not entrants:
        return Refused("nobody_entered", "nobody who may win has a ticket")
    kept, entrants = _drawn(tx, kept, _promise(stone), entrants, one)
    await tx.write(write.drawn(tx, kept, entrants))
    booked = await book_prizes(tx, terms, version, _promise(stone), entrants)
    return DrawTold(kept, _promise(stone), entrants, booked, closed=closed)


def _runs(tx: Tx, version: Version, stone: Stone) -> bool:
    return local(version.zone, tx.now).day < stone.days[1]


def _stone(version: Version, name: str) -> Stone | None:
    draws = (one for one in version.stones if isinstance(one.promise, Promise))
    return next((one for one in draws if one.promise.id == name), None)


def _promised(terms: Terms, kept: Draw) -> Promise:
    stone = _stone(terms.numbered(kept.version), kept.draw)
    assert stone is not None, kept
    return _promise(stone)


def _promise(stone: Stone) -> Promise:
    assert isinstance(stone.promise, Promise), stone
    return stone.promise


async def _entrants(tx: Tx, stone: Stone) -> list[Entrant]:
    promise = _promise(stone)
    found: list[Entrant] = []
    for one in await read.scores(tx, stone.counter, stone.period(stone.days[0]), promise.excluded):
        own = drawing.tickets(one.score, stone.each, promise.most)
        if own:
            name = drawing.alias(promise.id, one.member_id)
            found.append(Entrant(len(found) + 1, one.member_id, name, own))
    return found


def _listed(closed: Closed | None) -> list[Entrant]:
    """Who is on a closed list, in its order; nobody where none was closed."""
    if closed is None:
        return []
    both = enumerate(zip(closed.members, closed.tickets, strict=True), 1)
    return [Entrant(n, who, drawing.alias(closed.draw, who), own) for n, (who, own) in both]


def _digest(entrants: Sequence[Entrant]) -> str:
    return drawing.digest(drawing.listed([(e.alias, e.tickets) for e in entrants]))


def _drawn(
    tx: Tx, kept: Draw, promise: Promise, entrants: Sequence[Entrant], one: HoldDraw
) -> tuple[Draw, list[Entrant]]:
    own = [each.tickets for each in entrants]
    list_digest = _digest(entrants)
    seed = drawing.seed(kept.secret, one.public, list_digest)
    places = drawing.winners(seed, own, promise.winners)
    won = {place: nth for nth, place in enumerate(places, 1)}
    drawn = replace(
        kept,
        public=one.public,
        list_digest=list_digest,
        tickets=sum(own),
        drawn_at=tx.now,
        drawn_by=one.asked.principal,
    )
    return drawn, [replace(each, won=won.get(each.place, 0)) for each in entrants]
