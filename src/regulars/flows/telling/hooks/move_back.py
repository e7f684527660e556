"""What is to be sent to a hook once more is moved back, portion by portion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.hooks import read
from regulars.records.outbox.hooks.replays import read as found
from regulars.records.outbox.hooks.replays import write
from regulars.records.outbox.hooks.replays.types import Kept, Piece, Replay, Within

MOST: Final = 1000
"""Events of one portion: a tenth of a second or two, in which the hook is held."""
LINES: Final = 1000
"""Lines that are looked at for one portion."""


async def move_back(tx: Tx, hook_id: UUID, most: int = MOST) -> bool:
    """Move the next portion back; whether there is more.

    Order: member by member; each line from its end to where it is to begin, so that it is whole
    after every portion. Nothing of a line is sent before all of it is moved.
    Keeps: how far it came, so whoever is killed goes on there. A hook that is deleted ends it.
    """
    hook = (await read.some_hooks(tx, [hook_id], held=True)).get(hook_id)
    replay = await found.held(tx, hook_id)
    if replay is None:
        return False
    if hook is None:
        await tx.write(write.over(tx, hook_id))
        return False
    await read.reach(tx, hook_id)  # held: nothing is planned or forgotten meanwhile
    if replay.within is not None:
        some, after, more = _next_of(replay, replay.within, most)
    else:
        kept = await found.lines(tx, hook_id, replay, LINES)
        some, after, more = _next(replay, kept, most)
    pieces = _unbroken(some, await found.there(tx, hook_id, some))
    after = _ended(after, pieces)
    moved = after.moved + sum(one.below - one.first for one in pieces)
    ends = write.went(tx, hook_id, after._replace(moved=moved))
    await tx.write([*write.back(tx, hook_id, pieces), *(ends if more else ())])
    if not more:
        await tx.write(write.over(tx, hook_id))
    return more


def _next(replay: Replay, kept: Sequence[Kept], most: int) -> tuple[list[Piece], Replay, bool]:
    """Of the next lines as many whole ones as fit, or a piece of the first that does not."""
    pieces: list[Piece] = []
    left, after = most, replay
    for line in kept:
        size = 0 if line.first is None else line.planned + 1 - line.first
        if size > left:
            if left == most and line.first is not None:
                begins = replay._replace(after_id=after.after_id)
                return _next_of(begins, Within(line.member_id, line.first, line.planned + 1), most)
            return pieces, after, True
        if line.first is not None:
            pieces.append(Piece(line.member_id, line.first, line.planned + 1, whole=True))
        left, after = left - size, after._replace(after_id=line.member_id)
    return pieces, after, len(kept) == LINES


def _next_of(replay: Replay, within: Within, most: int) -> tuple[list[Piece], Replay, bool]:
    """The next piece of a long line."""
    first = max(within.first, within.below - most)
    whole = first == within.first
    after = replay._replace(within=within._replace(below=first))
    return [Piece(within.member_id, first, within.below, whole)], after, True


def _unbroken(pieces: Sequence[Piece], there: dict[UUID, list[int]]) -> list[Piece]:
    """Without what is before a position that is forgotten by now: a line has no holes."""
    unbroken = []
    for one in pieces:
        first = one.below
        for position in there.get(one.member_id, ()):
            if position != first - 1:
                break
            first = position
        whole = one.whole or first > one.first
        unbroken += [one._replace(first=first, whole=whole)] if first < one.below or whole else []
    return unbroken


def _ended(after: Replay, pieces: Sequence[Piece]) -> Replay:
    """A long line that reached its beginning is behind us."""
    if after.within is None or not pieces[0].whole:
        return after
    return after._replace(after_id=after.within.member_id, within=None)
