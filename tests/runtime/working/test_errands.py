"""Errands: one after the other, told how far they are, stopped, given up, begun again."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest
from tests.makers import Shop, buys, by

from regulars.base.faults import Invalid
from regulars.flows.errands.carry_errands import MOST_FALLS, take_errand
from regulars.flows.errands.keep_errands import (
    MOST_OPEN,
    AskErrand,
    TooManyErrands,
    ask_errand,
    forget_errand,
    stop_errand,
)
from regulars.records.access.staff.types import By
from regulars.records.errands import read
from regulars.records.errands.types import Errand
from regulars.records.program.templates import load_template
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.storage.database import Database
from regulars.runtime.working.errands import duty as duties
from regulars.runtime.working.errands.child import carry_out
from regulars.runtime.working.errands.duty import Errands
from regulars.runtime.working.errands.order import AWAY_CODE, Order, Telling

SOURCE = load_template("coffee-shop")


@pytest.fixture(scope="module")
def shop(database: Any) -> Iterator[Shop]:
    opened = Shop.open(database, SOURCE)
    opened.joined("ada")
    opened.record(*[buys(by(external="ada"), 1000 + n, receipt=f"r{n}") for n in range(3)])
    yield opened
    opened.close()


def asked(shop: Shop, kind: Any = "trial", **ask: Any) -> UUID:
    errand_id = uuid4()
    wish = AskErrand(errand_id, kind, "summer", ask, By(words="mia"))
    shop.do(lambda tx, _: ask_errand(tx, wish))
    return errand_id


def kept(shop: Shop, errand_id: UUID) -> Errand:
    found: Errand | None = shop.do(lambda tx, _: read.errand(tx, errand_id))
    assert found is not None
    return found


def order(shop: Shop, errand_id: UUID) -> Order:
    """As the worker hands it to a program."""
    one: Errand = shop.do(lambda tx, _: take_errand(tx, errand_id))
    made = shop.made
    return Order(
        shop.program_id, errand_id, one.kind, one.tries, one.ask, made.owner_dsn, made.app_dsn, "/"
    )


def seen_to(shop: Shop, tmp_path: Path, until: Any, rounds: int = 300) -> None:
    """The worker's duty goes round until this is so."""

    async def go() -> None:
        database = await Database.connect(shop.made.app_dsn, size=2)
        one = Errands(database, Addresses(shop.made.owner_dsn, shop.made.app_dsn), tmp_path)
        try:
            for _ in range(rounds):
                await one.run(database.clock())
                if await until(database, one):
                    return
                await asyncio.sleep(0.1)
            raise AssertionError("it never came to that")
        finally:
            one.close()
            await database.close()

    asyncio.run(go())


def ended(shop: Shop, errand_id: UUID) -> Any:
    async def look(database: Database, _: Errands) -> bool:
        async with database.transaction(shop.program_id) as tx:
            one = await read.errand(tx, errand_id)
        return one is not None and not one.is_open

    return look


def test_a_draft_is_tried_by_a_program_of_its_own(shop: Shop, tmp_path: Path) -> None:
    dearer = SOURCE.partition("\ncases:")[0].replace("points: 1, per:", "points: 3, per:", 1)
    before = shop.counts()
    errand_id = asked(
        shop, draft="summer", revision=1, source=dearer, version=1, against=SOURCE
    )  # fmt: skip
    seen_to(shop, tmp_path, ended(shop, errand_id))
    one = kept(shop, errand_id)
    assert (one.state, one.says, one.tries) == ("done", "", 1), one
    assert one.outcome is not None
    assert one.outcome["winners"]["more"][0] == 1
    assert one.outcome["cost_minor"][1] > one.outcome["cost_minor"][0]
    assert "ada" not in str(one.outcome)
    more = {name: before[name] + 1 for name in ("errand", "staff_act")}
    assert shop.counts() == before | more


def test_what_is_asked_twice_is_done_once_and_only_so_many_wait(shop: Shop) -> None:
    wish = AskErrand(uuid4(), "trial", "x", {}, By(words="mia"))
    for _ in range(2):
        shop.do(lambda tx, _: ask_errand(tx, wish))
    mine = [wish.errand_id, *(asked(shop) for _ in range(MOST_OPEN - 1))]
    with pytest.raises(TooManyErrands):
        asked(shop)
    for errand_id in mine:
        shop.do(lambda tx, _, id_=errand_id: forget_errand(tx, id_))
        assert kept(shop, errand_id).state == "waiting"
        shop.do(lambda tx, _, id_=errand_id: stop_errand(tx, id_))
        assert kept(shop, errand_id).state == "stopped"
        shop.do(lambda tx, _, id_=errand_id: forget_errand(tx, id_))
        assert shop.do(lambda tx, _, id_=errand_id: read.errand(tx, id_)) is None


