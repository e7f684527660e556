"""How long the machine plays, from which seed, and what it says at the end."""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from random import Random, randrange
from typing import Final, NamedTuple

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.books import assert_books_right
from tests.makers import Shop
from tests.model.machine import Driver, Ledger, LedgerOnce, Tally
from tests.telling import Telling
from tests.turns import todays

SIZES: Final = {
    "pr": {"memory": 6_000, "postgresql": 1_000, "http": 200},
    "nightly": {"memory": 1_000_000, "postgresql": 120_000, "http": 10_000},
    "release": {"memory": 10_000_000, "postgresql": 300_000, "http": 50_000},
}
ROUND: Final = 100
"""Shops of one seed; the next seed follows until there were enough steps."""
WHERE: Final = {
    "coffee-shop": (
        "Joins", "Happens", "Returns", "Reserves", "Ends", "Confirms", "Adjusts", "Night",
        "Publishes", "TakesBack",
    ),
    "games-apart": (
        "Settles", "Gives", "Merges", "Unmerges", "Blocks", "Extends", "Revives", "Forgives",
        "Shares", "Pools",
    ),
    "plans": ("Subscribes", "Turns"),
    "money": ("Pays", "PaysTogether", "Banks", "PaysOut", "Bounces"),
    "clubs": ("Chooses",),
}  # fmt: skip
"""Everything that can happen to a shop that keeps what must happen once, by a program in which it
does; of each there is something on a database every day."""
AT_ONCE: Final = 8
"""Shops of one program that are played one after the other."""
FEW_SHOPS: Final = 6
LEAST_TRIES: Final = 6
"""So often a few shops more are tried for what hardly ever happens."""


def size(driver: str) -> int:
    """Steps to play: `REGULARS_MODEL_STEPS`, or what the size of the run says.

    `REGULARS_TEST_SIZE` is pr when not said, nightly or release.
    """
    chosen = os.environ.get("REGULARS_MODEL_STEPS")
    return int(chosen) if chosen else SIZES[os.environ.get("REGULARS_TEST_SIZE", "pr")][driver]


def first_seed() -> int:
    """`REGULARS_SEED`, a number; the same seed plays the same games.

    When not said: always the same in `make test`, another each night.
    """
    chosen = os.environ.get("REGULARS_SEED")
    if chosen:
        return int(chosen)
    return 1 if "REGULARS_TEST_SIZE" not in os.environ else randrange(10**9)


CORPUS: Final = Path(__file__).parents[1] / "corpus" / "model"
"""Seeds that failed once, a file each; ever after they are played first, by day one of them."""


def failed_before(machine: str) -> list[int]:
    """The seeds with which this machine failed, in order."""
    files = sorted(CORPUS.glob(f"{machine}-*.json"))
    return [int(json.loads(file.read_text("utf-8"))["seed"]) for file in files]


def remember(machine: str, number: int, why: str) -> Path:
    """Keep a seed that failed, to be committed with what mends it."""
    CORPUS.mkdir(parents=True, exist_ok=True)
    file = CORPUS / f"{machine}-{number}.json"
    kept = {"machine": machine, "seed": number, "why": why.strip().splitlines()[:1]}
    file.write_text(json.dumps(kept, indent=2) + "\n", "utf-8")
    return file


def play_again(
    machine: type[Ledger], opens: Callable[[str, datetime], Driver], *, shops: int = ROUND
) -> int:
    """Play what failed before, once each, by day one of them; how many seeds that were."""
    failed = failed_before(machine.__name__)
    seeds = todays(failed, max(len(failed), 1))
    for number in seeds:
        play(machine, opens, steps=1, start=number, shops=shops)
    return len(seeds)


