"""Whatever many write at the same instant, nobody has more of a budget than there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.storm.writers import KINDS, PROGRAM, all_at_once, connected, furnish

from regulars.runtime.storage.database import Database

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop(make_database: Callable[[], Any]) -> Iterator[Shop]:
    shop = Shop.open(make_database(), PROGRAM)
    yield shop
    shop.close()


@pytest.fixture(scope="module")
def many(shop: Shop) -> Iterator[Database]:
    with connected(shop) as database:
        yield database


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("kind", KINDS)
def test_all_together_have_what_there_is(shop: Shop, many: Database, kind: str) -> None:
    furnish(shop, f"w{list(KINDS).index(kind)}")
    asked = KINDS[kind](shop)
    told = all_at_once(shop, asked, many)
    assert asked.had(told) == asked.there


def test_the_books_are_right_after_all_of_it(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))
