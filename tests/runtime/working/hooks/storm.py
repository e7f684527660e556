"""Thousands of events, receivers that do everything wrong, and a worker that is killed."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from tests.makers import Shop
from tests.runtime.working.hooks.town import BY, KEYED
from tests.runtime.working.senders.test_messages import SOURCE

from regulars.base.ids import id_of
from regulars.flows.telling.hooks.keep_hooks import MakeHook, make_hooks
from regulars.records.outbox.hooks.rules import LEASE
from regulars.records.outbox.hooks.types import Hook
from regulars.records.outbox.write import Told, tell
from regulars.runtime.working.hooks.dispatcher import Dispatcher, Way
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer

TYPE = "points.earned"
FAULTS = (500, 503, 429, 302, 404, "reset", "late")
"""`late`: the receiver has it, and its answer comes after we gave up."""


_WAITS = """
select count(*) filter (where state = 'waiting'), count(*) from hook_sending
 where program_id = $1
"""


class Killed(BaseException):
    """The worker is gone: nothing after this line ever runs."""


class Came(NamedTuple):
    """What a receiver has: the id and the very bytes."""

    id: str
    body: bytes


class Wire:
    """In place of the network: some of what is sent fails, and now and then the worker is killed
    between what it sent and what it kept of it."""

    def __init__(self, luck: random.Random, faults: float, kills: float) -> None:
        self.luck, self.faults, self.kills = luck, faults, kills
        self.came: dict[str, list[Came]] = {}

    async def post(self, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Answer:
        if self.luck.random() < self.kills:
            raise Killed
        act = self.luck.choice(FAULTS) if self.luck.random() < self.faults else 204
        if act in (204, "late"):
            self.came.setdefault(url, []).append(Came(dict(headers)["webhook-id"], body))
        if isinstance(act, str):
            raise NoAnswer(act)
        return Answer(act, {}, b"")

    async def close(self) -> None:
        """Nothing is open."""


class Storm:
    """A shop whose events go through a wire like that to some hooks."""

    def __init__(
        self, shop: Shop, seed: int, faults: float = 0.3, kills: float = 0.01, members: int = 40
    ) -> None:
        shop.begin(SOURCE, slug=f"s{os.urandom(4).hex()}")
        self.shop, self.luck = shop, random.Random(seed)
        self.wire = Wire(self.luck, faults, kills)
        self.hooks: list[Hook] = []
        self.members = [id_of(os.urandom(16)) for _ in range(members)]
        self.sequence = dict.fromkeys(self.members, 0)
        self.events: dict[str, tuple[UUID, int]] = {}
        self.killed = 0

    def listens(self, name: str) -> None:
        """One more receiver."""
        wish = MakeHook(name, f"https://{name}.example/in", (TYPE,), BY)
        (made,) = self.shop.do(lambda tx, _: make_hooks(tx, [wish]))
        self.hooks.append(made.hook)

    def happens(self, count: int) -> None:
        """So many events in one transaction; every seventh is taken back."""
        told = []
        before = dict(self.sequence)
        for _ in range(count):
            who = self.luck.choice(self.members)
            self.sequence[who] += 1
            payload = {"activity_id": str(UUID(int=1)), "earned": {"points": 1}, "pending": {}}
            told.append(Told(who, self.sequence[who], TYPE, json.dumps(payload)))
        taken_back = self.luck.random() < 1 / 7

        async def commit() -> None:
            async with self.shop.transaction() as tx:
                (write,) = tell(tx, told)
                await tx.write([write])
                if taken_back:
                    raise LookupError
                for row in write.args[2]:
                    self.events[f"evt_{row[0].hex}"] = (row[1], row[2])

        try:
            self.shop.run(commit())
        except LookupError:
            self.sequence = before

    def turn(self) -> None:
        """A worker comes, plans and sends to each hook, and is perhaps killed."""
        dispatcher = Dispatcher(self.shop.database, KEYED, lambda: self.wire)  # type: ignore

        async def one_by_one() -> None:
            await dispatcher.plan(self.shop.program_id)
            for hook in self.hooks:
                await dispatcher.send(Way(self.shop.program_id, hook.hook_id))

        try:
            self.shop.run(one_by_one())
        except Killed:
            self.killed += 1
            self.shop.now += LEASE

    def until_quiet(self, turns: int = 200) -> None:
        """Time goes on until nothing waits."""
        for _ in range(turns):
            self.turn()
            waits = self.shop.rows(_WAITS)
            if waits == [(0, len(self.events) * len(self.hooks))]:
                return
            self.shop.now += self.luck.choice([LEASE, LEASE * 30])
        raise AssertionError("it never gets quiet")

    def wrong(self) -> list[str]:
        """What is not as promised: missing, phantom, other bytes, or out of order."""
        return [one for hook in self.hooks for one in self.wrong_at(hook.url)]

    def wrong_at(self, url: str) -> list[str]:
        """The same at one receiver."""
        found = []
        bodies: dict[str, bytes] = {}
        order: dict[str, list[int]] = {}
        for one in self.wire.came.get(url, []):
            if one.id in bodies:
                found += [] if bodies[one.id] == one.body else [f"{one.id} has other bytes"]
                continue
            bodies[one.id] = one.body
            told = json.loads(one.body)["data"]
            order.setdefault(told["member_id"], []).append(told["position"])
            mine = self.events.get(one.id)
            if mine is not None and told["sequence"] != mine[1]:
                found.append(f"{one.id} tells of {told['sequence']}, not {mine[1]}")
        found += [f"{id_} is missing" for id_ in self.events.keys() - bodies.keys()]
        found += [f"{id_} never happened" for id_ in bodies.keys() - self.events.keys()]
        return found + [
            f"{who} heard {line[:9]}"
            for who, line in order.items()
            if line != list(range(1, len(line) + 1))
        ]


def storm(shop: Shop, seed: int, events: int, hooks: int = 2) -> Storm:
    """All of it: events in batches, workers in between, time until all is quiet."""
    # The larger it is the more members there are, and the longer a worker lives.
    large = max(events // 2000, 1)
    made = Storm(shop, seed, kills=0.01 / min(large, 10), members=40 * large)
    for number in range(hooks):
        made.listens(f"house{number}")
    while len(made.events) < events:
        made.happens(min(200, 1 + made.luck.randrange(events)))
        if made.luck.random() < 0.5:
            made.turn()
            made.shop.now += LEASE / 100
    made.until_quiet(turns=200 * large)
    return made
