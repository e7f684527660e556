"""Programs with several ladders, by chance: each counts its own, in windows of its own, and is
looked at in its own way."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from msgspec.structs import replace

from regulars.records.program import types as t

NAMES: Final = ("club", "circle", "crew")
KINDS: Final = (("review",), ("review", "visit"), ("purchase", "review"))


def laddered(rng: Random, program: t.Program) -> t.Program:
    """The same program with one to three ladders beside its tiers, or without any tiers; what
    each gives hangs on its steps."""
    names = NAMES[: rng.choice((1, 2, 2, 3))]
    ladders = {name: _ladder(rng, name, [*program.qualifying]) for name in names}
    wallets = [name for name, one in program.wallets.items() if one.kind == "points"]
    rules = [_rule(rng, name, ladder, wallets) for name, ladder in ladders.items()]
    steps = [step.id for ladder in ladders.values() for step in ladder.steps]
    rewards = [
        replace(reward, tier=rng.choice(steps)) if place != 1 else reward
        for place, reward in enumerate(program.rewards)
    ]
    return replace(program, ladders=ladders, rules=(*program.rules, *rules), rewards=tuple(rewards))


def _ladder(rng: Random, name: str, definitions: list[str]) -> t.Ladder:
    measure = rng.choice(("spend", "spend", "visits", "activities"))
    first, more = {
        "spend": (rng.choice((0, 5, 12)), rng.choice((7, 30))),
        "visits": (rng.choice((0, 1, 2)), 2),
        "activities": (rng.choice((0, 1)), 1),
    }[measure]
    either = measure != "visits" and rng.random() < 0.3
    steps = tuple(
        t.FurtherStep(f"{name}-{n}", first + n * more, or_at=n + 2 if either else None)
        for n in range(rng.choice((1, 2, 3)))
    )
    said: dict[str, Any] = {
        "measure": measure,
        "window": rng.choice(("calendar_year", "rolling", "rolling", "anniversary", "ever")),
        "valid": rng.choice(("window_end", "next_window_end", "for_ever")),
        "downgrade": rng.choice(("one_step", "full")),
        "grace_days": rng.choice((0, 0, 1, 10)),
        "crossing_earns": rng.choice(("old_tier", "new_tier")),
        "returned_credit": rng.choice(("revoke_now", "at_period_end", "never")),
    }
    if measure == "spend":
        said["qualifying"] = rng.choice(definitions)
    if measure == "activities":
        said["kinds"] = rng.choice(KINDS)
    if said["window"] == "rolling":
        said["rolling_days"] = rng.choice((1, 7, 30))
    return t.Ladder(steps=steps, or_by=t.Measure("visits") if either else None, **said)


def _rule(rng: Random, name: str, ladder: t.Ladder, wallets: list[str]) -> t.Rule:
    step, on = rng.choice(ladder.steps), rng.choice(("purchase", "purchase", "visit", "review"))
    return t.Rule(
        id=f"by-{name}",
        on=on,
        wallet=rng.choice(wallets),
        award=t.Fixed(rng.choice((1, 7, 20)), stage=rng.choice(("base", "bonus"))),
        when=t.TierIs(step.id),
    )
