"""Ids sort as they were made, and no two processes make the same."""

from __future__ import annotations

import os
from itertools import pairwise

from regulars.base.ids import as_ours
from regulars.records.activity.types import NOBODY
from regulars.runtime.storage import ids
from regulars.runtime.storage.ids import Ids


def test_ids_of_many_milliseconds_sort_as_they_were_made(monkeypatch) -> None:
    clock = iter(range(10**18, 10**19, 400_000))  # two or three of a millisecond
    monkeypatch.setattr(ids.time, "time_ns", lambda: next(clock))
    maker = Ids()
    made = [maker.new_id() for _ in range(1_000)]
    assert all(one.bytes < other.bytes for one, other in pairwise(made))
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}


def test_what_was_drawn_ahead_is_nobody_elses_after_a_fork(monkeypatch) -> None:
    maker = Ids()
    next(maker._beginnings)  # from now on 63 more are drawn
    drawn = []
    real = os.urandom
    monkeypatch.setattr(ids.os, "urandom", lambda n: drawn.append(n) or real(n))
    next(maker._beginnings)
    assert drawn == []
    monkeypatch.setattr(ids.os, "getpid", lambda: -1)  # as if in a child
    next(maker._beginnings)
    assert drawn == [640]


def test_an_id_read_elsewhere_is_the_same_in_our_form() -> None:
    one = type(NOBODY).__mro__[1](int=5)  # as a file or a message gives it
    assert as_ours(one) == one
    assert hash(as_ours(one)) == hash(one)
    assert type(as_ours(one)) is type(NOBODY)
