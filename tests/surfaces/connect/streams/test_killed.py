"""The process that reads is killed for good in the midst of it; whoever goes on misses nothing,
and nothing counts twice."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.surfaces.connect.streams.flow import Flow, sale
from tests.surfaces.counter import Counter

ROOT = Path(__file__).parents[4]
MESSAGES = 300
_KEPT = "select count(*) from arrival where program_id = $1 and inlet_id = $2::text::uuid"


@contextmanager
def process(flow: Flow) -> Iterator[None]:
    """One life of the worker, which ends by SIGKILL."""
    made = flow.shop.made
    module = "tests.surfaces.connect.streams.worker_process"
    command = [sys.executable, "-m", module, made.owner_dsn, made.app_dsn, "600"]
    one = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert one.stdout is not None
        assert one.stdout.readline() == "on duty\n"
        yield
    finally:
        one.kill()
        one.communicate()


def kept(flow: Flow) -> int:
    return int(flow.shop.rows(_KEPT, flow.made["id"].removeprefix("inl_"))[0][0])


def until(flow: Flow, many: int) -> None:
    ends = time.monotonic() + 60
    while kept(flow) < many:
        assert time.monotonic() < ends, (kept(flow), flow.shown())
        time.sleep(0.01)


def dies_in_the_midst(flow: Flow, **entry: Any) -> None:
    """Three hundred sales; who reads them is killed after some, and another process goes on."""
    flow.shop.now = datetime.now(UTC)
    flow.put(*(sale(str(number), "1.00", flow.mark) for number in range(MESSAGES)))
    flow.from_stream(**entry)
    with process(flow):
        until(flow, MESSAGES // 5)
    assert kept(flow) < MESSAGES, "it was not killed in the midst"
    flow.later(hours=1)
    assert flow.look(turn_s=1.0)["problem"] == ""
    flow.book()
    assert kept(flow) == MESSAGES
    assert flow.points(f"shop-{flow.mark}") == MESSAGES


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("machine", ["nats", "kafka"])
def test_nothing_is_missing_however_the_reading_process_ends(
    counter: Counter, machine: str, request: pytest.FixtureRequest
) -> None:
    flow = Flow(counter, request.getfixturevalue(machine))
    dies_in_the_midst(flow)
    counter.ask("DELETE", flow.place)