def play(
    machine: type[Ledger],
    opens: Callable[[str, datetime], Driver],
    *,
    steps: int,
    start: int,
    shops: int = ROUND,
    phases: tuple[Phase, ...] = tuple(Phase),
    keep: bool = False,
    tell: Telling | None = None,
) -> Tally:
    """Play at least so many steps and tell how much was played, on the way too where `tell` is
    given; `keep` a seed that fails."""
    tally, number = Tally(), start
    while tally.steps < steps:
        before = tally.steps
        try:
            for few in _some_at_a_time(machine.names, number, shops):
                named = {"open_driver": _opener(opens), "tally": tally, "names": (few.name,)}
                playing = type(machine.__name__, (machine,), named)
                run_state_machine_as_test(
                    seed(few.seed)(playing), settings=_settings(few.shops, phases)
                )
        except BaseException as failed:
            if keep:
                remember(machine.__name__, number, str(failed))
            if tally.why:
                failed.add_note(f"first there was: {tally.why}")
            failed.add_note(f"to see it again: REGULARS_SEED={number}; {tally.steps} steps played")
            raise
        assert tally.steps > before, "nothing was played"
        number += 1
        if tell is not None:
            tell.on_the_way(f"{machine.__name__}: {tally.steps} of {steps} steps")
    return tally


class _Few(NamedTuple):
    name: str
    shops: int
    seed: int


def _some_at_a_time(names: Sequence[str], number: int, shops: int) -> Iterator[_Few]:
    """A few shops of one program, then of another one, all by the one seed.

    Hypothesis goes on from what it drew last: left to itself it opened seven shops of one program
    one after the other, and of a hundred shops none in which a bank pays anything.
    """
    chance = Random(number)
    for _ in range(0, shops, AT_ONCE):
        many = min(AT_ONCE, shops)
        yield _Few(chance.choice(names), many, chance.randrange(2**32))


def agree_and_verify(driver: type[Driver], shop: Shop, size_of: str, shops: int) -> Iterator[str]:
    """Play all the steps of this size in one database, with `verify` after each seed; what was
    played, to be shown, and which kinds of it."""

    def opens(source: str, now: datetime) -> Driver:
        return driver(shop, source, now)  # type: ignore[call-arg]

    play_again(LedgerOnce, opens, shops=shops)
    number, steps, played = first_seed(), size(size_of), 0
    kinds: Counter[str] = Counter()
    while played < steps:
        tally = play(LedgerOnce, opens, steps=1, start=number, shops=shops, keep=True)
        asyncio.run(assert_books_right(shop.made.owner_dsn))
        yield f"seed {number}: {tally}"
        kinds += tally.kinds
        played, number = played + tally.steps, number + 1
    if size_of == "postgresql":
        kinds += _whatever_is_left(kinds, opens, number)
        asyncio.run(assert_books_right(shop.made.owner_dsn))
        yield f"of each kind: {dict(kinds.most_common())}"
        assert nothing_starved(kinds) == []


def nothing_starved(kinds: Counter[str]) -> list[str]:
    """What never happened, or is not known to happen anywhere: it needs a line in `WHERE`."""
    known = {kind for each in WHERE.values() for kind in each}
    return sorted(known ^ {kind for kind, many in kinds.items() if many})


def _whatever_is_left(
    kinds: Counter[str], opens: Callable[[str, datetime], Driver], number: int
) -> Counter[str]:
    """A few shops more where something did not happen by chance; how often it did now."""
    more: Counter[str] = Counter()
    for again in range(LEAST_TRIES):
        for name, each in WHERE.items():
            if all(kinds[kind] or more[kind] for kind in each):
                continue
            few = type("LedgerOnce", (LedgerOnce,), {"names": (name,)})
            more += play(few, opens, steps=1, start=number + again, shops=FEW_SHOPS).kinds
    return more


def _opener(opens: Callable[[str, datetime], Driver]) -> Callable[..., Driver]:
    def open_driver(_self: Ledger, source: str, now: datetime) -> Driver:
        return opens(source, now)

    return open_driver


def _settings(shops: int, phases: tuple[Phase, ...]) -> settings:
    return settings(
        max_examples=shops,
        phases=phases,
        stateful_step_count=30,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
