"""Record what happened: one activity, or up to a thousand, each by itself."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import msgspec

from regulars.base.faults import Fault
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.recording.record_activities import record_activities
from regulars.records.members.types import Asked
from regulars.surfaces.api.answers import REPLAYED, Answer, encode, failed
from regulars.surfaces.api.call import Call, Reply, granted
from regulars.surfaces.api.strict.bodies import decode
from regulars.surfaces.api.strict.once import own_key, told_apart
from regulars.surfaces.api.wire.activities import ActivitySent, BatchSent, answer_of, command_of

BATCH_PATH: Final = "/v1/activities/batch"
_ACTIVITY: Final = msgspec.json.Decoder(ActivitySent)


async def record(call: Call) -> Reply:
    """Record one activity."""
    terms = await call.terms()
    return await _record(call, terms, call.sent, call.key)


async def record_batch(call: Call) -> Reply:
    """Record every activity of a batch; each has the result it would have had alone."""
    terms = await call.terms()
    sent: BatchSent = call.sent
    key = call.key
    results = await asyncio.gather(
        *(
            _item(call, terms, raw, f"{key} {place}" if key else "")
            for place, raw in enumerate(sent.activities)
        )
    )
    return Reply({"results": results})


async def _record(call: Call, terms: Terms, sent: ActivitySent, key: str) -> Reply:
    command = _command(call, terms, sent, key)
    outcome = await call.given.gate.submit(call.caller.program_id, record_activities, command)
    return replied(outcome, key, sent.external_id != "")


async def _item(call: Call, terms: Terms, raw: msgspec.Raw, key: str) -> dict[str, Any]:
    try:
        reply = await _record(call, terms, decode(raw, _ACTIVITY), key)
        answer = Answer(reply.status, encode(reply.body), (REPLAYED,) if reply.replayed else ())
    except Exception as error:
        answer = failed(error, BATCH_PATH, call.given.report)
    result: dict[str, Any] = {"status": answer.status}
    if REPLAYED in answer.headers:
        result["replayed"] = True
    result["body" if answer.status < 400 else "problem"] = msgspec.Raw(answer.body)
    return result


def _command(call: Call, terms: Terms, sent: ActivitySent, key: str) -> RecordActivity:
    if not key and not sent.external_id:
        key = own_key(call.given.random_bytes)
    return command_of(sent, terms, Asked(call.caller.principal, key))


def replied(outcome: Any, key: str, receipt: bool) -> Reply:
    """The reply for an outcome: 201, or 202 while a return waits for its sale.

    Faults: the outcome, where it is one; a reused receipt is not a reused key.
    """
    if isinstance(outcome, Fault):
        raise told_apart(outcome, key, receipt)
    recorded: Recorded = granted(outcome)
    body = answer_of(recorded)
    status = 202 if recorded.state == "waiting" else 201
    return Reply(body, status, recorded.replayed, f"/v1/activities/{body.id}")
