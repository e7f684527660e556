"""What happened is sealed: chained, signed, a few seconds after it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.records.seal import read, write
from regulars.records.seal.read import Due, Tip
from regulars.records.seal.types import (
    Checkpoint,
    Leaf,
    Link,
    Signer,
    chain,
    genesis,
    rightly_signed,
    signed,
)
from regulars.records.seal.write import Chance

MOST = 20_000
"""Rows of one round: a second or two, and some ten megabytes."""


class Sealed(Struct, frozen=True):
    """What one round sealed; `more` when rows are left that could be sealed at once."""

    sealed: int
    checkpoints: tuple[Checkpoint, ...]
    more: bool
    broken: tuple[int, ...] = ()
    """Programs whose chain does not end as it was signed or as we remember it: left alone."""


async def seal_round(
    tx: Tx, signer: Signer, chance: Chance, known: Mapping[int, Checkpoint], most: int = MOST
) -> Sealed:
    """Add to the chains what was committed and is not in them, and sign where each now ends.

    Order: transaction by transaction; in one, what happened before what was booked for it.
    Keeps: links and the checkpoint that covers them are written together; after kill -9 a round is
    there whole or not at all. Of two sealers one finds the other at work and does nothing. A
    broken chain stops no other, and is caught up with when it is whole again (ADR 0934).
    Assumes: a transaction of the owner, who sees every program, at READ COMMITTED.
    """
    reach = await read.reach(tx)
    if reach is None:
        return Sealed(0, (), False)
    broken = await _broken(tx, signer, known)
    rows = await read.due(tx, reach.window, most, reach.left_alone(broken))
    after = reach.after(rows[-1].since_tx if len(rows) == most else None, broken)
    whole_again = reach.to_catch_up(broken)
    if whole_again is not None:
        window = reach.window_of(whole_again)
        late = await read.due_of(tx, window, most, whole_again)
        to_tx = late[-1].since_tx if len(late) == most else window[1]
        rows, after = rows + late, after.caught_up(whole_again, to_tx)
    checkpoints: tuple[Checkpoint, ...] = ()
    if rows:
        checkpoints = await _seal(tx, signer, chance, rows)
    # What is due in a broken chain stays due until people have looked at it; the others go on.
    await tx.write(write.reached(after.known_cluster, after.below_tx, after.behind))
    more = after.more or after.to_catch_up(broken) is not None
    return Sealed(len(rows), checkpoints, more, broken)


async def _seal(
    tx: Tx, signer: Signer, chance: Chance, rows: Sequence[Due]
) -> tuple[Checkpoint, ...]:
    programs = sorted({row.program_id for row in rows})
    await tx.write(write.make_salts({(row.program_id, row.member_id) for row in rows}, chance))
    tips = await read.tips(tx, programs)
    fresh = [program for program in programs if program not in tips]
    if fresh:
        await tx.write(write.begin_chains(tx, fresh, [UUID(bytes=chance(16)) for _ in fresh]))
        tips = await read.tips(tx, programs)
    leaves = sorted(await read.leaves(tx, rows, chance(32)), key=_program)
    links: list[Link] = []
    checkpoints = []
    for program_id, of_program in groupby(leaves, key=_program):
        tip = tips[program_id]
        added = chain(tip.last_position, _head(tip), of_program)
        links += added
        checkpoints.append(signed(_checkpoint(tx, tip, added[-1]), signer))
    await tx.write(write.append(links, checkpoints))
    return tuple(checkpoints)


async def _broken(tx: Tx, signer: Signer, known: Mapping[int, Checkpoint]) -> tuple[int, ...]:
    """Chains that somebody changed since we signed them: to go on would sign the change.

    Every link is written with a checkpoint, so a chain ends where its newest checkpoint says, and
    what this sealer signed before is still in it.
    """
    tips = await read.tips(tx)
    places = {(c.program_id, c.size) for c in known.values()}
    places |= {(t.program_id, t.checkpoint.size) for t in tips.values() if t.checkpoint}
    hashes = await read.hashes(tx, places)
    wrong = {program for program in known if program not in tips}
    for tip in tips.values():
        mine = known.get(tip.program_id)
        ends_well = _ends_as_signed(tip, signer)
        remembered = mine is None or (
            mine.chain_id == tip.chain_id and hashes.get((mine.program_id, mine.size)) == mine.head
        )
        if not (ends_well and remembered):
            wrong.add(tip.program_id)
    return tuple(sorted(wrong))


def _ends_as_signed(tip: Tip, signer: Signer) -> bool:
    newest = tip.checkpoint
    if newest is None:
        return tip.last_position == 0
    return (
        (newest.size, newest.head) == (tip.last_position, tip.last_hash)
        and rightly_signed(newest, signer)
    )  # fmt: skip


def _checkpoint(tx: Tx, tip: Tip, last: Link) -> Checkpoint:
    return Checkpoint(tip.program_id, tip.chain_id, last.position, last.hash, tx.now, "", b"")


def _head(tip: Tip) -> bytes:
    return tip.last_hash or genesis(tip.program_id, tip.chain_id)


def _program(leaf: Leaf) -> int:
    return leaf.program_id
