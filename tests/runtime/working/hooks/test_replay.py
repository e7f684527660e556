"""What somebody wants once more is written down, moved back in portions, and ends when told to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from tests.makers import NOON, Shop
from tests.runtime.working.hooks.receiver import Came, Receiver, receiver
from tests.runtime.working.hooks.town import BY, Town
from tests.runtime.working.senders.test_messages import SOURCE

from regulars.flows.telling.hooks.keep_hooks import ReplayHook, replay_hooks
from regulars.flows.telling.hooks.move_back import move_back
from regulars.insight.verify.catalogue import checks
from regulars.records.outbox.following import read as following
from regulars.records.outbox.hooks import read
from regulars.records.outbox.hooks.types import Hook
from regulars.runtime.working.hooks.tidying import Tidies

(HEAR,) = (check for check in checks() if check.name == "hooks_hear")
LEFT = """
select (select count(*) from hook_sending where program_id = $1),
       (select count(*) from hook_line where program_id = $1),
       (select count(*) from hook_try where program_id = $1),
       (select count(*) from hook_reach where program_id = $1),
       (select count(*) from hook_wish where program_id = $1)
"""


@pytest.fixture(scope="module")
def house() -> Iterator[Receiver]:
    with receiver() as one:
        yield one


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


@pytest.fixture
def town(opened: Shop, house: Receiver) -> Iterator[Town]:
    house.came.clear()
    house.answers()
    opened.begin(SOURCE, slug=f"r{os.urandom(4).hex()}", now=NOON)
    opened.joined("ada", "ben")
    made = Town(opened)
    yield made
    made.close()


def heard(town: Town, house: Receiver) -> tuple[Hook, Any]:
    """Seven events of one member and one of another, all delivered; and since the second."""
    hook = town.hook(house.url)
    town.buys("ada", "a0")
    town.later(minutes=1)
    since = town.shop.now
    for number in range(1, 7):
        town.buys("ada", f"a{number}")
    town.buys("ben", "b1")
    town.go(hook)
    assert len(house.came) == 8
    town.later(minutes=1)
    return hook, since


def asks(town: Town, hook: Hook, since: Any) -> Hook:
    wish = ReplayHook(hook.hook_id, BY, since=since)
    (after,) = town.shop.do(lambda tx, _: replay_hooks(tx, [wish]))
    return after  # type: ignore[no-any-return]


def portion(town: Town, hook: Hook, most: int) -> bool:
    more = town.shop.do(lambda tx, _: move_back(tx, hook.hook_id, most))
    assert whole(town) == []
    return more


def whole(town: Town) -> list[Any]:
    """What `regulars verify` says of the lines of this program."""

    async def look() -> list[Any]:
        connection = await asyncpg.connect(town.shop.made.owner_dsn)
        try:
            return [
                tuple(row)
                for row in await connection.fetch(HEAR.sql)
                if row["program_id"] == town.shop.program_id
            ]
        finally:
            await connection.close()

    return town.shop.run(look())


def test_a_long_line_goes_back_piece_by_piece_and_is_whole_all_the_time(
    town: Town, house: Receiver
) -> None:
    hook, since = heard(town, house)
    first = list(house.came)
    after = asks(town, hook, since)
    assert after.replaying is not None
    assert (after.replaying.since, after.replaying.moved) == (since, 0)
    assert [one[2] for one in town.sendings()] == ["delivered"] * 8, "nothing is done at once"
    moved = []
    while portion(town, hook, 2):
        (kept,) = town.shop.do(lambda tx, _: read.hooks(tx))
        moved.append(kept.replaying.moved)
        town.shop.run(town.dispatcher.send(way(town, hook)))  # a part of a line is not sent
        town.buys("ada", f"x{len(moved)}")  # what happens meanwhile stands behind
        town.shop.run(town.dispatcher.plan(town.shop.program_id))
    assert moved == sorted(moved)
    assert town.shop.do(lambda tx, _: read.hooks(tx))[0].replaying is None
    town.go(hook)
    bodies = {one.id: one.body for one in first}
    again = [(one.id, one.body) for one in house.came[len(first) :]]
    assert all(bodies.get(id_, body) == body for id_, body in again)
    for who, ends in ((ada(first), 7 + len(moved)), (ada(first, least=True), 1)):
        line = [position(one) for one in again if member(one) == who]
        assert line == list(range(1 + (ends > 1), ends + 1)), "since the second event of one"


def ada(came: list[Came], *, least: bool = False) -> str:
    """Who heard most, or least."""
    heard = [member((one.id, one.body)) for one in came]
    return sorted(set(heard), key=heard.count)[0 if least else -1]


def way(town: Town, hook: Hook) -> Any:
    from regulars.runtime.working.hooks.dispatcher import Way

    return Way(town.shop.program_id, hook.hook_id)


def member(one: tuple[str, bytes]) -> str:
    return str(json.loads(one[1])["data"]["member_id"])


def position(one: tuple[str, bytes]) -> int:
    return int(json.loads(one[1])["data"]["position"])


def test_whoever_asks_again_meanwhile_begins_anew_from_the_earlier_instant(
    town: Town, house: Receiver
) -> None:
    hook, since = heard(town, house)
    asks(town, hook, since)
    while not town.shop.rows(
        "select 1 from hook_line where program_id = $1 and try_at = 'infinity'"
    ):
        assert portion(town, hook, 2)
    after = asks(town, hook, since + timedelta(seconds=1))
    assert after.replaying is not None
    assert after.replaying.since == since
    town.go(hook)
    assert len(house.came) == 8 + 7
    assert whole(town) == []


def test_a_line_begins_after_what_is_forgotten(town: Town, house: Receiver) -> None:
    hook, since = heard(town, house)
    town.shop.rows("delete from hook_sending where program_id = $1 and position = 4 returning 1")
    asks(town, hook, since)
    while town.shop.do(lambda tx, _: move_back(tx, hook.hook_id, 2)):
        pass
    assert [one[3] for one in whole(town)] == ["no sending"]
    town.go(hook)
    again = [position((one.id, one.body)) for one in house.came[8:]]
    assert sorted(again) == [1, 5, 6, 7]


def test_a_webhook_that_is_deleted_ends_it_and_leaves_nothing(town: Town, house: Receiver) -> None:
    hook, since = heard(town, house)
    asks(town, hook, since)
    portion(town, hook, 2)
    assert town.change(hook, state="deleted").replaying is None
    assert not portion(town, hook, 2)
    assert town.shop.rows("select 1 from hook_replay where program_id = $1") == []
    tidies = Tidies(town.shop.database, town.shop.made.owner_dsn)
    town.shop.run(tidies.clear(town.shop.program_id))
    assert town.shop.rows(LEFT) == [(0, 0, 0, 0, 0)]
    assert whole(town) == []
    assert town.shop.rows("select state from hook where program_id = $1") == [("deleted",)]


def test_after_a_restore_positions_are_of_another_epoch(
    town: Town, house: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = town.hook(house.url)
    events = town.hook(house.url, form="cloudevents")
    town.buys("ada", "r1")
    town.go(hook, events)
    town.later(minutes=1)
    raised_at = town.shop.now

    async def restored(_: object) -> Any:
        return raised_at

    monkeypatch.setattr(following, "raised_at", restored)
    town.later(minutes=1)
    town.buys("ada", "r2")
    asks(town, hook, NOON)
    town.go(hook, events)
    epoch = int(raised_at.timestamp())
    plain = [one for one in house.came if one.headers["content-type"] == "application/json"]
    told = [json.loads(one.body)["data"] for one in plain]
    assert [(one["epoch"], one["position"]) for one in told] == [(0, 1), (0, 1), (epoch, 2)]
    assert plain[0].body == plain[1].body
    assert [one.headers["regulars-epoch"] for one in plain] == ["0", "0", str(epoch)]
    other = [json.loads(one.body) for one in house.came if one not in plain]
    assert [one["epoch"] for one in other] == ["0", str(epoch)]
