"""Codes that were bought or printed elsewhere are laid into pools, all of a list or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.tx import Tx
from regulars.engine.rewarding.promise import promise
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import (
    Asking,
    askings,
    kept,
    settle_followers,
    sort_out,
)
from regulars.flows.batch.named import unsaid
from regulars.flows.points.codes.commands import FillOutcome, FillPool, PoolFilled
from regulars.records.activity.types import NOBODY
from regulars.records.once.write import keep
from regulars.records.program.parts.rewards import draws_on_pool, shelf_of
from regulars.records.rewards import read as shelves
from regulars.records.rewards.codes import read
from regulars.records.rewards.codes.lettering import LONGEST, folded
from regulars.records.rewards.codes.types import Run
from regulars.records.rewards.codes.write import keep_run, upload
from regulars.records.rewards.write import keep_stock

MOST_CODES: Final = 100_000
MOST_SHOWN: Final = 20
"""So many slips are told of a list that is wrong."""


async def fill_pools(tx: Tx, terms: Terms, batch: Sequence[FillPool]) -> list[FillOutcome]:
    """Each list of codes once: all of them, or none with every slip named by its line.

    Order: the shelf of the pool is locked, so that whoever takes a code meanwhile sees all or
    nothing of it.
    Refuses: `unknown_reward`. Faults: a reward without a pool, no reason, no name, codes that are
    empty, too long, there twice or known already.
    """
    asked = askings("fill_pool", batch, lambda _: None)
    await sort_out(tx, asked, PoolFilled)
    for item in asked:
        if item.open:
            item.outcome = unsaid(item.command) or _unfit(tx, terms, item.command)
        if item.open:
            await _one(tx, terms, item)
    return settle_followers(asked)


def _unfit(tx: Tx, terms: Terms, command: FillPool) -> Fault | Refused | None:
    reward = terms.at(tx.now).rewards.get(command.reward)
    if reward is None:
        return Refused("unknown_reward", f"there is no reward {command.reward} in this program")
    if not draws_on_pool(reward):
        says = "this reward has no pool; write `gives: {kind: code, from: pool}` in the program"
        return Invalid(says, field="/reward")
    if not 1 <= len(command.codes) <= MOST_CODES:
        return Invalid(f"send at least 1 and at most {MOST_CODES} codes at once", field="/codes")
    return None


async def _one(tx: Tx, terms: Terms, item: Asking[FillPool]) -> None:
    command, version = item.command, terms.at(tx.now)
    reward = version.rewards[command.reward]
    shelf = shelf_of(reward)
    left = await shelves.lock_stock(tx, [shelf])
    written = [(folded(code), code.strip()) for code in command.codes]
    known = await read.taken(tx, [code for code, _ in written])
    slips = _slips(written, known, command.first_line)
    if slips:
        more = f" (and {len(slips) - MOST_SHOWN} more)" if len(slips) > MOST_SHOWN else ""
        says = f"nothing was taken; mend these: {'; '.join(slips[:MOST_SHOWN])}{more}"
        item.outcome = Invalid(says, field="/codes")
        return
    run = Run(
        run_id=tx.new_id(),
        kind="uploaded",
        reward=reward.id,
        version=version.number,
        promised=promise(version, reward, tx.now),
        times=len(written),
        actor=command.actor,
        reason=command.reason,
        made_at=tx.now,
    )
    there = left[shelf] + len(written)
    item.outcome = PoolFilled(run.run_id, reward.id, len(written), there)
    await tx.write(
        [
            *keep(tx, kept(item, NOBODY, run.run_id)),
            keep_run(tx, run),
            upload(tx, run, written),
            *keep_stock(tx, {shelf: there}),
        ]
    )


def _slips(written: Sequence[tuple[str, str]], known: set[str], first: int) -> list[str]:
    """What is wrong with which line of a list."""
    slips, lines = [], dict[str, int]()
    for line, (code, printed) in enumerate(written, first):
        if not code:
            slips.append(f"line {line} is empty")
        elif len(printed) > LONGEST or not printed.isprintable():
            slips.append(f"line {line} is longer than {LONGEST} signs or no plain text")
        elif code in lines:
            slips.append(f"line {line} repeats line {lines[code]}")
        elif code in known:
            slips.append(f"line {line} is a code that is here already")
        lines.setdefault(code, line)
    return slips
