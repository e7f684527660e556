"""Every story holds, row by row; afterwards the books of all of them are right."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.stories.playing import play
from tests.stories.reading import read_story, stories

from regulars.records.program.templates import load_template


@pytest.fixture(scope="module")
def street(database: Any) -> Iterator[Shop]:
    """One database for the shops of all stories; `verify` walks through it at the end."""
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    asyncio.run(assert_books_right(database.owner_dsn))
    shop.close()


@pytest.mark.parametrize("name", stories())
def test_the_story_holds(street: Shop, name: str) -> None:
    play(read_story(name), street, f"story-{name}"[:40].rstrip("-"))


def test_there_are_stories() -> None:
    assert len(stories()) >= 15