def test_how_far_it_is_stands_there_while_it_is_done(shop: Shop) -> None:
    errand_id = asked(shop)
    seen: list[tuple[str, int, int]] = []

    async def deed(_: Order, telling: Telling) -> dict[str, Any]:
        telling.begins("Deciding under the draft", 500)
        telling.advances(120)
        for _ in range(100):
            await asyncio.sleep(0.05)
            seen.append(await _far(shop, errand_id))
            if seen[-1][0]:
                break
        return {"came": 1}

    shop.run(carry_out(order(shop, errand_id), deed))
    assert seen[-1] == ("draft", 500, 120)
    one = kept(shop, errand_id)
    assert (one.state, one.outcome) == ("done", {"came": 1})


async def _far(shop: Shop, errand_id: UUID) -> tuple[str, int, int]:
    async with shop.database.transaction(shop.program_id) as tx:
        one = await read.errand(tx, errand_id)
    assert one is not None
    return one.stage, one.total, one.done


def test_a_fault_is_said_and_too_large_is_said(shop: Shop) -> None:
    async def faulty(_: Order, __: Telling) -> dict[str, Any]:
        raise Invalid("this file is not here any more; bring it again")

    async def large(_: Order, __: Telling) -> dict[str, Any]:
        raise MemoryError

    for deed, says in ((faulty, "bring it again"), (large, "more memory")):
        errand_id = asked(shop)
        shop.run(carry_out(order(shop, errand_id), deed))
        one = kept(shop, errand_id)
        assert one.state == "failed"
        assert says in one.says


def test_an_attempt_that_was_given_up_writes_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    errand_id = asked(shop)
    first = order(shop, errand_id)
    shop.do(lambda tx, _: duties.give_up_errand(tx, errand_id, fell=True))
    second = order(shop, errand_id)
    assert (first.tries, second.tries) == (1, 2)

    async def late(_: Order, __: Telling) -> dict[str, Any]:
        return {"came": "late"}

    gone: list[int] = []

    def go(code: int) -> None:
        gone.append(code)
        raise SystemExit

    monkeypatch.setattr("regulars.runtime.working.errands.child.os._exit", go)
    with suppress(SystemExit):
        shop.run(carry_out(first, late))
    assert gone == [0]
    assert kept(shop, errand_id).outcome is None
    shop.run(carry_out(second, late))
    assert kept(shop, errand_id).outcome == {"came": "late"}


def test_who_falls_three_times_has_failed_and_who_was_to_stop_has_stopped(shop: Shop) -> None:
    errand_id = asked(shop)
    for _ in range(MOST_FALLS):  # a server that starts anew is no fall
        assert order(shop, errand_id)
        shop.do(lambda tx, _: duties.give_up_errand(tx, errand_id, fell=False))
        assert kept(shop, errand_id).state == "waiting"
    for _ in range(MOST_FALLS):
        assert order(shop, errand_id)
        shop.do(lambda tx, _: duties.give_up_errand(tx, errand_id, fell=True))
    assert kept(shop, errand_id).state == "failed"
    other = asked(shop)
    assert order(shop, other)
    shop.do(lambda tx, _: stop_errand(tx, other))
    assert kept(shop, other).state == "running"
    shop.do(lambda tx, _: duties.give_up_errand(tx, other, fell=True))
    assert kept(shop, other).state == "stopped"


def test_a_program_is_stopped_and_one_whose_worker_fell_begins_again(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sleeps(_: Order) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])

    monkeypatch.setattr(duties, "_started", sleeps)
    errand_id = asked(shop)

    async def runs(database: Database, one: Errands) -> bool:
        return one._child is not None

    seen_to(shop, tmp_path, runs)  # this worker ends, as if it were killed
    assert (kept(shop, errand_id).state, kept(shop, errand_id).tries) == ("running", 1)

    async def again(database: Database, one: Errands) -> bool:
        async with database.transaction(shop.program_id) as tx:
            found = await read.errand(tx, errand_id)
            if found is not None and found.tries == 2 and not found.stop:
                await stop_errand(tx, errand_id)
        return found is not None and found.state == "stopped"

    begun = time.monotonic()
    seen_to(shop, tmp_path, again)
    assert time.monotonic() - begun < 10
    assert kept(shop, errand_id).tries == 2


