"""The process that sends is killed for good in mid-delivery; the next one goes on, and nothing is
missing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.makers import Shop
from tests.runtime.working.hooks.receiver import Receiver, receiver
from tests.runtime.working.hooks.storm import TYPE, Came, Storm
from tests.runtime.working.hooks.town import BY
from tests.runtime.working.senders.test_messages import SOURCE

from regulars.flows.telling.hooks.keep_hooks import (
    MakeHook,
    ReplayHook,
    make_hooks,
    replay_hooks,
)
from regulars.records.outbox.hooks.rules import LEASE

ROOT = Path(__file__).parents[4]
EVENTS = 400
_WAIT = "select count(*) from hook_sending where program_id = $1 and state <> 'delivered'"
_HELD = "select count(*) from hook_line where program_id = $1 and turn > 0 and done < planned"
_REPLAYS = "select count(*) from hook_replay where program_id = $1"


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    opened = Shop.open(fresh_database, SOURCE)
    yield opened
    opened.close()


@contextmanager
def process(shop: Shop, lives: int) -> Iterator[subprocess.Popen[str]]:
    """One life of the worker, which ends by SIGKILL."""
    ahead = str((LEASE * lives).total_seconds() * 1.5)
    module = "tests.runtime.working.hooks.worker_process"
    command = [sys.executable, "-m", module, shop.made.owner_dsn, shop.made.app_dsn, ahead]
    one = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert one.stdout is not None
        assert one.stdout.readline() == "on duty\n"
        yield one
    finally:
        one.kill()
        one.communicate()


def until(what: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not what():
        assert time.monotonic() < ends, "it never comes"
        time.sleep(0.02)


def test_nothing_is_missing_however_the_sending_process_ends(shop: Shop) -> None:
    made = Storm(shop, 7)
    with receiver() as house:
        shop.now = datetime.now(UTC)
        wish = MakeHook("Warehouse", house.url, (TYPE,), BY)
        (hook,) = shop.do(lambda tx, _: make_hooks(tx, [wish]))
        since = shop.now
        while len(made.events) < EVENTS:
            made.happens(60)
        for lives in (0, 1):
            came = len(house.came)
            with process(shop, lives):
                until(lambda came=came: len(house.came) > came + EVENTS // 8)  # type: ignore
            assert shop.rows(_WAIT)[0][0] > 0
            assert shop.rows(_HELD)[0][0] > 0, "no kill hit a line that was being sent"
        with process(shop, 2):
            until(lambda: shop.rows(_WAIT) == [(0,)] and len(ids(house)) >= len(made.events))
            assert right(made, house) == []
            first = len(house.came)
            replay = ReplayHook(hook.hook.hook_id, BY, since=since)
            shop.do(lambda tx, _: replay_hooks(tx, [replay]))
        with process(shop, 3):
            until(lambda: shop.rows(_REPLAYS) == [(0,)] and shop.rows(_WAIT) == [(0,)])
        again = {came.id for came in house.came[first:]}
        assert again == made.events.keys()
        assert right(made, house) == []


def ids(house: Receiver) -> set[str]:
    return {came.id for came in house.came}


def right(made: Storm, house: Receiver) -> list[str]:
    """What is not as promised, by the same judgement as of the storm."""
    made.wire.came = {house.url: [Came(came.id, came.body) for came in house.came]}
    return made.wrong_at(house.url)
