"""What is told of a balance is right where the clocks of two servers differ."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.surfaces.connect.square import test_hooks as hooks
from tests.surfaces.connect.square.around.post import Post, thing

from regulars.runtime.storage import ids
from regulars.runtime.storage.ids import Ids

house, opened, post = hooks.house, hooks.opened, hooks.post


@pytest.fixture
def server(post: Post, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Whoever books next is another server, whose clock is so many seconds off."""
    database: Any = post.counter.shop.database
    was = database.ids

    def another(off_s: float) -> None:
        shifted = SimpleNamespace(time_ns=lambda: time.time_ns() + int(off_s * 1e9))
        monkeypatch.setattr(ids, "time", shifted)
        database.ids = Ids()

    yield another
    database.ids = was


def balances(bodies: list[Any]) -> list[tuple[int, int]]:
    found = [thing(one) for one in bodies if "updated" in one["type"]]
    return [(one["balance"], one["lifetime_points"]) for one in found]


def test_balances_follow_the_order_of_the_books_and_not_the_clocks(post: Post, server: Any) -> None:
    hook = post.subscribed("loyalty.account.updated")
    ada = post.joined("+14155551236")
    for off_s, points in ((0, 5), (-3, 6), (2, 7), (-4, 8)):
        server(off_s)
        post.given(ada, points)
    assert balances(post.go(hook)) == [(5, 5), (11, 11), (18, 18), (26, 26)]


def test_what_was_told_in_an_earlier_round_counts_whatever_its_clock_said(
    post: Post, server: Any
) -> None:
    hook = post.subscribed("loyalty.account.updated")
    ada = post.joined("+14155551237")
    told = []
    for off_s, points in ((0, 5), (-3, 6), (2, 7), (-4, 8)):
        server(off_s)
        post.given(ada, points)
        told += balances(post.go(hook))
    assert told == [(5, 5), (11, 11), (18, 18), (26, 26)]
    assert post.account(ada)["balance"] == 26


def changes(bodies: list[Any]) -> list[str]:
    return [thing(one)["updated_at"] for one in bodies if "updated" in one["type"]]


def test_whoever_keeps_the_newest_account_keeps_the_one_that_was_booked_last(
    post: Post, server: Any
) -> None:
    """A consumer that leaves out what is no newer than what it has would else stay behind."""
    hook = post.subscribed("loyalty.account.updated")
    ada = post.joined("+14155551238")
    read, told = list[str](), list[str]()
    for round_ in ([(0, 5), (-3, 6)], [(2, 7), (-4, 8), (-5, 9)], [(0, 1)]):
        for off_s, points in round_:
            post.counter.shop.now += timedelta(seconds=off_s)
            server(off_s)
            post.given(ada, points)
            read.append(post.account(ada)["updated_at"])
            post.counter.shop.now += timedelta(seconds=0.25 - off_s)
        told += changes(post.go(hook))
    assert read == sorted(set(read))
    assert told == read
    assert balances_of(post, ada) == 36


def balances_of(post: Post, account: str) -> int:
    return int(post.account(account)["balance"])