def falling(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs of errands are this one line instead."""

    def starts(_: Order) -> subprocess.Popen[bytes]:
        return subprocess.Popen(["/bin/sh", "-c", code])

    monkeypatch.setattr(duties, "_started", starts)


def test_what_was_begun_and_never_started_begins_again_with_the_same_worker(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    errand_id = asked(shop)
    falling("exec sleep 60", monkeypatch)
    lost = True

    async def loses(tx: Any, id_: UUID) -> Any:
        nonlocal lost
        one, lost_now, lost = await take_errand(tx, id_), lost, False
        return None if lost_now else one  # the first answer goes astray

    monkeypatch.setattr(duties, "take_errand", loses)

    async def runs(database: Database, one: Errands) -> bool:
        return one._child is not None

    seen_to(shop, tmp_path, runs, rounds=10)
    one = kept(shop, errand_id)
    assert (one.state, one.tries, one.falls) == ("running", 2, 0)
    done_with(shop, errand_id)


def done_with(shop: Shop, errand_id: UUID) -> None:
    shop.do(lambda tx, _: stop_errand(tx, errand_id))
    shop.do(lambda tx, _: duties.give_up_errand(tx, errand_id, fell=False))


def test_where_no_program_can_be_started_an_errand_fails_and_is_not_held_for_ever(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    errand_id = asked(shop)

    def starts(_: Order) -> subprocess.Popen[bytes]:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(duties, "_started", starts)
    for _ in range(MOST_FALLS):
        with pytest.raises(BlockingIOError):
            seen_to(shop, tmp_path, ended(shop, errand_id), rounds=1)
    assert kept(shop, errand_id).state == "failed"


def test_a_fall_is_written_down_although_the_database_was_away_at_first(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    errand_id = asked(shop)
    falling("kill -9 $$", monkeypatch)  # as the kernel does where memory ends
    told: list[str] = []
    monkeypatch.setattr(duties.log, "error", lambda says, **_: told.append(says))
    gives, away = duties.give_up_errand, [True]

    async def given(tx: Any, id_: UUID, *, fell: bool) -> Any:
        if away and fell:
            raise ConnectionResetError(away.pop())
        return await gives(tx, id_, fell=fell)

    monkeypatch.setattr(duties, "give_up_errand", given)

    async def go() -> None:
        database = await Database.connect(shop.made.app_dsn, size=2)
        one = Errands(database, Addresses(shop.made.owner_dsn, shop.made.app_dsn), tmp_path)
        await one._next()
        assert one._child is not None
        one._child.wait()
        with pytest.raises(ConnectionResetError):
            await one.run(database.clock())
        await one._look()
        one.close()
        await database.close()

    asyncio.run(go())
    found = kept(shop, errand_id)
    assert (found.state, found.falls, told) == ("waiting", 1, ["errand.fell"])
    shop.do(lambda tx, _: stop_errand(tx, errand_id))


def test_an_outage_is_no_fall(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    errand_id = asked(shop)
    gone: list[int] = []

    def go(code: int) -> None:
        gone.append(code)
        raise SystemExit

    monkeypatch.setattr("regulars.runtime.working.errands.child.os._exit", go)

    async def lost(_: Order, __: Telling) -> dict[str, Any]:
        raise asyncpg.ConnectionDoesNotExistError("closed in the middle")

    with suppress(SystemExit):
        shop.run(carry_out(order(shop, errand_id), lost))
    assert gone == [AWAY_CODE]
    shop.do(lambda tx, _: duties.give_up_errand(tx, errand_id, fell=False))
    nowhere = msgspec.structs.replace(order(shop, errand_id), app="postgresql://127.0.0.1:1/x")
    with suppress(SystemExit):
        shop.run(carry_out(nowhere, lost))
    assert gone == [AWAY_CODE] * 2
    shop.do(lambda tx, _: duties.give_up_errand(tx, errand_id, fell=False))
    falling(f"exit {AWAY_CODE}", monkeypatch)

    async def often(database: Database, one: Errands) -> bool:
        async with database.transaction(shop.program_id) as tx:
            found = await read.errand(tx, errand_id)
        return found is not None and found.tries > MOST_FALLS + 2

    seen_to(shop, tmp_path, often)
    assert kept(shop, errand_id).falls == 0
    done_with(shop, errand_id)


def test_a_folder_that_goes_while_files_are_swept_keeps_no_other_lying(
    shop: Shop, tmp_path: Path
) -> None:
    async def go() -> None:
        database = await Database.connect(shop.made.app_dsn, size=2)
        one = Errands(database, Addresses(shop.made.owner_dsn, shop.made.app_dsn), tmp_path)
        await one._sweep_one(tmp_path / "1" / uuid4().hex, database.clock())
        await database.close()

    asyncio.run(go())
