"""What a sale gives less after more of it came back, by its own frozen rules."""

from __future__ import annotations

from msgspec.structs import replace

from regulars.engine.deciding import budgets
from regulars.engine.deciding.earn import kept_period
from regulars.engine.deciding.settle import Resettled, carry, settle
from regulars.engine.facts import Facts
from regulars.engine.returning.sale import Sale
from regulars.engine.state import MemberState
from regulars.engine.terms import Version


def difference_of(
    state: MemberState, version: Version, sale: Sale, before: Facts, after: Facts
) -> Resettled:
    """What each rule and wallet gives now; `units` is what wallets get less.

    Keeps: a return never raises points (semantics D2), so a rule that would give more on what
    is left stays at what it gave.
    """
    compiled, steps = version.compiled, sale.steps
    was, grains = compiled.evaluate(before, steps.room), compiled.evaluate(after, steps.room)
    anew = Resettled.of(steps)
    for place, wallet in enumerate(compiled.wallets):
        own = [grains[rule] for rule in wallet.rules]
        gave = sum(steps.given[rule] for rule in wallet.rules) + steps.carried.get(wallet.id, 0)
        settled = settle(replace(wallet, keeps="no"), own)
        gives = budgets.within(version, place, settled.units, steps.room or compiled.full_room)
        if wallet.keeps != "no":
            # Not what the rules give on what was left before: that may be more than they gave.
            stood = anew.stands.setdefault(wallet.id, sum(was[rule] for rule in wallet.rules))
            less = stood - sum(own)
            if less <= 0:
                continue
            anew.stands[wallet.id] = sum(own)
            # Taken out of the remainder; below zero whole points are broken for it (semantics D3).
            key = (version.remainder_counters[place], kept_period(wallet.keeps, steps.day))
            left = state.counters.get(key, 0) - less
            broken, anew.kept[key] = carry(wallet, left)
            gives = gave + broken
        elif gives >= gave:
            continue
        for rule, part in zip(wallet.rules, settled.parts, strict=True):
            anew.given[rule] = min(part, steps.given[rule])
        # Parts may move between rules; none gets more than it had, the rest belongs to none.
        anew.carried[wallet.id] = gives - sum(anew.given[rule] for rule in wallet.rules)
        if gives < gave:
            anew.units[version.wallet_codes[place]] = gave - gives
    return anew
