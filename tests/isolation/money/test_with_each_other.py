"""Two different things that are asked for about one member at once: it ends as if one came first.

Each is one of the operations that are failed at every statement (tests/crash/operations.py), with
what must be there before it; both are made ready for the same members, one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.crash.operations import OPERATIONS, Operation
from tests.isolation.money.test_each_with_itself import NIGHTLY, under
from tests.isolation.scenes import KIOSK, Scene
from tests.isolation.test_interleavings import explore, staged
from tests.makers import Shop

pytestmark = pytest.mark.slow

RUNS = 60 if NIGHTLY else 8
PAIRS = (
    ("pay a bill", "settle prizes"),
    ("pay a bill", "grant a claim"),
    ("grant a claim", "settle prizes"),
    ("grant a claim", "erase"),
    ("transfer", "settle prizes"),
    ("merge", "grant a claim"),
    ("pay a bill", "book an appointment"),
    ("book an appointment", "settle prizes"),
    ("choose one of several", "use a benefit"),
)
BY_DAY = 3
"""The first so many by day; all of them each night."""


def _operation(name: str) -> Operation:
    return next(one for one in OPERATIONS if one.name == name)


def meet(one: Operation, other: Operation) -> Scene:
    """Two ask, each for another thing, with what each of them needs.

    Where one makes a version for each run, what was decided by the first one lies further back
    with each: nothing is compared of by which version somebody was dealt with.
    """
    if other.publishes == "a program":
        one, other = other, one

    def before(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
        left, noon = one.before(shop, ns), shop.now
        right = other.before(shop, ns)
        shop.now = max(shop.now, noon)
        return list(zip(left, right, strict=True))

    left, right = under("l", one.ask), under("r", other.ask)
    return Scene(
        f"{one.name} × {other.name}",
        lambda n, given: left(n, given[0]),
        lambda n, given: right(n, given[1]),
        before,
        differ=None,
        at_once=min(one.at_once, other.at_once),
        books_only=True,
        apart_from=("trail",) if one.publishes or other.publishes else (),
    )


@pytest.fixture(scope="module")
def shop(make_database: Callable[[], Any]) -> Iterator[Shop]:
    opened = Shop.open(make_database(), KIOSK)
    yield opened
    opened.close()


@pytest.mark.parametrize("names", PAIRS if NIGHTLY else PAIRS[:BY_DAY], ids=" × ".join)
def test_they_end_as_if_one_came_first(shop: Shop, names: tuple[str, str]) -> None:
    scene = meet(*map(_operation, names))
    with staged(shop, scene, f"each-other-{PAIRS.index(names)}") as stage:
        wrong = explore(stage, RUNS)
    if wrong:
        pytest.fail(wrong, pytrace=False)


def test_the_books_are_right_after_all_of_them(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))
