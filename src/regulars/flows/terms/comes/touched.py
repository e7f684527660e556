"""How many members each change of the terms touches, as they stand now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final

from regulars.base.tx import Tx
from regulars.engine.changing.comparing import Of, Whom
from regulars.records.benefits import read as benefits
from regulars.records.benefits.plans import read as plans
from regulars.records.ledger.totals import read as totals
from regulars.records.program import read
from regulars.records.program.types import Program
from regulars.records.standing.crowd import read as crowd

_ALL: Final[frozenset[Of]] = frozenset({"everybody", "who_collects", "who_earns"})


async def how_many(tx: Tx, old: Program, asked: Iterable[Whom]) -> dict[Whom, int]:
    """How many members these are; of whom nothing counts them, nothing is said.

    Shape: holders of a tier are those of the ladder before, and whoever saves for a reward has
    something of what it costs; of a benefit by grant those whose grant runs. Who stands on a
    further ladder is counted with what becomes of them (`on_ladders`).
    """
    wanted = dict.fromkeys(asked)
    if not wanted:
        return {}
    tiers, members = await crowd.by_tier(tx), await plans.by_plan(tx)
    holding = await _holding(tx, old, wanted)
    if any(whom.of == "granted" for whom in wanted):
        granted = await benefits.having(tx)
        holding |= {whom: granted.get(whom.name, 0) for whom in wanted if whom.of == "granted"}
    steps = [step.id for step in old.tiers.steps] if old.tiers is not None else []
    found: dict[Whom, int] = {}
    for whom in wanted:
        if whom.of in _ALL:
            found[whom] = sum(tiers.values())
        elif whom.of == "on_a_tier":
            found[whom] = sum(n for tier, n in tiers.items() if tier is not None)
        elif whom.of in ("on_tier", "tier_and_aiming") and whom.name in steps:
            found[whom] = tiers.get(whom.name, 0)
        elif whom.of == "tier_and_above" and whom.name in steps:
            above = steps[steps.index(whom.name) :]
            found[whom] = sum(tiers.get(step, 0) for step in above)
        elif whom.of == "on_plan":
            found[whom] = members.get(whom.name, 0)
        elif whom in holding:
            found[whom] = holding[whom]
    return found


async def on_ladders(
    tx: Tx, old: Program, standing: Mapping[str, Mapping[str, int]]
) -> dict[Whom, int]:
    """How many stand on each of these further ladders, on each of its steps, and on it or above.

    Shape: `standing` is members by step, by ladder, of those who have something there; where the
    first step takes nothing, whoever has nothing stands on it, too.
    """
    found: dict[Whom, int] = {}
    everybody = sum((await crowd.by_tier(tx)).values()) if standing else 0
    for name, known in standing.items():
        here, steps = dict(known), [step.id for step in old.ladders[name].steps]
        if not Fraction(str(old.ladders[name].steps[0].at)):
            here[steps[0]] = everybody - sum(here.get(step, 0) for step in steps[1:])
        found[Whom("on_ladder", name)] = sum(here.values())
        for place, step in enumerate(steps):
            on_it = here.get(step, 0)
            found[Whom("on_tier", step)] = found[Whom("tier_and_aiming", step)] = on_it
            above = sum(here.get(one, 0) for one in steps[place:])
            found[Whom("tier_and_above", step)] = above
    return found


async def _holding(tx: Tx, old: Program, wanted: Iterable[Whom]) -> dict[Whom, int]:
    """Who has something of a wallet, or of what a reward costs."""
    codes = await read.codes(tx)
    prices = {reward.id: next(iter(reward.price), "") for reward in old.rewards}
    wallets = {
        whom: prices.get(whom.name, "") if whom.of == "who_saves" else whom.name
        for whom in wanted
        if whom.of in ("who_saves", "who_has")
    }
    kept = {name: codes["wallet", name] for name in wallets.values() if ("wallet", name) in codes}
    held = await totals.holders(tx, sorted(set(kept.values())))
    return {whom: held.get(kept[name], (0, 0))[0] for whom, name in wallets.items() if name in kept}
