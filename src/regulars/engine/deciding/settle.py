"""From grains to whole points: the one rounding, and which rule the whole points belong to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from regulars.engine.compiling.compile import CompiledWallet
from regulars.engine.compiling.grid import STEPS
from regulars.records.trail.types import Steps


class Settled(Struct, frozen=True, gc=False):
    """What a wallet gets, what is kept for next time, and each rule's part of it."""

    units: int
    remainder: int
    """Grains kept for the member's next activity (of that day); 0 when the wallet keeps none."""
    parts: tuple[int, ...]
    """Units per rule, in the order of `CompiledWallet.rules`; what was kept belongs to no rule."""


class Resettled(NamedTuple):
    """What a deed gives once it is decided again, or after some of it came back."""

    given: list[int]
    """Units per rule."""
    units: dict[int, int]
    """By how much a wallet changes, per code; after a return, how much less it gets."""
    kept: dict[tuple[int, int], int]
    """Remainders kept for the member after it, per counter and period."""
    carried: dict[str, int]
    """Units per wallet that belong to no rule."""
    stands: dict[str, int]
    """Per wallet that keeps remainders: grains the deed gives after it."""

    @classmethod
    def of(cls, steps: Steps) -> Resettled:
        """As the deed stood before."""
        return cls(list(steps.given), {}, {}, dict(steps.carried), dict(steps.stands))


def settle(wallet: CompiledWallet, grains: Sequence[int], remainder: int = 0) -> Settled:
    """Make whole points of what the rules of one wallet gave, rounded once.

    Shape: `grains` one per rule in the order of `wallet.rules`; `remainder` as kept before.
    Keeps: a rule's part is at most its own points rounded up, so a limit is never passed; the
    parts and what belongs to no rule add up to the units. Ties go to the smallest rule id.
    Example: 9.99 euro ten times at 1 point per euro with carry give 99, as 99.90 at once do.
    """
    carried = remainder if wallet.keeps != "no" else 0
    total = sum(grains) + carried
    units, rest = carry(wallet, total)
    kept = rest if wallet.keeps != "no" else 0
    if carried == 0 and len(grains) - grains.count(0) <= 1:
        return Settled(units, kept, _alone(wallet, grains, units))
    return Settled(units, kept, _parts(wallet, [*grains, carried], units))


def carry(wallet: CompiledWallet, grains: int) -> tuple[int, int]:
    """The one rounding: whole points of so many grains, and the grains that are left of them.

    Symbols: grains = units · grid + rest; below zero whole points are broken (semantics D3).
    """
    units = STEPS[wallet.mode](grains, wallet.grid * wallet.step) * wallet.step
    return units, grains - units * wallet.grid


def _alone(wallet: CompiledWallet, grains: Sequence[int], units: int) -> tuple[int, ...]:
    """One rule gave everything: it gets the whole, but never more than it gave rounded up."""
    return tuple([min(units, -(-given // wallet.grid)) if given else 0 for given in grains])


def _parts(wallet: CompiledWallet, given: Sequence[int], units: int) -> tuple[int, ...]:
    """Split whole points over the rules, and what was carried in (the last one), by largest rest.

    With steps of one point each keeps its own whole points and the spare ones go to the largest
    fractions. Larger steps, and a day that was rounded up before, leave a whole that is less or
    more than the parts: then it is split in proportion.
    """
    nobody = len(given) - 1
    shares = [*given[:nobody], max(given[nobody], 0)]
    in_proportion = wallet.step > 1 or given[nobody] < 0
    by, size = (units, sum(shares) or 1) if in_proportion else (1, wallet.grid)
    parts = [share * by // size for share in shares]
    spare = units - sum(parts)
    if spare:
        rests = [share * by % size for share in shares]
        # Equal rests: the smallest rule id first and nobody last, because sorting is stable.
        for i in sorted((*wallet.ties, nobody), key=rests.__getitem__, reverse=True)[:spare]:
            parts[i] += 1
    if not in_proportion:
        return tuple(parts[:nobody])
    return tuple([min(parts[i], -(-given[i] // wallet.grid)) for i in range(nobody)])
