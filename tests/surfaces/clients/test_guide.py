"""The guide for whoever integrates, command by command against a real server."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.makers import Made
from tests.surfaces.counter import Counter
from tests.surfaces.port import serving

from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database, utc_now
from regulars.runtime.working.night import Night
from regulars.runtime.working.sandboxes import SandboxClocks

pytestmark = pytest.mark.slow
GUIDES = Path(__file__).parents[3] / "docs" / "guides" / "developer"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Step(NamedTuple):
    """A command, and what the guide says that it answers."""

    command: str
    answers: str


def steps(text: str) -> Iterator[Step]:
    blocks = BLOCK.findall(text)
    for place, (kind, command) in enumerate(blocks):
        if kind == "sh":
            yield Step(command, blocks[place + 1][1])


def differs(said: Any, told: Any, where: str = "") -> list[str]:
    """Where an answer is not what the guide tells; it may say more, and `…` stands for any."""
    if isinstance(told, dict) and isinstance(said, dict):
        return [
            one
            for name, each in told.items()
            for one in differs(said.get(name), each, f"{where}/{name}")
        ]
    if isinstance(told, list) and isinstance(said, list):
        return [
            f"{where}: nothing like {each}"
            for each in told
            if not any(differs(one, each, where) == [] for one in said)
        ]
    if isinstance(told, str) and "…" in told:
        fits = isinstance(said, str) and said.startswith(told.partition("…")[0])
        return [] if fits else [f"{where}: {said}"]
    return [] if said == told else [f"{where}: {said}, and not {told}"]


def wrong(step: Step, said: str) -> list[str]:
    """What differs between an answer and the guide."""
    told = step.answers.strip()
    if told.startswith("{"):
        return differs(json.loads(said), json.loads(told))
    return [] if said.split() == told.split() else [said]


async def _nobody(_: int) -> None:
    """Tells nobody."""


@contextmanager
def moving_clocks(database: Made) -> Iterator[None]:
    """The one duty of the worker that sandboxes need, beside the server."""
    over = threading.Event()

    async def move() -> None:
        there = await Database.connect(database.app_dsn, size=2)
        programs = Programs(there)
        night = Night(there, programs)
        clocks = SandboxClocks(night, programs, there, database.owner_dsn, _nobody)
        while not over.is_set():
            await clocks.run(utc_now())
            await asyncio.sleep(0.2)
        await there.close()

    thread = threading.Thread(target=asyncio.run, args=(move(),))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl (apt install curl)")
@pytest.mark.parametrize("guide", ["integrating", "sandbox"])
def test_every_command_of_the_guide_answers_as_it_says(
    database: Made, counter: Counter, tmp_path: Path, guide: str
) -> None:
    found = list(steps((GUIDES / f"{guide}.md").read_text("utf-8")))
    assert len(found) >= 8
    with serving(database, tmp_path) as address, moving_clocks(database):
        place = {"BASE": address, "KEY": counter.key, "TMPDIR": str(tmp_path)}
        for step in found:
            done = subprocess.run(
                ["/bin/sh", "-eu", "-c", step.command], env=os.environ | place,
                check=True, capture_output=True, text=True, timeout=30,
            )  # fmt: skip
            assert wrong(step, done.stdout) == [], step.command


def test_control_an_answer_that_says_otherwise_is_noticed() -> None:
    step = Step("", '{"id": "act_…", "earned": {"points": 46}, "items": [{"id": "a"}]}')
    right = {
        "id": "act_1",
        "earned": {"points": 46, "stamps": 2},
        "items": [{"id": "b"}, {"id": "a"}],
    }
    assert wrong(step, json.dumps(right)) == []
    for name, said in (("id", "mem_1"), ("earned", {"points": 45}), ("items", [{"id": "b"}])):
        assert len(wrong(step, json.dumps(right | {name: said}))) == 1, name
