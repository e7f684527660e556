"""What looks by time or by ids keeps to a sandbox's clock, and none ends under anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from copy import copy
from datetime import timedelta
from pathlib import Path
from re import search
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from tests.runtime.working.trying import SOURCE, Trying, sandbox_rows
from tests.surfaces.connect.inlets.sender import Sender, paid
from tests.surfaces.counter import Counter

import regulars
from regulars.base.faults import NotFound
from regulars.base.ids import first_id
from regulars.base.tx import Write
from regulars.records.access.requests import read as requests
from regulars.records.night.sandbox.types import meant
from regulars.records.tills.read import seen_lately
from regulars.runtime.working import sandboxes as module
from regulars.runtime.working.inlets.duty import Inlets
from regulars.runtime.working.messages import UNSENT, Messages, _programs
from regulars.runtime.working.sandboxes import in_turn
from regulars.surfaces.till.sync.snapshot import least_id

LIMITED = SOURCE.replace("price: {points: 30}", "price: {points: 30}, stock: 1")
DAY = timedelta(days=1)
_LATE = """
insert into unsent_letter (program_id, delivery_id, member_id, channel, kind, about, says,
                           written_at)
values ($1::int, $2::uuid, $3::uuid, 'email', 'notice', 'About', 'Says', $4::timestamptz)
"""


@pytest.fixture(scope="module")
def counter(database: Any) -> Iterator[Counter]:
    opened = Counter.open(database, source=LIMITED)
    yield opened
    opened.close()


@pytest.fixture
def trying(counter: Counter, request: pytest.FixtureRequest) -> Iterator[Trying]:
    name = "time-" + "-".join(request.node.name.split("_")[1:5])
    made = Trying(counter, name)
    yield made
    counter.ask("DELETE", f"/v1/sandboxes/{name}")


def number(trying: Trying) -> int:
    return int(sandbox_rows(trying, "select $1::int")[0][0])


def test_a_till_hears_of_what_happened_since_whatever_the_clock_was_moved(trying: Trying) -> None:
    member = trying.ada()
    trying.move(days=20)
    database, inside = trying.shop.database, number(trying)
    last = ((1 << 128) - 1,) * 2

    async def seen() -> list[Any]:
        async with database.transaction(inside) as tx:
            assert tx.ahead >= 20 * DAY
            # The clock of this shop stands in the past, and ids are of today.
            apart = tx.new_id().int >> 80
            old = int((tx.now - tx.ahead).timestamp() * 1000)
            since = tx.now - timedelta(minutes=10) + timedelta(milliseconds=apart - old)
            before = tuple(type(tx.new_id())(int.to_bytes(one, 16, "big")) for one in last)
            assert least_id(tx, since) <= first_id(since - tx.ahead)
            return await seen_lately(tx, least_id(tx, since), before, 10)  # type: ignore[arg-type]

    found = trying.shop.run(seen())
    assert [f"mem_{one.hex}" for one, _ in found] == [member]


def test_the_round_of_letters_finds_what_is_due_by_the_clock_of_each(trying: Trying) -> None:
    async def silent(_: int) -> None:
        pass

    shop, inside = trying.shop, number(trying)
    shop.run(trying.teller._plan(inside, UNSENT))  # from here on there is somebody who tells
    trying.ada()
    trying.clocks._tell = silent
    trying.move(days=8)  # her points end in twelve: she is told of it, by whoever tells
    owner = shop.made.owner_dsn

    async def rounds() -> None:
        for _ in range(2):
            await trying.teller._plan(inside, UNSENT)
        every, due = await _programs(owner, shop.now)
        assert {shop.program_id, inside} <= set(every)
        assert (shop.program_id in due, inside in due) == (False, True)
        duty = Messages(trying.teller, owner)
        await duty.run(shop.now)
        assert duty._round is not None
        await duty._round

    shop.run(rounds())
    letters = trying.ask("GET", "/v1/sandbox/unsent")["items"]
    assert [one["kind"] for one in letters] == ["notice"]


def test_what_comes_in_is_booked_though_the_clock_is_ahead(trying: Trying) -> None:
    trying.move(days=20)
    inside = copy(trying.counter)
    inside.key = trying.key
    sender = Sender(inside)
    assert sender.send("msg-1", paid("1001")).status_code == 202
    shop = trying.shop

    async def look() -> None:
        owner = await shop.owning()
        await Inlets(sender.booker, shop.database, shop.made.owner_dsn)._look(owner)

    shop.run(look())
    (arrival,) = trying.ask("GET", f"{sender.place}/events")["items"]
    assert arrival["state"] != "waiting"


def test_no_sandbox_ends_under_somebody_who_is_at_something(counter: Counter) -> None:
    trying = Trying(counter, "under-way")
    trying.ada()
    inside, database = number(trying), trying.shop.database
    asked = "select count(*) from unsent_letter where program_id = $1"

    async def both() -> None:
        async with database.transaction(inside) as tx:
            ending = asyncio.create_task(counter.send("DELETE", "/v1/sandboxes/under-way"))
            done, _ = await asyncio.wait([ending], timeout=0.3)
            assert not done
            await tx.write([Write(_LATE, (tx.program_id, tx.new_id(), UUID(int=7), tx.now))])
        assert (await ending).status_code == 200
        with pytest.raises(NotFound):
            async with database.transaction(inside):
                pass

    trying.shop.run(both())

    async def left() -> int:
        return int(await (await trying.shop.owning()).fetchval(asked, inside))

    assert trying.shop.run(left()) == 0


def test_a_number_nobody_has_yet_is_not_remembered_as_real(counter: Counter) -> None:
    database = counter.shop.database

    async def look() -> int:
        owner = await counter.shop.owning()
        coming = int(await owner.fetchval("select last_value from program_program_id_seq")) + 1
        for number_ in range(coming, coming + 5):
            assert not await database.is_sandbox(number_)
        return coming

    coming = counter.shop.run(look())
    made = Trying(counter, "early")
    try:
        assert coming <= number(made) < coming + 5
        assert counter.shop.run(database.is_sandbox(number(made)))
        made.move(minutes=5)
        assert made.now() == counter.shop.now + timedelta(minutes=5)
    finally:
        counter.ask("DELETE", "/v1/sandboxes/early")


def test_a_busy_day_takes_several_transactions_and_the_clock_waits(
    trying: Trying, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, left, stood = trying.now(), [25], []

    async def step(tx: Any, _terms: Any, _most: int) -> int:
        if left[0]:
            left[0] -= 1
            stood.append((tx, tx.now))
        return left[0] > 0

    monkeypatch.setattr(module, "ALL", (step,))
    trying.move(days=1)
    assert {now for _, now in stood} == {began}
    transactions = [id(tx) for tx, _ in stood]
    assert max(map(transactions.count, transactions)) <= module.MOST_BATCHES
    assert trying.now() == began + DAY


def test_clocks_that_move_take_turns() -> None:
    assert in_turn([3, 5, 8], 5) == [8, 3, 5]
    assert in_turn([3, 5, 8], 0) == [3, 5, 8]
    assert in_turn([3, 5, 8], 9) == [3, 5, 8]


def test_who_names_no_program_means_the_real_one_whatever_is_tried_beside_it() -> None:
    here = [{"slug": "corner"}, {"slug": "corner~try"}]
    assert meant(here, "") == here[:1]
    assert meant(here, "corner~try") == here[1:]
    assert meant(here, "other") == []


def test_begun_anew_it_promises_what_it_did_and_its_shelves_are_full(trying: Trying) -> None:
    trying.ada()
    taken = {"member": {"card": "A-1"}, "reward": "cup"}
    assert trying.ask("POST", "/v1/redemptions", taken)["state"] == "held"
    trying.move(days=10)
    cheaper = LIMITED.replace("points: 30", "points: 20")
    trying.ask("POST", "/v1/programs/versions", {"source": cheaper, "accept": []})
    assert trying.counter.post(f"/v1/sandboxes/{trying.name}/renew").status_code == 200
    rules = trying.ask("GET", "/v1/programs/current")
    assert rules["version"] == 2
    trying.ada()
    trying.ask("POST", "/v1/redemptions", taken)
    no = trying.counter.post("/v1/redemptions", taken, key=trying.key)
    assert no.json()["code"] == "out_of_stock", no.text


def test_statements_take_their_time_from_the_program_they_are_about() -> None:
    """`now()` is the house's time; what is about a program asks `program_now`, or is told."""
    own = {
        "insight/export/cursor.py",  # what runs in the database while it is read from
        "runtime/observing/figures.py",  # for how long events wait, sandboxes left out
    }
    root = Path(regulars.__file__).parent
    files = [one for ending in ("sql", "py") for one in root.rglob(f"*.{ending}")]
    found = {
        str(one.relative_to(root))
        for one in files
        if "migrations" not in one.parts and search(r"(?<![._a-z])now\(\)", one.read_text("utf-8"))
    }
    assert len(files) > 500
    assert found == own


def test_a_page_of_requests_far_back_is_found_by_its_place(counter: Counter) -> None:
    async def planned() -> str:
        async with counter.shop.transaction() as tx:
            await tx.fetch("set local enable_bitmapscan = off")
            connection: asyncpg.Connection = tx._connection
            await connection.execute(f"prepare far as {requests._PAGES}")
            rows = await connection.fetch(
                "explain (costs off) execute far(1, null, null, null, 20)"
            )
            await connection.execute("deallocate far")
        return "\n".join(row[0] for row in rows)

    plan = counter.shop.run(planned())
    (condition,) = [line for line in plan.splitlines() if "Index Cond" in line]
    assert "$2" in condition, plan
