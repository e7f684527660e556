"""Hands are forked off one program, asked often, and none is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from tests.surfaces.connect.moving.reading import PLACE

from regulars.runtime.importing import crew, readers
from regulars.runtime.importing.asking import Wanted, find_mapping, find_sources
from regulars.runtime.importing.crew import Crew
from regulars.runtime.problems import SetupProblem

HEAD = "kind,member_id,external_id,occurred_at\n"
SAYS_ITS_NUMBER = """
import os, socket, sys
with socket.socket(fileno=int(sys.argv[2])) as line:
    told = line.recv(100)
    line.sendall((4).to_bytes(8, "big") + b"what")
"""


def visits(folder: Path, kind: str) -> Path:
    """A file of visits, as it is or as Parquet, which is read by threads of a library."""
    path = folder / "activities.csv"
    lines = [f"visit,mem_{n:032x},r{n},2024-03-01T10:00:00Z\n" for n in range(4_500)]
    path.write_text(HEAD + "".join(lines))
    if kind == "parquet":
        import polars as pl

        pl.read_csv(path, infer_schema=False).write_parquet(folder / "activities.parquet")
    return folder / f"activities.{kind}"


async def read(path: Path, hands: Crew) -> int:
    mapping, text = find_mapping("")
    wanted = Wanted("x", find_sources([str(path)], mapping), mapping, text, workers=2)
    return sum([piece.read async for piece in readers.read_files(wanted, PLACE, hands)])


@pytest.fixture
def small_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "WORTH_READERS", 0)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_hands_are_asked_twice_and_started_once(
    tmp_path: Path, small_is_worth_it: None, kind: str
) -> None:
    async def twice() -> tuple[int, int, int]:
        path, others = visits(tmp_path, kind), set(psutil.Process().children())
        async with Crew(2) as hands:
            first = await read(path, hands)
            second = await read(path, hands)
            (one,) = set(psutil.Process().children()) - others
            forked = one.children()
        assert not any(each.is_running() for each in [one, *forked])
        return first, second, len(forked)

    assert asyncio.run(twice()) == (4_500, 4_500, 2)


@pytest.mark.slow
def test_a_hand_that_is_killed_is_missed_and_the_other_ends_with_it(
    tmp_path: Path, small_is_worth_it: None
) -> None:
    async def struck() -> list[psutil.Process]:
        others = set(psutil.Process().children())
        async with Crew(2) as hands:
            await read(visits(tmp_path, "csv"), hands)
            (one,) = set(psutil.Process().children()) - others
            forked = one.children()
            os.kill(forked[0].pid, signal.SIGKILL)
            with pytest.raises(SetupProblem, match="A program that reads the files fell"):
                await read(tmp_path / "activities.csv", hands)
        return forked

    assert not any(each.is_running() for each in asyncio.run(struck()))


def test_an_answer_nobody_asked_for_is_a_mistake_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "_COMMAND", (sys.executable, "-c", SAYS_ITS_NUMBER))

    async def ask() -> None:
        async with Crew(1) as hands:
            (hand,) = await hands.hands()
            hand.ask(datetime.now(UTC).isoformat().encode())
            await hand.done()

    with pytest.raises(AssertionError, match="what"):
        asyncio.run(ask())
