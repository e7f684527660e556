"""The way of most requests: POST /v1/activities, as short as it can be, beside the framework."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from regulars.base.faults import Fault, Refused
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.recording.record_activities import record_activities
from regulars.records.access.types import Scope
from regulars.records.members.types import Asked
from regulars.surfaces.api import problems
from regulars.surfaces.api.access import Caller
from regulars.surfaces.api.answers import (
    JSON,
    REPLAYED,
    Answer,
    Header,
    Send,
    encode,
    failed,
    of_problem,
    send_answer,
)
from regulars.surfaces.api.door import Door
from regulars.surfaces.api.strict.bodies import decode, read_body, receive_body, require_json
from regulars.surfaces.api.strict.once import key_of, own_key, told_apart
from regulars.surfaces.api.wire.activities import ActivitySent, BatchSent, answer_of, command_of

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

_ACTIVITY: Final = msgspec.json.Decoder(ActivitySent)
_BATCH: Final = msgspec.json.Decoder(BatchSent)


class Asking(NamedTuple):
    """The headers of a request that matter here."""

    authorization: bytes | None = None
    content_type: bytes | None = None
    length: bytes | None = None
    key: bytes | None = None


class HotActivities:
    """Takes activities, one or up to a thousand, and answers what they brought."""

    def __init__(self, door: Door) -> None:
        self._given, self._access, self._patience = door

    async def one(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer POST /v1/activities."""
        path = scope["path"]
        try:
            answer = await self._one(path, asking_of(scope["headers"]), receive)
        except Exception as error:
            answer = failed(error, path, self._given.report)
        await send_answer(send, answer)

    async def batch(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer POST /v1/activities/batch."""
        path = scope["path"]
        try:
            answer = await self._batch(path, asking_of(scope["headers"]), receive)
        except Exception as error:
            answer = failed(error, path, self._given.report)
        await send_answer(send, answer)

    async def _one(self, path: str, asking: Asking, receive: Receive) -> Answer:
        caller = await self._access.caller(asking.authorization)
        caller.require(Scope.ACTIVITIES_WRITE)
        require_json(asking.content_type)
        body = await receive_body(receive, asking.length, self._patience)
        sent = read_body(body, _ACTIVITY)
        key = key_of(asking.key)
        terms = await self._given.programs.terms(caller.program_id)
        command = self._command(sent, terms, caller, key)
        outcome = await self._given.gate.submit(caller.program_id, record_activities, command)
        return answered(outcome, path, key, sent.external_id != "")

    async def _batch(self, path: str, asking: Asking, receive: Receive) -> Answer:
        caller = await self._access.caller(asking.authorization)
        caller.require(Scope.ACTIVITIES_WRITE)
        require_json(asking.content_type)
        body = await receive_body(receive, asking.length, self._patience)
        sent = read_body(body, _BATCH)
        key = key_of(asking.key)
        terms = await self._given.programs.terms(caller.program_id)
        results = await asyncio.gather(
            *(
                self._item(raw, (path, f"{key} {place}" if key else ""), terms, caller)
                for place, raw in enumerate(sent.activities)
            )
        )
        return Answer(200, encode({"results": results}))

    async def _item(
        self, raw: msgspec.Raw, where: tuple[str, str], terms: Terms, caller: Caller
    ) -> dict[str, Any]:
        """One activity of a batch by itself: what the single request would have been answered."""
        path, key = where
        try:
            sent = decode(raw, _ACTIVITY)
            command = self._command(sent, terms, caller, key)
            outcome = await self._given.gate.submit(caller.program_id, record_activities, command)
            answer = answered(outcome, path, key, sent.external_id != "")
        except Exception as error:
            answer = failed(error, path, self._given.report)
        result: dict[str, Any] = {"status": answer.status}
        if REPLAYED in answer.headers:
            result["replayed"] = True
        result["body" if answer.status < 400 else "problem"] = msgspec.Raw(answer.body)
        return result

    def _command(
        self, sent: ActivitySent, terms: Terms, caller: Caller, key: str
    ) -> RecordActivity:
        if not key and not sent.external_id:
            key = own_key(self._given.random_bytes)
        currency = terms.versions[-1].program.currency
        return command_of(sent, currency, Asked(caller.principal, key))


def asking_of(headers: Iterable[Header]) -> Asking:
    """The headers that matter, out of all of them."""
    authorization = content_type = length = key = None
    for name, value in headers:
        if name == b"authorization":
            authorization = value
        elif name == b"content-type":
            content_type = value
        elif name == b"content-length":
            length = value
        elif name == b"idempotency-key":
            key = value
    return Asking(authorization, content_type, length, key)


def answered(outcome: Any, path: str, key: str, receipt: bool) -> Answer:
    """The answer for an outcome: 201, or 202 while a return waits for its sale."""
    if isinstance(outcome, Recorded):
        status = 202 if outcome.state == "waiting" else 201
        answer = answer_of(outcome)
        location = (b"location", f"/v1/activities/{answer.id}".encode())
        headers = (JSON, location, REPLAYED) if outcome.replayed else (JSON, location)
        return Answer(status, encode(answer), headers)
    if isinstance(outcome, Refused):
        return of_problem(problems.of_refused(outcome, path))
    assert isinstance(outcome, Fault), outcome
    return of_problem(problems.of_fault(told_apart(outcome, key, receipt), path))
