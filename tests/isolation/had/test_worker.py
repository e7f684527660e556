"""What the worker does of itself, beside what others ask for: it ends as if one came first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.isolation.had.worker_scenes import FLOWN, FOLLOWED_PAIRS, RATED_PAIRS, SALON
from tests.isolation.scenes import Scene
from tests.isolation.test_interleavings import explore, plant_no_locks, staged
from tests.makers import Shop
from tests.turns import NIGHTLY

pytestmark = pytest.mark.slow

RUNS = 60 if NIGHTLY else 8
MOST_RATED = 10
"""Each run publishes two versions, and whoever asks reads all of them."""
BY_DAY = (
    "rate again × earn", "rate again × return", "rate again × merge",
    "follow associates × follow associates", "follow associates × merge", "follow associates × erase",
)  # fmt: skip
LOCKED = ("rate again × earn", "follow associates × choose by hand")
PLAYED = [(FLOWN, one) for one in RATED_PAIRS] + [(SALON, one) for one in FOLLOWED_PAIRS]


@pytest.fixture(scope="module")
def shop(make_database: Callable[[], Any]) -> Iterator[Shop]:
    opened = Shop.open(make_database(), FLOWN)
    yield opened
    opened.close()


@pytest.mark.in_turns(2)
@pytest.mark.parametrize(
    ("number", "source", "scene"),
    [
        pytest.param(number, source, scene, id=scene.name)
        for number, (source, scene) in enumerate(PLAYED)
        if NIGHTLY or scene.name in BY_DAY
    ],
)
def test_it_ends_as_if_one_came_first(shop: Shop, number: int, source: str, scene: Scene) -> None:
    with staged(shop, scene, f"worker{number}", source) as stage:
        wrong = explore(stage, min(RUNS, MOST_RATED) if source == FLOWN else RUNS)
    if wrong:
        pytest.fail(wrong, pytrace=False)


def test_the_books_are_right_after_all_of_it(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", LOCKED)
def test_without_the_lock_an_order_is_found_that_ends_otherwise(
    make_database: Callable[[], Any], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The control: these scenes must notice when nobody waits for anybody."""
    source, scene = next(one for one in PLAYED if one[1].name == name)
    plant_no_locks(monkeypatch)
    careless = Shop.open(make_database(), source)
    try:
        with staged(careless, scene, "worker0", source) as stage:
            assert explore(stage, 30) is not None
    finally:
        careless.close()


def test_what_is_played_by_day_is_there() -> None:
    names = [scene.name for _, scene in PLAYED]
    assert [name for name in BY_DAY if name not in names] == []
