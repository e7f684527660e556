"""How many members each change of the terms touches, as they stand now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from regulars.base.decimals import units
from regulars.base.tx import Tx
from regulars.engine.changing.comparing import Of, Whom
from regulars.records.benefits import read as benefits
from regulars.records.benefits.plans import read as plans
from regulars.records.ledger.totals import read as totals
from regulars.records.program import read
from regulars.records.program.types import Program
from regulars.records.standing.crowd import read as crowd
from regulars.records.standing.crowd.concerned import read as concerned

_YEAR: Final = timedelta(days=365)
_NONE: Final = -1
"""The number of no wallet."""
_BY_TIER: Final[frozenset[Of]] = frozenset(
    {"everybody", "on_a_tier", "on_tier", "tier_and_aiming", "tier_and_above"}
)
"""Whom the tiers members stand on say."""


async def how_many(tx: Tx, both: tuple[Program, Program], asked: Iterable[Whom]) -> dict[Whom, int]:
    """How many members these are; of whom nothing counts them, nothing is said.

    Shape: holders of a tier are those of the ladder before; of a benefit by grant those whose
    grant runs; a reward that is new is taken by whoever has enough for it. Who stands on a
    further ladder is counted with what becomes of them (`on_ladders`).
    Order: each kind that is asked for is one question to the database.
    """
    wanted = dict.fromkeys(asked)
    if not wanted:
        return {}
    old, _ = both
    kinds = {whom.of for whom in wanted}
    tiers = await crowd.by_tier(tx) if kinds & _BY_TIER else {}
    members = await plans.by_plan(tx) if "on_plan" in kinds else {}
    holding = await _holding(tx, wanted) | await _doing(tx, both, wanted)
    if "granted" in kinds:
        granted = await benefits.having(tx)
        holding |= {whom: granted.get(whom.name, 0) for whom in wanted if whom.of == "granted"}
    found: dict[Whom, int] = {}
    for whom in wanted:
        if whom.of in _BY_TIER:
            standing = _standing(old, tiers, whom)
            found |= {} if standing is None else {whom: standing}
        elif whom.of == "on_plan":
            found[whom] = members.get(whom.name, 0)
        elif whom in holding:
            found[whom] = holding[whom]
    return found


def _standing(old: Program, tiers: Mapping[str | None, int], whom: Whom) -> int | None:
    """How many stand on these tiers; of a further ladder nobody knows here, unless nobody is a
    member yet."""
    if whom.of == "everybody":
        return sum(tiers.values())
    if whom.of == "on_a_tier":
        return sum(n for tier, n in tiers.items() if tier is not None)
    steps = [step.id for step in old.tiers.steps] if old.tiers is not None else []
    if whom.name not in steps:
        return None if any(tiers.values()) else 0
    above = steps[steps.index(whom.name) :] if whom.of == "tier_and_above" else [whom.name]
    return sum(tiers.get(step, 0) for step in above)


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


async def _holding(tx: Tx, wanted: Iterable[Whom]) -> dict[Whom, int]:
    """Who has something of a wallet."""
    asked = _of(wanted, "who_has")
    codes = await read.codes(tx) if asked else {}
    held = await totals.holders(
        tx, sorted({codes[_wallet(w)] for w in asked if _wallet(w) in codes})
    )
    return {w: held.get(codes.get(_wallet(w), 0), (0, 0))[0] for w in asked}


async def _doing(
    tx: Tx, both: tuple[Program, Program], wanted: Collection[Whom]
) -> dict[Whom, int]:
    """Who earns, takes rewards, invites, plays, lives with others or is blocked."""
    found, since = dict[Whom, int](), tx.now - _YEAR
    codes = await read.codes(tx)
    earns = _of(wanted, "who_collects") + _of(wanted, "who_earns")
    earning = sorted({codes[_wallet(w)] for w in earns if _wallet(w) in codes})
    earned = await concerned.earning(tx, earning, since)
    found |= {w: earned.get(codes.get(_wallet(w), 0), 0) for w in earns}
    saves = _of(wanted, "who_saves")
    names = [whom.name for whom in saves]
    took = await concerned.taking(tx, names, [*_prices(both, names, codes)], since)
    found |= {whom: took[whom.name] for whom in saves}
    plays = _of(wanted, "who_plays")
    games = {whom.name: counters_of(codes, whom.name) for whom in plays}
    played = await concerned.playing(tx, games)
    found |= {whom: played[whom.name] for whom in plays}
    for of, ask in _ALONE.items():
        for whom in _of(wanted, of):
            found[whom] = await ask(tx, since)
    return found


def _of(wanted: Iterable[Whom], of: Of) -> list[Whom]:
    return [whom for whom in wanted if whom.of == of]


def _wallet(whom: Whom) -> tuple[str, str]:
    return "wallet", whom.name


def _prices(
    both: tuple[Program, Program], names: Sequence[str], codes: Mapping[tuple[str, str], int]
) -> Iterator[concerned.Price]:
    """What each reward costs by now; of one that is new, what it will. A price in a wallet that
    is new nobody has."""
    old, new = both
    known = {one.id: (p, one) for p in (new, old) for one in p.rewards}
    for name in names:
        program, reward = known[name]
        for wallet, price in reward.price.items():
            scale = program.wallets[wallet].scale
            yield name, codes.get(("wallet", wallet), _NONE), units(price, scale)


def counters_of(codes: Mapping[tuple[str, str], int], game: str) -> list[int]:
    """The counters of a milestone, a leaderboard or a draw; others have none."""
    begins = tuple(f"{kind}:{game}:" for kind in ("milestone", "board", "draw"))
    return [
        code
        for (kind, name), code in codes.items()
        if kind == "counter" and name.startswith(begins)
    ]


async def _referring(tx: Tx, since: datetime) -> int:
    return await concerned.referring(tx, since)


async def _at_home(tx: Tx, _: datetime) -> int:
    return await concerned.at_home(tx)


async def _blocked(tx: Tx, _: datetime) -> int:
    return await concerned.blocked(tx)


_ALONE: Final[Mapping[Of, Callable[[Tx, datetime], Awaitable[int]]]] = {
    "who_invites": _referring,
    "in_household": _at_home,
    "blocked": _blocked,
}
