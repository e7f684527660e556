"""Killed at any moment, the application loses nothing it promised and does nothing twice."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable

import pytest
from tests.crash.siege import Kill, sane, siege, standing
from tests.turns import NIGHTLY

from regulars.runtime.installation.settings import Settings

pytestmark = pytest.mark.slow

KILLS = 150 if NIGHTLY else 3
SEED = int(os.environ.get("REGULARS_SEED") or random.randrange(10**9))


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("app", ["regulars.runtime.serving.asgi:app", "planted_pause:app"])
def test_what_was_acked_is_there_once_whoever_is_killed(
    make_settings: Callable[..., Settings], app: str
) -> None:
    """The second run waits between COMMIT and answer, so that kills hit the dangerous moment; by
    day it is played in turns with the first and the control."""
    chance = random.Random(SEED)
    with standing(make_settings, app) as house:
        kills: list[Kill] = [house.kill_worker, house.kill_web, house.kill_supervisor]
        kills += chance.choices([house.kill_worker, house.kill_web], [3, 1], k=KILLS - len(kills))
        chance.shuffle(kills)
        found = asyncio.run(siege(house, kills, SEED))
        said = house.said()
    print(f"\nkill the app, {app}: {found}")
    sane(found)
    assert found.unknown > 0, "no kill hit anything on its way; the load is too light"
    assert "internal_error" not in said
    assert "500" not in found.troubles, found
    if app.startswith("planted"):
        assert found.unacked > 0, "no kill hit the moment between COMMIT and answer"


@pytest.mark.in_turns(2)
def test_a_build_that_answers_before_it_commits_is_caught(
    make_settings: Callable[..., Settings],
) -> None:
    with standing(make_settings, "planted_early_answer:app") as house:
        found = asyncio.run(siege(house, [house.kill_worker] * 3, SEED))
    print(f"\nthe control: {found}")
    assert found.lost, found
