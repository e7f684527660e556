"""What a deed left of points, or took, in the fractions that rounding keeps for next time."""

from __future__ import annotations

from regulars.engine.deciding.earn import kept_period
from regulars.engine.returning.sale import Sale, facts_left
from regulars.engine.terms import Version


def left_by(version: Version, sale: Sale) -> dict[tuple[int, int], int]:
    """Grains of each kept remainder that are there because of one deed, as it stands by now.

    Shape: by counter and period; below zero where a return broke whole points for it.
    Symbols: grains it stands for = points it gave · grid + what it left (ADR 0850).
    """
    compiled, steps = version.compiled, sale.steps
    left: dict[tuple[int, int], int] = {}
    grains = None
    for place, wallet in enumerate(compiled.wallets):
        if wallet.keeps == "no" or not steps.given:
            continue
        stands = steps.stands.get(wallet.id)
        if stands is None:  # nothing came back, and no budget cut it: what its rules give
            grains = grains or compiled.evaluate(facts_left(version, sale, ()), steps.room)
            stands = sum(grains[rule] for rule in wallet.rules)
        gave = sum(steps.given[rule] for rule in wallet.rules) + steps.carried.get(wallet.id, 0)
        key = (version.remainder_counters[place], kept_period(wallet.keeps, steps.day))
        left[key] = left.get(key, 0) + stands - gave * wallet.grid
    return left


def not_said(version: Version, sale: Sale) -> set[tuple[int, int]]:
    """The kept remainders of which a deed's decisions do not say what it left there.

    Keeps: what a budget cut when a deed was decided *again* nobody keeps, and its decision does not
    say how much it was; a deed that was rated anew was seen by other tables.
    """
    compiled, steps = version.compiled, sale.steps
    budgeted = {one.wallet for one in compiled.budgets}
    return {
        (version.remainder_counters[place], kept_period(wallet.keeps, steps.day))
        for place, wallet in enumerate(compiled.wallets)
        if wallet.keeps != "no" and (steps.rated or (steps.times and place in budgeted))
    }
