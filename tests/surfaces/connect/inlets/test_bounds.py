"""However much comes in, one turn takes little of it: portions, quick statements, short lists."""

from __future__ import annotations

from typing import Any

import pytest
from tests.surfaces.connect.inlets.sender import Sender, paid
from tests.surfaces.counter import Counter

from regulars.records.inlets import read
from regulars.runtime.working.inlets import booker, duty
from regulars.surfaces.api.strict.ids import addressed


@pytest.fixture
def sender(counter: Counter) -> Sender:
    return Sender(counter)


class Told:
    """Stands where the booker does, and says whom it was asked for."""

    def __init__(self, fails: int = 0) -> None:
        self.swept: list[int] = []
        self.fails = fails

    async def sweep(self, program_id: int) -> None:
        self.swept.append(program_id)
        if program_id == self.fails:
            raise OSError("the disk is gone")


def test_of_large_bodies_fewer_are_taken_and_all_are_booked(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "MOST_BYTES", 5_000)
    for number in range(4):
        sender.send(f"b-{number}", paid(f"80{number}", customer="b-1", note="x" * 3_000))

    async def taken() -> int:
        async with sender.shop.transaction() as tx:
            return len(await read.due(tx, 200))

    assert sender.shop.run(taken()) == 2
    sender.book()
    assert sender.points("shop-b-1") == 40


def test_lists_have_no_bodies(sender: Sender) -> None:
    sender.send("l-1", paid("8101", customer="l-1"))
    inlet_id = addressed("inl", sender.made["id"])

    async def page(state: str) -> list[Any]:
        async with sender.shop.transaction() as tx:
            return await read.page(tx, inlet_id, state, None, 10)

    for state in ("", "waiting"):
        assert [one.body for one in sender.shop.run(page(state))] == [None]
    assert sender.shop.run(page("passed")) == []


def test_what_is_old_goes_in_portions(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(booker, "MOST_SWEPT", 2)
    for number in range(5):
        sender.send(f"o-{number}", {"type": "order.noted", "data": number})
    sender.book()
    sender.later(days=31)
    sender.shop.run(sender.booker.sweep(sender.shop.program_id))
    inlet = sender.made["id"].removeprefix("inl_")
    assert sender.shop.rows(_BODIES, inlet) == [(0,)]


def test_one_programs_trouble_leaves_no_other_one_unswept(sender: Sender) -> None:
    told = Told(fails=sender.shop.program_id)
    looks = duty.Inlets(told, sender.shop.database, "")  # type: ignore[arg-type]

    class Rows:
        async def fetch(self, sql: str, *_: Any) -> list[dict[str, int]]:
            here = sender.shop.program_id
            return [{"program_id": here}, {"program_id": here + 1}] if _ == () else []

    sender.shop.run(looks._look(Rows()))  # type: ignore[arg-type]
    assert told.swept == [sender.shop.program_id, sender.shop.program_id + 1]


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("due", "arrival_waiting"),
        ("waits", "arrival_waiting"),
        ("open", "arrival_open"),
        ("page", "arrival_open"),
        ("named", "arrival_said"),
        ("old", "arrival_kept"),
    ],
)
def test_statements_find_their_index(sender: Sender, sql: str, index: str) -> None:
    """Held against a planner that may read no table from end to end."""
    at, nobody = "now()", "'00000000-0000-0000-0000-000000000000'"
    said = {
        "due": (read._DUE, "1", at, "200", "8000000"),
        "waits": (duty._DUE, at),
        "open": (read._COUNTS, "1"),
        "page": (read._PAGES["refused"], "1", nobody, "null", "50"),
        "named": (read._MAY_NAME.format(which=read._OF_NOBODY), "1", nobody, "500", "8000000"),
        "old": (read._OLD, "1", at, at, "2000"),
    }[sql]

    async def explained() -> str:
        owner = await sender.shop.owning()
        going = owner.transaction()
        await going.start()
        await owner.execute("set local enable_seqscan = off; set local enable_bitmapscan = off")
        # Of some rows any index of an inlet is as good: whether the one can be had is asked.
        await owner.execute("drop index arrival_of_inlet")
        text = said[0]
        for place, value in reversed(list(enumerate(said[1:], 1))):
            text = text.replace(f"${place}", value)
        plan = "\n".join(row[0] for row in await owner.fetch(f"explain {text}"))
        await going.rollback()
        return plan

    plan = sender.shop.run(explained())
    assert index in plan, plan


@pytest.mark.parametrize("there", [0, 1, 50, 2_000, 20_000])
def test_what_came_before_is_found_by_its_key_while_nothing_is_known_of_the_table(
    sender: Sender, there: int
) -> None:
    """A connection keeps its plans, and this one read all that ever came, for each request."""
    some = "array['00000000-0000-0000-0000-0000000000aa', null]::uuid[]"
    said = read._KNOWN.replace("$1", "1").replace("$2", some).replace("$3", some)

    async def explained() -> str:
        owner = await sender.shop.owning()
        tried = owner.transaction()
        await tried.start()
        await owner.execute("truncate arrival; set local enable_seqscan = off")
        await owner.execute(_MANY, there)
        rows = await owner.fetch(f"explain {said}")
        await tried.rollback()
        return "\n".join(row[0] for row in rows)

    plan = sender.shop.run(explained())
    assert "Index Scan using arrival_once" in plan, plan
    assert "Index Cond: ((program_id = 1) AND (ROW(inlet_id, key) >=" in plan, plan
    assert "Sort" not in plan, plan


_MANY = """
insert into arrival (program_id, arrival_id, inlet_id, key, content, type, name, body, received_at,
                     try_at)
select 1, gen_random_uuid(), '00000000-0000-0000-0000-0000000000aa', gen_random_uuid(),
       gen_random_uuid(), 'told', 'told', 'told', now(), now()
  from generate_series(1, $1::int)
"""
_BODIES = """
select count(*) from arrival
 where program_id = $1 and inlet_id = $2::text::uuid and body is not null
"""
