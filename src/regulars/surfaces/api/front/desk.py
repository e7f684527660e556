"""From a request to its answer: who asks, may they, is it well said, and then do it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from regulars.base.faults import NotFound
from regulars.records.access.requests.types import Noted
from regulars.surfaces.api.access import Caller
from regulars.surfaces.api.answers import (
    JSON,
    REPLAYED,
    Answer,
    Header,
    Report,
    code_of,
    encode,
    failed,
)
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.door import Door
from regulars.surfaces.api.faults import NoSuchMethod, UnexpectedBody
from regulars.surfaces.api.front.addresses import Addresses, Here
from regulars.surfaces.api.front.looking_up import counted
from regulars.surfaces.api.front.request import Request
from regulars.surfaces.api.strict.bodies import read_body, require_json
from regulars.surfaces.api.strict.once import key_of
from regulars.surfaces.api.strict.queries import query_of


class Manner(NamedTuple):
    """How an API says what went wrong, and where a request says its key to be done once."""

    failed: Callable[[Exception, str, Report], Answer]
    key: Callable[[Operation, Mapping[str, str], bytes | None, Any], str]
    """Of an operation, the ids in its address, the header and what was sent."""
    headers: tuple[Header, ...] = ()
    """What every answer carries besides."""
    said: Callable[[Call], str] = lambda call: call.key
    """The key as whoever asked wrote it: by that they look their request up."""
    code: Callable[[Exception], str] = code_of
    """What the log of requests says of what went wrong."""
    changes: Callable[[Operation], bool] = lambda operation: operation.writes
    """Whether an operation changes anything; who only looks is not in the log."""
    closed: bool = True
    """Whether a body is refused where none is taken; otherwise it is overlooked."""


def _key(operation: Operation, _: Mapping[str, str], header: bytes | None, __: Any) -> str:
    return key_of(header) if operation.keyed else ""


OWN: Final = Manner(failed, _key)
"""Problems by RFC 9457, the key in a header."""


class Desk:
    """An API: answers every request to one of its addresses."""

    def __init__(self, operations: Iterable[Operation], door: Door, manner: Manner = OWN) -> None:
        self.addresses = Addresses(operations)
        self._door = door
        self._manner = manner

    async def answer(self, request: Request) -> Answer | None:
        """The answer, or nothing where no operation lives at this address."""
        found = self.addresses.find(request.path)
        if found is None:
            return None
        here, ids = found
        left = caller = call = None
        given = self._door.given
        code, body, began = "", None, given.ticks()
        operation = here.operations.get(request.method)
        try:
            if operation is None:
                return _instead(request.method, here)
            if operation.open is not None:
                reply = await operation.open(self._door, request, ids)
                return answer_of(reply, self._manner.headers)
            caller = await self._door.access.caller(request.asking.authorization, request.address)
            if caller.per_minute:
                left = self._door.meter.count(caller.key_id, caller.per_minute)
            decoder = here.decoders.get(request.method)
            call = await self._call(operation, decoder, request, ids, caller)
            await counted(call)
            reply = await operation.do(call)
            body = reply.body
            answer = answer_of(reply, self._manner.headers)
        except Exception as error:
            code = self._manner.code(error)
            answer = self._manner.failed(error, request.path, given.report)
        if caller is not None and operation is not None and self._manner.changes(operation):
            key, made = self._manner.said(call) if call else "", str(getattr(body, "id", ""))
            took_ms = int((given.ticks() - began) * 1000)
            told = (operation.name, key, answer.status, code, took_ms, made)
            self._note(caller, told)
        return answer if left is None else answer.with_headers(left.headers)

    def _note(self, caller: Caller, told: tuple[str, str, int, str, int, str]) -> None:
        given = self._door.given
        if given.noted is not None:
            given.noted(caller.program_id, Noted(given.now(0), caller.key_id, *told))

    async def _call(
        self,
        operation: Operation,
        decoder: Any,
        request: Request,
        ids: Mapping[str, str],
        caller: Caller,
    ) -> Call:
        """The request, when everything about it is good. Faults: what is not."""
        given, access, *_ = self._door
        caller.require(*operation.scopes)
        if any("\0" in text for text in ids.values()):  # no database keeps that
            raise NotFound("nothing is at an address with the character U+0000 in it")
        query = query_of(request.query, operation.query)
        sent = None
        if decoder is not None:
            sent = await _sent(operation, decoder, request)
        elif self._manner.closed:
            await _nothing(request)
        key = self._manner.key(operation, ids, request.asking.key, sent)
        return Call(given, access, caller, ids, query, sent, key)


async def _sent(operation: Operation, decoder: Any, request: Request) -> Any:
    """What the body says; nothing where it may be left out and was.

    Order: the body is read before anything is said about it, so that who still sends it hears us.
    """
    body = await request.body()
    if not body and operation.body_optional:
        return None
    require_json(request.asking.content_type)
    return read_body(body, decoder)


async def _nothing(request: Request) -> None:
    """An operation without a body is told nothing, or an empty object, as many programs send.

    Faults: UnexpectedBody, as what it says would be overlooked.
    """
    asking = request.asking
    if request.method == "GET" and asking.length in (None, b"0") and not asking.chunked:
        return
    if (await request.body()).translate(None, b" \t\r\n") not in (b"", b"{}"):
        raise UnexpectedBody("this operation takes no body: send none, or an empty object")


def answer_of(reply: Reply, beside: tuple[Header, ...] = ()) -> Answer:
    """What an operation answered, as bytes and headers."""
    kind = (b"content-type", reply.media.encode()) if reply.media else JSON
    headers = [kind, *beside, *reply.headers]
    if reply.location:
        headers.append((b"location", reply.location.encode()))
    if reply.replayed:
        headers.append(REPLAYED)
    body = reply.body if reply.media else encode(reply.body)
    return Answer(reply.status, body, tuple(headers))


def _instead(method: str, here: Here) -> Answer:
    """For a method that does nothing here: those that do."""
    if method == "OPTIONS":
        return Answer(204, b"", ((b"allow", here.allow.encode()),))
    raise NoSuchMethod(f"this address takes {here.allow}", allow=here.allow)
