"""A broker that hears of events is tried, before it has to hear of any."""

from __future__ import annotations

import asyncio
from typing import Final

from msgspec import Struct

from regulars.base.faults import Invalid, NotFound
from regulars.records.access.types import Scope
from regulars.records.outbox.hooks import read
from regulars.records.outbox.hooks.types import Hook
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.given import Given
from regulars.surfaces.senders.brokers.posting import Posts, kept_of
from regulars.surfaces.senders.brokers.there import SILENT, NotReached

TRIED_S: Final = 20.0


class BrokerTried(Struct, frozen=True):
    """Whether a broker lets us in, and something there keeps what is put."""

    answers: bool
    problem: str


async def tried(given: Given, program_id: int, hook: Hook) -> BrokerTried:
    """Whether events can be put there; nothing is. Faults: Invalid for what is no broker."""
    if hook.entry is None:
        mend = "Try an address as nats://… or kafka://…"
        raise Invalid("This webhook goes to no broker", field="/webhook_id", mend=mend)
    posts = Posts(given.receivers, given.keyed, kept_of(program_id, hook.url, hook.entry))
    try:
        async with asyncio.timeout(TRIED_S):
            await posts.look()
    except NotReached as why:
        return BrokerTried(False, why.why)
    except TimeoutError:
        return BrokerTried(False, SILENT)
    finally:
        await posts.close()
    return BrokerTried(True, "")


async def attempt(call: Call) -> Reply:
    """Whether a broker answers; nothing is put there."""
    id_ = addressed("hok", call.ids["webhook_id"])
    async with call.transaction as tx:
        found = (await read.some_hooks(tx, [id_])).get(id_)
    if found is None:
        raise NotFound("There is no such webhook")
    return Reply(await tried(call.given, call.caller.program_id, found))


OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/webhooks/{webhook_id}/try",
        name="try_webhook_broker",
        once=Once.LOOKS,
        tag="Webhooks",
        says="Whether the broker of a webhook lets us in and keeps what is put there; nothing is",
        scopes=(Scope.WEBHOOKS_WRITE,),
        answers={200: BrokerTried},
        answer_example={"answers": True, "problem": ""},
        codes=("invalid",),
        do=attempt,
    ),
)
