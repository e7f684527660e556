"""What a sale gives less after more of it came back, by its own frozen rules."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from regulars.engine.compiling.grid import STEPS
from regulars.engine.deciding import budgets
from regulars.engine.deciding.earn import kept_period
from regulars.engine.deciding.settle import settle
from regulars.engine.facts import Facts
from regulars.engine.returning.sale import Sale
from regulars.engine.state import MemberState
from regulars.engine.terms import Version


class Difference(NamedTuple):
    """What a sale gives less, after more of it came back."""

    given: tuple[int, ...]
    units: dict[int, int]
    kept: dict[tuple[int, int], int]
    """Remainders kept for the member after it, per counter and period."""
    carried: dict[str, int]
    stands: dict[str, int]
    """Per wallet that keeps remainders: grains the sale gives after it."""


def difference_of(
    state: MemberState, version: Version, sale: Sale, before: Facts, after: Facts
) -> Difference:
    """What each rule and wallet gives less now.

    Keeps: a return never raises points (semantics D2), so a rule that would give more on what
    is left stays at what it gave.
    """
    compiled, steps = version.compiled, sale.steps
    was, grains = compiled.evaluate(before, steps.room), compiled.evaluate(after, steps.room)
    given = list(steps.given)
    units: dict[int, int] = {}
    kept: dict[tuple[int, int], int] = {}
    carried, stands = dict(steps.carried), dict(steps.stands)
    for place, wallet in enumerate(compiled.wallets):
        own = [grains[rule] for rule in wallet.rules]
        gave = sum(steps.given[rule] for rule in wallet.rules) + steps.carried.get(wallet.id, 0)
        settled = settle(replace(wallet, keeps="no"), own)
        gives = budgets.within(version, place, settled.units, steps.room or compiled.full_room)
        if wallet.keeps != "no":
            # Not what the rules give on what was left before: that may be more than they gave.
            stood = stands.setdefault(wallet.id, sum(was[rule] for rule in wallet.rules))
            less = stood - sum(own)
            if less <= 0:
                continue
            stands[wallet.id] = sum(own)
            # Taken out of the remainder; below zero whole points are broken for it (semantics D3).
            key = (version.remainder_counters[place], kept_period(wallet.keeps, steps.day))
            left = state.counters.get(key, 0) - less
            size = wallet.grid * wallet.step
            broken = STEPS[wallet.mode](left, size) * wallet.step
            kept[key] = left - broken * wallet.grid
            gives = gave + broken
        elif gives >= gave:
            continue
        for rule, part in zip(wallet.rules, settled.parts, strict=True):
            given[rule] = min(part, steps.given[rule])
        # Parts may move between rules; none gets more than it had, the rest belongs to none.
        carried[wallet.id] = gives - sum(given[rule] for rule in wallet.rules)
        if gives < gave:
            units[version.wallet_codes[place]] = gave - gives
    return Difference(tuple(given), units, kept, carried, stands)
