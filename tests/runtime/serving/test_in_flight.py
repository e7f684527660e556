"""The next batch is decided as the one before goes to the disk, not before, where disks are slow;
where they are quick, it waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from regulars.flows.commands import RecordActivity
from regulars.records.members.types import MemberRef
from regulars.runtime.serving.gate import Gate
from regulars.runtime.serving.gathering import LONGEST_S, OFTEN, Gathering, same_ask
from regulars.runtime.serving.pace import Pace


class _Stage:
    """A database and a flow whose steps wait until the test lets them go on."""

    def __init__(self) -> None:
        self.thinks, self.flushes = asyncio.Semaphore(0), asyncio.Semaphore(0)
        self.begun: list[list[str]] = []
        self.ended: list[int] = []

    @asynccontextmanager
    async def transaction(self, program_id: int) -> AsyncIterator[int]:
        yield len(self.begun)
        await self.flushes.acquire()

    async def terms(self, program_id: int) -> None: ...

    async def flow(self, tx: int, terms: Any, batch: Sequence[RecordActivity]) -> list[str]:
        self.begun.append([str(command.member.card) for command in batch if command.member])
        await self.thinks.acquire()
        return self.begun[tx]


class _Known(Pace):
    """A disk of which it is known how quick it is."""

    def __init__(self, slow: bool) -> None:
        super().__init__()
        self.slow = slow

    @property
    def disk_is_slow(self) -> bool:
        return self.slow


def _on_stage(act: Callable[[_Stage, Callable[[str], Any]], Any], *, slow: bool = True) -> None:
    async def play() -> None:
        stage = _Stage()
        gate = Gate(stage, stage, pace=_Known(slow))  # type: ignore[arg-type]
        await act(stage, lambda who: gate.submit(1, stage.flow, _visit(who)))

    asyncio.run(play())


def _visit(who: str) -> RecordActivity:
    return RecordActivity("visit", MemberRef(card=who))


async def _settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def _begun(stage: _Stage, batches: int) -> None:
    """Wait until so many batches began, of which the last may have been gathered for a while."""
    async with asyncio.timeout(5):
        while len(stage.begun) < batches:
            await asyncio.sleep(0.001)


def test_who_comes_while_a_batch_is_decided_waits_for_the_next_one_together() -> None:
    async def act(stage: _Stage, ask: Callable[[str], Any]) -> None:
        first = ask("ann")
        await _settle()
        later = [ask("ben"), ask("cem")]
        await _settle()
        assert stage.begun == [["ann"]]
        stage.thinks.release()
        await _settle()
        assert stage.begun == [["ann"], ["ben", "cem"]]  # ann's batch is still on its way to disk
        assert not first.done()
        stage.thinks.release()
        stage.flushes.release()
        stage.flushes.release()
        assert await first == "ann"
        assert await asyncio.gather(*later) == ["ben", "cem"]

    _on_stage(act)


def test_where_the_disk_is_quick_a_batch_waits_for_the_one_before() -> None:
    async def act(stage: _Stage, ask: Callable[[str], Any]) -> None:
        asked = []
        for who in ("ann", "ben", "cem"):
            asked.append(ask(who))
            stage.thinks.release()
            await _settle()
        assert stage.begun == [["ann"]]
        stage.flushes.release()
        await _begun(stage, 2)
        assert stage.begun == [["ann"], ["ben", "cem"]]
        stage.flushes.release()
        assert await asyncio.gather(*asked) == ["ann", "ben", "cem"]

    _on_stage(act, slow=False)


def test_who_comes_back_again_and_again_goes_together_with_who_waited() -> None:
    async def act(stage: _Stage, ask: Callable[[str], Any]) -> None:
        async def often(who: str) -> None:
            for time in range(OFTEN + 1):
                await ask(f"{who} {time}")

        asked = [asyncio.ensure_future(often(who)) for who in ("ann", "ben")]
        for time in range(1, OFTEN + 1):
            await _begun(stage, time)
            assert stage.begun[-1] == [f"ann {time - 1}", f"ben {time - 1}"]
            stage.thinks.release()
            if time == OFTEN:
                waited = ask("cem")
                await asyncio.sleep(0.02)  # a batch that takes long lets more time to come back
            stage.flushes.release()
        await _begun(stage, OFTEN + 1)
        assert stage.begun[-1] == ["cem", f"ann {OFTEN}", f"ben {OFTEN}"]
        stage.thinks.release()
        stage.flushes.release()
        assert await waited == "cem"
        await asyncio.gather(*asked)

    _on_stage(act, slow=False)


def test_many_who_ask_once_wait_for_nobody() -> None:
    assert same_ask(answered=16, late=2)  # all came back soon after they were answered
    assert not same_ask(answered=12, late=3)  # as many come at any time
    assert not same_ask(answered=1, late=0)


def test_who_waited_goes_soon_when_nobody_comes_back() -> None:
    async def act(stage: _Stage, ask: Callable[[str], Any]) -> None:
        for _ in range(3):
            stage.thinks.release()
            stage.flushes.release()
        for who in ("ann", "ben", "cem"):
            assert await asyncio.wait_for(ask(who), 5) == who
        assert stage.begun == [["ann"], ["ben"], ["cem"]]

    _on_stage(act, slow=False)


def test_gathering_ends_with_the_last_who_was_expected_or_when_nobody_came_meanwhile() -> None:
    gathering = Gathering(wanted=3, took=0.01)
    assert not gathering.complete(2)
    assert gathering.complete(3)
    assert gathering.goes_on(0)  # the first look may be before anybody can have heard
    assert gathering.goes_on(1)
    assert not gathering.goes_on(1)
    endless = Gathering(wanted=100, took=5.0)
    looks = [endless.goes_on(came) for came in range(10)]
    assert endless.pause * looks.index(False) < LONGEST_S


def test_a_disk_is_slow_by_what_deciding_takes() -> None:
    pace = Pace()
    assert pace.disk_is_slow  # nothing is known yet
    for _ in range(50):
        pace.note(0.012, 0.001)
    assert not pace.disk_is_slow
    for _ in range(50):
        pace.note(0.012, 0.004)
    assert pace.disk_is_slow
    for _ in range(5):
        pace.note(0.012, 0.001)  # a few batches change no mind
    assert pace.disk_is_slow


def test_a_third_batch_waits_until_one_is_on_the_disk() -> None:
    async def act(stage: _Stage, ask: Callable[[str], Any]) -> None:
        asked = []
        for who in ("ann", "ben", "cem"):
            asked.append(ask(who))
            stage.thinks.release()
            await _settle()
        assert stage.begun == [["ann"], ["ben"]]
        stage.flushes.release()
        await _settle()
        assert stage.begun == [["ann"], ["ben"], ["cem"]]
        for _ in "bc":
            stage.flushes.release()
        assert await asyncio.gather(*asked) == ["ann", "ben", "cem"]

    _on_stage(act)


@pytest.mark.parametrize("trouble", [ValueError("planted"), KeyError("planted")])
def test_a_batch_that_fails_holds_up_nobody(trouble: Exception) -> None:
    async def act(stage: _Stage, ask: Callable[[str], Any]) -> None:
        real, troubles = stage.flow, [trouble]

        async def stumbles(tx: int, terms: Any, batch: Sequence[RecordActivity]) -> list[str]:
            if troubles:
                raise troubles.pop()
            return await real(tx, terms, batch)

        stage.flow = stumbles  # type: ignore[method-assign]
        first = ask("ann")
        await _settle()
        with pytest.raises(type(trouble)):
            await first
        for gate_of in (stage.thinks, stage.flushes):
            gate_of.release()
        assert await asyncio.wait_for(ask("ben"), 5) == "ben"

    _on_stage(act)


@pytest.mark.parametrize("told", [[], None, ["ann", "ben", "cem"]])
def test_a_flow_that_does_not_answer_each_leaves_nobody_waiting(told: Any) -> None:
    async def act(stage: _Stage, ask: Callable[[str], Any]) -> None:
        async def forgets(tx: int, terms: Any, batch: Sequence[RecordActivity]) -> Any:
            return told

        stage.flow = forgets  # type: ignore[method-assign]
        asked = [ask("ann"), ask("ben")]
        for _ in range(4):
            stage.flushes.release()
        answers = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 5)
        assert all(isinstance(one, AssertionError | TypeError) for one in answers)

    _on_stage(act)
