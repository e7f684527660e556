"""Rows are sent as they always were, and the driver is asked less about each of them."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from uuid import UUID

from asyncpg.pgproto import pgproto
from asyncpg.protocol import protocol

from regulars.runtime.storage.rows import quicken_rows

ASKED = ("IterableABC", "SizedABC", "MappingABC")
FAR = ("infinity_datetime", "negative_infinity_datetime")


def test_the_driver_still_asks_under_the_names_we_answer() -> None:
    quicken_rows()
    # Where a later driver has other names, rows are sent as slowly as before: then look anew.
    asked = [getattr(protocol, name) for name in ASKED]
    assert all(one is object or isinstance(one, tuple) for one in asked), asked
    for name in FAR:
        assert not isinstance(getattr(pgproto, name), datetime), name


def test_answered_twice_nothing_more_changes() -> None:
    quicken_rows()
    before = [getattr(protocol, name) for name in ASKED]
    quicken_rows()
    assert [getattr(protocol, name) for name in ASKED] == before


def test_a_row_is_known_at_once_and_an_array_is_whatever_it_was() -> None:
    quicken_rows()
    iterable, sized, mapping = (getattr(protocol, name) for name in ASKED)
    assert iterable[:2] == (tuple, list)  # before any abstract class is asked
    several = ([1], (1,), {1}, frozenset({1}), range(3), deque([1]), {1: 2}.keys(), {1: 2}.values())
    for array in several:
        assert isinstance(array, iterable)
        assert isinstance(array, sized)
        assert not isinstance(array, mapping)
    assert isinstance({1: 2}, mapping)
    for value in (7, "seven", b"7", UUID(int=7)):
        assert not isinstance(value, iterable)


def test_an_endless_instant_that_is_read_says_what_it_is() -> None:
    """Whoever selects one sees at once where it came from, not an error of JSON far away."""
    quicken_rows()
    for name in FAR:
        assert "no statement here reads" in repr(getattr(pgproto, name))
