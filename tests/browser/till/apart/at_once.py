"""What one activity gives at most, for the programs that a device is asked about."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from regulars.base.decimals import units
from regulars.engine.reference.interpreter import Settled
from regulars.records.program import types as t

SLIPS = {
    "one activity gives without end": ('per === "activity" ? unitsOf', 'per === "" ? unitsOf'),
    "too much at once gives all there is": ('way === "reject" ? 0n', 'way === "" ? 0n'),
    "what is cut off is still somebody's": ("least(share, rest)", "share"),
}


def capped(seed: int, program: t.Program) -> t.Program:
    """Of every third program each wallet gives a little at once, or nothing beyond a good deal."""
    way, most = ("reject", 60) if seed % 2 else ("clip", 3)
    budgets = tuple(
        t.Budget(f"once-{wallet}", wallet, "activity", most + seed % 5, way)
        for wallet in program.wallets
    )
    return program if seed % 3 != 1 else replace(program, budgets=(*program.budgets, *budgets))


def within(program: t.Program, wallet: str, settled: Settled) -> Settled:
    """What these budgets leave of it; the rules that come last in the file give way."""
    left = settled.units
    for one in program.budgets:
        if one.wallet == wallet and one.per == "activity":
            most = units(one.points, program.wallets[wallet].scale)
            left = left if left <= most else 0 if one.on_exceed == "reject" else most
    if left == settled.units:
        return settled
    return replace(settled, units=left, per_rule=list(_cut(settled.per_rule, left)))


def _cut(parts: list[int], left: int) -> Iterator[int]:
    for part in parts:
        yield min(part, left)
        left -= min(part, left)
