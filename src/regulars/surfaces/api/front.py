"""The door of the web server: the hot routes first, everything else to the framework."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
App = Callable[[Any, Any, Any], Awaitable[None]]


class Front:
    """An ASGI application before another one."""

    def __init__(self, hot: dict[tuple[str, str], App], behind: App) -> None:
        self._hot = hot
        self._behind = behind

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            if scope["method"] == "HEAD":
                scope, send = {**scope, "method": "GET"}, _without_body(send)
            elif scope["method"] not in _METHODS:
                # As good as any method that works nowhere; the answer names those that do.
                scope = {**scope, "method": "PUT"}
            hot = self._hot.get((scope["method"], scope["path"]))
            if hot is not None:
                await hot(scope, receive, send)
                return
        await self._behind(scope, receive, send)


def _without_body(send: Any) -> Any:
    """The same answer, of which HEAD wants only the head."""

    async def send_head(message: Any) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head
