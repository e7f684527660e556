"""The front of the web server by the ASGI interface: the API first, pages to the framework."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from regulars.surfaces.api.answers import Header, send_answer
from regulars.surfaces.api.front.desk import Desk
from regulars.surfaces.api.front.proxies import FORWARDED, LOOPBACK, SCHEME, Believing, Proxies
from regulars.surfaces.api.front.request import Request, asking_of
from regulars.surfaces.api.strict.bodies import LARGEST_BODY, receive_body
from regulars.surfaces.api.strict.patience import Patience

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
App = Callable[[Any, Any, Any], Awaitable[None]]


class Front:
    """An ASGI application: the API, and pages behind it."""

    def __init__(
        self, desk: Desk | Any, pages: App, patience: Patience, proxies: Proxies = LOOPBACK
    ) -> None:
        self.desk = desk
        self._addresses = desk.addresses
        self.pages = pages
        self.patience = patience
        self.proxies = proxies
        self.strangers: dict[str, int] = {}
        """Who says who asks and is not believed, and how often."""

    def asked_by(self, client: tuple[str, int] | None, headers: Iterable[Header]) -> str:
        """The address of who asks, over this connection and by these headers."""
        said = [value.decode("latin-1") for name, value in headers if name == FORWARDED]
        return self.proxies.asked_by((client or ("", 0))[0], ",".join(said))

    def by_tls(
        self, scheme: str, client: tuple[str, int] | None, headers: Iterable[Header]
    ) -> bool:
        """Whether who asks speaks TLS, to us or to a proxy that is believed."""
        if not any(name == SCHEME for name, _ in headers):
            return scheme == "https"
        told = {"scheme": scheme, "client": client, "headers": headers}
        return bool(Believing(None, self.proxies).seen(told)["scheme"] == "https")

    def answers(self, path: str) -> bool:
        """Whether the API lives at this address."""
        return self._addresses.find(path) is not None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            if scope["method"] == "HEAD":
                send = _without_body(send)
            scope = {**scope, "method": usual(scope["method"])}
            answer = await self.desk.answer(self._request(scope, receive))
            if answer is not None:
                near, headers = scope.get("client"), scope["headers"]
                tls = self.by_tls(scope.get("scheme", "http"), near, headers)
                await send_answer(send, answer, tls=tls)
                return
        await self.pages(scope, receive, send)

    def _request(self, scope: Any, receive: Any) -> Request:
        asking = asking_of(scope["headers"])

        async def body(most: int = LARGEST_BODY) -> bytes:
            return await receive_body(receive, asking.length, self.patience, most)

        def address() -> str:
            return self.asked_by(scope.get("client"), scope["headers"])

        path, query = scope["path"], scope["query_string"]
        return Request(scope["method"], path, query, asking, body, address, scope["headers"])


def usual(method: str) -> str:
    """The method as operations know it: HEAD is a GET without body.

    One that nobody knows is as good as any that works nowhere; the answer names those that do.
    """
    if method == "HEAD":
        return "GET"
    return method if method in _METHODS else "PUT"


def _without_body(send: Any) -> Any:
    """The same answer, of which HEAD wants only the head."""

    async def send_head(message: Any) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head
