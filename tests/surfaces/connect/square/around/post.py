"""A shop that tells in Square's words, and its receiver; sent when a test says so."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from square.utils.webhooks_helper import verify_signature
from tests.runtime.working.hooks.receiver import Came, Receiver
from tests.runtime.working.hooks.town import HOME
from tests.surfaces.connect.square.published import Published
from tests.surfaces.connect.square.till import Till
from tests.surfaces.counter import Counter

from regulars.records.access.types import Scope
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.hooks.dispatcher import Dispatcher, Way
from regulars.surfaces.connect.square.hooks.retelling import Retelling
from regulars.surfaces.senders.outgoing.client import Client

_ABOVE = "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
_BELOW = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


class Post(Till):
    """A shop, its receiver, and a dispatcher that is called by hand."""

    def __init__(self, counter: Counter, published: Published | None, house: Receiver) -> None:
        super().__init__(counter, published)
        self.key = counter.made_key(
            "square:read", "square:write", "square:promote", Scope.WEBHOOKS_WRITE
        )
        self.house, self.own = house, counter.made_key("all")
        shop = counter.shop
        # A receiver on a busy machine is no slow one, unless a test is about that.
        self.patience_s = 10.0
        self.dispatcher = Dispatcher(
            shop.database,
            counter.given.keyed,
            lambda: Client(HOME, patience_s=self.patience_s),
            Retelling(Programs(shop.database)),
        )

    def subscribed(self, *types: str, **more: Any) -> Any:
        wanted = {"event_types": list(types), "notification_url": self.house.url, **more}
        made = self.good("POST", "/webhooks/subscriptions", {"subscription": wanted})
        return made["subscription"]

    def go(self, *subscriptions: Any) -> list[Any]:
        """What arrives now, each verified by the vendor's own code."""
        self.house.came.clear()
        program = self.counter.shop.program_id

        async def all_of_it() -> None:
            await self.planned()
            for one in subscriptions:
                await self.dispatcher.send(way_of(program, one["id"]))

        self.counter.shop.run(all_of_it())
        key = subscriptions[0]["signature_key"]
        assert all(verified(one, key, self.house.url) for one in self.house.came)
        return [json.loads(one.body) for one in self.house.came]

    async def planned(self) -> None:
        """Put what happened on its way; what was retold of it is an event, too."""
        for _ in range(2):
            await self.alone()
            await self.dispatcher.plan(self.counter.shop.program_id)

    async def alone(self) -> None:
        """Wait until whoever was at something has ended: whatever follows events looks no further
        than the oldest transaction that still runs in the whole PostgreSQL. Also where nobody else
        is there that may be one of its own, which writes down what it found of a table
        (autovacuum, every 15 seconds): over in no time, unless the machine is busy.
        """
        owner = await self.counter.shop.owning()
        until = await owner.fetchval(_ABOVE)
        while await owner.fetchval(_BELOW) < until:
            await asyncio.sleep(0.01)

    def waits_no_longer_than(self, seconds: float) -> None:
        """For an answer, from the next connection on."""
        self.patience_s = seconds
        self.counter.shop.run(self.dispatcher.close())

    def later(self, **so_much: float) -> None:
        self.counter.shop.now += timedelta(**so_much)


def way_of(program: int, hook_id: str) -> Way:
    return Way(program, UUID(hook_id.removeprefix("wbhk_")))


def verified(came: Came, key: str, url: str) -> bool:
    mark = came.headers["x-square-hmacsha256-signature"]
    body = came.body.decode()
    return verify_signature(
        request_body=body, signature_header=mark, signature_key=key, notification_url=url
    )


def thing(body: Any) -> Any:
    (found,) = body["data"]["object"].values()
    return found
