"""Of all pairs that can meet in the same rows, some others each night (ADR 0668)."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any, Final

import pytest
from tests.books import assert_books_right
from tests.crash.operations import OPERATIONS, Operation
from tests.isolation.matrix import drawable, footprints, pairs
from tests.isolation.money.test_each_with_itself import NIGHTLY
from tests.isolation.money.test_with_each_other import meet
from tests.isolation.scenes import KIOSK
from tests.isolation.test_interleavings import explore, staged
from tests.makers import Shop
from tests.telling import Telling

pytestmark = pytest.mark.slow

MANY: Final = int(os.environ.get("REGULARS_PAIRS") or (210 if NIGHTLY else 3))
NIGHT: Final = int(
    os.environ.get("REGULARS_NIGHT") or (datetime.now(UTC).toordinal() if NIGHTLY else 0)
)
"""Each night goes on where the one before it ended, so a month of nights plays all of them."""
RUNS: Final = 6
LEAST: Final = 0.9
"""So many of those drawn are played, or the test would prove little: of the others the makings of
the one are in the way of those of the other. Which ones is told each night."""
NOT_TOGETHER: Final = (AssertionError, AttributeError, IndexError, KeyError, ValueError)


@pytest.mark.in_turns(2)
def test_pairs_that_nobody_thought_up_end_as_if_one_came_first(
    make_database: Callable[[], Any], tell: Telling
) -> None:
    shop = Shop.open(make_database(), KIOSK)
    try:
        named = {one.name: one for one in OPERATIONS}
        may = [
            (named[one], named[other])
            for one, other, where in pairs(footprints(shop))
            if where and drawable(named[one], named[other])
        ]
        Random(1).shuffle(may)
        first = NIGHT * MANY
        drawn = [may[(first + place) % len(may)] for place in range(MANY)]
        wrong, unready = [], []
        for number, (one, other) in enumerate(drawn):
            said = _plays(shop, one, other, number)
            (unready if said == "" else wrong).append(f"{one.name} × {other.name}: {said}")
            tell.on_the_way(f"{number + 1} of {MANY} drawn pairs")
        wrong = [one for one in wrong if not one.endswith(": None")]
        played = MANY - len(unready)
        said = f"{len(may)} pairs may meet; of night {NIGHT} {played} of {MANY} were played"
        tell("\n".join([f"{said}; not these:", *unready])) if NIGHTLY else print(f"\n{said}")
        if wrong:
            pytest.fail(f"night {NIGHT}:\n" + "\n".join(wrong), pytrace=False)
        assert played >= LEAST * MANY, unready
        shop.run(assert_books_right(shop.made.owner_dsn))
    finally:
        shop.close()


def _plays(shop: Shop, one: Operation, other: Operation, number: int) -> str | None:
    """What was wrong with the first bad order; nothing said where they are not made together,
    whichever of the two is made ready first."""
    source = one.source or other.source or KIOSK
    for turn, pair in enumerate(((one, other), (other, one))):
        scene = meet(*pair)
        with staged(shop, scene, f"drawn{number}-{turn}", source) as stage:
            try:
                for n, given in stage.make_ready():
                    scene.left(n, given), scene.right(n, given)
            except NOT_TOGETHER:
                continue
            return explore(stage, RUNS)
    return ""
