"""From an address to an operation: who asks, may they, is it well said, and then do it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler, route

from regulars.surfaces.api.answers import JSON, PRIVATE, REPLAYED, Answer, encode, failed
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.door import Door
from regulars.surfaces.api.faults import NoSuchMethod
from regulars.surfaces.api.hot import Asking, asking_of
from regulars.surfaces.api.strict.bodies import read_body, receive_body, require_json
from regulars.surfaces.api.strict.once import key_of
from regulars.surfaces.api.strict.patience import Patience
from regulars.surfaces.api.strict.queries import query_of

_METHODS: Final = [
    HttpMethod.GET,
    HttpMethod.POST,
    HttpMethod.PUT,
    HttpMethod.PATCH,
    HttpMethod.DELETE,
]


def routes(operations: Iterable[Operation], door: Door) -> list[HTTPRouteHandler]:
    """One route per address, whatever can be done there."""
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    return [_route(path, at, door) for path, at in by_path.items()]


def _route(path: str, at: Mapping[str, Operation], door: Door) -> HTTPRouteHandler:
    decoders = {
        method: msgspec.json.Decoder(one.sent) for method, one in at.items() if one.sent is not None
    }
    allowed = ", ".join(sorted({*at, *(("HEAD",) if "GET" in at else ()), "OPTIONS"}))

    @route(path.replace("}", ":str}"), http_method=_METHODS)
    async def answer_route(request: Request[Any, Any, Any]) -> Response[bytes]:
        method, address = request.scope["method"], request.scope["path"]
        operation = at.get(method)
        try:
            if operation is None:
                raise NoSuchMethod(f"this address takes {allowed}", allow=allowed)
            decoder = decoders.get(method)
            call = await _call(operation, decoder, request, door)
            assert operation.do is not None, operation.name
            answer = _answer(await operation.do(call))
        except Exception as error:
            answer = failed(error, address, door.given.report)
        return response_of(answer)

    return answer_route


def response_of(answer: Answer) -> Response[bytes]:
    """An answer in the form of the framework."""
    headers = {name.decode(): value.decode() for name, value in (*answer.headers, *PRIVATE)}
    media_type = headers.pop("content-type")
    return Response(answer.body, status_code=answer.status, media_type=media_type, headers=headers)


async def _call(
    operation: Operation,
    decoder: Any,
    request: Request[Any, Any, Any],
    door: Door,
) -> Call:
    """The request, when everything about it is good. Faults: what is not."""
    scope = request.scope
    asking = asking_of(scope["headers"])
    caller = await door.access.caller(asking.authorization)
    caller.require(*operation.scopes)
    query = query_of(scope["query_string"], operation.query)
    sent = None
    if decoder is not None:
        sent = await _sent(operation, decoder, asking, (request.receive, door.patience))
    key = key_of(asking.key) if operation.writes else ""
    return Call(door.given, door.access, caller, scope["path_params"], query, sent, key)


async def _sent(
    operation: Operation, decoder: Any, asking: Asking, coming: tuple[Any, Patience]
) -> Any:
    receive, patience = coming
    body = await receive_body(receive, asking.length, patience)
    if not body and operation.body_optional:
        return None
    require_json(asking.content_type)
    return read_body(body, decoder)


def _answer(reply: Reply) -> Answer:
    headers = [JSON, *reply.headers]
    if reply.location:
        headers.append((b"location", reply.location.encode()))
    if reply.replayed:
        headers.append(REPLAYED)
    return Answer(reply.status, encode(reply.body), tuple(headers))
