"""The same activities and returns, told in any order, end at the same points and tiers."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

import pytest
from tests.model.events import Event, Happens, Joins, Night, Returns
from tests.model.in_memory import InMemory
from tests.model.makings import BASKETS, STARTS
from tests.model.programs import NAMES, ZONES, source_of, unbound

from regulars.records.program import types as t
from regulars.records.program.reading import read_program

HOURS = 24 * 120
GAMES = {"pr": 300, "nightly": 20_000, "release": 100_000}
GROUPS = 4


@cache
def free(name: str, zone: str) -> str:
    """A program of this name whose limits never bind."""
    return unbound(read_program(source_of(name, zone)))


def history(rng: Random, program: t.Program) -> list[Event]:
    """Things somebody does in some months, each at an instant of its own, in order."""
    begun, told = STARTS[0], []
    for number in range(rng.randrange(3, 10)):
        at = begun + timedelta(hours=rng.randrange(HOURS), seconds=2 * number)
        if rng.random() < 0.2:
            told.append(Happens("visit", "ada", f"v{number}", at=at))
            continue
        basket = rng.choice(BASKETS)
        told.append(Happens("purchase", "ada", f"r{number}", at=at, basket=basket))
        if rng.random() < 0.4:
            back = at + timedelta(hours=rng.randrange(1, HOURS // 2), seconds=1)
            whole = rng.random() < 0.5
            pieces = () if whole else ((rng.randrange(len(basket.lines)), 1),)
            told.append(Returns(f"r{number}", pieces, f"b{number}", at=back))
    return sorted(told, key=lambda one: one.at)


def ends(source: str, told: list[Event]) -> tuple[Any, int]:
    """Points of each deed, balances and tier after this was told; and how often it was restated."""
    shop = InMemory(source, STARTS[0])
    shop.do(STARTS[0], Joins("ada"))
    now = STARTS[0] + timedelta(hours=2 * HOURS)
    for event in told:
        answer = shop.do(now, event)
        assert answer.what in ("recorded", "waiting"), (event, answer)
    shop.do(now + timedelta(hours=1), Night())
    state = shop.states["ada"]
    assert state.story is not None
    deeds = {sale.activity.external_id: sale.steps for sale in state.story.sales.values()}
    picture = shop.pictures()["ada"]
    # Since when somebody has no tier depends on who looked when; which they have, and until when
    # and since when, does not.
    held = (state.tier, state.tier_since, state.tier_until) if state.tier else (None, None, None)
    lots: Counter[Any] = Counter()
    for lot in picture.lots:
        lots[lot[0], lot[4]] += lot[2]
    found = (
        {name: (steps.given, steps.credit, steps.tier) for name, steps in deeds.items()},
        picture.balances, lots, held, picture.counters,
    )  # fmt: skip
    return found, sum(steps.times for steps in deeds.values())


def told_in_any_order(name: str, number: int, rng: Random) -> int:
    """Play one history of this program in three orders; how often a deed was decided anew."""
    source, restated = free(name, rng.choice(ZONES)), 0
    told = history(rng, read_program(source))
    wanted, _ = ends(source, told)
    for _ in range(2):
        found, times = ends(source, rng.sample(told, len(told)))
        assert found == wanted, (name, number, told)
        restated += times
    return restated


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("group", range(GROUPS))
def test_any_order_of_arrival_ends_the_same_in_random_programs(group: int) -> None:
    chosen = os.environ.get("REGULARS_SHUFFLED")
    games = int(chosen) if chosen else GAMES[os.environ.get("REGULARS_TEST_SIZE", "pr")]
    games, restated = games // GROUPS, 0
    for number in range(games):
        rng = Random(number * GROUPS + group)
        restated += told_in_any_order(rng.choice(NAMES), number * GROUPS + group, rng)
    assert restated > games // 20, "hardly anything came late enough to matter"
